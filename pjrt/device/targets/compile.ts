import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { PjrtError, type PluginRejected } from "../../../native/errors.ts"
import type { ProgramSource } from "../../backend/backend.ts"
import { CompileError, type CompileFailure } from "../../backend/errors.ts"
import { devicesOf } from "../../backend/partition.ts"
import type { XlaOptions } from "../../backend/xla.ts"
import type { CompiledFor } from "../../formats/compiled.ts"
import { countsOf } from "../../module/device-counts.ts"
import type { TargetCompiler } from "../../platforms/platform.ts"
import { parseTarget, unknownTarget } from "../../platforms/targets.ts"
import { analyse } from "../../plugin/analysis.ts"
import { takesRowMajor } from "../../plugin/compile.ts"
import { compileError } from "../../plugin/compile-error.ts"
import { hloModule } from "../../plugin/hlo-module.ts"
import { outputAvals } from "../../plugin/outputs.ts"
import { programFault } from "../../plugin/parameters.ts"
import { serialize } from "../../plugin/serialize.ts"
import { compileAhead, makeTopology } from "../../plugin/topology.ts"
import * as Device from "../device.ts"

type Source = ProgramSource

const timed = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<readonly [A, number], E, R> =>
  Effect.suspend(() => {
    const started = performance.now()
    return Effect.map(effect, (value) => [value, performance.now() - started] as const)
  })

/** Where there are no topologies, as on the CPU, the client compiles, for what is here. */
const withClient = (
  plugin: string,
  source: Source,
  xla: XlaOptions | undefined
): Effect.Effect<CompiledFor, CompileFailure, Scope.Scope> =>
  Effect.gen(function* () {
    const counts = countsOf(source)
    if (counts instanceof CompileError) return yield* counts
    const backend = yield* Device.open(`plugin:${plugin}`, {
      virtualDevices: devicesOf(counts),
      cache: false,
      xla
    })
    const [made, milliseconds] = yield* timed(backend.compile(source))
    return {
      platform: backend.device.platform,
      version: backend.version,
      kind: backend.device.kind,
      outputs: made.outputs,
      analysis: yield* made.analysis,
      serialized: yield* made.serialized,
      milliseconds
    }
  })

const forTopology = (
  plugin: string,
  topologyOf: Exclude<TargetCompiler, "client">,
  source: Source,
  xla: XlaOptions | undefined
): Effect.Effect<CompiledFor, CompileFailure, Scope.Scope> =>
  Effect.gen(function* () {
    const api = yield* Device.loadPlugin(plugin)
    const counts = countsOf(source)
    if (counts instanceof CompileError) return yield* counts
    const { name, options } = topologyOf(devicesOf(counts))
    const topology = yield* makeTopology(api, name, options, xla)
    const [made, milliseconds] = yield* timed(compileAhead(topology, source))
    return yield* Effect.try({
      try: () => {
        const fault = programFault(hloModule(api, made.pointer), takesRowMajor(topology.platform, source))
        if (fault !== undefined) throw fault
        return {
          platform: topology.platform,
          version: topology.platformVersion,
          kind: topology.devices[0]?.kind ?? topology.platform,
          outputs: outputAvals(api, made.pointer),
          analysis: analyse(api, made.pointer),
          serialized: serialize(api, made.pointer),
          milliseconds
        }
      },
      catch: (error) => {
        if (error instanceof CompileError) return error
        if (error instanceof PjrtError) return compileError(error)
        throw error
      }
    })
  })

/** Compiles for a target with a plugin that this process then holds. */
export const compileWith = (
  plugin: string,
  name: string,
  source: Source,
  xla?: XlaOptions | undefined
): Effect.Effect<CompiledFor, CompileFailure | PluginRejected> => {
  const target = parseTarget(name)
  if (target === undefined) return Effect.fail(unknownTarget(name))
  for (const [variable, value] of Object.entries(target.environment)) process.env[variable] ??= value
  return Effect.scoped(
    target.compiler === "client"
      ? withClient(plugin, source, xla)
      : forTopology(plugin, target.compiler, source, xla)
  )
}
