import { add, div, exp, gt, le, log, lt, neg, or, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { clamp, select } from "../ops/structure.ts"
import { betaShare } from "../special/betainc.ts"
import { xLog1pY, xLogY } from "../special/entropy.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"
import { logBeta } from "../special/gamma.ts"

const logDensity = (x: Floats, a: Floats, b: Floats, loc: Floats, scale: Floats): Floats => {
  const y = div(sub(x, loc), scale)
  const linear = add(xLogY(sub(a, 1), y), xLog1pY(sub(b, 1), neg(y)))
  const value = sub(sub(linear, logBeta(a, b)), log(scale))
  const result = select(or(gt(x, add(loc, scale)), lt(x, loc)), Number.NEGATIVE_INFINITY, value)
  return select(or(le(a, 0), le(b, 0), le(scale, 0)), Number.NaN, result)
}

const within = (x: Floats, loc: Floats, scale: Floats): Floats => clamp(0, div(sub(x, loc), scale), 1)

/**
 * Gives the logarithm of the density of the beta distribution with parameters a and b. It is moved by loc (0) and
 * widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype.
 * Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example beta.logpdf(constant([0.25, 0.5], "f32"), 2, 3) // [0.523, 0.405]
 */
export const logpdf: Broadcasting<
  "beta.logpdf",
  readonly [a: FloatOperand, b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats("beta.logpdf", 3, logDensity, [0, 1])

/**
 * Gives the density of the beta distribution with parameters a and b. It is moved by loc (0) and widened by scale (1).
 * Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example beta.pdf(constant([0.25, 0.5], "f32"), 2, 3) // [1.688, 1.5]
 */
export const pdf: Broadcasting<
  "beta.pdf",
  readonly [a: FloatOperand, b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "beta.pdf",
  3,
  (x: Floats, a: Floats, b: Floats, loc: Floats, scale: Floats) => exp(logDensity(x, a, b, loc, scale)),
  [0, 1]
)

/**
 * Gives the share of the beta distribution with parameters a and b that is not above x. It is moved by loc (0) and
 * widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype.
 * Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example beta.cdf(constant([0.25, 0.5], "f32"), 2, 3) // [0.262, 0.687]
 */
export const cdf: Broadcasting<
  "beta.cdf",
  readonly [a: FloatOperand, b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "beta.cdf",
  3,
  (x: Floats, a: Floats, b: Floats, loc: Floats, scale: Floats) => betaShare(a, b, within(x, loc, scale)),
  [0, 1]
)

/**
 * Gives the logarithm of the share of the beta distribution with parameters a and b that is not above x. It is moved
 * by loc (0) and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take
 * that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example beta.logcdf(constant([0.25, 0.5], "f32"), 2, 3) // [-1.34, -0.375]
 */
export const logcdf: Broadcasting<
  "beta.logcdf",
  readonly [a: FloatOperand, b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "beta.logcdf",
  3,
  (x: Floats, a: Floats, b: Floats, loc: Floats, scale: Floats) =>
    log(betaShare(a, b, within(x, loc, scale))),
  [0, 1]
)

/**
 * Gives the share of the beta distribution with parameters a and b that is above x. It is moved by loc (0) and widened
 * by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with
 * a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example beta.sf(constant([0.25, 0.5], "f32"), 2, 3) // [0.738, 0.313]
 */
export const sf: Broadcasting<
  "beta.sf",
  readonly [a: FloatOperand, b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "beta.sf",
  3,
  (x: Floats, a: Floats, b: Floats, loc: Floats, scale: Floats) =>
    betaShare(b, a, sub(1, within(x, loc, scale))),
  [0, 1]
)

/**
 * Gives the logarithm of the share of the beta distribution with parameters a and b that is above x. It is moved by
 * loc (0) and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take
 * that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example beta.logsf(constant([0.25, 0.5], "f32"), 2, 3) // [-0.303, -1.163]
 */
export const logsf: Broadcasting<
  "beta.logsf",
  readonly [a: FloatOperand, b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "beta.logsf",
  3,
  (x: Floats, a: Floats, b: Floats, loc: Floats, scale: Floats) =>
    log(betaShare(b, a, sub(1, within(x, loc, scale)))),
  [0, 1]
)
