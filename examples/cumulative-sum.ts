/** Program 1 of the article: a running total over arange, kept both as carry and as output. */
import * as Effect from "effect/Effect"
import { add, arange, experiment, f32, jit, scan } from "loopcarry"

export const cumulativeSum = jit([f32()], (start) =>
  scan(start, arange(10, "f32"), (carry, x) => {
    const total = add(carry, x)
    return [total, total]
  })
)

export default experiment("cumulative sum", {
  about: "a running total over arange(10)",
  program: cumulativeSum,
  run: () => Effect.map(cumulativeSum(0), ([total, sums]) => ({ total, sums }))
})
