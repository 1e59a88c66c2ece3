/** Program 3 of the article: each output depends on its own row only, and nothing is carried. */
import * as Effect from "effect/Effect"
import { add, arange, experiment, jit, mul, scan } from "loopcarry"

export const sequentialTransform = jit([], () =>
  scan(null, arange(10), (carry, x) => [carry, add(mul(x, 2), 1)])
)

export default experiment("sequential transform", {
  about: "2x + 1 for each x of arange(10)",
  program: sequentialTransform,
  run: () => Effect.map(sequentialTransform(), ([, outputs]) => ({ outputs }))
})
