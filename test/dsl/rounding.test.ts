import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { numberFault } from "../../dsl/dtype.ts"
import { add, arange, i64, print, scalar, scan } from "../../dsl/index.ts"
import { decimal, roundFloat } from "../../dsl/rounding.ts"
import { element } from "../../dsl/stablehlo/text.ts"
import { traceNow } from "../../dsl/trace.ts"

/** A number of so many bits is right if it is the nearest of its neighbours, and of two as near the even one. */
const nearest = (value: number, dtype: "f16" | "bf16"): number => {
  const unit =
    2 **
    (Math.max(Math.floor(Math.log2(Math.abs(value))), dtype === "f16" ? -14 : -126) -
      (dtype === "f16" ? 10 : 7))
  const below = Math.floor(value / unit)
  const [low, high] = [value - below * unit, (below + 1) * unit - value]
  return (low < high || (low === high && below % 2 === 0) ? below : below + 1) * unit
}

describe("rounding", () => {
  it.each(["f16", "bf16"] as const)("to %s is to the nearest, ties to even", (dtype) => {
    fc.assert(
      fc.property(
        fc.double({ min: 2 ** -20, max: 2 ** 14, noNaN: true }),
        fc.constantFrom(1, -1),
        (size, sign) => {
          expect(roundFloat(sign * size, dtype)).toBe(sign * nearest(size, dtype))
        }
      )
    )
  })

  it("happens once, whatever the number comes from", () => {
    expect(roundFloat(1 + 2 ** -8 + 2 ** -40, "bf16")).toBe(1.0078125)
    expect(roundFloat(1 + 2 ** -11 + 2 ** -40, "f16")).toBe(1.0009765625)
    expect(roundFloat(2n ** 60n + 2n ** 36n + 1n, "f32")).toBe(2 ** 60 + 2 ** 37)
    expect(roundFloat(-(2n ** 60n + 2n ** 36n), "f32")).toBe(-(2 ** 60))
    expect(roundFloat(2n ** 53n + 1n, "f64")).toBe(2 ** 53)
  })

  it("keeps signs of zero, and reaches subnormal numbers and infinities", () => {
    expect(roundFloat(-1e-300, "f16")).toBe(-0)
    expect(roundFloat(1.5 * 2 ** -24, "f16")).toBe(2 ** -23)
    expect(roundFloat(2 ** -134, "bf16")).toBe(0)
    expect(roundFloat(65519.99, "f16")).toBe(65504)
    expect(roundFloat(65520, "f16")).toBe(Number.POSITIVE_INFINITY)
    expect(roundFloat(-(2n ** 2000n), "f32")).toBe(Number.NEGATIVE_INFINITY)
    expect(roundFloat(Number.NaN, "bf16")).toBeNaN()
  })

  it("decides which numbers a dtype takes", () => {
    expect(numberFault(65519.99, "f16")).toBeUndefined()
    expect(numberFault(2n ** 128n, "f32")).toContain("out of range")
    expect(numberFault(1e39, "c64")).toContain("out of range")
    expect(numberFault(1e39, "c128")).toBeUndefined()
    expect(numberFault(2 ** 64, "u64")).toBe(
      "18446744073709551616 is out of range for u64 (0 to 18446744073709551615)"
    )
  })
})

describe("digits", () => {
  it("of integers are all written", () => {
    expect(decimal(2 ** 60)).toBe("1152921504606846976")
    expect(decimal(-0)).toBe("-0")
    expect(decimal(0.1)).toBe("0.1")
    expect(decimal(2 ** 70)).toBe("1.1805916207174113e+21")
    expect(element(2 ** 60, "i64")).toBe("1152921504606846976")
    expect(element(-0, "i32")).toBe("0")
    expect(element(2n ** 60n + 2n ** 36n + 1n, "f32")).toBe("1152921642045800400.0")
  })

  it("of integers are all printed", () => {
    const { program } = traceNow([i64()], (x) =>
      scan(add(x, 2 ** 60), arange(2 ** 61, 2n ** 61n + 4n, "i64"), (c, k) => [
        add(c, k),
        scalar(-(2 ** 62), "i64")
      ])
    )
    const text = print(program)
    for (const digits of ["1152921504606846976", "2305843009213693952", "-4611686018427387904"])
      expect(text).toContain(digits)
  })
})
