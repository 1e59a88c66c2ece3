import { add, div, exp, mul, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"
import { normalCdf, normalLogCdf, normalQuantile } from "../special/normal.ts"
import { logDensity } from "./norm-density.ts"

/**
 * Gives the logarithm of the density of the normal distribution. It is moved by loc (0) and widened by scale (1).
 * Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example norm.logpdf(constant([0, 1], "f32")) // [-0.919, -1.419]
 */
export const logpdf: Broadcasting<"norm.logpdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats("norm.logpdf", 1, logDensity, [0, 1])

/**
 * Gives the density of the normal distribution. It is moved by loc (0) and widened by scale (1). Takes f16, bf16, f32
 * and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a `DTypeError`
 * where an operand does not fit.
 *
 * @example norm.pdf(constant([0, 1], "f32")) // [0.399, 0.242]
 */
export const pdf: Broadcasting<"norm.pdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "norm.pdf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => exp(logDensity(x, loc, scale)),
  [0, 1]
)

/**
 * Gives the share of the normal distribution that is not above x. It is moved by loc (0) and widened by scale (1).
 * Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example norm.cdf(constant([0, 1], "f32")) // [0.5, 0.841]
 */
export const cdf: Broadcasting<"norm.cdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "norm.cdf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => normalCdf(div(sub(x, loc), scale)),
  [0, 1]
)

/**
 * Gives the logarithm of the share of the normal distribution that is not above x. It is moved by loc (0) and widened
 * by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with
 * a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example norm.logcdf(constant([0, 1], "f32")) // [-0.693, -0.173]
 */
export const logcdf: Broadcasting<"norm.logcdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats(
    "norm.logcdf",
    1,
    (x: Floats, loc: Floats, scale: Floats) => normalLogCdf(div(sub(x, loc), scale)),
    [0, 1]
  )

/**
 * Gives the share of the normal distribution that is above x. It is moved by loc (0) and widened by scale (1). Takes
 * f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a
 * `DTypeError` where an operand does not fit.
 *
 * @example norm.sf(constant([0, 1], "f32")) // [0.5, 0.159]
 */
export const sf: Broadcasting<"norm.sf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "norm.sf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => normalCdf(div(sub(loc, x), scale)),
  [0, 1]
)

/**
 * Gives the logarithm of the share of the normal distribution that is above x. It is moved by loc (0) and widened by
 * scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example norm.logsf(constant([0, 1], "f32")) // [-0.693, -1.841]
 */
export const logsf: Broadcasting<"norm.logsf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats(
    "norm.logsf",
    1,
    (x: Floats, loc: Floats, scale: Floats) => normalLogCdf(div(sub(loc, x), scale)),
    [0, 1]
  )

/**
 * Gives the number below which a share q of the normal distribution lies, the inverse of `cdf`. It is moved by loc (0)
 * and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example norm.ppf(constant([0.5, 0.975], "f32")) // [0, 1.96]
 */
export const ppf: Broadcasting<"norm.ppf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "norm.ppf",
  1,
  (q: Floats, loc: Floats, scale: Floats) => add(mul(normalQuantile(q), scale), loc),
  [0, 1]
)

/**
 * Gives the number above which a share q of the normal distribution lies, the inverse of `sf`. It is moved by loc (0)
 * and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example norm.isf(constant([0.5, 0.975], "f32")) // [0, -1.96]
 */
export const isf: Broadcasting<"norm.isf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "norm.isf",
  1,
  (q: Floats, loc: Floats, scale: Floats) => add(mul(normalQuantile(sub(1, q)), scale), loc),
  [0, 1]
)
