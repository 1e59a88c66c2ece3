import * as Effect from "effect/Effect"
import type { TransferError } from "../backend/errors.ts"
import type { ResultError } from "./errors.ts"
import type { experimentFlags, FlagValues } from "./flags.ts"
import { linesOf } from "./found.ts"
import { type Found, readResults } from "./results.ts"

/** Where a training loop keeps its states, as `train` takes it. */
export interface Save {
  readonly folder: string
  readonly resume: boolean
}

/** One run of an experiment: what the flags that every experiment has say of it. */
export interface Run {
  /** `--seed`: what everything random is made from (0). `random.key(seed)` makes a key of it. */
  readonly seed: number
  /** Numbers from 0 to 1 for the host, the same for the same seed. */
  readonly random: () => number
  /** `--checkpoint` and `--resume`: give it to `train`. Undefined where nothing is to be kept. */
  readonly save: Save | undefined
  /**
   * Notes results while it runs. They go to standard error now, and are what is reported where Ctrl-C or SIGTERM ends
   * the run. Later ones take the place of those of the same name.
   */
  readonly keep: (
    results: Readonly<Record<string, unknown>>
  ) => Effect.Effect<void, TransferError | ResultError>
}

export type Named = ReadonlyArray<readonly [string, Found]>

/** Mulberry32, by Tommy Ettinger: 32 bits of state, whatever the seed. */
const generator = (seed: number): (() => number) => {
  let state = (seed ^ Math.floor(seed / 2 ** 32)) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A run, and what it has kept so far. */
export const startRun = (
  values: Partial<FlagValues<typeof experimentFlags>>
): { readonly run: Run; readonly kept: () => Named } => {
  const kept = new Map<string, Found>()
  const { checkpoint, resume = false } = values
  const seed = typeof values.seed === "number" ? values.seed : 0
  return {
    run: {
      seed,
      random: generator(seed),
      save: checkpoint === undefined ? undefined : { folder: checkpoint, resume },
      keep: (results) =>
        Effect.map(readResults(results), (found) => {
          for (const [name, one] of found) kept.set(name, one)
          const lines = found.flatMap(([name, one]) =>
            linesOf(name, one).map(([label, rows]) => `${label} ${rows.join(" ")}`)
          )
          process.stderr.write(`${lines.join("  ")}\n`)
        })
    },
    kept: () => [...kept]
  }
}
