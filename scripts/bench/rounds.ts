import * as Effect from "effect/Effect"
import { type Times, timesOf } from "./statistics.ts"

/** Seconds a call over so many calls. */
export type Run = (calls: number) => Effect.Effect<number, unknown>

/**
 * How long one round of one program is, in seconds, where one call is no longer: short, so that some rounds are not
 * interrupted on a busy machine.
 */
const round = 0.005

const mostCalls = 20_000

/** Seconds of calls that are not counted, until V8 has compiled all that is called. */
const warmUp = 0.2

/** Warms a program up, and says how many calls make a round by the fastest that were seen. */
const callsFor = (run: Run): Effect.Effect<number, unknown> =>
  Effect.gen(function* () {
    let calls = 1
    let least = Number.POSITIVE_INFINITY
    for (let spent = 0; spent < warmUp; ) {
      const seconds = yield* run(calls)
      spent += calls * seconds
      least = Math.min(least, seconds)
      calls = Math.max(1, Math.min(mostCalls, Math.round(round / least)))
    }
    return calls
  })

/** Times programs in turns, so that what else the machine does falls on all. Each round begins with the next one. */
export const inTurns = (
  runs: ReadonlyArray<Run>,
  rounds: number
): Effect.Effect<ReadonlyArray<Times>, unknown> =>
  Effect.gen(function* () {
    const calls: Array<number> = []
    for (const run of runs) calls.push(yield* callsFor(run))
    const times = runs.map((): Array<number> => [])
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < runs.length; turn++) {
        const i = (turn + round) % runs.length
        times[i]!.push(1e6 * (yield* runs[i]!(calls[i]!)))
      }
    }
    return times.map(timesOf)
  })
