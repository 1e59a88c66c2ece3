import { describe, expect, it } from "vitest"
import * as la from "../../dsl/linalg/index.ts"
import { f16, f32, f64, i32 } from "../../pjrt/loopcarry.ts"
import { type Loose, refusal } from "../support/refused.ts"

/** Each function of square matrices, of one argument. */
const ofSquares: Readonly<Record<string, (a: Loose) => unknown>> = {
  inv: la.inv,
  det: la.det,
  slogdet: la.slogdet,
  eigh: la.eigh,
  eigvalsh: la.eigvalsh,
  expm: la.expm
}

/** Each function of matrices of any shape. */
const ofAny: Readonly<Record<string, (a: Loose) => unknown>> = {
  lu: la.lu,
  luFactor: la.luFactor,
  qr: la.qr,
  svd: la.svd,
  svdvals: la.svdvals,
  pinv: la.pinv,
  matrixRank: la.matrixRank,
  cond: la.cond
}

describe("linear algebra refuses", () => {
  it.each(Object.entries(ofSquares))("%s of what is not square", (name, fn) => {
    expect(refusal([f32(2, 3)], (a) => fn(a))).toBe(`ShapeError: ${name}: f32[2,3] holds no square matrices`)
    expect(refusal([f32(3)], (a) => fn(a))).toBe(`ShapeError: ${name}: f32[3] holds no square matrices`)
  })

  it.each(Object.entries(ofAny))("%s of what holds no matrices", (name, fn) => {
    expect(refusal([f32(3)], (a) => fn(a))).toBe(`ShapeError: ${name}: f32[3] holds no matrices`)
  })

  it.each(Object.entries({ ...ofSquares, ...ofAny }))("%s of integers and half floats", (name, fn) => {
    expect(refusal([i32(2, 2)], (a) => fn(a))).toBe(
      `DTypeError: ${name}: takes floats or complex numbers, not i32[2,2]`
    )
    expect(refusal([f16(2, 2)], (a) => fn(a))).toBe(
      `DTypeError: ${name}: takes f32, f64, c64 or c128, not f16[2,2]`
    )
    expect(refusal([], () => fn(3))).toContain(`ValueError: ${name}: a is 3, not a tensor`)
  })

  it("right-hand sides that do not fit", () => {
    const solve = (a: Loose, b: Loose) => la.solve(a, b)
    expect(refusal([f32(3, 3), f32(2)], solve)).toBe("ShapeError: solve: f32[3,3] and f32[2] do not fit")
    expect(refusal([f32(3, 3), f32(2, 3)], solve)).toContain("do not fit")
    expect(refusal([f32(3, 3), f32()], solve)).toContain("do not fit")
    expect(refusal([f32(2, 3, 3), f32(4, 3, 1)], solve)).toContain("do not fit")
    expect(refusal([f32(3, 3), f64(3)], solve)).toBe("DTypeError: solve: dtypes differ: f32[3,3] and f64[3]")
  })

  it("least squares of what does not fit", () => {
    expect(refusal([f32(3, 2), f32(2)], (a, b) => la.lstsq(a, b))).toBe(
      "ShapeError: lstsq: f32[3,2] and f32[2] do not fit"
    )
    expect(refusal([f32(4, 3, 2), f32(3)], (a, b) => la.lstsq(a, b))).toContain("do not fit")
    expect(refusal([f32(3, 2), f64(3)], (a, b) => la.lstsq(a, b))).toContain("dtypes differ")
    expect(refusal([f32(3), f32(2)], (x, y) => la.polyfit(x, y, 1))).toContain("f32[3] and f32[2] do not fit")
    expect(refusal([f32(0), f32(0)], (x, y) => la.polyfit(x, y, 1))).toContain("polyfit: x is f32[0]")
    expect(refusal([f32(3), f32(3)], (x, y) => la.polyfit(x, y, -1))).toContain("the degree is -1")
    expect(refusal([f32(3, 2)], (a) => la.pinv(a, { rtol: -1 }))).toBe("ValueError: pinv: rtol is -1")
  })

  it("norms that there are not", () => {
    expect(refusal([i32(3)], (x) => la.norm(x))).toContain("DTypeError: norm: takes floats")
    expect(refusal([f32(2, 2, 2)], (x) => la.norm(x, { ord: 2 }))).toBe(
      "ShapeError: norm: 3 axes of f32[2,2,2]"
    )
    expect(refusal([f32(2, 2)], (x) => la.norm(x, { ord: 3 }))).toContain("ValueError: norm: ord is 3")
    expect(refusal([f32(2)], (x) => la.norm(x, { ord: "fro" }))).toContain('ValueError: norm: ord is "fro"')
    expect(refusal([f32(2)], (x) => la.norm(x, { axis: 1 as never }))).toContain("out of range")
    expect(refusal([f16(2, 2)], (x) => la.norm(x, { ord: "nuc" }))).toContain("DTypeError: norm: takes f32")
    expect(refusal([f32(0, 2)], (a) => la.cond(a))).toBe("ShapeError: cond: f32[0,2] holds empty matrices")
  })

  it("products of what does not fit", () => {
    expect(refusal([f32(2, 3)], (a) => la.matrixPower(a, 2))).toContain("holds no square matrices")
    expect(refusal([f32(2, 2)], (a) => la.matrixPower(a, 0.5))).toBe(
      "ShapeError: matrixPower: the power is 0.5"
    )
    expect(refusal([i32(2, 2)], (a) => la.matrixPower(a, -1))).toContain("DTypeError: matrixPower: takes")
    expect(refusal([f32(3)], (a) => la.trace(a))).toBe("ShapeError: trace: f32[3] holds no matrices")
    expect(refusal([f32(2, 2)], (a) => la.multiDot([a]))).toBe("ValueError: multiDot: one matrix to multiply")
    expect(refusal([f32(2, 2), f32(3, 2)], (a, b) => la.multiDot([a, b]))).toBe(
      "ShapeError: multiDot: inner dimensions differ: f32[2,2] x f32[3,2]"
    )
    expect(refusal([f32(2, 2), f32(2)], (a, v) => la.multiDot([a, v, a]))).toBe(
      "ShapeError: multiDot: matrices[1] is f32[2]"
    )
    expect(refusal([f32(2, 2), f64(2, 2)], (a, b) => la.multiDot([a, b]))).toContain("dtypes differ")
    expect(refusal([f32(2, 2), f32(3)], (a, b) => la.choleskySolve(a, b))).toBe(
      "ShapeError: choleskySolve: f32[2,2] and f32[3] do not fit"
    )
  })

  it("factors that luFactor does not give", () => {
    const solve = (lu: Loose, pivots: Loose, b: Loose) => la.luSolve([lu, pivots], b)
    expect(refusal([f32(3, 2), i32(2), f32(3)], solve)).toBe(
      "ShapeError: luSolve: f32[3,2] holds no square matrices"
    )
    expect(refusal([f32(3, 3), i32(2), f32(3)], solve)).toBe(
      "ShapeError: luSolve: pivots of i32[2] do not fit f32[3,3]"
    )
    expect(refusal([f32(3, 3), f32(3), f32(3)], solve)).toBe(
      "DTypeError: luSolve: takes i32 pivots, not f32[3]"
    )
    expect(refusal([f32(3, 3), i32(3), f32(2)], solve)).toBe(
      "ShapeError: luSolve: f32[3,3] and f32[2] do not fit"
    )
    expect(refusal([f32(3, 3), i32(3), f64(3)], solve)).toContain("dtypes differ: f32[3,3] and f64[3]")
    expect(refusal([f32(3, 3)], (a) => la.luSolve(a, a))).toContain("ValueError: luSolve: factors is")
    expect(refusal([f32(3, 3)], (a) => la.luSolve([a] as Loose, a))).toContain("the pivots is undefined")
    expect(
      refusal([f32(3, 3), i32(3)], (a, p) => la.luSolve([a, p], a, { transpose: "both" as never }))
    ).toContain('ValueError: luSolve: transpose is "both"')
  })

  it("exponentials with no number of squarings", () => {
    expect(refusal([f32(2, 2)], (a) => la.expm(a, { maxSquarings: -1 }))).toBe(
      "ValueError: expm: maxSquarings is -1"
    )
    expect(refusal([f32(2, 2)], (a) => la.expm(a, { maxSquarings: 1.5 }))).toContain("maxSquarings is 1.5")
    expect(refusal([f32(3)], (a) => la.matrixTranspose(a))).toBe(
      "ShapeError: matrixTranspose: f32[3] holds no matrices"
    )
  })

  it("modes that there are not", () => {
    expect(refusal([f32(3, 3)], (a) => la.qr(a, { mode: "full" as never }))).toBe(
      'ValueError: qr: mode is "full", not one of "reduced", "complete"'
    )
  })
})
