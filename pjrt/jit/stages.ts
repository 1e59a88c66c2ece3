import * as Effect from "effect/Effect"
import { calledAt, type TraceError } from "../../dsl/errors.ts"
import { type Explanation, explainWith } from "../../dsl/passes/explain/explain.ts"
import type { AfterPass, Watch } from "../../dsl/passes/index.ts"
import type { Target } from "../../dsl/passes/pass.ts"
import { recordingPlaces, userSource } from "../../dsl/place.ts"
import type { Program } from "../../dsl/program.ts"
import type { Specs } from "../../dsl/spec.ts"
import { requireStrict, type Traced, traced, traceNow } from "../../dsl/trace.ts"
import { verify } from "../../dsl/verifier.ts"
import type { Backend, Executable } from "../backend/backend.ts"
import { chainFault } from "../backend/chain.ts"
import type { CompileFailure } from "../backend/errors.ts"
import { inPhase } from "../backend/spans.ts"
import { warn } from "../backend/warning.ts"
import { Dump, dumpFolder } from "./dump.ts"
import { controlsOf, type Lowered, lower } from "./lower.ts"
import type { JitOptions } from "./options.ts"
import { compileErrorAt } from "./placed.ts"

/** A function that is ready to run on one backend. */
export interface Prepared {
  readonly traced: Traced
  readonly source: Lowered["source"]
  readonly executable: Executable
  /** What the function is called, and where it was given to jit. */
  readonly name: string
  readonly place: string | undefined
  /** How often it was called. */
  calls: number
}

/** The stages of a jitted function on its way to a device. Each runs once for each target or backend. */
export interface Stages {
  /** What the function is called. */
  readonly name: string
  readonly traced: Effect.Effect<Traced, TraceError>
  readonly lowerFor: (target: Target) => Effect.Effect<Lowered, TraceError>
  /** What the passes do to its scans, traced again with the user's places. */
  readonly explainFor: (target: Target) => Effect.Effect<Explanation, TraceError>
  readonly prepare: (backend: Backend["Service"]) => Effect.Effect<Prepared, TraceError | CompileFailure>
  readonly prepared: WeakMap<object, Prepared>
}

/** An effect that succeeds once, and gives that again. */
const once = <A, E>(make: () => Effect.Effect<A, E>): Effect.Effect<A, E> => {
  let known: Effect.Effect<A> | undefined
  return Effect.suspend(
    () =>
      known ??
      Effect.map(make(), (made) => {
        known = Effect.succeed(made)
        return made
      })
  )
}

const checksPasses = (): boolean => !["", "0", undefined].includes(process.env.LOOPCARRY_VERIFY)

const reported = new Set<string>()

/** A pass that throws costs a program that pass, and not the run. Under `LOOPCARRY_VERIFY` it throws. */
const failed: Watch["failed"] = (pass, error) => {
  if (checksPasses()) throw error
  if (reported.has(pass)) return
  reported.add(pass)
  const words = error instanceof Error ? error.message : String(error)
  warn(
    `the pass ${pass} failed, and programs run without it: ${words}. This is a fault of loopcarry's; please report it, with the folder that LOOPCARRY_DUMP writes`
  )
}

/** Warns of what tracing has found, once for each line; throws a TraceError where that is to be an error. */
const heeded = (made: Traced, options: JitOptions | undefined, target: Target): Traced => {
  if (made.warnings.length === 0) return made
  requireStrict(made, controlsOf(options, target).strict ?? false)
  for (const { message, hint, source } of made.warnings) {
    const words = `${message}${source === undefined ? "" : ` (${source})`}; ${hint}`
    if (!reported.has(words)) warn(words)
    reported.add(words)
  }
  return made
}

/** Lowers; checks programs under `LOOPCARRY_VERIFY`, and writes them under `LOOPCARRY_DUMP`. Throws a TraceError. */
const lowerWatched = (
  made: Traced,
  options: JitOptions | undefined,
  target: Target,
  name: string
): Lowered => {
  const folder = dumpFolder()
  const dump = folder === undefined ? undefined : new Dump()
  const verifies = checksPasses()
  const after = (stage: Parameters<AfterPass>[0] | "traced", program: Program): void => {
    if (verifies) verify(program)
    dump?.add(stage, program)
  }
  after("traced", made.program)
  const result = lower(made, options, target, { after, failed })
  if (folder === undefined || dump === undefined) return result
  const { source } = result
  const code = "code" in source ? (source.code as string) : undefined
  const written = dump.write(folder, `${name || "anonymous"}-${target.platform}`, code)
  return { ...result, source: { ...source, dump: written } }
}

export const stagesOf = (
  specs: ReadonlyArray<Specs>,
  fn: (...args: never) => never,
  options: JitOptions | undefined
): Stages => {
  const place = userSource()
  // What is no function is refused by tracing it.
  const { name = "" } = (fn as { readonly name?: string } | undefined) ?? {}
  const trace = (): Traced => {
    try {
      return traceNow(specs, fn as () => never, "jit")
    } catch (error) {
      throw calledAt("jit", place, error)
    }
  }
  const traceOnce = once(() =>
    inPhase(
      "trace",
      traced(() => (dumpFolder() === undefined ? trace() : recordingPlaces(trace))),
      () => ({ function: fn.name })
    )
  )
  const lowered = new Map<string, Effect.Effect<Lowered, TraceError>>()
  const lowerFor = (target: Target): Effect.Effect<Lowered, TraceError> => {
    const { platform, takes, optimize, reassociate, strict } = target
    const key = JSON.stringify([platform, takes, optimize, reassociate, strict])
    const known = lowered.get(key)
    if (known !== undefined) return known
    const made = once(() =>
      Effect.flatMap(traceOnce, (one) =>
        inPhase(
          "lower",
          traced(() => lowerWatched(heeded(one, options, target), options, target, fn.name)),
          () => ({ function: fn.name })
        )
      )
    )
    lowered.set(key, made)
    return made
  }

  /** What a compiler refuses is traced again with places, so that its words can name the user's line. */
  const compile = (
    backend: Backend["Service"],
    source: Lowered["source"]
  ): Effect.Effect<Executable, CompileFailure> =>
    Effect.catchTag(backend.compile(source), "CompileError", (error) => {
      const again =
        "code" in source && dumpFolder() === undefined
          ? Effect.flatMap(
              Effect.try({
                try: () => lower(recordingPlaces(trace), options, backend.target, { failed }).source,
                catch: () => error
              }),
              (placed) => backend.compile(placed)
            )
          : Effect.fail(error)
      return Effect.catchTag(again, "CompileError", (last) => Effect.fail(compileErrorAt(last, place)))
    })

  const prepared = new WeakMap<object, Prepared>()
  const prepare = (backend: Backend["Service"]): Effect.Effect<Prepared, TraceError | CompileFailure> =>
    Effect.gen(function* () {
      const made = yield* traceOnce
      const { source } = yield* lowerFor(backend.target)
      const fault = chainFault(source)
      if (fault !== undefined) return yield* compileErrorAt(fault, place)
      const executable = yield* inPhase("compile", compile(backend, source), () => ({
        function: fn.name,
        device: backend.device.name
      }))
      const result = { traced: made, source, executable, name: fn.name, place, calls: 0 }
      prepared.set(backend, result)
      return result
    })

  const explainFor = (target: Target): Effect.Effect<Explanation, TraceError> =>
    traced(() =>
      explainWith(
        heeded(recordingPlaces(trace), options, target).program,
        target,
        controlsOf(options, target)
      )
    )

  return { name, traced: traceOnce, lowerFor, explainFor, prepare, prepared }
}
