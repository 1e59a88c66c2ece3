import type { FloatDType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { matmul } from "../ops/dot.ts"
import { cholesky } from "../ops/linalg.ts"
import { broadcastValue } from "../ops/operand.ts"
import { requireSameDType } from "../primitives/rule.ts"
import { requireShape, requireTensor } from "../required.ts"
import { mantissaBits } from "../rounding.ts"
import { broadcastShapes, type Shape, sameShape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { AreSizes } from "../types/sizes.ts"
import { add, binary, filled, flip, reshape, scale, unary } from "../values.ts"
import type { Key } from "./key.ts"
import { type OfTwo, parameters } from "./parameters.ts"
import { requireFloat, uniformValue } from "./uniform.ts"

/** The number after -1 on the way to 0. */
export const afterMinusOne = (dtype: FloatDType): number => -1 + 2 ** -(mantissaBits(dtype) + 1)

export const normalOf = (op: string, key: Key, shape: Shape, dtype: FloatDType): Value => {
  const aval = { dtype, shape }
  const u = uniformValue(op, key, shape, dtype, filled(aval, afterMinusOne(dtype)), filled(aval, 1))
  return scale(unary("erfInv", u), Math.SQRT2)
}

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
    shape: S & AreSizes<"random.normal", S>,
    dtype: D = "f32" as D
  ): Tensor<NoInfer<D>, S> => {
    const op = "random.normal"
    requireFloat(op, dtype)
    return tensorOf(normalOf(op, key, requireShape(op, shape), dtype))
  }
)

/**
 * Draws normally distributed floats that lie between two bounds: an array of the shape and dtype (f32). The bounds are
 * numbers or floats that broadcast to the shape, and themselves are never drawn. Without a shape it is theirs. Fails
 * with a `ShapeError` for what is no key or no shape, and a `DTypeError` where dtypes differ or are no floats.
 *
 * @example random.truncatedNormal(random.key(0), -1, 1, [3]) // f32[3]
 */
export const truncatedNormal: OfTwo = named(
  "random.truncatedNormal",
  (key: Key, lower: number | Tensor, upper: number | Tensor, given?: Shape, of?: FloatDType) => {
    const op = "random.truncatedNormal"
    const { dtype, shape, values } = parameters(op, [lower, upper], given, of)
    const [low, high] = values as [Value, Value]
    const [from, to] = [low, high].map((each) => unary("erf", scale(each, Math.SQRT1_2))) as [Value, Value]
    const drawn = scale(unary("erfInv", uniformValue(op, key, shape, dtype, from, to)), Math.SQRT2)
    // Rounding may put a number on a bound, or beyond it.
    const inside = (edge: Value, toward: number) =>
      binary("nextAfter", unary("stopGradient", edge), filled(edge, toward))
    const least = inside(low, Number.POSITIVE_INFINITY)
    const most = inside(high, Number.NEGATIVE_INFINITY)
    return tensorOf<never, never>(binary("minimum", binary("maximum", drawn, least), most))
  }
)

type WideFloat = "f32" | "f64"

/** The shape of vectors of which there are as many as S says. */
type Vectors<S extends Shape, M extends Shape> = M extends readonly [...infer _, infer N extends number]
  ? readonly [...S, N]
  : readonly [...S, number]

interface MultivariateNormal {
  <D extends WideFloat, M extends Shape>(
    key: Key,
    mean: Tensor<D, M>,
    covariance: Tensor<NoInfer<D>>
  ): Tensor<D, M["length"] extends 1 ? M : Shape>
  <const S extends Shape, D extends WideFloat, M extends Shape>(
    key: Key,
    mean: Tensor<D, M>,
    covariance: Tensor<NoInfer<D>>,
    shape: S
  ): Tensor<D, Vectors<S, M>>
}

/**
 * Draws normally distributed vectors with a mean and a covariance, through the covariance's Cholesky factor, as JAX does
 * by default. `mean` is [..., n], `covariance` [..., n, n]; the result is the shape and n. Without a shape it is that of
 * the batch. NaN where a covariance is not positive definite. Takes f32 and f64. Fails with a `ShapeError` for what is no
 * key, and where shapes do not fit, and a `DTypeError` where dtypes do not.
 *
 * @example random.multivariateNormal(random.key(0), zeros([2], "f32"), eye(2, "f32"), [5]) // f32[5,2]
 */
export const multivariateNormal: MultivariateNormal = named(
  "random.multivariateNormal",
  (key: Key, mean: Tensor<WideFloat>, covariance: Tensor<WideFloat>, given?: Shape) => {
    const op = "random.multivariateNormal"
    const centre = requireTensor(op, "the mean", mean)
    const spread = requireTensor(op, "the covariance", covariance)
    requireSameDType(op, centre, spread)
    const [n] = centre.shape.slice(-1)
    if (n === undefined || !sameShape(spread.shape.slice(-2), [n, n]))
      throw shapeError(
        op,
        `${op}: the mean is ${show(centre)}, the covariance ${show(spread)}`,
        "they are [..., n] and [..., n, n]"
      )
    const batch = broadcastShapes(centre.shape.slice(0, -1), spread.shape.slice(0, -2))
    const shape = given === undefined ? batch : requireShape(op, given)
    const joined = batch && shape && broadcastShapes(batch, shape)
    if (joined === undefined || !sameShape(joined, shape!))
      throw shapeError(
        op,
        `${op}: ${show(centre)} and ${show(spread)} do not broadcast to [${[...(shape ?? []), n].join(",")}]`,
        "name the full shape, without n"
      )
    const factor = cholesky(covariance)
    const draws = normalOf(op, key, [...joined, n], mean.dtype)
    const spun =
      spread.shape.length === 2
        ? valueOf(matmul(tensorOf<"f32", Shape>(draws), tensorOf<"f32", Shape>(flip(valueOf(factor)))))
        : reshape(
            valueOf(
              matmul(factor as Tensor<"f32">, tensorOf<"f32", Shape>(reshape(draws, [...joined, n, 1])))
            ),
            [...joined, n]
          )
    return tensorOf<never, never>(add(broadcastValue(op, centre, spun.shape), spun))
  }
)
