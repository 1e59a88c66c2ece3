import type { FloatDType } from "../dtype.ts"
import { named, valueError } from "../errors.ts"
import { abs, add, div, le, log1p, lt, mul, neg, pow, sqrt, square, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { select } from "../ops/structure.ts"
import { sum } from "../ops/sums.ts"
import { requireDim, requireNumber, requireShape } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, valueOf } from "../tensor.ts"
import { reshape } from "../values.ts"
import { exponential } from "./continuous.ts"
import { rademacher } from "./discrete.ts"
import { chisquare, gamma } from "./gamma.ts"
import { type Key, split } from "./key.ts"
import { normalOf } from "./normal.ts"
import { type OfTwo, type Parametrised, parameters } from "./parameters.ts"
import { requireFloat, uniform } from "./uniform.ts"

/** Distributions whose numbers are made of normal, gamma and uniform ones. */

type Parameter = number | Tensor
type Make = (key: Key, shape: Shape, dtype: FloatDType, ...parameters: ReadonlyArray<Floats>) => Floats

const drawnWith = (
  op: string,
  key: Key,
  given: ReadonlyArray<Parameter>,
  make: Make,
  shape?: Shape,
  as?: FloatDType
) => {
  const read = parameters(op, given, shape, as)
  const values = read.values.map((value) => tensorOf<"f32", Shape>(value))
  return make(key, read.shape, read.dtype, ...values) as never
}

const ofOne = (op: string, make: Make) =>
  named(op, (key: Key, a: Parameter, shape?: Shape, as?: FloatDType) =>
    drawnWith(op, key, [a], make, shape, as)
  ) as unknown as Parametrised

const ofTwo = (op: string, make: Make) =>
  named(op, (key: Key, a: Parameter, b: Parameter, shape?: Shape, as?: FloatDType) =>
    drawnWith(op, key, [a, b], make, shape, as)
  ) as unknown as OfTwo

const uniformOf = (key: Key, shape: Shape, dtype: FloatDType): Floats =>
  uniform(key, shape, { dtype: dtype as "f32" })
const normalTensor = (op: string, key: Key, shape: Shape, dtype: FloatDType): Floats =>
  tensorOf(normalOf(op, key, shape, dtype))
const signs = (key: Key, shape: Shape, dtype: FloatDType): Floats => rademacher(key, shape, dtype as "f32")

const maxwellOf = (op: string, key: Key, shape: Shape, dtype: FloatDType): Floats =>
  sqrt(sum(square(normalTensor(op, key, [...shape, 3], dtype)), shape.length) as Floats)

/**
 * Draws floats of Maxwell's distribution with scale 1, the lengths of normal vectors in space: an array of the shape and
 * dtype (f32). Fails with a `ShapeError` for what is no key or no shape, and a `DTypeError` for a dtype that is no float.
 *
 * @example random.maxwell(random.key(0), [3]) // f32[3]
 */
export const maxwell = named(
  "random.maxwell",
  <const S extends Shape, D extends FloatDType = "f32">(
    key: Key,
    shape: S,
    dtype: D = "f32" as D
  ): Tensor<NoInfer<D>, S> => {
    requireFloat("random.maxwell", dtype)
    return maxwellOf("random.maxwell", key, requireShape("random.maxwell", shape), dtype) as never
  }
)

/**
 * Draws floats of Maxwell's distribution with either sign, with a location and a scale: numbers, or floats that broadcast
 * to the shape. Without a shape it is theirs. Fails with a `ShapeError` for what is no key or no shape, and a `DTypeError`
 * where dtypes differ or are no floats.
 *
 * @example random.doubleSidedMaxwell(random.key(0), 0, 1, [3]) // f32[3]
 */
export const doubleSidedMaxwell: OfTwo = ofTwo(
  "random.doubleSidedMaxwell",
  (key, shape, dtype, loc, scale) => {
    const [forSize, forSign] = split(key)
    const sizes = maxwellOf("random.doubleSidedMaxwell", forSize, shape, dtype)
    return add(mul(mul(signs(forSign, shape, dtype), sizes), scale!), loc!)
  }
)

/**
 * Draws floats of Weibull's distribution of least elements, with a scale and a concentration: numbers, or floats that
 * broadcast to the shape. Without a shape it is theirs. Fails with a `ShapeError` for what is no key or no shape, and a
 * `DTypeError` where dtypes differ or are no floats.
 *
 * @example random.weibullMin(random.key(0), 1, 2, [3]) // f32[3]
 */
export const weibullMin: OfTwo = ofTwo("random.weibullMin", (key, shape, dtype, scale, concentration) =>
  mul(pow(neg(log1p(neg(uniformOf(key, shape, dtype)))), div(1, concentration!)), scale!)
)

/**
 * Draws floats of the inverse Gaussian distribution with a mean: a number, or floats that broadcast to the shape. Without
 * a shape it is theirs. Fails with a `ShapeError` for what is no key or no shape, and a `DTypeError` where dtypes differ or
 * are no floats.
 *
 * @example random.wald(random.key(0), 2, [3]) // f32[3]
 */
export const wald: Parametrised = ofOne("random.wald", (key, shape, dtype, given) => {
  const mean = given!
  const [forNormal, forUniform] = split(key)
  const y = square(normalTensor("random.wald", forNormal, shape, dtype))
  const z = uniformOf(forUniform, shape, dtype)
  const meanSquare = square(mean)
  const root = sqrt(add(mul(mul(4, mean), y), mul(meanSquare, square(y))))
  const x = sub(add(mean, div(mul(meanSquare, y), 2)), mul(div(mean, 2), root))
  return select(le(z, div(mean, add(mean, x))), x, div(meanSquare, x))
})

/**
 * Draws floats of the F distribution with two degrees of freedom: numbers, or floats that broadcast to the shape. Without
 * a shape it is theirs. Fails with a `ShapeError` for what is no key or no shape, and a `DTypeError` where dtypes differ or
 * are no floats.
 *
 * @example random.f(random.key(0), 2, 5, [3]) // f32[3]
 */
export const f: OfTwo = ofTwo("random.f", (key, _shape, _dtype, above, below) => {
  const [forBelow, forAbove] = split(key)
  return div(div(chisquare(forAbove, above!), above!), div(chisquare(forBelow, below!), below!))
})

const generalized = (key: Key, shape: Shape, dtype: FloatDType, p: Floats): Floats => {
  const [forSize, forSign] = split(key)
  const power = div(1, p)
  return mul(signs(forSign, shape, dtype), pow(gamma(forSize, power), power))
}

/**
 * Draws floats whose density falls as `exp(-|x|^p)`: Laplace's for p = 1, a normal one for 2. `p` is a number, or floats
 * that broadcast to the shape. Without a shape it is theirs. Fails with a `ShapeError` for what is no key or no shape, and
 * a `DTypeError` where dtypes differ or are no floats.
 *
 * @example random.generalizedNormal(random.key(0), 3, [3]) // f32[3]
 */
export const generalizedNormal: Parametrised = ofOne("random.generalizedNormal", (key, shape, dtype, p) =>
  generalized(key, shape, dtype, p!)
)

/**
 * Draws points of the ball of radius 1 in d dimensions, by the norm of order `p` (2): an array of the shape, then d, of the
 * dtype (f32). Fails with a `ShapeError` for what is no key, no shape or no count of dimensions, a `ValueError` for an order
 * that is not positive, and a `DTypeError` for a dtype that is no float.
 *
 * @example random.ball(random.key(0), 3, 2, [5]) // f32[5,3]
 */
export const ball = named(
  "random.ball",
  <const N extends number, const S extends Shape = readonly [], D extends FloatDType = "f32">(
    key: Key,
    d: N,
    p = 2,
    shape: S = [] as never,
    dtype: D = "f32" as D
  ): Tensor<NoInfer<D>, readonly [...S, N]> => {
    const op = "random.ball"
    requireFloat(op, dtype)
    if (!(requireNumber(op, "p", p) > 0))
      throw valueError(op, `${op}: p is ${p}`, "give a positive order, such as 2")
    const dims = requireShape(op, shape)
    const all = [...dims, requireDim(op, "d", d)]
    const [forPoint, forRest] = split(key)
    const { values } = parameters(op, [p], all, dtype)
    const point = generalized(forPoint, all, dtype, tensorOf(values[0]!))
    const rest = exponential(forRest, dims, dtype as "f32")
    const size = pow(add(sum(pow(abs(point), p), dims.length) as Floats, rest), 1 / p)
    return div(point, tensorOf<"f32", Shape>(reshape(valueOf(size), [...dims, 1]))) as never
  }
)

interface Triangular {
  <D extends FloatDType, S extends Shape>(
    key: Key,
    left: Tensor<D, S>,
    mode: number | Tensor<NoInfer<D>, NoInfer<S>>,
    right: number | Tensor<NoInfer<D>, NoInfer<S>>
  ): Tensor<D, S>
  <const S extends Shape, D extends FloatDType = "f32">(
    key: Key,
    left: number | Tensor<D>,
    mode: number | Tensor<D>,
    right: number | Tensor<D>,
    shape: S,
    dtype?: D
  ): Tensor<NoInfer<D>, S>
}

/**
 * Draws floats between `left` and `right` whose density rises to `mode` and falls from it: numbers, or floats that
 * broadcast to the shape. Without a shape it is theirs. Fails with a `ShapeError` for what is no key or no shape, and a
 * `DTypeError` where dtypes differ or are no floats.
 *
 * @example random.triangular(random.key(0), -1, 0, 1, [3]) // f32[3]
 */
export const triangular: Triangular = named(
  "random.triangular",
  (key: Key, left: Parameter, mode: Parameter, right: Parameter, shape?: Shape, as?: FloatDType) =>
    drawnWith(
      "random.triangular",
      key,
      [left, mode, right],
      (_, dims, dtype, ...bounds) => {
        const [a, c, b] = bounds as unknown as readonly [Floats, Floats, Floats]
        const u = uniformOf(key, dims, dtype)
        const rising = add(a, sqrt(mul(mul(u, sub(b, a)), sub(c, a))))
        const falling = sub(b, sqrt(mul(mul(sub(1, u), sub(b, a)), sub(b, c))))
        return select(lt(u, div(sub(c, a), sub(b, a))), rising, falling)
      },
      shape,
      as
    )
) as Triangular
