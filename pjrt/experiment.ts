import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Backend } from "./Backend.ts"
import { type Flags, type FlagValues, parseFlags } from "./cli/flags.ts"
import { type Report, readResult, reportJson } from "./cli/report.ts"
import { isMainScript, runScript, type Script } from "./cli/script.ts"
import type { Jitted } from "./jit.ts"

/** What an experiment found: named numbers, lists, typed arrays or device arrays, which are read for it. */
export type Results = Readonly<Record<string, unknown>>

export interface ExperimentOptions<F extends Flags, E> {
  /** One sentence for the help text and the heading. */
  readonly about?: string
  /** Flags of its own, beside those that every experiment has. */
  readonly flags?: F
  /** How many devices it needs. A CPU is split into as many, unless --virtual-devices says otherwise. */
  readonly devices?: number
  /** The program it is about, printed above the results. */
  readonly program?: Pick<Jitted<ReadonlyArray<unknown>, unknown>, "text">
  readonly run: (flags: FlagValues<F>) => Effect.Effect<Results, E, Backend | Scope.Scope>
}

export interface Experiment {
  readonly name: string
  /** How many devices it needs. */
  readonly devices: number
  /** Runs it once, with its flags' defaults, on the backend in the context. */
  readonly report: Effect.Effect<Report, unknown, Backend>
}

const reportOf = <F extends Flags, E>(
  name: string,
  options: ExperimentOptions<F, E>,
  flags: FlagValues<F>
): Effect.Effect<Report, unknown, Backend> =>
  Effect.gen(function* () {
    const backend = yield* Backend
    const before = backend.compiled().milliseconds
    const started = performance.now()
    const found = yield* options.run(flags)
    const results = yield* Effect.forEach(Object.entries(found), ([key, value]) => readResult(key, value))
    const total = performance.now() - started
    const program = options.program === undefined ? undefined : yield* options.program.text
    const { platform, id, kind } = backend.device
    return {
      experiment: name,
      about: options.about ?? "",
      program,
      device: { platform, id, kind },
      results,
      milliseconds: { total, compiling: backend.compiled().milliseconds - before }
    }
  }).pipe(Effect.scoped)

/**
 * Makes a script an experiment: run by node it takes `--device`, `--json`, `--virtual-devices`, `--verbose`, `--help`
 * and its own flags, prints its results and sets the exit status; imported, it does nothing until it is asked.
 *
 * @example
 * export default experiment("doubling", {
 *   flags: { n: flag.int(10, "how often") },
 *   run: ({ n }) => Effect.map(doubling(n), (last) => ({ last }))
 * })
 */
export const experiment = <const F extends Flags = Readonly<Record<never, never>>, E = never>(
  name: string,
  options: ExperimentOptions<F, E>
): Experiment => {
  const flags = (options.flags ?? {}) as F
  const script: Script = {
    name,
    about: options.about,
    devices: options.devices,
    flags,
    reports: (values) => [reportOf(name, options, values as unknown as FlagValues<F>)],
    document: ([report]) => reportJson(report!)
  }
  if (isMainScript()) void runScript(script, process.argv.slice(2))
  return {
    name,
    devices: options.devices ?? 1,
    report: Effect.suspend(() => reportOf(name, options, parseFlags(flags, []).values))
  }
}

/**
 * A script of several experiments, run one after another on one device, each with the defaults of its own flags.
 *
 * @example export default experiments("all", { about: "everything", list: [first, second] })
 */
export const experiments = (
  name: string,
  { about, list }: { readonly about?: string; readonly list: ReadonlyArray<Experiment> }
): void => {
  const script: Script = {
    name,
    about,
    devices: Math.max(...list.map((each) => each.devices)),
    flags: {},
    reports: () => list.map((each) => each.report),
    document: (reports) => ({ experiments: reports.map(reportJson) })
  }
  if (isMainScript()) void runScript(script, process.argv.slice(2))
}
