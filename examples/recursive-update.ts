/** Program 2 of the article: every step adds its number to a whole vector; there is no output but the carry. */
import * as Effect from "effect/Effect"
import { add, arange, experiment, jit, scan, zeros } from "loopcarry"

export const recursiveUpdate = jit([], () =>
  scan(zeros([10], "f32"), arange(10, "f32"), (carry, x) => [add(carry, x), null])
)

export default experiment("recursive update", {
  about: "a vector that every step adds its number to",
  program: recursiveUpdate,
  run: () => Effect.map(recursiveUpdate(), ([carry]) => ({ carry }))
})
