import { add, div, exp, log, log1p, lt, mul, neg, pow, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { select } from "../ops/structure.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"
import { quantile } from "./quantile.ts"

/** A value from loc + scale on, and another below. */
const from = (x: Floats, loc: Floats, scale: Floats, value: Floats, below: number): Floats =>
  select(lt(x, add(loc, scale)), below, value)

const logDensity = (x: Floats, b: Floats, loc: Floats, scale: Floats): Floats => {
  const value = neg(add(log(div(scale, b)), mul(add(b, 1), log(div(sub(x, loc), scale)))))
  return from(x, loc, scale, value, Number.NEGATIVE_INFINITY)
}

const logRest = (x: Floats, b: Floats, loc: Floats, scale: Floats): Floats =>
  from(x, loc, scale, neg(mul(b, log(div(sub(x, loc), scale)))), 0)

/**
 * Gives the logarithm of the density of Pareto's distribution with exponent b. It is moved by loc (0) and widened by
 * scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example pareto.logpdf(constant([1, 2], "f32"), 3) // [1.099, -1.674]
 */
export const logpdf: Broadcasting<
  "pareto.logpdf",
  readonly [b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats("pareto.logpdf", 2, logDensity, [0, 1])

/**
 * Gives the density of Pareto's distribution with exponent b. It is moved by loc (0) and widened by scale (1). Takes
 * f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a
 * `DTypeError` where an operand does not fit.
 *
 * @example pareto.pdf(constant([1, 2], "f32"), 3) // [3, 0.188]
 */
export const pdf: Broadcasting<
  "pareto.pdf",
  readonly [b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "pareto.pdf",
  2,
  (x: Floats, b: Floats, loc: Floats, scale: Floats) => exp(logDensity(x, b, loc, scale)),
  [0, 1]
)

/**
 * Gives the share of Pareto's distribution with exponent b that is not above x. It is moved by loc (0) and widened by
 * scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example pareto.cdf(constant([1, 2], "f32"), 3) // [0, 0.875]
 */
export const cdf: Broadcasting<
  "pareto.cdf",
  readonly [b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "pareto.cdf",
  2,
  (x: Floats, b: Floats, loc: Floats, scale: Floats) =>
    from(x, loc, scale, sub(1, pow(div(sub(x, loc), scale), neg(b))), 0),
  [0, 1]
)

/**
 * Gives the logarithm of the share of Pareto's distribution with exponent b that is not above x. It is moved by loc
 * (0) and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example pareto.logcdf(constant([1, 2], "f32"), 3) // [-Infinity, -0.134]
 */
export const logcdf: Broadcasting<
  "pareto.logcdf",
  readonly [b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "pareto.logcdf",
  2,
  (x: Floats, b: Floats, loc: Floats, scale: Floats) =>
    from(x, loc, scale, log1p(neg(pow(div(sub(x, loc), scale), neg(b)))), Number.NEGATIVE_INFINITY),
  [0, 1]
)

/**
 * Gives the share of Pareto's distribution with exponent b that is above x. It is moved by loc (0) and widened by
 * scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example pareto.sf(constant([1, 2], "f32"), 3) // [1, 0.125]
 */
export const sf: Broadcasting<
  "pareto.sf",
  readonly [b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "pareto.sf",
  2,
  (x: Floats, b: Floats, loc: Floats, scale: Floats) => exp(logRest(x, b, loc, scale)),
  [0, 1]
)

/**
 * Gives the logarithm of the share of Pareto's distribution with exponent b that is above x. It is moved by loc (0)
 * and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example pareto.logsf(constant([1, 2], "f32"), 3) // [0, -2.079]
 */
export const logsf: Broadcasting<
  "pareto.logsf",
  readonly [b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats("pareto.logsf", 2, logRest, [0, 1])

/**
 * Gives the number below which a share q of Pareto's distribution with exponent b lies, the inverse of `cdf`. It is
 * moved by loc (0) and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain
 * numbers take that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example pareto.ppf(constant([0.1, 0.5], "f32"), 3) // [1.036, 1.26]
 */
export const ppf: Broadcasting<
  "pareto.ppf",
  readonly [b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "pareto.ppf",
  2,
  (q: Floats, b: Floats, loc: Floats, scale: Floats) =>
    quantile(q, add(loc, mul(scale, pow(sub(1, q), div(-1, b))))),
  [0, 1]
)
