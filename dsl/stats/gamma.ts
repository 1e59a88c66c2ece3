import { add, div, exp, ge, lgamma, log, lt, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { clamp, select } from "../ops/structure.ts"
import { xLogY } from "../special/entropy.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"
import { lower, upper } from "../special/gamma.ts"

const logDensity = (x: Floats, a: Floats, loc: Floats, scale: Floats): Floats => {
  const inside = ge(x, loc)
  const y = select(inside, div(sub(x, loc), scale), 1)
  const value = sub(sub(xLogY(sub(a, 1), y), y), add(lgamma(a), log(scale)))
  return select(inside, value, Number.NEGATIVE_INFINITY)
}

const share = (x: Floats, a: Floats, loc: Floats, scale: Floats): Floats =>
  lower(a, clamp(0, div(sub(x, loc), scale), Number.POSITIVE_INFINITY))

const rest = (x: Floats, a: Floats, loc: Floats, scale: Floats): Floats => {
  const y = div(sub(x, loc), scale)
  return select(lt(y, 0), 1, upper(a, y))
}

/**
 * Gives the logarithm of the density of the gamma distribution with shape parameter a. It is moved by loc (0) and
 * widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype.
 * Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gamma.logpdf(constant([0, 1], "f32"), 2) // [-Infinity, -1]
 */
export const logpdf: Broadcasting<
  "gamma.logpdf",
  readonly [a: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats("gamma.logpdf", 2, logDensity, [0, 1])

/**
 * Gives the density of the gamma distribution with shape parameter a. It is moved by loc (0) and widened by scale (1).
 * Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gamma.pdf(constant([0, 1], "f32"), 2) // [0, 0.368]
 */
export const pdf: Broadcasting<
  "gamma.pdf",
  readonly [a: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "gamma.pdf",
  2,
  (x: Floats, a: Floats, loc: Floats, scale: Floats) => exp(logDensity(x, a, loc, scale)),
  [0, 1]
)

/**
 * Gives the share of the gamma distribution with shape parameter a that is not above x. It is moved by loc (0) and
 * widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype.
 * Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gamma.cdf(constant([0, 1], "f32"), 2) // [0, 0.264]
 */
export const cdf: Broadcasting<
  "gamma.cdf",
  readonly [a: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "gamma.cdf",
  2,
  (x: Floats, a: Floats, loc: Floats, scale: Floats) => share(x, a, loc, scale),
  [0, 1]
)

/**
 * Gives the logarithm of the share of the gamma distribution with shape parameter a that is not above x. It is moved
 * by loc (0) and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take
 * that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gamma.logcdf(constant([0, 1], "f32"), 2) // [-Infinity, -1.331]
 */
export const logcdf: Broadcasting<
  "gamma.logcdf",
  readonly [a: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "gamma.logcdf",
  2,
  (x: Floats, a: Floats, loc: Floats, scale: Floats) => log(share(x, a, loc, scale)),
  [0, 1]
)

/**
 * Gives the share of the gamma distribution with shape parameter a that is above x. It is moved by loc (0) and widened
 * by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with
 * a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gamma.sf(constant([0, 1], "f32"), 2) // [1, 0.736]
 */
export const sf: Broadcasting<
  "gamma.sf",
  readonly [a: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "gamma.sf",
  2,
  (x: Floats, a: Floats, loc: Floats, scale: Floats) => rest(x, a, loc, scale),
  [0, 1]
)

/**
 * Gives the logarithm of the share of the gamma distribution with shape parameter a that is above x. It is moved by
 * loc (0) and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take
 * that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example gamma.logsf(constant([0, 1], "f32"), 2) // [0, -0.307]
 */
export const logsf: Broadcasting<
  "gamma.logsf",
  readonly [a: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "gamma.logsf",
  2,
  (x: Floats, a: Floats, loc: Floats, scale: Floats) => log(rest(x, a, loc, scale)),
  [0, 1]
)
