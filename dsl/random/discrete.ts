import { type FloatDType, type IntegerDType, isFloat, isInteger, kindOf, type SignedDType } from "../dtype.ts"
import { dtypeError, named, shapeError } from "../errors.ts"
import { broadcastValue } from "../ops/operand.ts"
import { argmax } from "../ops/reduce.ts"
import {
  isObject,
  plainAxis,
  requireDType,
  requireOptions,
  requireShape,
  requireTensor
} from "../required.ts"
import { type Shape, sameShape, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { IsAxis, Reduced } from "../types/axes.ts"
import type { AreSizes } from "../types/sizes.ts"
import { add, compare, convert, div, filled, neg, plus, scale, select, unary } from "../values.ts"
import { gumbelOf } from "./continuous.ts"
import type { Key } from "./key.ts"
import { parameters } from "./parameters.ts"
import { bound, requireFloat, uniformValue } from "./uniform.ts"

const chances = (op: string, key: Key, shape: Shape, p: Value): Value =>
  compare("lt", uniformValue(op, key, shape, p.dtype as FloatDType, filled(p, 0), filled(p, 1)), p)

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
    shape: S & AreSizes<"random.bernoulli", S>
  ): Tensor<"bool", S> => {
    const op = "random.bernoulli"
    const dtype: FloatDType = isTensor(p) ? p.dtype : "f32"
    requireFloat(op, dtype)
    const chance = bound(op, p, dtype, requireShape(op, shape))
    return tensorOf(chances(op, key, chance.shape, chance))
  }
)

/**
 * Draws -1 and 1, each with probability 1/2: an array of the shape and dtype (i32), which is a signed integer or a float.
 * Fails with a `ShapeError` for what is no key or no shape, and a `DTypeError` for another dtype.
 *
 * @example abs(random.rademacher(random.key(0), [3])) // [1, 1, 1]
 */
export const rademacher = named(
  "random.rademacher",
  <const S extends Shape, D extends SignedDType | FloatDType = "i32">(
    key: Key,
    shape: S & AreSizes<"random.rademacher", S>,
    dtype: D = "i32" as D
  ): Tensor<NoInfer<D>, S> => {
    const op = "random.rademacher"
    requireDType(op, dtype)
    if (!isFloat(dtype) && kindOf(dtype) !== "signed")
      throw dtypeError(op, `${op}: takes a signed dtype, not ${dtype}`, "name i8, i16, i32, i64 or a float")
    const half = filled({ dtype: "f32", shape: requireShape(op, shape) }, 0.5)
    return tensorOf(plus(scale(convert(chances(op, key, half.shape, half), dtype), 2), -1))
  }
)

/** A distribution of whole numbers with one parameter, which is a number or floats that broadcast to the shape. */
export interface Counted {
  <S extends Shape, D extends IntegerDType = "i32">(
    key: Key,
    parameter: Tensor<FloatDType, S>,
    shape?: undefined,
    dtype?: D
  ): Tensor<NoInfer<D>, S>
  <const S extends Shape, D extends IntegerDType = "i32">(
    key: Key,
    parameter: number | Tensor<FloatDType>,
    shape: S,
    dtype?: D
  ): Tensor<NoInfer<D>, S>
}

export const requireInteger = (op: string, dtype: IntegerDType): void => {
  requireDType(op, dtype)
  if (!isInteger(dtype))
    throw dtypeError(op, `${op}: takes an integer dtype, not ${dtype}`, "name one, such as i32")
}

/**
 * Draws how many trials it takes until one succeeds, each with probability `p`: a number, or floats that broadcast to the
 * shape. Without a shape it is theirs. The result is an integer (i32). Fails with a `ShapeError` for what is no key or no
 * shape, and a `DTypeError` where `p` is no float, or the dtype no integer.
 *
 * @example random.geometric(random.key(0), 1, [3]) // i32[3]: [1, 1, 1]
 */
export const geometric: Counted = named(
  "random.geometric",
  (key: Key, p: number | Tensor, given?: Shape, as: IntegerDType = "i32") => {
    const op = "random.geometric"
    requireInteger(op, as)
    const { dtype, shape, values } = parameters(op, [p], given)
    const chance = values[0]!
    const u = uniformValue(op, key, shape, dtype, filled(chance, 0), filled(chance, 1))
    const above = select(compare("eq", u, filled(u, 0)), filled(u, 1), u)
    const failures = div(unary("log", above), unary("log1p", neg(chance)))
    return tensorOf<never, never>(convert(plus(unary("floor", failures), 1), as))
  }
)

/** Along which axis `categorical` draws, and how many. */
export interface CategoricalOptions<
  A extends number = number,
  N extends Shape | undefined = Shape | undefined
> {
  /** (-1) */
  readonly axis?: A
  /** The shape of the result (that of the logits without the axis), which is the last part of it. */
  readonly shape?: N
}

type Drawn<S extends Shape, A extends number, N> = N extends Shape ? N : Reduced<S, A, false>

/**
 * Draws indices (i32) along an axis (the last) of logits, each with its softmax's probability. The result lacks that
 * axis; a shape puts axes before the others, to draw more. Fails with a `ShapeError` for an axis or a shape that does not
 * fit, and a `DTypeError` for logits that are no floats.
 *
 * @example
 * const logits = constant([[0, -Infinity], [-Infinity, 0]], "f32")
 * random.categorical(random.key(0), logits) // [0, 1]
 * random.categorical(random.key(0), logits, { shape: [3, 2] }) // [[0, 1], [0, 1], [0, 1]]
 */
export const categorical = named(
  "random.categorical",
  <
    D extends FloatDType,
    S extends Shape,
    const A extends number = -1,
    const N extends Shape | undefined = undefined
  >(
    key: Key,
    logits: Tensor<D, S>,
    given: (A & IsAxis<"random.categorical", D, S, A>) | CategoricalOptions<A, N> = -1 as never
  ): Tensor<"i32", Drawn<S, NoInfer<A>, NoInfer<N>>> => {
    const op = "random.categorical"
    const value = requireTensor(op, "logits", logits)
    requireFloat(op, logits.dtype)
    const { axis = -1, shape } = isObject(given)
      ? requireOptions<CategoricalOptions>(op, given as CategoricalOptions, ["axis", "shape"])
      : { axis: given as number }
    const at = plainAxis(op, axis, value)
    const others = value.shape.filter((_, i) => i !== at)
    const dims = shape === undefined ? others : requireShape(op, shape)
    const more = dims.length - others.length
    if (more < 0 || !sameShape(dims.slice(more), others))
      throw shapeError(
        op,
        `${op}: ${show({ dtype: "i32", shape: dims })} does not end with the axes of ${show(value)} beside axis ${at}`,
        "leave the shape out, or put axes before those"
      )
    const all = [...dims.slice(0, more), ...value.shape]
    const noise = gumbelOf(op, key, { dtype: logits.dtype, shape: all })
    return argmax(tensorOf<D, Shape>(add(noise, broadcastValue(op, value, all))), at + more) as never
  }
)
