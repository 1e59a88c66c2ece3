import { abs, add, div, exp, log, log1p, mul, neg, logistic as sigmoid, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { logOdds } from "../special/entropy.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"

const logDensity = (x: Floats, loc: Floats, scale: Floats): Floats => {
  const y = div(sub(x, loc), scale)
  // The density is even; the sum log(e^(y/2) + e^(-y/2)) is that of the positive side.
  const size = abs(y)
  return sub(mul(-2, add(div(size, 2), log1p(exp(neg(size))))), log(scale))
}

/**
 * Gives the logarithm of the density of the logistic distribution. It is moved by loc (0) and widened by scale (1).
 * Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example logistic.logpdf(constant([0, 1], "f32")) // [-1.386, -1.627]
 */
export const logpdf: Broadcasting<"logistic.logpdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats("logistic.logpdf", 1, logDensity, [0, 1])

/**
 * Gives the density of the logistic distribution. It is moved by loc (0) and widened by scale (1). Takes f16, bf16,
 * f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a
 * `DTypeError` where an operand does not fit.
 *
 * @example logistic.pdf(constant([0, 1], "f32")) // [0.25, 0.197]
 */
export const pdf: Broadcasting<"logistic.pdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats(
    "logistic.pdf",
    1,
    (x: Floats, loc: Floats, scale: Floats) => exp(logDensity(x, loc, scale)),
    [0, 1]
  )

/**
 * Gives the share of the logistic distribution that is not above x. It is moved by loc (0) and widened by scale (1).
 * Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example logistic.cdf(constant([0, 1], "f32")) // [0.5, 0.731]
 */
export const cdf: Broadcasting<"logistic.cdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats(
    "logistic.cdf",
    1,
    (x: Floats, loc: Floats, scale: Floats) => sigmoid(div(sub(x, loc), scale)),
    [0, 1]
  )

/**
 * Gives the share of the logistic distribution that is above x. It is moved by loc (0) and widened by scale (1). Takes
 * f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a
 * `DTypeError` where an operand does not fit.
 *
 * @example logistic.sf(constant([0, 1], "f32")) // [0.5, 0.269]
 */
export const sf: Broadcasting<"logistic.sf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "logistic.sf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => sigmoid(neg(div(sub(x, loc), scale))),
  [0, 1]
)

/**
 * Gives the number below which a share q of the logistic distribution lies, the inverse of `cdf`. It is moved by loc
 * (0) and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example logistic.ppf(constant([0.1, 0.5], "f32")) // [-2.197, 0]
 */
export const ppf: Broadcasting<"logistic.ppf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats(
    "logistic.ppf",
    1,
    (q: Floats, loc: Floats, scale: Floats) => add(mul(logOdds(q), scale), loc),
    [0, 1]
  )

/**
 * Gives the number above which a share q of the logistic distribution lies, the inverse of `sf`. It is moved by loc
 * (0) and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example logistic.isf(constant([0.1, 0.5], "f32")) // [2.197, 0]
 */
export const isf: Broadcasting<"logistic.isf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats(
    "logistic.isf",
    1,
    (q: Floats, loc: Floats, scale: Floats) => sub(loc, mul(logOdds(q), scale)),
    [0, 1]
  )
