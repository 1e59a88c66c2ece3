import { add, div, exp, gt, log, lt, mul, neg, or, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { select } from "../ops/structure.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"
import { quantile } from "./quantile.ts"

const logDensity = (x: Floats, loc: Floats, scale: Floats): Floats =>
  select(or(gt(x, add(loc, scale)), lt(x, loc)), Number.NEGATIVE_INFINITY, neg(log(scale)))

/**
 * Gives the logarithm of the density of the uniform distribution from loc to loc + scale. loc is 0 and scale 1 where
 * they are left out. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails
 * with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example uniform.logpdf(constant([-1, 0.25], "f32")) // [-Infinity, 0]
 */
export const logpdf: Broadcasting<"uniform.logpdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats("uniform.logpdf", 1, logDensity, [0, 1])

/**
 * Gives the density of the uniform distribution from loc to loc + scale. loc is 0 and scale 1 where they are left out.
 * Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example uniform.pdf(constant([-1, 0.25], "f32")) // [0, 1]
 */
export const pdf: Broadcasting<"uniform.pdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "uniform.pdf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => exp(logDensity(x, loc, scale)),
  [0, 1]
)

/**
 * Gives the share of the uniform distribution from loc to loc + scale that is not above x. loc is 0 and scale 1 where
 * they are left out. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails
 * with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example uniform.cdf(constant([-1, 0.25], "f32")) // [0, 0.25]
 */
export const cdf: Broadcasting<"uniform.cdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "uniform.cdf",
  1,
  (x: Floats, loc: Floats, scale: Floats) =>
    select(lt(x, loc), 0, select(gt(x, add(loc, scale)), 1, div(sub(x, loc), scale))),
  [0, 1]
)

/**
 * Gives the number below which a share q of the uniform distribution from loc to loc + scale lies, the inverse of
 * `cdf`. loc is 0 and scale 1 where they are left out. Takes f16, bf16, f32 and f64, of one dtype, which broadcast;
 * plain numbers take that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example uniform.ppf(constant([0.1, 0.5], "f32")) // [0.1, 0.5]
 */
export const ppf: Broadcasting<"uniform.ppf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "uniform.ppf",
  1,
  (q: Floats, loc: Floats, scale: Floats) => quantile(q, add(loc, mul(scale, q))),
  [0, 1]
)
