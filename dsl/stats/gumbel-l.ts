import { add, and, div, exp, expm1, gt, log, log1p, lt, mul, neg, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { select } from "../ops/structure.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"

const logDensity = (x: Floats, loc: Floats, scale: Floats): Floats => {
  const z = div(sub(x, loc), scale)
  return select(gt(scale, 0), sub(sub(z, exp(z)), log(scale)), Number.NaN)
}

const logRest = (x: Floats, loc: Floats, scale: Floats): Floats =>
  select(gt(scale, 0), neg(exp(div(sub(x, loc), scale))), Number.NaN)

const logShare = (x: Floats, loc: Floats, scale: Floats): Floats => log(neg(expm1(logRest(x, loc, scale))))

/**
 * Gives the logarithm of the density of Gumbel's distribution of least values. It is moved by loc (0) and widened by
 * scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gumbelL.logpdf(constant([0, 1], "f32")) // [-1, -1.718]
 */
export const logpdf: Broadcasting<"gumbelL.logpdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats("gumbelL.logpdf", 1, logDensity, [0, 1])

/**
 * Gives the density of Gumbel's distribution of least values. It is moved by loc (0) and widened by scale (1). Takes
 * f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a
 * `DTypeError` where an operand does not fit.
 *
 * @example gumbelL.pdf(constant([0, 1], "f32")) // [0.368, 0.179]
 */
export const pdf: Broadcasting<"gumbelL.pdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "gumbelL.pdf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => exp(logDensity(x, loc, scale)),
  [0, 1]
)

/**
 * Gives the share of Gumbel's distribution of least values that is not above x. It is moved by loc (0) and widened by
 * scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gumbelL.cdf(constant([0, 1], "f32")) // [0.632, 0.934]
 */
export const cdf: Broadcasting<"gumbelL.cdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "gumbelL.cdf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => exp(logShare(x, loc, scale)),
  [0, 1]
)

/**
 * Gives the logarithm of the share of Gumbel's distribution of least values that is not above x. It is moved by loc
 * (0) and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gumbelL.logcdf(constant([0, 1], "f32")) // [-0.459, -0.068]
 */
export const logcdf: Broadcasting<"gumbelL.logcdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats("gumbelL.logcdf", 1, logShare, [0, 1])

/**
 * Gives the share of Gumbel's distribution of least values that is above x. It is moved by loc (0) and widened by
 * scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gumbelL.sf(constant([0, 1], "f32")) // [0.368, 0.066]
 */
export const sf: Broadcasting<"gumbelL.sf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "gumbelL.sf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => exp(logRest(x, loc, scale)),
  [0, 1]
)

/**
 * Gives the logarithm of the share of Gumbel's distribution of least values that is above x. It is moved by loc (0)
 * and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gumbelL.logsf(constant([0, 1], "f32")) // [-1, -2.718]
 */
export const logsf: Broadcasting<"gumbelL.logsf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats("gumbelL.logsf", 1, logRest, [0, 1])

/**
 * Gives the number below which a share q of Gumbel's distribution of least values lies, the inverse of `cdf`. It is
 * moved by loc (0) and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain
 * numbers take that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gumbelL.ppf(constant([0.1, 0.5], "f32")) // [-2.25, -0.367]
 */
export const ppf: Broadcasting<"gumbelL.ppf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "gumbelL.ppf",
  1,
  (q: Floats, loc: Floats, scale: Floats) =>
    select(and(gt(q, 0), lt(q, 1)), add(loc, mul(scale, log(neg(log1p(neg(q)))))), Number.NaN),
  [0, 1]
)
