import type { FloatDType } from "../dtype.ts"
import { named } from "../errors.ts"
import { requireShape } from "../required.ts"
import { mantissaBits } from "../rounding.ts"
import type { Aval, Shape } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { AreSizes } from "../types/sizes.ts"
import { div, filled, mul, neg, plus, scale, sub, unary } from "../values.ts"
import type { Key } from "./key.ts"
import { afterMinusOne, normalOf } from "./normal.ts"
import { type Parametrised, parameters } from "./parameters.ts"
import { requireFloat, uniformValue } from "./uniform.ts"

type FloatAval = Aval & { readonly dtype: FloatDType }

/** The least normal number above 0. */
const tiny: { readonly [D in FloatDType]: number } = {
  f16: 2 ** -14,
  bf16: 2 ** -126,
  f32: 2 ** -126,
  f64: 2 ** -1022
}

const uniformFrom = (op: string, key: Key, aval: FloatAval, least: number): Value =>
  uniformValue(op, key, aval.shape, aval.dtype, filled(aval, least), filled(aval, 1))

/** A distribution without parameters. */
const standard = <Op extends string>(op: Op, make: (op: string, key: Key, aval: FloatAval) => Value) =>
  named(
    op,
    <const S extends Shape, D extends FloatDType = "f32">(
      key: Key,
      shape: S & AreSizes<Op, S>,
      dtype: D = "f32" as D
    ): Tensor<NoInfer<D>, S> => {
      requireFloat(op, dtype)
      return tensorOf(make(op, key, { dtype, shape: requireShape(op, shape) }))
    }
  )

/** A distribution of one parameter, which its numbers are made with. */
const scaled = (op: string, make: (op: string, key: Key, parameter: Value, aval: FloatAval) => Value) =>
  named(op, (key: Key, parameter: number | Tensor, given?: Shape, of?: FloatDType) => {
    const { dtype, shape, values } = parameters(op, [parameter], given, of)
    return tensorOf<never, never>(make(op, key, values[0]!, { dtype, shape }))
  }) as Parametrised

export const exponentialOf = (op: string, key: Key, aval: FloatAval): Value =>
  neg(unary("log1p", neg(uniformFrom(op, key, aval, 0))))

/** Numbers of Gumbel's distribution: the greatest of logits plus these is drawn with the softmax's probability. */
export const gumbelOf = (op: string, key: Key, aval: FloatAval): Value =>
  neg(unary("log", neg(unary("log", uniformFrom(op, key, aval, tiny[aval.dtype])))))

/**
 * Draws floats of the exponential distribution with rate 1: an array of the shape and dtype (f32). Fails with a
 * `ShapeError` for what is no key or no shape, and a `DTypeError` for a dtype that is no float.
 *
 * @example random.exponential(random.key(0), [3]) // f32[3]
 */
export const exponential = standard("random.exponential", exponentialOf)

/**
 * Draws floats of Gumbel's distribution: an array of the shape and dtype (f32). Fails with a `ShapeError` for what is no
 * key or no shape, and a `DTypeError` for a dtype that is no float.
 *
 * @example random.gumbel(random.key(0), [3]) // f32[3]
 */
export const gumbel = standard("random.gumbel", gumbelOf)

/**
 * Draws floats of Laplace's distribution with mean 0 and scale 1: an array of the shape and dtype (f32). Fails with a
 * `ShapeError` for what is no key or no shape, and a `DTypeError` for a dtype that is no float.
 *
 * @example random.laplace(random.key(0), [3]) // f32[3]
 */
export const laplace = standard("random.laplace", (op, key, aval) => {
  const u = uniformFrom(op, key, aval, afterMinusOne(aval.dtype))
  return mul(unary("sign", u), unary("log1p", neg(unary("abs", u))))
})

/**
 * Draws floats of the logistic distribution with mean 0 and scale 1: an array of the shape and dtype (f32). Fails with a
 * `ShapeError` for what is no key or no shape, and a `DTypeError` for a dtype that is no float.
 *
 * @example random.logistic(random.key(0), [3]) // f32[3]
 */
export const logistic = standard("random.logistic", (op, key, aval) => {
  const u = uniformFrom(op, key, aval, tiny[aval.dtype])
  return sub(unary("log", u), unary("log1p", neg(u)))
})

/**
 * Draws floats of Cauchy's distribution with median 0 and scale 1: an array of the shape and dtype (f32). Fails with a
 * `ShapeError` for what is no key or no shape, and a `DTypeError` for a dtype that is no float.
 *
 * @example random.cauchy(random.key(0), [3]) // f32[3]
 */
export const cauchy = standard("random.cauchy", (op, key, aval) => {
  const u = uniformFrom(op, key, aval, 2 ** -mantissaBits(aval.dtype))
  return unary("tan", scale(plus(u, -0.5), Math.PI))
})

/**
 * Draws floats of Rayleigh's distribution with a scale: a number, or floats that broadcast to the shape. Without a shape
 * it is theirs. Fails with a `ShapeError` for what is no key or no shape, and a `DTypeError` where dtypes differ or are
 * no floats.
 *
 * @example random.rayleigh(random.key(0), 2, [3]) // f32[3]
 */
export const rayleigh = scaled("random.rayleigh", (op, key, scales, aval) =>
  mul(scales, unary("sqrt", scale(unary("log", uniformFrom(op, key, aval, 0)), -2)))
)

/**
 * Draws floats of Pareto's distribution with an exponent: a number, or floats that broadcast to the shape. Without a
 * shape it is theirs. Fails with a `ShapeError` for what is no key or no shape, and a `DTypeError` where dtypes differ or
 * are no floats.
 *
 * @example random.pareto(random.key(0), 3, [2]) // f32[2]
 */
export const pareto = scaled("random.pareto", (op, key, b, aval) =>
  unary("exp", div(exponentialOf(op, key, aval), b))
)

/**
 * Draws floats whose logarithm is normally distributed with mean 0 and a standard deviation: a number, or floats that
 * broadcast to the shape. Without a shape it is theirs. Fails with a `ShapeError` for what is no key or no shape, and a
 * `DTypeError` where dtypes differ or are no floats.
 *
 * @example random.lognormal(random.key(0), 0.5, [2]) // f32[2]
 */
export const lognormal = scaled("random.lognormal", (op, key, sigma, { dtype, shape }) =>
  unary("exp", mul(normalOf(op, key, shape, dtype), sigma))
)
