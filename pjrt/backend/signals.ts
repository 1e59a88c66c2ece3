import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

const signals = ["SIGINT", "SIGTERM"] as const

interface Hearer {
  readonly heard: (signal: NodeJS.Signals) => void
  told: boolean
}

/** Those who hear signals now, the innermost last. */
const hearers: Array<Hearer> = []

/** The innermost hears the first. A second one means it: the process ends. */
const hear = (signal: NodeJS.Signals): void => {
  const innermost = hearers.at(-1)
  if (innermost === undefined || innermost.told) {
    listen(false)
    process.kill(process.pid, signal)
    return
  }
  innermost.told = true
  innermost.heard(signal)
}

const listen = (on: boolean): void => {
  for (const signal of signals)
    if (on) process.on(signal, hear)
    else process.off(signal, hear)
}

/** Hears Ctrl-C and SIGTERM while the scope is open, unless somebody within hears them. */
export const hearSignals = (
  heard: (signal: NodeJS.Signals) => void
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.asVoid(
    Effect.acquireRelease(
      Effect.sync(() => {
        const hearer: Hearer = { heard, told: false }
        if (hearers.length === 0) listen(true)
        hearers.push(hearer)
        return hearer
      }),
      (hearer) =>
        Effect.sync(() => {
          hearers.splice(hearers.indexOf(hearer), 1)
          if (hearers.length === 0) listen(false)
        })
    )
  )
