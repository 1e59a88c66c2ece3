import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

const signals = ["SIGINT", "SIGTERM"] as const

/** Whether a loop is to end after its step. */
export interface Stop {
  asked: boolean
  /** Whether the user's own condition asked it. */
  until: boolean
}

/**
 * Hears Ctrl-C and SIGTERM while the scope is open. The first asks the loop to end after its step. After that the
 * signals do again what they did before: the next one ends the process.
 */
export const heedSignals = (
  stop: Stop,
  said: (signal: string) => void
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.asVoid(
    Effect.acquireRelease(
      Effect.sync(() => {
        const heed = (signal: NodeJS.Signals) => {
          off()
          stop.asked = true
          said(signal)
        }
        const off = () => {
          for (const signal of signals) process.off(signal, heed)
        }
        for (const signal of signals) process.on(signal, heed)
        return off
      }),
      (off) => Effect.sync(off)
    )
  )
