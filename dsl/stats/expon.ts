import { add, div, exp, expm1, log, log1p, lt, mul, neg, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { select } from "../ops/structure.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"
import { quantile } from "./quantile.ts"

const logDensity = (x: Floats, loc: Floats, scale: Floats): Floats =>
  select(lt(x, loc), Number.NEGATIVE_INFINITY, neg(add(div(sub(x, loc), scale), log(scale))))

const logRest = (x: Floats, loc: Floats, scale: Floats): Floats =>
  select(lt(x, loc), 0, div(sub(loc, x), scale))

/**
 * Gives the logarithm of the density of the exponential distribution from loc on, with mean loc + scale. loc is 0 and
 * scale 1 where they are left out. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take
 * that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example expon.logpdf(constant([0, 1], "f32")) // [0, -1]
 */
export const logpdf: Broadcasting<"expon.logpdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats("expon.logpdf", 1, logDensity, [0, 1])

/**
 * Gives the density of the exponential distribution from loc on, with mean loc + scale. loc is 0 and scale 1 where
 * they are left out. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails
 * with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example expon.pdf(constant([0, 1], "f32")) // [1, 0.368]
 */
export const pdf: Broadcasting<"expon.pdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "expon.pdf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => exp(logDensity(x, loc, scale)),
  [0, 1]
)

/**
 * Gives the share of the exponential distribution from loc on, with mean loc + scale that is not above x. loc is 0 and
 * scale 1 where they are left out. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take
 * that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example expon.cdf(constant([0, 1], "f32")) // [0, 0.632]
 */
export const cdf: Broadcasting<"expon.cdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "expon.cdf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => select(lt(x, loc), 0, neg(expm1(div(sub(loc, x), scale)))),
  [0, 1]
)

/**
 * Gives the logarithm of the share of the exponential distribution from loc on, with mean loc + scale that is not
 * above x. loc is 0 and scale 1 where they are left out. Takes f16, bf16, f32 and f64, of one dtype, which broadcast;
 * plain numbers take that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example expon.logcdf(constant([0, 1], "f32")) // [-Infinity, -0.459]
 */
export const logcdf: Broadcasting<"expon.logcdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats(
    "expon.logcdf",
    1,
    (x: Floats, loc: Floats, scale: Floats) => log1p(neg(exp(logRest(x, loc, scale)))),
    [0, 1]
  )

/**
 * Gives the share of the exponential distribution from loc on, with mean loc + scale that is above x. loc is 0 and
 * scale 1 where they are left out. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take
 * that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example expon.sf(constant([0, 1], "f32")) // [1, 0.368]
 */
export const sf: Broadcasting<"expon.sf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "expon.sf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => exp(logRest(x, loc, scale)),
  [0, 1]
)

/**
 * Gives the logarithm of the share of the exponential distribution from loc on, with mean loc + scale that is above x.
 * loc is 0 and scale 1 where they are left out. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain
 * numbers take that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example expon.logsf(constant([0, 1], "f32")) // [0, -1]
 */
export const logsf: Broadcasting<"expon.logsf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats("expon.logsf", 1, logRest, [0, 1])

/**
 * Gives the number below which a share q of the exponential distribution from loc on, with mean loc + scale lies, the
 * inverse of `cdf`. loc is 0 and scale 1 where they are left out. Takes f16, bf16, f32 and f64, of one dtype, which
 * broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example expon.ppf(constant([0.1, 0.5], "f32")) // [0.105, 0.693]
 */
export const ppf: Broadcasting<"expon.ppf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "expon.ppf",
  1,
  (q: Floats, loc: Floats, scale: Floats) => quantile(q, sub(loc, mul(scale, log1p(neg(q))))),
  [0, 1]
)
