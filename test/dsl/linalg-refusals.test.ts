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
  eigvalsh: la.eigvalsh
}

/** Each function of matrices of any shape. */
const ofAny: Readonly<Record<string, (a: Loose) => unknown>> = { lu: la.lu, luFactor: la.luFactor, qr: la.qr }

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

  it("modes that there are not", () => {
    expect(refusal([f32(3, 3)], (a) => la.qr(a, { mode: "full" as never }))).toBe(
      'ValueError: qr: mode is "full", not one of "reduced", "complete"'
    )
  })
})
