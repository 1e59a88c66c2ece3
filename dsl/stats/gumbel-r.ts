import { add, and, div, exp, expm1, gt, log, log1p, lt, mul, neg, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { select } from "../ops/structure.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"

const logDensity = (x: Floats, loc: Floats, scale: Floats): Floats => {
  const z = div(sub(x, loc), scale)
  return select(gt(scale, 0), sub(neg(add(z, exp(neg(z)))), log(scale)), Number.NaN)
}

const logShare = (x: Floats, loc: Floats, scale: Floats): Floats =>
  select(gt(scale, 0), neg(exp(div(sub(loc, x), scale))), Number.NaN)

const logRest = (x: Floats, loc: Floats, scale: Floats): Floats => {
  const y = logShare(x, loc, scale)
  return select(gt(y, -Math.LN2), log(neg(expm1(y))), log1p(neg(exp(y))))
}

/**
 * Gives the logarithm of the density of Gumbel's distribution of greatest values. It is moved by loc (0) and widened
 * by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with
 * a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gumbelR.logpdf(constant([0, 1], "f32")) // [-1, -1.368]
 */
export const logpdf: Broadcasting<"gumbelR.logpdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats("gumbelR.logpdf", 1, logDensity, [0, 1])

/**
 * Gives the density of Gumbel's distribution of greatest values. It is moved by loc (0) and widened by scale (1).
 * Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gumbelR.pdf(constant([0, 1], "f32")) // [0.368, 0.255]
 */
export const pdf: Broadcasting<"gumbelR.pdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "gumbelR.pdf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => exp(logDensity(x, loc, scale)),
  [0, 1]
)

/**
 * Gives the share of Gumbel's distribution of greatest values that is not above x. It is moved by loc (0) and widened
 * by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with
 * a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gumbelR.cdf(constant([0, 1], "f32")) // [0.368, 0.692]
 */
export const cdf: Broadcasting<"gumbelR.cdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "gumbelR.cdf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => exp(logShare(x, loc, scale)),
  [0, 1]
)

/**
 * Gives the logarithm of the share of Gumbel's distribution of greatest values that is not above x. It is moved by loc
 * (0) and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gumbelR.logcdf(constant([0, 1], "f32")) // [-1, -0.368]
 */
export const logcdf: Broadcasting<"gumbelR.logcdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats("gumbelR.logcdf", 1, logShare, [0, 1])

/**
 * Gives the share of Gumbel's distribution of greatest values that is above x. It is moved by loc (0) and widened by
 * scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gumbelR.sf(constant([0, 1], "f32")) // [0.632, 0.308]
 */
export const sf: Broadcasting<"gumbelR.sf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "gumbelR.sf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => sub(1, exp(logShare(x, loc, scale))),
  [0, 1]
)

/**
 * Gives the logarithm of the share of Gumbel's distribution of greatest values that is above x. It is moved by loc (0)
 * and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gumbelR.logsf(constant([0, 1], "f32")) // [-0.459, -1.178]
 */
export const logsf: Broadcasting<"gumbelR.logsf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats("gumbelR.logsf", 1, logRest, [0, 1])

/**
 * Gives the number below which a share q of Gumbel's distribution of greatest values lies, the inverse of `cdf`. It is
 * moved by loc (0) and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain
 * numbers take that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gumbelR.ppf(constant([0.1, 0.5], "f32")) // [-0.834, 0.367]
 */
export const ppf: Broadcasting<"gumbelR.ppf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "gumbelR.ppf",
  1,
  (q: Floats, loc: Floats, scale: Floats) =>
    select(and(gt(q, 0), lt(q, 1)), sub(loc, mul(scale, log(neg(log(q))))), Number.NaN),
  [0, 1]
)
