import { describe, expect, it } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { type Loose, refusal } from "../support/refused.ts"

const { f32, i32 } = lc

describe("gather, scatter and keys refuse", () => {
  const gathers = {
    offsetAxes: [1],
    collapsedAxes: [],
    operandBatchAxes: [],
    indicesBatchAxes: [],
    indexedAxes: [0]
  }
  const scatters = {
    combine: "add",
    windowAxes: [1],
    insertedAxes: [],
    operandBatchAxes: [],
    indicesBatchAxes: [],
    indexedAxes: [0]
  }

  it("window axes that the result has not, or not in order", () => {
    for (const offsetAxes of [[9], [-1], [2]])
      expect(
        refusal([f32(3), i32(1, 1)], (x, i) =>
          lc.gather(x, i, { ...gathers, offsetAxes, sizes: [1] } as Loose)
        )
      ).toMatch(/^ShapeError: gather: the window axes are \[.*\] among 2 axes$/)
    expect(
      refusal([f32(3, 4), i32(1, 1)], (x, i) =>
        lc.gather(x, i, { ...gathers, offsetAxes: [2, 1], sizes: [1, 4] } as Loose)
      )
    ).toBe("ShapeError: gather: the window axes are [2, 1] among 3 axes")
    for (const windowAxes of [[9], [-1]])
      expect(
        refusal([f32(3), i32(1, 1), f32(1, 1)], (x, i, u) =>
          lc.scatter(x, i, u, { ...scatters, windowAxes } as Loose)
        )
      ).toMatch(/^ShapeError: scatter: the window axes are/)
  })

  it("windows that do not fit what they update", () => {
    for (const updates of [f32(1, 4), f32(1, 2, 2)])
      expect(
        refusal([f32(3), i32(1, 1), updates], (x, i, u) =>
          lc.scatter(x, i, u, { ...scatters, windowAxes: updates.shape.length === 3 ? [1, 2] : [1] } as Loose)
        )
      ).toMatch(/^ShapeError: scatter: a window of/)
  })

  it("numbers of a program that are no integers", () => {
    expect(refusal([f32()], (x) => lc.random.foldIn(lc.random.key(0), x))).toMatch(
      /^DTypeError: random.foldIn: .*an integer scalar/
    )
  })
})
