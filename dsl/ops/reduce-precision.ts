import { defineComposite } from "../composites.ts"
import { dtypes, type FloatDType, type UnsignedDType } from "../dtype.ts"
import { named } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { requireKind } from "../primitives/rule.ts"
import { requireDim, requireTensor } from "../required.ts"
import { mantissaBits } from "../rounding.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import { add, binary, compare, filled, select } from "../values.ts"

interface Widths {
  readonly exponent: number
  readonly mantissa: number
}

/** Rounds to the nearest, to even where two are as near; overflow gives infinity, and what would be subnormal zero. */
const rounded = (x: Value, { exponent, mantissa }: Widths): Value => {
  const dtype = x.dtype as FloatDType
  const width = dtypes[dtype].bytes * 8
  const own = { mantissa: mantissaBits(dtype), exponent: width - 1 - mantissaBits(dtype) }
  const whole = `u${width}` as UnsignedDType
  const number = (value: bigint): Value =>
    filled({ dtype: whole, shape: x.shape }, whole === "u64" ? value : Number(value))
  const and = (a: Value, b: Value): Value => binary("and", a, b)
  const ones = (count: number): bigint => (1n << BigInt(count)) - 1n
  const given = apply1("bitcast", { dtype: whole }, x)
  let bits = given
  if (mantissa < own.mantissa) {
    const dropped = own.mantissa - mantissa
    const last = and(binary("shiftRightLogical", bits, number(BigInt(dropped))), number(1n))
    const sum = add(bits, add(last, number(ones(dropped - 1))))
    bits = and(sum, number(ones(width) ^ ones(dropped)))
  }
  if (exponent < own.exponent) {
    const place = BigInt(own.mantissa)
    const [bias, reduced] = [ones(own.exponent - 1), ones(exponent - 1)]
    const size = and(bits, number(ones(own.exponent) << place))
    const sign = and(given, number(1n << BigInt(width - 1)))
    const infinity = binary("or", sign, number(ones(own.exponent) << place))
    const above = compare("gt", size, number((bias + reduced) << place))
    const below = compare("le", size, number((bias - reduced) << place))
    bits = select(above, infinity, select(below, sign, bits))
  }
  return select(compare("ne", x, x), x, apply1("bitcast", { dtype }, bits))
}

const reduced = (x: Value, options: Readonly<Record<string, number | boolean | string>>): Value =>
  apply1("composite", { name: "reducePrecision", options }, x)

defineComposite("reducePrecision", {
  infer: ([x]) => [x!],
  body: ([x], { exponent, mantissa }) => [
    rounded(x!, { exponent: exponent as number, mantissa: mantissa as number })
  ],
  push: ({ options }, [tangent]) => [tangent === undefined ? undefined : reduced(tangent, options)],
  pull: ({ options }, [cotangent]) => [cotangent === undefined ? undefined : reduced(cotangent, options)]
})

/**
 * Rounds to what a float of fewer bits holds: so many of the exponent, and so many of the mantissa. The dtype stays.
 * What is too large becomes infinite, and what is too small 0. Derivatives are rounded likewise, as in JAX. Takes f16,
 * bf16, f32 and f64. Fails with a `DTypeError` for another dtype, and a `ShapeError` for what is no count of bits.
 *
 * @example reducePrecision(constant([1.001, 3.14159], "f32"), 8, 7) // [1, 3.140625]
 */
export const reducePrecision = named(
  "reducePrecision",
  <D extends FloatDType, S extends Shape>(
    x: Tensor<D, S>,
    exponentBits: number,
    mantissaBits: number
  ): Tensor<D, S> => {
    const value = requireTensor("reducePrecision", "x", x)
    requireKind("reducePrecision", value, ["float"])
    const exponent = requireDim("reducePrecision", "the exponent", exponentBits, 1)
    const mantissa = requireDim("reducePrecision", "the mantissa", mantissaBits)
    return tensorOf(reduced(value, { exponent, mantissa }))
  }
)
