import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { arange, at, dynamicSlice, dynamicUpdateSlice, jit, ones, u64, zeros } from "../../pjrt/loopcarry.ts"
import { onEvery } from "../support/backends.ts"

const blocks = jit([u64()], (i) => ({
  sliced: dynamicSlice(arange(5), [i], [2]),
  updated: dynamicUpdateSlice(zeros([4], "i32"), ones([2], "i32"), [i]),
  added: at(zeros([2], "i32"), i).add(1)
}))

describe.each(onEvery)("indices that no signed integer holds, on $on", ({ open }) => {
  const run = open()

  it("are past the end, as in JAX", () =>
    run(
      Effect.gen(function* () {
        for (const index of [5n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]) {
          const { sliced, updated, added } = yield* blocks(index)
          expect(yield* sliced.read).toEqual(Int32Array.of(3, 4))
          expect(yield* updated.read).toEqual(Int32Array.of(0, 0, 1, 1))
          expect(yield* added.read).toEqual(Int32Array.of(0, 0))
        }
      })
    ))
})
