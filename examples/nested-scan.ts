/**
 * Program 4 of the article. The inner loop runs over arange(x), where x is the outer loop's element, so its length is
 * known only while the program runs. The rows are ragged: row i has i + 1 numbers.
 */
import * as Effect from "effect/Effect"
import { add, arange, experiment, jit, read, scalar, scan } from "loopcarry"

export const nestedScan = jit([], () =>
  scan(scalar(0, "i32"), arange(1, 5), (outer, x) =>
    scan(outer, arange(x, { max: 4 }), (carry, y) => {
      const total = add(carry, y)
      return [total, total]
    })
  )
)

export default experiment("nested scan", {
  about: "an inner loop over arange(x), its length traced",
  program: nestedScan,
  run: () =>
    Effect.gen(function* () {
      const [carry, rows] = yield* read(yield* nestedScan())
      const ragged = Array.from(rows.length, (length, i) =>
        Array.from(rows.values.subarray(4 * i, 4 * i + length))
      )
      return { carry, rows: ragged }
    })
})
