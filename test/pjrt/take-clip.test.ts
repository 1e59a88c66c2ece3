import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { f32, i32, jit, read, take } from "../../pjrt/loopcarry.ts"
import { twoDevices } from "../support/backends.ts"

describe.each(twoDevices)("take of indices that are clipped, on $on", ({ open }) => {
  const run = open()

  it("takes the first element for a negative index, as JAX and NumPy do", () =>
    run(
      Effect.gen(function* () {
        const program = jit([f32(4), i32(5)], (x, at) => [
          take(x, at, 0, { mode: "clip" }),
          take(x, -2, 0, { mode: "clip" }),
          take(x, at)
        ])
        const [clipped, one, filled] = yield* read(yield* program([1, 2, 3, 4], [0, -1, 9, -9, 2]))
        // jnp.take(x, at, mode="clip"), jnp.take(x, -2, mode="clip") and jnp.take(x, at)
        expect(clipped).toEqual(Float32Array.of(1, 1, 4, 1, 3))
        expect(one).toBe(1)
        expect(filled).toEqual(Float32Array.of(1, 4, Number.NaN, Number.NaN, 3))
      })
    ))
})
