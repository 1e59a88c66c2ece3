import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { PjrtError } from "../../native/errors.ts"
import type { Address } from "../../native/ffi.ts"
import { Args, bytesBlock, type CallName, struct, textBlock } from "../../native/struct.ts"
import type { ProgramSource } from "../Backend.ts"
import { CompileError, type DeviceUnavailable } from "../errors.ts"
import { devicesFrom } from "../mesh-devices.ts"
import { partitionsOf } from "../partition.ts"
import { allTold, type Told, toldLess, type XlaOptions } from "../xla.ts"
import type { Client, PjrtDevice } from "./client.ts"
import { compileError, compileFailure } from "./compile-error.ts"
import { PluginExecutable } from "./executable.ts"
import { callPinned } from "./handle.ts"
import { compileOptions, type DeviceIds } from "./options.ts"
import { printFault, prints } from "./print.ts"

/** A PJRT_Program of StableHLO. */
export const programStruct = (code: string | Uint8Array) =>
  struct("Program")
    .fill("code", "code_size", typeof code === "string" ? textBlock(code) : bytesBlock(code))
    .fill("format", "format_size", textBlock("mlir"))

/**
 * Makes an executable on another thread. It lives until the scope closes. PJRT cannot cancel a compilation: an
 * interrupted one ends in the background and its result is freed.
 */
const acquire = <N extends CallName>(
  client: Client,
  devices: ReadonlyArray<PjrtDevice>,
  source: Omit<ProgramSource, "code">,
  prints: boolean,
  args: Args<N>,
  made: (args: Args<N>) => Address
): Effect.Effect<PluginExecutable, CompileError | DeviceUnavailable, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<PluginExecutable, CompileError | DeviceUnavailable>((resume) => {
      let abandoned = false
      callPinned(client.api, args, [client.handle], (error) => {
        if (error !== undefined) return resume(Effect.fail(compileFailure(client.platform, error)))
        try {
          const executable = new PluginExecutable(client, devices, made(args), source, prints)
          if (abandoned) executable.release()
          else resume(Effect.succeed(executable))
        } catch (thrown) {
          resume(
            thrown instanceof CompileError
              ? Effect.fail(thrown)
              : Effect.fail(compileError(thrown as PjrtError))
          )
        }
      })
      return Effect.sync(() => {
        abandoned = true
      })
    }),
    (executable) => Effect.sync(() => executable.release()),
    { interruptible: true }
  )

const optionsOf = (devices: ReadonlyArray<PjrtDevice>, xla: XlaOptions) =>
  bytesBlock(compileOptions(devices.length, xla, devices.map(({ id }) => id) as unknown as DeviceIds))

/** Compiles a program for a device, or for as many devices from it on as the program's mesh has. */
export const compile = (
  client: Client,
  device: PjrtDevice,
  source: ProgramSource
): Effect.Effect<PluginExecutable, CompileError | DeviceUnavailable, Scope.Scope> =>
  Effect.flatMap(
    devicesFrom(client.devices, device, partitionsOf(source.partitioning), "the program's mesh"),
    (devices) => {
      const fault = prints(source) ? printFault(client.api, client.platform) : undefined
      return fault === undefined ? compileTold(client, devices, source, client.told) : Effect.fail(fault)
    }
  )

const compileTold = (
  client: Client,
  devices: ReadonlyArray<PjrtDevice>,
  source: ProgramSource,
  told: Told
): Effect.Effect<PluginExecutable, CompileError | DeviceUnavailable, Scope.Scope> => {
  const args = new Args("Client_Compile")
    .set("client", client.handle.pointer)
    .point("program", programStruct(source.code))
    .fill("compile_options", "compile_options_size", optionsOf(devices, allTold(told, source.code)))
  return Effect.catchTag(
    acquire(client, devices, source, prints(source), args, (done) => done.get("executable")),
    "CompileError",
    (error) => {
      const less = toldLess(told, source.code, error.message)
      return less === undefined ? Effect.fail(error) : compileTold(client, devices, source, less)
    }
  )
}

/** Loads what an executable of the same plugin build was serialized to; `mayPrint` where it is not known not to. */
export const load = (
  client: Client,
  device: PjrtDevice,
  serialized: Uint8Array,
  source: Omit<ProgramSource, "code" | "program">,
  mayPrint: boolean
): Effect.Effect<PluginExecutable, CompileError | DeviceUnavailable, Scope.Scope> =>
  Effect.flatMap(
    devicesFrom(client.devices, device, partitionsOf(source.partitioning), "the program's mesh"),
    (devices) => {
      const args = new Args("Executable_DeserializeAndLoad")
        .set("client", client.handle.pointer)
        .fill("serialized_executable", "serialized_executable_size", bytesBlock(serialized))
        .fill(
          "overridden_serialized_compile_options",
          "overridden_serialized_compile_options_size",
          optionsOf(devices, {})
        )
      return acquire(client, devices, source, mayPrint, args, (done) => done.get("loaded_executable"))
    }
  )
