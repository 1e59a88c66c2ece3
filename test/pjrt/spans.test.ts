import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import { describe, expect, it } from "vitest"
import { phaseTimer, showPhases } from "../../pjrt/backend/spans.ts"
import { add, f32, jit } from "../../pjrt/loopcarry.ts"
import { onDevice } from "../support/run.ts"

describe("spans", () => {
  const run = onDevice("cpu")

  it("are those of the phases, in the user's own tracer", async () => {
    const { tracer, times } = phaseTimer()
    const plusOne = jit([f32()], (x) => add(x, 1))
    const program = Effect.gen(function* () {
      for (const x of [1, 2]) yield* (yield* plusOne(x)).read
    })
    await run(Effect.provideService(program, Tracer.Tracer, tracer))
    const counts = [...times].map(([name, { count }]) => [name.slice("loopcarry.".length), count])
    expect(counts).toEqual([
      ["trace", 1],
      ["lower", 1],
      ["compile", 1],
      ["upload", 2],
      ["run", 2],
      ["download", 2]
    ])
    expect(showPhases(times)).toMatch(
      /^trace [\d.]+ ms, lower .*run [\d.]+ ms in 2, download [\d.]+ ms in 2$/
    )
  })
})
