import * as Effect from "effect/Effect"
import { TimedOut } from "./errors.ts"

/** How many bytes of a transfer have been moved by now, where that is known as it goes on. */
export interface Moved {
  readonly total: number
  /** 0 where nobody counts. */
  bytes: number
}

/** What everything that may take long goes through: it is shown when it does, and ends at the time limit. */
export type Watch = <A, E, R>(
  phase: TimedOut["phase"],
  effect: Effect.Effect<A, E, R>,
  moved?: Moved
) => Effect.Effect<A, E | TimedOut, R>

/**
 * Told when something has taken a second; what it returns is called when that has ended. `moved` tells at any time how
 * far a transfer to a worker or from it has come.
 */
export type Slow = (phase: TimedOut["phase"], moved?: Readonly<Moved>) => () => void

export interface WatchOptions {
  /** Seconds that each may take, or those of one kind. */
  readonly timeLimit?: number | Partial<Readonly<Record<TimedOut["phase"], number>>> | undefined
  readonly slow?: Slow | undefined
}

/** What becomes of what took too long. */
export interface Overrun {
  readonly hint: string
  readonly stop: Effect.Effect<void>
}

/** After so many milliseconds something is slow. */
const slowAfter = 1000

const shown = <A, E, R>(
  slow: Slow,
  phase: TimedOut["phase"],
  effect: Effect.Effect<A, E, R>,
  moved: Moved | undefined
): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    let ended: (() => void) | undefined
    const timer = setTimeout(() => {
      ended = slow(phase, moved)
    }, slowAfter)
    return Effect.ensuring(
      effect,
      Effect.sync(() => {
        clearTimeout(timer)
        ended?.()
      })
    )
  })

const within = <A, E, R>(
  seconds: number,
  { hint, stop }: Overrun,
  phase: TimedOut["phase"],
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E | TimedOut, R> =>
  Effect.timeoutOrElse(effect, {
    duration: seconds * 1000,
    orElse: () =>
      Effect.andThen(
        stop,
        Effect.fail(
          new TimedOut({ phase, message: `${phase} took longer than the time limit of ${seconds} s`, hint })
        )
      )
  })

export const makeWatch =
  ({ timeLimit, slow }: WatchOptions, overrun: Overrun): Watch =>
  (phase, effect, moved) => {
    const visible = slow === undefined ? effect : shown(slow, phase, effect, moved)
    const seconds = typeof timeLimit === "object" ? timeLimit[phase] : timeLimit
    return seconds === undefined ? visible : within(seconds, overrun, phase, visible)
  }
