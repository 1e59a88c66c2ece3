import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type DType, dtypes, integerRange, isInteger, numberFault, wrapInteger } from "../../dsl/dtype.ts"
import { broadcastShapes, bytesOf, show } from "../../dsl/shape.ts"
import { dense, element } from "../../dsl/stablehlo/text.ts"

const integers = (Object.keys(dtypes) as Array<DType>).filter(isInteger)

describe("numbers as values of a dtype", () => {
  it.each(integers)("%s takes its whole range and nothing beyond", (dtype) => {
    const [least, greatest] = integerRange(dtype)
    expect(numberFault(least, dtype)).toBeUndefined()
    expect(numberFault(greatest, dtype)).toBeUndefined()
    expect(numberFault(least - 1n, dtype)).toContain("out of range")
    expect(numberFault(greatest + 1n, dtype)).toContain("out of range")
    expect(numberFault(0.5, dtype)).toContain("not an integer")
    expect(numberFault(Number.POSITIVE_INFINITY, dtype)).toContain("not an integer")
  })

  it("floats take NaN and infinities, and refuse what would silently become one", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1]) {
      expect(numberFault(value, "f16")).toBeUndefined()
    }
    expect(numberFault(65504, "f16")).toBeUndefined()
    expect(numberFault(65520, "f16")).toContain("out of range")
    expect(numberFault(1e39, "f32")).toContain("out of range")
    expect(numberFault(3.5e38, "bf16")).toContain("out of range")
    expect(numberFault(1e300, "f64")).toBeUndefined()
  })
})

describe("wrapping", () => {
  it.each([
    [-1, "u8", 255n],
    [200, "i8", -56n],
    [-129, "i8", 127n],
    [2n ** 64n + 5n, "u64", 5n],
    [7, "i32", 7n]
  ] as const)("%s in %s is %s", (value, dtype, wanted) => {
    expect(wrapInteger(value, dtype)).toBe(wanted)
  })
})

describe("shapes", () => {
  it("show as in all messages", () => {
    expect(show({ dtype: "f32", shape: [3, 4] })).toBe("f32[3,4]")
    expect(show({ dtype: "bool", shape: [] })).toBe("bool[]")
    expect(bytesOf({ dtype: "c128", shape: [2, 3] })).toBe(96)
  })

  const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })

  it("broadcasting is symmetric, idempotent, and has the scalar as its unit", () => {
    fc.assert(
      fc.property(shape, shape, (a, b) => {
        expect(broadcastShapes(a, b)).toEqual(broadcastShapes(b, a))
        expect(broadcastShapes(a, a)).toEqual(a)
        expect(broadcastShapes(a, [])).toEqual(a)
        const joined = broadcastShapes(a, b)
        if (joined !== undefined) expect(broadcastShapes(joined, b)).toEqual(joined)
      })
    )
  })
})

describe("elements in StableHLO", () => {
  it.each([
    [1, "f32", "1.0"],
    [-0, "f32", "-0.0"],
    [0.1, "f64", "0.1"],
    [1e21, "f32", "1.0E+21"],
    [1.5e-7, "f32", "1.5E-7"],
    [Number.NaN, "f16", "0x7E00"],
    [Number.NEGATIVE_INFINITY, "bf16", "0xFF80"],
    [2n ** 64n - 1n, "u64", "18446744073709551615"],
    [true, "bool", "true"],
    [2, "c64", "(2.0, 0.0)"]
  ] as const)("%s as %s is %s", (value, dtype, text) => {
    expect(element(value, dtype)).toBe(text)
  })

  it("nest as the shape says", () => {
    expect(dense({ dtype: "i32", shape: [2, 2] }, [1, 2, 3, 4])).toBe("dense<[[1, 2], [3, 4]]>")
    expect(dense({ dtype: "i32", shape: [2, 0] }, [])).toBe("dense<>")
    expect(dense({ dtype: "f32", shape: [9] }, 0)).toBe("dense<0.0>")
  })
})
