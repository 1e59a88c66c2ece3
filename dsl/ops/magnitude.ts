import { type DType, type FloatDType, isComplex } from "../dtype.ts"
import { named } from "../errors.ts"
import { requireKind } from "../primitives/rule.ts"
import { requireTensor } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { IsKind } from "../types/operands.ts"
import type { AnyTensor, JoinedAll, Operand, RealDType, RealOf, Weak } from "../types.ts"
import {
  add,
  binary,
  compare,
  div,
  filled,
  mul,
  neg,
  plus,
  scale,
  select,
  sub,
  unary,
  zeros
} from "../values.ts"
import { hasSign } from "./classify.ts"
import { alike } from "./operand.ts"
import { type Analytic, pairOf, unaryOf } from "./operators.ts"

const float = ["float"] as const
const analytic = ["float", "complex"] as const
const infinity = (like: Value): Value => filled(like, Number.POSITIVE_INFINITY)

/**
 * Rounds toward zero to a whole number. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails
 * with a `DTypeError` for another dtype.
 *
 * @example trunc(constant([1.5, -1.5], "f32")) // [1, -1]
 */
export const trunc = unaryOf<"trunc", FloatDType>("trunc", float, (x) =>
  select(compare("lt", x, zeros(x)), unary("ceil", x), unary("floor", x))
)

/**
 * Gives `1 / x`. Takes floats and complex numbers. The result has the dtype and shape of `x`. Fails with a `DTypeError`
 * for another dtype.
 *
 * @example reciprocal(constant([2, 4], "f32")) // [0.5, 0.25]
 */
export const reciprocal = unaryOf<"reciprocal", Analytic>("reciprocal", analytic, (x) => div(filled(x, 1), x))

/**
 * Makes radians of degrees. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails with a
 * `DTypeError` for another dtype.
 *
 * @example deg2rad(constant([0, 180], "f32")) // [0, 3.142]
 */
export const deg2rad = unaryOf<"deg2rad", FloatDType>("deg2rad", float, (x) => scale(x, Math.PI / 180))

/**
 * Makes degrees of radians. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails with a
 * `DTypeError` for another dtype.
 *
 * @example rad2deg(constant([0, 1], "f32")) // [0, 57.296]
 */
export const rad2deg = unaryOf<"rad2deg", FloatDType>("rad2deg", float, (x) => scale(x, 180 / Math.PI))

/** The coefficients of sin(y) / y in y²: 1/1!, -1/3!, 1/5!, … */
const sincSeries = [1, -6, 120, -5040, 362_880, -39_916_800, 6_227_020_800].map((factorial) => 1 / factorial)

/**
 * Gives `sin(πx) / (πx)`, and 1 at 0. Takes floats and complex numbers. The result has the dtype and shape of `x`. Fails
 * with a `DTypeError` for another dtype.
 *
 * @example sinc(constant([0, 0.5, 1], "f32")) // [1, 0.637, 0]
 */
export const sinc = unaryOf<"sinc", Analytic>("sinc", analytic, (x) => {
  const angle = scale(x, Math.PI)
  const size = unary("abs", angle)
  // A series beside 0, so that all derivatives are right there.
  const near = compare("lt", size, filled(size, 0.25))
  const inner = select(near, angle, zeros(angle))
  const square = mul(inner, inner)
  const series = sincSeries
    .toReversed()
    .reduce<Value>((sum, coefficient) => plus(mul(sum, square), coefficient), zeros(square))
  const outer = select(near, filled(angle, 1), angle)
  return select(near, series, div(unary("sin", outer), outer))
})

/**
 * Gives the length of the vector (a, b), without overflow on the way. Takes f16, bf16, f32 and f64. Operands have one
 * dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a
 * `ValueError` where an operand does not fit.
 *
 * @example hypot(constant([3, 5], "f32"), constant([4, 12], "f32")) // [5, 13]
 */
export const hypot = pairOf<"hypot", FloatDType>("hypot", float, (a, b) => {
  const most = binary("maximum", unary("abs", a), unary("abs", b))
  const isInfinite = [a, b]
    .map((x) => compare("eq", unary("abs", x), infinity(x)))
    .reduce((x, y) => binary("or", x, y))
  const none = compare("eq", most, zeros(most))
  const plain = binary("or", isInfinite, none)
  // Scaled by a constant to derivatives, which so are right where |a| = |b| too.
  const unit = select(plain, filled(most, 1), unary("stopGradient", most))
  const [x, y] = [a, b].map((each) => div(select(plain, filled(each, 1), each), unit)) as [Value, Value]
  const length = mul(unit, unary("sqrt", add(mul(x, x), mul(y, y))))
  return select(isInfinite, infinity(most), select(none, most, length))
})

/**
 * Gives the size of `a` with the sign of `b`, that of -0 too. Takes f16, bf16, f32 and f64. Operands have one dtype and
 * broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError`
 * where an operand does not fit.
 *
 * @example copysign(constant([1, -2], "f32"), -1) // [-1, -2]
 */
export const copysign = pairOf<"copysign", FloatDType>("copysign", float, (a, b) => {
  const size = unary("abs", a)
  return select(hasSign(b), neg(size), size)
})

/**
 * Gives 0 where `a` is negative, 1 where it is positive, and `b` where it is 0; NaN for NaN. Takes f16, bf16, f32 and
 * f64. Operands have one dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`,
 * a `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example heaviside(constant([-1, 0, 1], "f32"), 0.5) // [0, 0.5, 1]
 */
export const heaviside = pairOf<"heaviside", FloatDType>("heaviside", float, (a, b) => {
  const none = zeros(a)
  const signed = select(compare("lt", a, none), none, select(compare("gt", a, none), filled(a, 1), b))
  return select(compare("ne", a, a), unary("stopGradient", a), signed)
})

const ignoring = (op: "maximum" | "minimum") => (a: Value, b: Value) => {
  const chosen = select(compare(op === "maximum" ? "gt" : "lt", a, b), a, b)
  return select(compare("ne", b, b), a, select(compare("ne", a, a), b, chosen))
}

/**
 * Takes the greater of two elements, and the other one where one is NaN. Takes f16, bf16, f32 and f64. Operands have one
 * dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a
 * `ValueError` where an operand does not fit.
 *
 * @example fmax(constant([1, NaN], "f32"), 0) // [1, 0]
 */
export const fmax = pairOf<"fmax", FloatDType>("fmax", float, ignoring("maximum"))

/**
 * Takes the less of two elements, and the other one where one is NaN. Takes f16, bf16, f32 and f64. Operands have one
 * dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a
 * `ValueError` where an operand does not fit.
 *
 * @example fmin(constant([1, NaN], "f32"), 0) // [0, 0]
 */
export const fmin = pairOf<"fmin", FloatDType>("fmin", float, ignoring("minimum"))

/**
 * Cuts each element into its fraction and its whole part, both with its sign. Takes f16, bf16, f32 and f64. Fails with a
 * `DTypeError` for another dtype.
 *
 * @example modf(constant([1.5, -2.25], "f32")) // [[0.5, -0.25], [1, -2]]
 */
export const modf = named(
  "modf",
  <D extends DType, S extends Shape>(
    x: Tensor<D, S> & IsKind<"modf", FloatDType, D, S>
  ): [Tensor<D, S>, Tensor<D, S>] => {
    const value = requireTensor("modf", "x", x)
    requireKind("modf", value, float)
    const negative = compare("lt", value, zeros(value))
    const whole = select(negative, unary("ceil", value), unary("floor", value))
    return [tensorOf(sub(value, whole)), tensorOf(whole)]
  }
)

/**
 * Gives the angle of complex numbers in radians, from -π to π: f32 of c64, f64 of c128. Of floats it is 0 or π. Fails
 * with a `DTypeError` for another dtype.
 *
 * @example angle(complex(constant([1, 0], "f32"), constant([1, 2], "f32"))) // [0.785, 1.571]
 */
export const angle = named(
  "angle",
  <D extends DType, S extends Shape>(
    x: Tensor<D, S> & IsKind<"angle", Analytic, D, S>
  ): Tensor<RealOf<D>, S> => {
    const value = requireTensor("angle", "x", x)
    requireKind("angle", value, analytic)
    const [re, im] = isComplex(value.dtype)
      ? [unary("real", value), unary("imag", value)]
      : [value, zeros(value)]
    return tensorOf(binary("atan2", im, re))
  }
)

type Bound = Tensor<RealDType> | Weak | null | undefined

/** What a bound must be besides: of the dtype of the array. */
type SameAs<D, B> = B extends AnyTensor ? { readonly dtype: D } : unknown

/**
 * Keeps each element between `min` and `max`; either may be left out, or null. The bounds are numbers, or tensors of the
 * same dtype that broadcast as NumPy's do. NaN stays NaN. Where `min` is greater than `max`, `max` wins. Takes floats
 * and integers. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where they do not fit.
 *
 * @example
 * clip(constant([-1, 0.5, 2], "f32"), 0, 1) // [0, 0.5, 1]
 * clip(constant([-1, 0.5, 2], "f32"), null, 1) // [-1, 0.5, 1]
 */
export const clip = named(
  "clip",
  <
    D extends RealDType,
    S extends Shape,
    const L extends Bound = undefined,
    const H extends Bound = undefined
  >(
    x: Tensor<D, S>,
    min?: L & SameAs<D, L>,
    max?: H & SameAs<D, H>
  ): Tensor<D, JoinedAll<S, readonly [L, H]>> => {
    const value = requireTensor("clip", "x", x)
    requireKind("clip", value, ["float", "signed", "unsigned"])
    const bounds = [min, max].filter(
      (bound): bound is NonNullable<typeof bound> => bound !== undefined && bound !== null
    )
    const [each, ...made] = alike("clip", [x as Tensor, ...(bounds as ReadonlyArray<Operand>)])
    const low = min === undefined || min === null ? each! : binary("maximum", made.shift()!, each!)
    return tensorOf(max === undefined || max === null ? low : binary("minimum", made[0]!, low))
  }
)
