import { describe, expect, it } from "vitest"
import * as lc from "../../dsl/index.ts"
import { type Loose, refusal } from "../support/refused.ts"

const { f32, f64, i32, scalar, tree } = lc

describe("tree.ravel", () => {
  it("refuses leaves of several dtypes, and what is no vector of the tree", () => {
    expect(refusal([f32(2), i32(2)], (a, n) => tree.ravel({ a, n }).flat)).toContain(
      "DTypeError: tree.ravel: tree.a is f32[2] but tree.n is i32[2]"
    )
    expect(refusal([f32(2)], (a) => tree.ravel({ a, n: 3 as Loose }).flat)).toContain("TreeError: tree.ravel")
    expect(refusal([f32(2), f32(3)], (a, b) => tree.ravel({ a }).unravel(b as Loose).a)).toContain(
      "ShapeError: tree.ravel: f32[3] goes back into a tree of 2 elements"
    )
    expect(refusal([f32(2), f64(2)], (a, b) => tree.ravel({ a }).unravel(b as Loose).a)).toContain(
      "DTypeError: tree.ravel: f64[2] goes back into a tree of f32"
    )
  })
})

describe("tree.all", () => {
  it("refuses other leaves", () => {
    expect(refusal([f32(2)], (x) => tree.all({ a: x }) as Loose)).toContain(
      "TreeError: tree.all: tree.a is f32[2], which is no boolean"
    )
    expect(() => tree.all({ a: 1 })).toThrow("tree.all: tree.a is 1, which is no boolean")
  })
})

describe("reduce refuses", () => {
  const zero = () => scalar(0, "f32")
  const cases: ReadonlyArray<readonly [text: string, run: (x: Loose, n: Loose) => unknown]> = [
    ["ValueError: reduce: the function is", (x) => lc.reduce(x, zero(), 3 as Loose)],
    ["DTypeError: reduce: dtypes differ", (x) => lc.reduce(x, scalar(0, "i32") as Loose, lc.add as Loose)],
    ["ShapeError: reduce: init is f32[2,3], not a scalar", (x) => lc.reduce(x, x, lc.add as Loose)],
    [
      "ShapeError: reduce: axis 2 is out of range for f32[2,3]",
      (x) => lc.reduce(x, zero(), lc.add as Loose, 2)
    ],
    [
      "ShapeError: reduce: arrays differ in shape: f32[2,3] and i32[3]",
      (x, n) => lc.reduce([x, n], [zero(), scalar(0, "i32")] as Loose, ((a: Loose) => a) as Loose)
    ],
    [
      "ShapeError: reduce: 1 initial elements for 2 arrays",
      (x) => lc.reduce([x, x], [zero()] as Loose, ((a: Loose) => a) as Loose)
    ],
    ["TreeError: ", (x) => lc.reduce(x, zero(), ((a: Loose) => lc.convert(a, "f64")) as Loose)]
  ]
  it.each(cases)("%s", (text, run) => {
    expect(refusal([f32(2, 3), i32(3)], run as Loose)).toContain(text)
  })
})
