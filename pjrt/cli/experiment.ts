import { constants } from "node:os"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Say } from "../../dsl/messages.ts"
import { print } from "../../dsl/printer.ts"
import { requireDim, requireFunction, requireList, requireRecord, requireText } from "../../dsl/required.ts"
import type { Tensor } from "../../dsl/tensor.ts"
import type { DeviceArray } from "../array/array.ts"
import { Backend } from "../backend/backend.ts"
import type { TransferError } from "../backend/errors.ts"
import { hearSignals } from "../backend/signals.ts"
import type { Jitted } from "../jit/jit.ts"
import { ResultError } from "./errors.ts"
import { type experimentFlags, type Flags, type FlagValues, parseFlags } from "./flags.ts"
import { plainResults, type ReadResults } from "./found.ts"
import { reserveStdout } from "./output.ts"
import { type Report, reportJson } from "./report.ts"
import { readResults } from "./results.ts"
import { type Run, startRun } from "./run.ts"
import { asksForDocument, isMainScript, runScript, type Script } from "./script.ts"

if (asksForDocument()) reserveStdout()

/**
 * What an experiment found, by name: numbers, texts, typed arrays and device arrays, and null for nothing. Records and
 * lists of them may be as deep as you like. Device arrays are read for you.
 */
export type Results = Readonly<Record<string, unknown>>

/** What is often given back by mistake, in the words that the run says of it. */
type Mistake<T> = T extends { readonly "~effect/Effect": unknown }
  ? "an Effect that has not been run"
  : T extends PromiseLike<unknown>
    ? "a Promise that has not been awaited"
    : T extends { readonly "~effect/Stream": unknown }
      ? "a Stream that has not been run"
      : T extends Generator<unknown, unknown, never>
        ? "a generator that has not been run"
        : T extends (...args: never) => unknown
          ? "a function that has not been called"
          : T extends Tensor
            ? "a traced tensor, which holds no numbers"
            : T extends symbol
              ? "a symbol"
              : never

/** Results with each mistake replaced by the words about it. Classes and interfaces are looked at when they are there. */
export type CheckedResults<T, Path extends string = "results"> = unknown extends T
  ? T
  : T extends DeviceArray
    ? T
    : [Mistake<T>] extends [never]
      ? T extends ReadonlyArray<unknown>
        ? { readonly [K in keyof T]: CheckedResults<T[K], `${Path}[${K & (string | number)}]`> }
        : T extends Results
          ? { readonly [K in keyof T]: CheckedResults<T[K], `${Path}.${K & string}`> }
          : T
      : Say<"result", { readonly path: Path; readonly a: Mistake<T> }>

export interface ExperimentOptions<F extends Flags, E, R extends Results = Results> {
  /** One sentence for the help text and the heading. */
  readonly about?: string
  /** Flags of its own, beside those that every experiment has. */
  readonly flags?: F
  /** How many devices it needs. A CPU is split into as many, unless --virtual-devices says otherwise. */
  readonly devices?: number
  /** The program it is about, printed above the results. */
  readonly program?: Pick<Jitted<ReadonlyArray<unknown>, unknown>, "programFor">
  readonly run: (
    flags: FlagValues<F>,
    run: Run
  ) => Effect.Effect<R & NoInfer<CheckedResults<R>>, E, Backend | Scope.Scope>
}

/** An experiment that another script can run. */
export interface Experiment<F extends Flags = Flags, R = unknown, E = unknown> {
  readonly name: string
  /** How many devices it needs. */
  readonly devices: number
  /** Runs it once, with its flags' defaults, on the backend in the context. */
  readonly report: Effect.Effect<Report, unknown, Backend>
  /** Runs it with these flags, those left out at their defaults, and gives its results, read. */
  readonly results: (
    flags?: Partial<FlagValues<F>> & { readonly seed?: number }
  ) => Effect.Effect<ReadResults<R>, E | TransferError | ResultError, Backend>
}

const nameOf = (given: unknown): string => {
  if (given instanceof Promise) return "a Promise"
  if (Object.prototype.toString.call(given) === "[object Generator]")
    return "a generator that has not been run (Effect.gen runs it)"
  return typeof given === "object"
    ? "an object"
    : typeof given === "undefined"
      ? "nothing"
      : `a ${typeof given}`
}

/** A script in plain JavaScript may give back anything. */
const ran = <A, E, R>(given: Effect.Effect<A, E, R>): Effect.Effect<A, E | ResultError, R> =>
  Effect.isEffect(given)
    ? given
    : Effect.fail(
        new ResultError({
          path: "run",
          message: `experiment: run gives ${nameOf(given)}, not an Effect`,
          hint: "write run: () => Effect.gen(function* () { ... })"
        })
      )

const resultsOf = <F extends Flags, E, R extends Results>(
  options: ExperimentOptions<F, E, R>,
  flags: FlagValues<F>,
  run: Run
) => Effect.flatMap(ran(options.run(flags, run)), readResults)

/** Ends when the first signal comes. */
const signalled = Effect.scoped(
  Effect.gen(function* () {
    const heard = yield* Deferred.make<NodeJS.Signals>()
    yield* hearSignals((signal) => Deferred.doneUnsafe(heard, Effect.succeed(signal)))
    return yield* Deferred.await(heard)
  })
)

const reportOf = <F extends Flags, E, R extends Results>(
  name: string,
  options: ExperimentOptions<F, E, R>,
  flags: FlagValues<F>,
  heeds: boolean
): Effect.Effect<Report, unknown, Backend> =>
  Effect.gen(function* () {
    const backend = yield* Backend
    const before = backend.compiled().milliseconds
    const started = performance.now()
    const { run, kept } = startRun(flags as Partial<FlagValues<typeof experimentFlags>>)
    const whole = Effect.map(resultsOf(options, flags, run), (results) => ({ results, interrupted: false }))
    const partial = Effect.map(signalled, (signal) => {
      process.exitCode = 128 + constants.signals[signal]
      return { results: kept(), interrupted: true }
    })
    const { results, interrupted } = yield* heeds ? Effect.raceFirst(partial, whole) : whole
    const total = performance.now() - started
    const program = options.program && print(yield* options.program.programFor(backend.target))
    const { platform, id, kind } = backend.device
    return {
      experiment: name,
      about: options.about ?? "",
      program,
      device: { platform, id, kind },
      results,
      interrupted,
      milliseconds: { total, compiling: backend.compiled().milliseconds - before }
    }
  }).pipe(Effect.scoped)

/**
 * Makes a script an experiment. Run by node, it takes `--device`, `--json`, `--help` and the like, and its own flags;
 * it runs on the device and prints what it found. Imported, it does nothing until its `report` is run. Fails with a
 * `ValueError` for options that are wrong.
 *
 * @example
 * const power = jit([f32()], (x) => scan(x, null, (y) => [mul(y, 2), null], { length: 3 })[0])
 * export default experiment("doubling", {
 *   flags: { start: flag.float(1, "where to begin") },
 *   run: ({ start }) => Effect.map(power(start), (last) => ({ last }))
 * })
 */
export const experiment = <
  const F extends Flags = Readonly<Record<never, never>>,
  E = never,
  R extends Results = Results
>(
  name: string,
  options: ExperimentOptions<F, E, R>
): Experiment<F, R, E> => {
  requireText("experiment", "name", name)
  const hint = "give what it runs: experiment(name, { run: () => Effect.gen(function* () { … }) })"
  requireFunction("experiment", "run", requireRecord("experiment", "options", options, hint).run)
  if (options.devices !== undefined) requireDim("experiment", "devices", options.devices, 1)
  const flags = (options.flags ?? {}) as F
  const script: Script = {
    name,
    about: options.about,
    devices: options.devices,
    flags,
    reports: (values) => [reportOf(name, options, values as unknown as FlagValues<F>, true)],
    document: ([report]) => reportJson(report!)
  }
  if (isMainScript()) void runScript(script, process.argv.slice(2))
  return {
    name,
    devices: options.devices ?? 1,
    report: Effect.suspend(() => reportOf(name, options, parseFlags(flags, []).values, false)),
    results: (given) =>
      Effect.suspend(() => {
        const values = { ...parseFlags(flags, []).values, ...given }
        return Effect.map(
          Effect.scoped(resultsOf(options, values, startRun(values).run)),
          (found) => plainResults(found) as ReadResults<R>
        )
      })
  }
}

/**
 * Makes a script of several experiments, run one after another on one device, each with the defaults of its own
 * flags. Fails with a `ValueError` for what is no list of experiments.
 *
 * @example
 * const first = experiment("first", { run: () => Effect.succeed({ answer: 42 }) })
 * export default experiments("all", { about: "everything", list: [first] })
 */
export const experiments = (
  name: string,
  options: { readonly about?: string; readonly list: ReadonlyArray<Experiment> }
): void => {
  requireText("experiments", "name", name)
  const hint = "give a list of experiments: experiments(name, { list: [first, second] })"
  const { about, list: given } = requireRecord("experiments", "options", options, hint)
  const list = requireList("experiments", "list", given, hint)
  for (const [i, each] of list.entries())
    requireDim(
      "experiments",
      `devices of list[${i}]`,
      requireRecord("experiments", `list[${i}]`, each, hint).devices,
      1
    )
  const script: Script = {
    name,
    about,
    devices: Math.max(1, ...list.map((each) => each.devices)),
    flags: {},
    reports: () => list.map((each) => each.report),
    document: (reports) => ({ experiments: reports.map(reportJson) })
  }
  if (isMainScript()) void runScript(script, process.argv.slice(2))
}
