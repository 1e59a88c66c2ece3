import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { agree, type Result, type Tolerance } from "../../../scripts/bench/agreement.ts"

const floats = (...values: ReadonlyArray<number>): Result => ({
  dtype: "f32",
  shape: [values.length],
  values
})

/** Why they do not agree; undefined where they do. */
const message = (
  one: ReadonlyArray<Result>,
  other: ReadonlyArray<Result>,
  given: Partial<Tolerance> = {}
) => {
  const row = { name: "sums", tolerance: { relative: 1e-3, absolute: 1e-6, ...given } }
  return Effect.runSync(
    Effect.match(agree(row, "loopcarry", one, other), {
      onFailure: (error) => error.message,
      onSuccess: () => undefined
    })
  )
}

describe("results of two programs of a row", () => {
  it("agree within the tolerance", () => {
    expect(message([floats(1, 1000.5)], [floats(1, 1000)])).toBeUndefined()
    expect(message([floats(1, 5e-7)], [floats(1, 0)])).toBeUndefined()
  })

  it("agree on infinities and NaN", () => {
    const special = floats(Number.POSITIVE_INFINITY, Number.NaN)
    expect(message([special], [special])).toBeUndefined()
  })

  it.each([
    [
      "an element beyond the tolerance",
      [floats(1, 1002)],
      [floats(1, 1000)],
      "element 1 of result 0 is 1002, not 1000"
    ],
    ["NaN in place of a number", [floats(Number.NaN)], [floats(1)], "element 0 of result 0 is NaN, not 1"],
    ["a number in place of NaN", [floats(1)], [floats(Number.NaN)], "element 0 of result 0 is 1, not NaN"],
    [
      "a finite number in place of infinity",
      [floats(3e38)],
      [floats(Number.POSITIVE_INFINITY)],
      "is 3e+38, not Infinity"
    ],
    [
      "the other infinity",
      [floats(Number.NEGATIVE_INFINITY)],
      [floats(Number.POSITIVE_INFINITY)],
      "is -Infinity"
    ],
    [
      "what the tolerance would let pass whatever it is",
      [floats(1e-6, 0)],
      [floats(1e-6, 0)],
      "hardly above"
    ],
    ["another length", [floats(1)], [floats(1, 2)], "result 0 is f32[1], not f32[2]"],
    ["another dtype", [{ ...floats(1), dtype: "i32" }], [floats(1)], "result 0 is i32[1], not f32[1]"],
    ["fewer results", [floats(1)], [floats(1), floats(2)], "1 results, where there should be 2"],
    [
      "elements that are missing",
      [{ ...floats(1), values: [] }],
      [floats(1)],
      "has not the elements of f32[1]"
    ]
  ])("do not agree with %s", (_, one, other, words) => {
    expect(message(one, other)).toContain(words)
  })

  it("of a chaotic program are compared in their first elements only", () => {
    expect(message([floats(1, 9)], [floats(1, 2)], { first: 1 })).toBeUndefined()
    expect(message([floats(8, 9)], [floats(1, 2)], { first: 1 })).toContain("element 0")
  })
})
