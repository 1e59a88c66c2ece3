import { arange } from "../control/arange.ts"
import {
  type DType,
  dtypes,
  type FloatDType,
  type IntegerDType,
  integerRange,
  isFloat,
  isInteger
} from "../dtype.ts"
import { dtypeError, named, shapeError, valueError } from "../errors.ts"
import { take } from "../ops/indexing.ts"
import { broadcastValue, splat } from "../ops/operand.ts"
import { argmax } from "../ops/reduce.ts"
import { apply, apply1 } from "../primitives/index.ts"
import { requireSameDType } from "../primitives/rule.ts"
import {
  plainAxis,
  requireDim,
  requireDType,
  requireOptions,
  requireShape,
  requireTensor,
  shown
} from "../required.ts"
import { broadcastShapes, type Shape, sameShape, show, sizeOf } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { IsAxis, Reduced } from "../types/axes.ts"
import { add, binary, compare, convert, filled, mul, neg, scale, select, sub, unary } from "../values.ts"
import { type BitsDType, bitsOf } from "./bits.ts"
import { type Key, split } from "./key.ts"

const mantissa: { readonly [D in FloatDType]: number } = { f16: 10, bf16: 7, f32: 23, f64: 52 }

/** The bits of 1.0. */
const oneBits: { readonly [D in FloatDType]: number | bigint } = {
  f16: 0x3c00,
  bf16: 0x3f80,
  f32: 0x3f800000,
  f64: 0x3ff0000000000000n
}

/** The number after -1 on the way to 0. */
const afterMinusOne = (dtype: FloatDType): number => -1 + 2 ** -(mantissa[dtype] + 1)

const unsigned = (dtype: DType): BitsDType => `u${dtypes[dtype].bytes * 8}` as BitsDType

const requireFloat = (op: string, dtype: DType): void => {
  requireDType(op, dtype)
  if (isFloat(dtype)) return
  throw dtypeError(op, `${op}: takes a float dtype, not ${dtype}`, "name f16, bf16, f32 or f64")
}

/** A number or a tensor of the dtype, broadcast to the shape. */
const bound = (op: string, given: number | Tensor, dtype: DType, shape: Shape): Value => {
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

const uniformValue = (
  op: string,
  key: Key,
  shape: Shape,
  dtype: FloatDType,
  from: Value,
  to: Value
): Value => {
  // bf16 has so few bits that JAX draws only eight.
  const drawn = mantissa[dtype] < 8 ? "u8" : unsigned(dtype)
  const bits = convert(bitsOf(op, key, shape, drawn), unsigned(dtype))
  const places = dtypes[drawn].bytes * 8 - mantissa[dtype]
  const fraction = apply1("shiftRightLogical", {}, bits, filled(bits, places))
  const number = apply1("bitcast", { dtype }, binary("or", fraction, filled(bits, oneBits[dtype])))
  const unit = sub(number, filled(number, 1))
  return binary("maximum", from, add(mul(unit, sub(to, from)), from))
}

/** Signed and unsigned integers of one size hold the same bits. */
const sameBits = (x: Value, dtype: IntegerDType): Value =>
  x.dtype === dtype ? x : apply1("bitcast", { dtype }, x)

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
    shape: S,
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

/**
 * Draws normally distributed floats of mean 0 and variance 1: an array of the shape and dtype (f32). Fails with a
 * `ShapeError` for what is no key or no shape, and a `DTypeError` for a dtype that is no float.
 *
 * @example random.normal(random.key(0), [2, 3]) // f32[2,3]
 */
export const normal = named(
  "random.normal",
  <const S extends Shape, D extends FloatDType = "f32">(
    key: Key,
    shape: S,
    dtype: D = "f32" as D
  ): Tensor<NoInfer<D>, S> => {
    const op = "random.normal"
    requireFloat(op, dtype)
    const aval = { dtype, shape: requireShape(op, shape) }
    const u = uniformValue(op, key, aval.shape, dtype, filled(aval, afterMinusOne(dtype)), filled(aval, 1))
    return tensorOf(scale(unary("erfInv", u), Math.SQRT2))
  }
)

/**
 * Draws booleans that are true with probability `p`, a number or floats that broadcast to the shape. Fails with a
 * `ShapeError` for what is no key or no shape, and a `DTypeError` where `p` is no float.
 *
 * @example random.bernoulli(random.key(0), 1, [2]) // [true, true]
 */
export const bernoulli = named(
  "random.bernoulli",
  <const S extends Shape, D extends FloatDType = "f32">(
    key: Key,
    p: number | Tensor<D>,
    shape: S
  ): Tensor<"bool", S> => {
    const op = "random.bernoulli"
    const dtype: FloatDType = isTensor(p) ? p.dtype : "f32"
    requireFloat(op, dtype)
    const chance = bound(op, p, dtype, requireShape(op, shape))
    const u = uniformValue(op, key, chance.shape, dtype, filled(chance, 0), filled(chance, 1))
    return tensorOf(compare("lt", u, chance))
  }
)

/** Whole numbers from `from` to below `to`, or with `beyond` to `to` itself, drawn in 32 or 64 bits. */
const integers = (key: Key, shape: Shape, from: Value, to: Value, beyond: boolean): Value => {
  const { dtype } = from
  const words = unsigned(dtype)
  const [high, low] = split(key).map((each) => bitsOf("random.randint", each, shape, words)) as [Value, Value]
  const gap = sameBits(sub(to, from), words)
  const one = filled(gap, 1)
  const empty = compare("le", to, from)
  // A span of all values wraps to zero, and a remainder by zero leaves the bits as they are.
  const span = select(empty, one, beyond ? add(gap, one) : gap)
  const rem = (a: Value) => binary("rem", a, span)
  // 2^bits modulo the span, for words of twice the bits.
  const root = rem(filled(gap, 2 ** (dtypes[dtype].bytes * 4)))
  const multiplier = rem(mul(root, root))
  const offset = rem(add(mul(rem(high), multiplier), rem(low)))
  return add(from, sameBits(offset, dtype as IntegerDType))
}

/**
 * Draws whole numbers from `min` to below `max`, each about equally likely: an array of the shape and dtype (i32).
 * Where no number is between, it gives `min`. Fails with a `ShapeError` for what is no key or no shape, a
 * `DTypeError` for a dtype that is no integer, and a `ValueError` for a bound out of its range.
 *
 * @example random.randint(random.key(0), [3], 5, 6) // i32[3]: [5, 5, 5]
 */
export const randint = named(
  "random.randint",
  <const S extends Shape, D extends IntegerDType = "i32">(
    key: Key,
    dims: S,
    min: number | Tensor<NoInfer<D>>,
    max: number | Tensor<NoInfer<D>>,
    dtype: D = "i32" as D
  ): Tensor<NoInfer<D>, S> => {
    const op = "random.randint"
    requireDType(op, dtype)
    const shape = requireShape(op, dims)
    if (!isInteger(dtype))
      throw dtypeError(op, `${op}: takes an integer dtype, not ${dtype}`, "name one, such as i32")
    const [least, greatest] = integerRange(dtype)
    for (const given of [min, max]) {
      if (isTensor(given)) continue
      // `max` itself is never drawn, so one more than the greatest value is a bound, too.
      const last = given === max ? greatest + 1n : greatest
      if (!Number.isInteger(given) || BigInt(given) < least || BigInt(given) > last)
        throw valueError(
          op,
          `${op}: ${shown(given)} is out of range for ${dtype}`,
          `give whole numbers from ${least} to ${last}`
        )
    }
    const wide: IntegerDType = dtypes[dtype].bytes < 4 ? "i32" : dtype
    const beyond = !isTensor(max) && BigInt(max) > integerRange(wide)[1]
    const limit = (given: number | Tensor): Value =>
      isTensor(given) ? convert(bound(op, given, dtype, shape), wide) : splat(op, given, wide, shape)
    const to = beyond ? filled({ dtype: wide, shape }, integerRange(wide)[1]) : limit(max)
    return tensorOf(convert(integers(key, shape, limit(min), to, beyond), dtype))
  }
)

/** Numbers of Gumbel's distribution: the greatest of logits plus these is drawn with the softmax's probability. */
const gumbel = (op: string, key: Key, shape: Shape, dtype: FloatDType): Value => {
  const aval = { dtype, shape }
  const tiny = { f16: 2 ** -14, bf16: 2 ** -126, f32: 2 ** -126, f64: 2 ** -1022 }[dtype]
  const u = uniformValue(op, key, shape, dtype, filled(aval, tiny), filled(aval, 1))
  return neg(unary("log", neg(unary("log", u))))
}

/**
 * Draws indices (i32) along an axis (the last) of logits, each with its softmax's probability. The result lacks that
 * axis. Fails with a `ShapeError` for an axis that is not there, and a `DTypeError` for logits that are no floats.
 *
 * @example random.categorical(random.key(0), constant([[0, -Infinity], [-Infinity, 0]], "f32")) // [0, 1]
 */
export const categorical = named(
  "random.categorical",
  <D extends FloatDType, S extends Shape, const A extends number = -1>(
    key: Key,
    logits: Tensor<D, S>,
    axis: A & IsAxis<"random.categorical", D, S, A> = -1 as never
  ): Tensor<"i32", Reduced<S, NoInfer<A>, false>> => {
    const op = "random.categorical"
    const value = requireTensor(op, "logits", logits)
    requireFloat(op, logits.dtype)
    const at = plainAxis(op, axis, value)
    const noise = gumbel(op, key, logits.shape, logits.dtype)
    return argmax(tensorOf<D, Shape>(add(noise, value)), at) as never
  }
)

/** Sorted by random words, in as many rounds as make equal words unlikely (JAX's own). */
const shuffled = (key: Key, x: Value): Value => {
  const size = sizeOf(x.shape)
  const rounds = Math.ceil((3 * Math.log(Math.max(1, size))) / Math.log(2 ** 32 - 1))
  let [state, value] = [key, x]
  for (let round = 0; round < rounds; round++) {
    const [next, now] = split(state)
    const words = bitsOf("random.permutation", now, x.shape, "u32")
    value = apply("sort", { axis: 0, keys: 1, descending: false }, [words, value])[1]!
    state = next
  }
  return value
}

interface Permutation {
  <const N extends number>(key: Key, count: N): Tensor<"i32", readonly [N]>
  <D extends DType, S extends Shape>(key: Key, x: Tensor<D, S>, axis?: number): Tensor<D, S>
}

/**
 * Puts the numbers from 0 to before a count (i32) in random order, or the rows of an array along an axis (the first).
 * Fails with a `ShapeError` for what is no key, count or axis.
 *
 * @example sort(random.permutation(random.key(0), 4)) // [0, 1, 2, 3]
 */
export const permutation: Permutation = named(
  "random.permutation",
  (key: Key, x: number | Tensor, axis = 0) => {
    if (!isTensor(x)) {
      requireDim("random.permutation", "the count", x)
      return tensorOf<never, never>(shuffled(key, valueOf(arange(x, "i32"))))
    }
    const at = plainAxis("random.permutation", axis, x)
    if (x.shape.length === 1) return tensorOf<never, never>(shuffled(key, valueOf(x)))
    const order = shuffled(key, valueOf(arange(x.shape[at]!, "i32")))
    return take(x, tensorOf<"i32", Shape>(order), at) as never
  }
)
