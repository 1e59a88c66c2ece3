import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { read } from "../../pjrt/loopcarry.ts"
import type { Run } from "./run.ts"

/** Calls a jitted function and reads what it gives. */
export const call = async (
  run: Run,
  program: unknown,
  ...args: ReadonlyArray<unknown>
): Promise<ReadonlyArray<unknown>> => {
  const effect = (program as (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, never, never>)(
    ...args
  )
  return (await run(Effect.flatMap(effect, (tree) => read(tree as never)))) as ReadonlyArray<unknown>
}

/** Expects numbers to be equal, to so much of the greater, or of 1. */
export const close = (a: ReadonlyArray<number>, b: ReadonlyArray<number>, relative: number, what: string) => {
  expect(a.length, what).toBe(b.length)
  a.forEach((value, i) => {
    // Infinities are equal, and no distance apart.
    if (Object.is(value, b[i])) return
    expect(Math.abs(value - b[i]!), `${what} [${i}]: ${value} and ${b[i]}`).toBeLessThanOrEqual(
      relative * Math.max(1, Math.abs(value), Math.abs(b[i]!))
    )
  })
}
