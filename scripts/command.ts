import * as Effect from "effect/Effect"
import { UsageError } from "../pjrt/cli/errors.ts"
import { type Flags, type FlagValues, flagHelp, outputFlags, parseFlags } from "../pjrt/cli/flags.ts"

/** A subcommand of `loopcarry`, given what follows its name on the command line. */
export interface Command {
  readonly run: (argv: ReadonlyArray<string>) => Effect.Effect<void, unknown>
}

export interface CommandOptions<F extends Flags> {
  /** The head of its help text. */
  readonly usage: string
  /** Its own flags, beside `--json`, `--verbose` and `--help`. */
  readonly flags: F
  /** How many words it takes that are no flags. */
  readonly words: number
  readonly run: (
    flags: FlagValues<F & typeof outputFlags>,
    words: ReadonlyArray<string>
  ) => Effect.Effect<void, unknown>
}

/** A command that reads its flags, answers `--help`, and refuses words that it does not understand. */
export const makeCommand = <F extends Flags>({ usage, flags, words, run }: CommandOptions<F>): Command => {
  const all = { ...flags, ...outputFlags }
  return {
    run: (argv) =>
      Effect.gen(function* () {
        const { values, positionals } = yield* Effect.try({
          try: () => parseFlags(all, argv),
          catch: (error) => error as UsageError
        })
        if ((values as FlagValues<typeof outputFlags>).help) {
          process.stdout.write(`${usage}\n\n${flagHelp(all)}\n`)
          return
        }
        const surplus = positionals[words]
        if (surplus !== undefined) {
          return yield* new UsageError({ message: `${surplus} is not understood`, hint: "see --help" })
        }
        yield* run(values as FlagValues<F & typeof outputFlags>, positionals)
      })
  }
}
