import { type DType, dtypes, type FloatDType, isFloat } from "../dtype.ts"
import { dtypeError, named, shapeError } from "../errors.ts"
import { broadcastValue, splat } from "../ops/operand.ts"
import { apply1 } from "../primitives/index.ts"
import { requireSameDType } from "../primitives/rule.ts"
import { requireDType, requireOptions, requireShape } from "../required.ts"
import { mantissaBits } from "../rounding.ts"
import { broadcastShapes, type Shape, sameShape, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { AreSizes } from "../types/sizes.ts"
import { add, binary, convert, filled, mul, sub } from "../values.ts"
import { type BitsDType, bitsOf } from "./bits.ts"
import type { Key } from "./key.ts"

/** The bits of 1.0. */
const oneBits: { readonly [D in FloatDType]: number | bigint } = {
  f16: 0x3c00,
  bf16: 0x3f80,
  f32: 0x3f800000,
  f64: 0x3ff0000000000000n
}

export const unsigned = (dtype: DType): BitsDType => `u${dtypes[dtype].bytes * 8}` as BitsDType

export const requireFloat = (op: string, dtype: DType): void => {
  requireDType(op, dtype)
  if (isFloat(dtype)) return
  throw dtypeError(op, `${op}: takes a float dtype, not ${dtype}`, "name f16, bf16, f32 or f64")
}

/** A number or a tensor of the dtype, broadcast to the shape. */
export const bound = (op: string, given: number | Tensor, dtype: DType, shape: Shape): Value => {
  if (!isTensor(given)) return splat(op, given, dtype, shape)
  const value = valueOf(given)
  requireSameDType(op, value, { dtype, shape })
  const joined = broadcastShapes(value.shape, shape)
  if (joined === undefined || !sameShape(joined, shape)) {
    throw shapeError(
      op,
      `${op}: ${show(value)} does not broadcast to [${shape.join(",")}]`,
      "name the full shape"
    )
  }
  return broadcastValue(op, value, shape)
}

export const uniformValue = (
  op: string,
  key: Key,
  shape: Shape,
  dtype: FloatDType,
  from: Value,
  to: Value
): Value => {
  // bf16 has so few bits that JAX draws only eight.
  const drawn = mantissaBits(dtype) < 8 ? "u8" : unsigned(dtype)
  const bits = convert(bitsOf(op, key, shape, drawn), unsigned(dtype))
  const places = dtypes[drawn].bytes * 8 - mantissaBits(dtype)
  const fraction = apply1("shiftRightLogical", {}, bits, filled(bits, places))
  const number = apply1("bitcast", { dtype }, binary("or", fraction, filled(bits, oneBits[dtype])))
  const unit = sub(number, filled(number, 1))
  return binary("maximum", from, add(mul(unit, sub(to, from)), from))
}

/** The range and the dtype of uniform numbers. */
export interface UniformOptions<D extends FloatDType> {
  /** ("f32") */
  readonly dtype?: D
  /** The least value (0). */
  readonly min?: number | Tensor<NoInfer<D>>
  /** What all values are below (1). */
  readonly max?: number | Tensor<NoInfer<D>>
}

/**
 * Draws floats from `min` (0) to below `max` (1), all equally likely: an array of the shape and dtype (f32). Fails
 * with a `ShapeError` for what is no key or no shape, and a `DTypeError` for a dtype that is no float.
 *
 * @example random.uniform(random.key(0), [2], { max: 10 }) // f32[2]
 */
export const uniform = named(
  "random.uniform",
  <const S extends Shape, D extends FloatDType = "f32">(
    key: Key,
    shape: S & AreSizes<"random.uniform", S>,
    options?: UniformOptions<D>
  ): Tensor<NoInfer<D>, S> => {
    const op = "random.uniform"
    const { dtype = "f32" as D, min = 0, max = 1 } = requireOptions(op, options, ["dtype", "min", "max"])
    requireFloat(op, dtype)
    const dims = requireShape(op, shape)
    const [from, to] = [bound(op, min, dtype, dims), bound(op, max, dtype, dims)]
    return tensorOf(uniformValue(op, key, dims, dtype, from, to))
  }
)
