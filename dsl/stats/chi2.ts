import { add, div, exp, lgamma, log, lt, mul, neg, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { clamp, select } from "../ops/structure.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"
import { lower, upper } from "../special/gamma.ts"

const logDensity = (x: Floats, df: Floats, loc: Floats, scale: Floats): Floats => {
  const [y, half] = [div(sub(x, loc), scale), div(df, 2)]
  const kernel = sub(mul(sub(half, 1), log(y)), div(y, 2))
  const constant = neg(add(lgamma(half), mul(half, Math.LN2)))
  return select(lt(x, loc), Number.NEGATIVE_INFINITY, add(sub(constant, log(scale)), kernel))
}

const half = (x: Floats, loc: Floats, scale: Floats): Floats =>
  clamp(0, div(sub(x, loc), mul(scale, 2)), Number.POSITIVE_INFINITY)

/**
 * Gives the logarithm of the density of the chi-square distribution with df degrees of freedom. It is moved by loc (0)
 * and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example chi2.logpdf(constant([1, 3], "f32"), 2) // [-1.193, -2.193]
 */
export const logpdf: Broadcasting<
  "chi2.logpdf",
  readonly [df: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats("chi2.logpdf", 2, logDensity, [0, 1])

/**
 * Gives the density of the chi-square distribution with df degrees of freedom. It is moved by loc (0) and widened by
 * scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example chi2.pdf(constant([1, 3], "f32"), 2) // [0.303, 0.112]
 */
export const pdf: Broadcasting<
  "chi2.pdf",
  readonly [df: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "chi2.pdf",
  2,
  (x: Floats, df: Floats, loc: Floats, scale: Floats) => exp(logDensity(x, df, loc, scale)),
  [0, 1]
)

/**
 * Gives the share of the chi-square distribution with df degrees of freedom that is not above x. It is moved by loc
 * (0) and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example chi2.cdf(constant([1, 3], "f32"), 2) // [0.393, 0.777]
 */
export const cdf: Broadcasting<
  "chi2.cdf",
  readonly [df: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "chi2.cdf",
  2,
  (x: Floats, df: Floats, loc: Floats, scale: Floats) => lower(div(df, 2), half(x, loc, scale)),
  [0, 1]
)

/**
 * Gives the logarithm of the share of the chi-square distribution with df degrees of freedom that is not above x. It
 * is moved by loc (0) and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain
 * numbers take that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example chi2.logcdf(constant([1, 3], "f32"), 2) // [-0.933, -0.252]
 */
export const logcdf: Broadcasting<
  "chi2.logcdf",
  readonly [df: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "chi2.logcdf",
  2,
  (x: Floats, df: Floats, loc: Floats, scale: Floats) => log(lower(div(df, 2), half(x, loc, scale))),
  [0, 1]
)

/**
 * Gives the share of the chi-square distribution with df degrees of freedom that is above x. It is moved by loc (0)
 * and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example chi2.sf(constant([1, 3], "f32"), 2) // [0.607, 0.223]
 */
export const sf: Broadcasting<
  "chi2.sf",
  readonly [df: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "chi2.sf",
  2,
  (x: Floats, df: Floats, loc: Floats, scale: Floats) => upper(div(df, 2), half(x, loc, scale)),
  [0, 1]
)

/**
 * Gives the logarithm of the share of the chi-square distribution with df degrees of freedom that is above x. It is
 * moved by loc (0) and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain
 * numbers take that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example chi2.logsf(constant([1, 3], "f32"), 2) // [-0.5, -1.5]
 */
export const logsf: Broadcasting<
  "chi2.logsf",
  readonly [df: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "chi2.logsf",
  2,
  (x: Floats, df: Floats, loc: Floats, scale: Floats) => log(upper(div(df, 2), half(x, loc, scale))),
  [0, 1]
)
