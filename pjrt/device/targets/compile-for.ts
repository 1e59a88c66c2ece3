import * as Effect from "effect/Effect"
import { type Controls, controlsFault } from "../../../dsl/passes/names.ts"
import { isObject, shown } from "../../../dsl/required.ts"
import { cpuFeatures } from "../../../native/cpu.ts"
import type { PluginError } from "../../../native/errors.ts"
import { wantsPluginLog } from "../../../native/plugins/environment.ts"
import { pluginDigest } from "../../../native/plugins/identity.ts"
import type { Analysis, ProgramSource } from "../../backend/backend.ts"
import { chainFault } from "../../backend/chain.ts"
import { CompileError, type CompileFailure } from "../../backend/errors.ts"
import { xlaFault, xlaHint } from "../../backend/xla.ts"
import { type CompiledHeader, signatureOf, writeCompiled } from "../../formats/compiled.ts"
import type { Jitted } from "../../jit/jit.ts"
import { countsOf } from "../../module/device-counts.ts"
import { findPlugin } from "../../platforms/plugins.ts"
import { traitsOf } from "../../platforms/table.ts"
import { parseTarget, unknownTarget } from "../../platforms/targets.ts"
import { Child } from "../../served/child/process.ts"
import { fromBase64, sentSource } from "../../served/child/protocol.ts"
import * as Device from "../device.ts"

/** A program compiled ahead of time. */
export interface CompiledProgram {
  readonly header: CompiledHeader
  /** The maker's name of the devices it is for. */
  readonly kind: string
  /** What the plugin tells of it. */
  readonly analysis: Analysis
  /** How long the compiler took. */
  readonly milliseconds: number
  /** A file that `loopcarry exec` runs on that hardware, and `loadCompiled` loads. */
  readonly file: Uint8Array<ArrayBuffer>
}

/** What can be compiled ahead: a jitted function, or StableHLO. */
export type Compilable = Pick<Jitted<never, unknown>, "sourceFor"> | ProgramSource

const sourceOf = (
  program: Compilable,
  platform: string,
  { optimize, reassociate, strict }: Controls
): Effect.Effect<ProgramSource, unknown> =>
  !isObject(program) && typeof program !== "function"
    ? Effect.fail(
        new CompileError({
          code: "INVALID_ARGUMENT",
          message: `compileFor: the program is ${shown(program)}, not a program`,
          hint: "give a jitted function, or StableHLO: { code }"
        })
      )
    : "sourceFor" in program
      ? (program.sourceFor({ platform, takes: "stablehlo", optimize, reassociate, strict }) as Effect.Effect<
          ProgramSource,
          unknown
        >)
      : Effect.succeed<ProgramSource>(program)

/**
 * Compiles a program for hardware that need not be here: `cpu`, `tpu:v5e:2x2`, `cuda:sm90`, … The plugin compiles in
 * a process of its own, which then ends: libtpu takes over signals, and a compiler may crash. The effect fails with a
 * `CompileFailure`, a `PluginError` where no plugin is found, or a `TraceError` of the function.
 *
 * @example
 * const double = jit([f32(3)], (x) => mul(x, 2))
 * const { header } = yield* compileFor(double, "cpu")
 * header.target // "cpu"
 */
export const compileFor = <P extends Compilable>(
  program: P,
  target: string,
  options: Pick<
    Device.DeviceOptions,
    "plugin" | "offline" | "progress" | "xla" | "optimize" | "reassociate" | "strict"
  > = {}
): Effect.Effect<CompiledProgram, CompileFailure | PluginError | SourceError<P>> =>
  Effect.gen(function* () {
    const parsed = parseTarget(target)
    if (parsed === undefined) return yield* unknownTarget(target)
    const fault = options.xla && xlaFault(options.xla)
    if (fault !== undefined)
      return yield* new CompileError({ code: "INVALID_ARGUMENT", message: fault, hint: xlaHint })
    const passes = controlsFault(options)
    if (passes !== undefined)
      return yield* new CompileError({ code: "INVALID_ARGUMENT", message: passes[0], hint: passes[1] })
    const source = yield* sourceOf(program, parsed.platform, options) as Effect.Effect<
      ProgramSource,
      SourceError<P>
    >
    const counts = countsOf(source)
    if (counts instanceof CompileError) return yield* counts
    const chain = chainFault(source)
    if (chain !== undefined) return yield* chain
    yield* Device.callsPlugins(target)
    const plugin = yield* findPlugin(parsed.platform, { ...options, purpose: "compile" })
    options.progress?.(`compiling for ${target}`)
    const child = yield* Effect.acquireRelease(
      Child.start(target, { verbose: wantsPluginLog() }),
      (one) => one.close
    )
    const made = yield* child.call("compileFor", {
      target,
      source: sentSource(source),
      plugin: plugin.path,
      xla: options.xla
    }) as Effect.Effect<
      Effect.Success<ReturnType<typeof child.call<"compileFor">>>,
      CompileFailure | PluginError
    >
    const header: CompiledHeader = {
      target,
      platform: made.platform,
      version: made.version,
      plugin: yield* pluginDigest(plugin.path),
      cpu: traitsOf(parsed.platform).forThisProcessor ? cpuFeatures() : null,
      xla: options.xla ?? {},
      ...signatureOf(source, counts)
    }
    const { kind, analysis, milliseconds, serialized } = made
    return {
      header,
      kind,
      analysis,
      milliseconds,
      file: writeCompiled({ header, program: fromBase64(serialized) })
    }
  }).pipe(Effect.scoped)

type SourceError<P> = P extends {
  readonly sourceFor: (target: never) => Effect.Effect<unknown, infer E>
}
  ? E
  : never
