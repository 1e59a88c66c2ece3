import { readFileSync, realpathSync } from "node:fs"
import * as Effect from "effect/Effect"
import { userFile } from "../../dsl/place.ts"
import { jsonText } from "../array/layout.ts"
import { Backend } from "../backend/backend.ts"
import { UsageError } from "./errors.ts"
import {
  deviceFlags,
  experimentFlags,
  type Flags,
  type FlagValues,
  flagHelp,
  outputFlags,
  parseFlags,
  passFlags
} from "./flags.ts"
import { openDevice, runMain } from "./main.ts"
import { reserveStdout, writeOut } from "./output.ts"
import { type Report, showReport } from "./report.ts"
import { requireOut, saveResults } from "./save-results.ts"

const help = (name: string, about: string | undefined, flags: Flags): string =>
  [
    `${name}${about === undefined ? "" : `: ${about}`}`,
    "",
    ...(Object.keys(flags).length === 0 ? [] : ["Flags of this experiment:", flagHelp(flags), ""]),
    "Flags of every experiment:",
    flagHelp({ ...experimentFlags, ...deviceFlags, ...passFlags, ...outputFlags }),
    ""
  ].join("\n")

/** What running a script of experiments prints: one document or one report after another. */
export interface Script {
  readonly name: string
  readonly about: string | undefined
  /** How many devices it needs: one where nothing is said. */
  readonly devices?: number | undefined
  readonly flags: Flags
  readonly reports: (flags: FlagValues<Flags>) => ReadonlyArray<Effect.Effect<Report, unknown, Backend>>
  /** The JSON document of all reports. */
  readonly document: (reports: ReadonlyArray<Report>) => unknown
}

/** Runs a script with a command line. */
export const runScript = async (script: Script, argv: ReadonlyArray<string>): Promise<void> => {
  const verbose = argv.includes("--verbose")
  if (verbose) process.env.TF_CPP_MIN_LOG_LEVEL ??= "0"
  // Run at once: code that follows in the file would otherwise print before anything runs.
  if (argv.includes("--json")) reserveStdout()
  await runMain(
    Effect.gen(function* () {
      const { values, positionals } = yield* Effect.try({
        try: () =>
          parseFlags(
            { ...experimentFlags, ...script.flags, ...deviceFlags, ...passFlags, ...outputFlags },
            argv
          ),
        catch: (error) => error as UsageError
      })
      if (values.help) return void writeOut(help(script.name, script.about, script.flags))
      if (positionals.length > 0) {
        return yield* new UsageError({ message: `${positionals[0]} is not understood`, hint: "see --help" })
      }
      yield* requireOut(values.out)
      const backend = yield* openDevice(values, script.devices)
      const reports: Array<Report> = []
      for (const each of script.reports(values as FlagValues<Flags>)) {
        const report = yield* Effect.provideService(each, Backend, backend)
        reports.push(report)
        if (!values.json) writeOut(`${showReport(report)}\n`)
        if (report.interrupted) break
      }
      const document = script.document(reports)
      if (values.json) writeOut(`${jsonText(document)}\n`)
      if (values.out !== undefined) yield* saveResults(values.out, reports, document)
    }).pipe(Effect.scoped),
    verbose
  )
}

/**
 * Whether this process runs an experiment that is asked for its document. Seen when this package is imported: what the
 * script prints before it calls `experiment` is not the document either.
 */
export const asksForDocument = (): boolean => {
  const [, main] = process.argv
  if (main === undefined || !process.argv.includes("--json")) return false
  try {
    return /\bexperiments?\s*\(/.test(readFileSync(main, "utf8"))
  } catch {
    return false
  }
}

/** Whether the file that calls into this package is the one node was started with. */
export const isMainScript = (): boolean => {
  const [, main] = process.argv
  const caller = userFile()
  if (main === undefined || caller === undefined) return false
  try {
    return realpathSync(main) === realpathSync(caller)
  } catch {
    return false
  }
}
