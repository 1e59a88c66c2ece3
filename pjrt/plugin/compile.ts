import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { count } from "../../dsl/count.ts"
import type { PjrtError } from "../../native/errors.ts"
import type { Address } from "../../native/ffi.ts"
import { Args, bytesBlock, type CallName, struct, textBlock } from "../../native/struct.ts"
import type { ProgramSource, SourceFacts } from "../backend/backend.ts"
import { dumpOptions } from "../backend/dump-options.ts"
import { CompileError, type DeviceUnavailable } from "../backend/errors.ts"
import { type DeviceCounts, devicesOf, partitionsOf } from "../backend/partition.ts"
import { allTold, type Told, toldLess, type XlaOptions } from "../backend/xla.ts"
import { countsOf, latin1, type Partitioner, partitionerOf } from "../module/device-counts.ts"
import { sourceFault } from "../module/screen/read.ts"
import { mainSignature } from "../module/signature.ts"
import { devicesFrom } from "../platforms/mesh-devices.ts"
import { traitsOf } from "../platforms/table.ts"
import type { Client, PjrtDevice } from "./client.ts"
import { compileError, compileFailure } from "./compile-error.ts"
import { type Placed, PluginExecutable } from "./executable.ts"
import { callPinned } from "./handle.ts"
import { compileOptions, type DeviceIds } from "./options.ts"
import { doesPrint, printFault } from "./print.ts"

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
  placed: Placed,
  source: SourceFacts,
  args: Args<N>,
  made: (args: Args<N>) => Address
): Effect.Effect<PluginExecutable, CompileError | DeviceUnavailable, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<PluginExecutable, CompileError | DeviceUnavailable>((resume) => {
      let abandoned = false
      callPinned(client.api, args, [client.handle], (error) => {
        if (error !== undefined) return resume(Effect.fail(compileFailure(client.platform, error)))
        try {
          const executable = new PluginExecutable(client, placed, made(args), source)
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

const optionsOf = (
  counts: DeviceCounts,
  partitioner: Partitioner,
  xla: XlaOptions,
  devices: ReadonlyArray<PjrtDevice>
) => bytesBlock(compileOptions(counts, partitioner, xla, devices.map(({ id }) => id) as unknown as DeviceIds))

/** What devices are asked for: those of a mesh, or of a module that says how many. */
const asking = (
  { replicas, partitions }: DeviceCounts,
  source: Pick<ProgramSource, "partitioning">
): string =>
  source.partitioning !== undefined
    ? "the program's mesh"
    : `the program, of ${count(replicas, "replica")} and ${count(partitions, "partition")},`

/**
 * Whether a program takes and gives arrays in row-major order. A plugin with layouts of its own, as for TPU, uses those
 * unless the program asks for others.
 */
export const takesRowMajor = (platform: string, source?: Pick<ProgramSource, "code">): boolean =>
  traitsOf(platform).rowMajor || (source !== undefined && latin1(source.code).includes("mhlo.layout_mode"))

/** A program with the results that its text declares, so that what the compiler gives can be held against them. */
const withResults = (source: ProgramSource): ProgramSource =>
  source.own || source.outputs !== undefined || typeof source.code !== "string"
    ? source
    : { ...source, outputs: mainSignature(source.code).outputs }

/** Compiles a program for a device, or for as many devices from it on as it is for. */
export const compile = (
  client: Client,
  device: PjrtDevice,
  source: ProgramSource
): Effect.Effect<PluginExecutable, CompileError | DeviceUnavailable, Scope.Scope> => {
  const counts = countsOf(source)
  if (counts instanceof CompileError) return Effect.fail(counts)
  const screened = sourceFault(source)
  if (screened !== undefined) return Effect.fail(screened)
  return Effect.flatMap(
    devicesFrom(client.devices, device, devicesOf(counts), asking(counts, source)),
    (devices) => {
      const prints = doesPrint(source)
      const fault = prints ? printFault(client.api, client.platform) : undefined
      if (fault !== undefined) return Effect.fail(fault)
      const placed = {
        devices,
        counts,
        prints,
        foreign: source.own !== true,
        rowMajor: takesRowMajor(client.platform, source)
      }
      return compileTold(client, placed, withResults(source), client.told)
    }
  )
}

const compileTold = (
  client: Client,
  placed: Placed,
  source: ProgramSource,
  told: Told
): Effect.Effect<PluginExecutable, CompileError | DeviceUnavailable, Scope.Scope> => {
  const { counts, devices } = placed
  const undumped = dumpOptions(source.dump, {
    ...counts,
    partitioner: partitionerOf(source),
    devices: devices.map(({ name }) => name),
    xla: allTold(told, source.code)
  })
  if (undumped !== undefined) return Effect.fail(undumped)
  const options = optionsOf(counts, partitionerOf(source), allTold(told, source.code), devices)
  const args = new Args("Client_Compile")
    .set("client", client.handle.pointer)
    .point("program", programStruct(source.code))
    .fill("compile_options", "compile_options_size", options)
  return Effect.catchTag(
    acquire(client, placed, source, args, (done) => done.get("executable")),
    "CompileError",
    (error) => {
      const less = toldLess(told, source.code, error.message)
      return less === undefined ? Effect.fail(error) : compileTold(client, placed, source, less)
    }
  )
}

/** Loads what an executable of the same plugin build was serialized to; `mayPrint` where it is not known not to. */
export const load = (
  client: Client,
  device: PjrtDevice,
  serialized: Uint8Array,
  source: SourceFacts,
  mayPrint: boolean
): Effect.Effect<PluginExecutable, CompileError | DeviceUnavailable, Scope.Scope> => {
  const counts = source.counts ?? { replicas: 1, partitions: partitionsOf(source.partitioning) }
  return Effect.flatMap(
    devicesFrom(client.devices, device, devicesOf(counts), asking(counts, source)),
    (devices) => {
      const args = new Args("Executable_DeserializeAndLoad")
        .set("client", client.handle.pointer)
        .fill("serialized_executable", "serialized_executable_size", bytesBlock(serialized))
        .fill(
          "overridden_serialized_compile_options",
          "overridden_serialized_compile_options_size",
          optionsOf(counts, "shardy", {}, devices)
        )
      const placed = {
        devices,
        counts,
        prints: mayPrint,
        foreign: source.donated === undefined,
        rowMajor: takesRowMajor(client.platform)
      }
      return acquire(client, placed, source, args, (done) => done.get("loaded_executable"))
    }
  )
}
