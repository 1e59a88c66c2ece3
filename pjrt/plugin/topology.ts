import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { count } from "../../dsl/count.ts"
import type { PjrtApi } from "../../native/api.ts"
import type { PjrtError } from "../../native/errors.ts"
import { textFrom } from "../../native/ffi.ts"
import { Args, bytesBlock, readWords, textBlock } from "../../native/struct.ts"
import type { ProgramSource } from "../backend/backend.ts"
import { dumpOptions } from "../backend/dump-options.ts"
import { CompileError, type DeviceUnavailable } from "../backend/errors.ts"
import { devicesOf } from "../backend/partition.ts"
import { allTold, type Told, type XlaOptions } from "../backend/xla.ts"
import { countsOf, partitionerOf } from "../module/device-counts.ts"
import { sourceFault } from "../module/screen/read.ts"
import type { ClientOptions } from "../platforms/platform.ts"
import { nameReported } from "../platforms/table.ts"
import { toldXla } from "../platforms/told.ts"
import { kindOf } from "./client.ts"
import { programStruct } from "./compile.ts"
import { compileFailure } from "./compile-error.ts"
import { callPinned, Handle } from "./handle.ts"
import { namedValues } from "./named-values.ts"
import { compileOptions } from "./options.ts"
import { doesPrint, printFault } from "./print.ts"

/** Devices as a compiler sees them, which need not be here. */
export interface Topology {
  readonly api: PjrtApi
  readonly handle: Handle
  readonly platform: string
  readonly platformVersion: string
  readonly devices: ReadonlyArray<{ readonly kind: string }>
  /** What the compiler is told. */
  readonly told: Told
}

const describe = (api: PjrtApi, handle: Handle, xla: XlaOptions | undefined): Topology => {
  const topology = handle.pointer
  const name = new Args("TopologyDescription_PlatformName").set("topology", topology)
  api.call(name)
  const version = new Args("TopologyDescription_PlatformVersion").set("topology", topology)
  api.call(version)
  const list = new Args("TopologyDescription_GetDeviceDescriptions").set("topology", topology)
  api.call(list)
  const platform = nameReported(textFrom(name.get("platform_name"), name.get("platform_name_size")))
  return {
    api,
    handle,
    platform,
    platformVersion: textFrom(version.get("platform_version"), version.get("platform_version_size")),
    devices: readWords(list.get("descriptions"), list.get("num_descriptions")).map((description) => ({
      kind: kindOf(api, description)
    })),
    told: toldXla(platform, api, xla)
  }
}

const noTopology = (name: string, { code, message }: PjrtError): CompileError =>
  new CompileError({
    code,
    message: `there is no topology ${name}: ${message}`,
    hint: "see those that are known with: loopcarry compile --help"
  })

/** Makes a topology by the plugin's own name and options for it. */
export const makeTopology = (
  api: PjrtApi,
  name: string,
  options: ClientOptions,
  xla?: XlaOptions | undefined
): Effect.Effect<Topology, CompileError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<Topology, CompileError>((resume) => {
      const values = namedValues(options)
      const args = new Args("TopologyDescription_Create")
        .fill("topology_name", "topology_name_size", textBlock(name))
        .hold(values)
      if (values.count > 0) args.point("create_options", values.block).set("num_options", values.count)
      api.callAsync(args, (error) => {
        if (error !== undefined) return resume(Effect.fail(noTopology(name, error)))
        const handle = new Handle(api, "TopologyDescription_Destroy", args.get("topology"))
        resume(Effect.sync(() => describe(api, handle, xla)))
      })
    }),
    ({ handle }) => Effect.sync(() => handle.close())
  )

const tooSmall = (topology: Topology, needed: number): CompileError =>
  new CompileError({
    code: "INVALID_ARGUMENT",
    message: `the program needs ${count(needed, "device")}, but the target has ${topology.devices.length}`,
    hint: "use a larger topology, or a program for fewer devices"
  })

/** Compiles a program for a topology. What it gives can be serialized, not run here. */
export const compileAhead = (
  topology: Topology,
  source: ProgramSource
): Effect.Effect<Handle, CompileError | DeviceUnavailable, Scope.Scope> =>
  Effect.suspend(() => {
    const { api, handle } = topology
    const counts = countsOf(source)
    if (counts instanceof CompileError) return Effect.fail(counts)
    const screened = sourceFault(source)
    if (screened !== undefined) return Effect.fail(screened)
    const fault = doesPrint(source) ? printFault(api, topology.platform) : undefined
    if (fault !== undefined) return Effect.fail(fault)
    if (devicesOf(counts) > topology.devices.length) return Effect.fail(tooSmall(topology, devicesOf(counts)))
    const partitioner = partitionerOf(source)
    const xla = allTold(topology.told, source.code)
    const undumped = dumpOptions(source.dump, {
      ...counts,
      partitioner,
      kind: topology.devices[0]?.kind,
      xla
    })
    if (undumped !== undefined) return Effect.fail(undumped)
    return Effect.acquireRelease(
      Effect.callback<Handle, CompileError | DeviceUnavailable>((resume) => {
        const args = new Args("Compile")
          .set("topology", handle.pointer)
          .point("program", programStruct(source.code))
          .fill(
            "compile_options",
            "compile_options_size",
            bytesBlock(compileOptions(counts, partitioner, xla))
          )
        callPinned(api, args, [handle], (error: PjrtError | undefined) =>
          resume(
            error === undefined
              ? Effect.succeed(new Handle(api, "Executable_Destroy", args.get("executable"), handle))
              : Effect.fail(compileFailure(topology.platform, error))
          )
        )
      }),
      (made) => Effect.sync(() => made.close())
    )
  })
