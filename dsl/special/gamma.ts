import type { FloatDType } from "../dtype.ts"
import { named } from "../errors.ts"
import {
  add,
  and,
  digamma,
  div,
  eq,
  exp,
  floor,
  le,
  lgamma,
  log,
  log1p,
  lt,
  maximum,
  minimum,
  mul,
  ne,
  neg,
  or,
  rem,
  sub
} from "../ops/elementwise.ts"
import { type Floats, like, lowerGamma, lowerGammaSlope, upperGamma } from "../ops/incomplete-gamma.ts"
import type { Pairwise, Unary } from "../ops/operators.ts"
import { select } from "../ops/structure.ts"
import { requireDim } from "../required.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import { ofFloats, withSlopes } from "./floats.ts"

export { digamma, lgamma as gammaln, polygamma } from "../ops/elementwise.ts"

type Pair<Op extends string> = Pairwise<Op, FloatDType, number>

/** The derivative of the lower incomplete gamma function by x. */
const density = (a: Floats, x: Floats): Floats => exp(sub(sub(mul(sub(a, 1), log(x)), x), lgamma(a)))

export const lower: (a: Floats, x: Floats) => Floats = withSlopes(
  lowerGamma,
  (_, a, x) => lowerGammaSlope(a, x),
  (_, a, x) => density(a, x)
)

export const upper: (a: Floats, x: Floats) => Floats = withSlopes(
  upperGamma,
  (_, a, x) => neg(lowerGammaSlope(a, x)),
  (_, a, x) => neg(density(a, x))
)

/**
 * Gives the regularized lower incomplete gamma function, from 0 at x = 0 to 1. NaN for negative operands. Takes f16, bf16,
 * f32 and f64. Operands have one dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a
 * `ShapeError`, a `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example gammainc(1, constant([0, 1], "f32")) // [0, 0.632]
 */
export const gammainc: Pair<"gammainc"> = ofFloats("gammainc", 2, lower)

/**
 * Gives the regularized upper incomplete gamma function, `1 - gammainc`, exact where that is small. Takes f16, bf16, f32
 * and f64. Operands have one dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a
 * `ShapeError`, a `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example gammaincc(1, constant([0, 1], "f32")) // [1, 0.368]
 */
export const gammaincc: Pair<"gammaincc"> = ofFloats("gammaincc", 2, upper)

/** The sign of the gamma function: NaN at its poles, that of zero at zero. */
export const signOf = (x: Floats): Floats => {
  const whole = floor(x)
  const below = lt(x, 0)
  const negative = or(and(below, ne(rem(whole, 2), 0)), and(eq(x, 0), lt(div(1, x), 0)))
  const sign = select(negative, like(x, -1), 1)
  return select(or(and(below, eq(x, whole)), ne(x, x)), Number.NaN, sign)
}

/**
 * Gives the sign of the gamma function: 1 or -1, and NaN at its poles. Takes f16, bf16, f32 and f64. The result has the
 * dtype and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example gammasgn(constant([2, -0.5], "f32")) // [1, -1]
 */
export const gammasgn: Unary<"gammasgn", FloatDType> = ofFloats("gammasgn", 1, signOf)

const gammaOf = (x: Floats): Floats => mul(signOf(x), exp(lgamma(x)))

/**
 * Gives the gamma function; NaN at negative whole numbers. Takes f16, bf16, f32 and f64. The result has the dtype and
 * shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example gamma(constant([1, 5], "f32")) // [1, 24]
 */
export const gamma: Unary<"gamma", FloatDType> = ofFloats("gamma", 1, (x: Floats) => gammaOf(x))

/**
 * Gives `gamma(n + 1)`, and 0 for negative numbers. Takes f16, bf16, f32 and f64. The result has the dtype and shape of
 * `n`. Fails with a `DTypeError` for another dtype.
 *
 * @example factorial(constant([0, 4], "f32")) // [1, 24]
 */
export const factorial: Unary<"factorial", FloatDType> = ofFloats("factorial", 1, (n: Floats) =>
  select(lt(n, 0), 0, exp(lgamma(add(n, 1))))
)

const rising: (z: Floats, m: Floats) => Floats = withSlopes(
  (z: Floats, m: Floats) => select(eq(m, 0), 1, div(gammaOf(add(z, m)), gammaOf(z))),
  (found, z, m) => mul(found, sub(digamma(add(z, m)), digamma(z))),
  (found, z, m) => mul(found, digamma(add(z, m)))
)

/**
 * Gives Pochhammer's symbol, `gamma(z + m) / gamma(z)`. Takes f16, bf16, f32 and f64. Operands have one dtype and broadcast
 * as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an
 * operand does not fit.
 *
 * @example poch(constant([1, 2], "f32"), 3) // [6, 24]
 */
export const poch: Pair<"poch"> = ofFloats("poch", 2, rising)

/** log(Γ(b) / Γ(a + b)) for b from 8 on, by Stirling's series (Didonato and Morris, TOMS 708, `ALGDIV`). */
const quotient = (a: Floats, b: Floats): Floats => {
  const terms = [
    0.0833333333333333, -0.0027777777776099, 0.00079365066682539, -0.00059520293135187, 0.000837308034031215,
    -0.00165322962780713
  ]
  const h = div(a, b)
  const share = div(h, add(1, h))
  const square = mul(share, share)
  const sums: Array<Floats> = [like(share, 1)]
  for (let i = 1; i < terms.length; i++) sums.push(add(1, add(share, mul(square, sums[i - 1]!))))
  const t = div(1, mul(b, b))
  let w = mul(sums[5]!, terms[5]!)
  for (let i = 4; i >= 0; i--) w = add(mul(w, t), mul(sums[i]!, terms[i]!))
  const first = mul(w, div(share, b))
  const u = mul(add(b, sub(a, 0.5)), log1p(h))
  const v = mul(a, sub(log(b), 1))
  return select(le(u, v), sub(sub(first, v), u), sub(sub(first, u), v))
}

export const logBeta = (x: Floats, y: Floats): Floats => {
  const [a, b] = [minimum(x, y), maximum(x, y)]
  const few = lt(b, 8)
  const small = add(lgamma(a), sub(lgamma(b), lgamma(add(a, b))))
  return select(few, small, add(lgamma(a), quotient(a, b)))
}

/**
 * Gives the logarithm of the beta function, `lgamma(a) + lgamma(b) - lgamma(a + b)`, exact for large operands too. Takes
 * f16, bf16, f32 and f64. Operands have one dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with
 * a `ShapeError`, a `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example betaln(1, constant([1, 2], "f32")) // [0, -0.693]
 */
export const betaln: Pair<"betaln"> = ofFloats("betaln", 2, logBeta)

/**
 * Gives the beta function, `gamma(a) * gamma(b) / gamma(a + b)`. Takes f16, bf16, f32 and f64. Operands have one dtype
 * and broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a
 * `ValueError` where an operand does not fit.
 *
 * @example beta(1, constant([1, 2], "f32")) // [1, 0.5]
 */
export const beta: Pair<"beta"> = ofFloats("beta", 2, (a: Floats, b: Floats) =>
  mul(mul(mul(signOf(a), signOf(b)), signOf(add(a, b))), exp(logBeta(a, b)))
)

/**
 * Gives the logarithm of the gamma function of order d, a whole number from 1. Takes f16, bf16, f32 and f64. The result
 * has the dtype and shape of `a`. Fails with a `DTypeError` for another dtype, and a `ShapeError` for what is no order.
 *
 * @example multigammaln(constant([2, 3], "f32"), 1) // [0, 0.693]
 */
export const multigammaln = named(
  "multigammaln",
  <D extends FloatDType, S extends Shape>(a: Tensor<D, S>, d: number): Tensor<D, S> => {
    const order = requireDim("multigammaln", "the order", d, 1)
    const of: Unary<"multigammaln", FloatDType> = ofFloats("multigammaln", 1, (x: Floats) => {
      let sum = add(lgamma(x), 0.25 * order * (order - 1) * Math.log(Math.PI))
      for (let i = 1; i < order; i++) sum = add(sum, lgamma(sub(x, i / 2)))
      return sum
    })
    return of(a)
  }
)
