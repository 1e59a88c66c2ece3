import { add, atan2, div, exp, log, log1p, mul, neg, sub, tan } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"

const logDensity = (x: Floats, loc: Floats, scale: Floats): Floats => {
  const y = div(sub(x, loc), scale)
  return neg(add(log(mul(Math.PI, scale)), log1p(mul(y, y))))
}

/** An angle from 0 to π, which stays exact where it is small. */
const share = (x: Floats, loc: Floats, scale: Floats): Floats =>
  mul(1 / Math.PI, atan2(1, div(sub(loc, x), scale)))

/**
 * Gives the logarithm of the density of Cauchy's distribution. It is moved by loc (0) and widened by scale (1). Takes
 * f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a
 * `DTypeError` where an operand does not fit.
 *
 * @example cauchy.logpdf(constant([0, 1], "f32")) // [-1.145, -1.838]
 */
export const logpdf: Broadcasting<"cauchy.logpdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats("cauchy.logpdf", 1, logDensity, [0, 1])

/**
 * Gives the density of Cauchy's distribution. It is moved by loc (0) and widened by scale (1). Takes f16, bf16, f32
 * and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a `DTypeError`
 * where an operand does not fit.
 *
 * @example cauchy.pdf(constant([0, 1], "f32")) // [0.318, 0.159]
 */
export const pdf: Broadcasting<"cauchy.pdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "cauchy.pdf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => exp(logDensity(x, loc, scale)),
  [0, 1]
)

/**
 * Gives the share of Cauchy's distribution that is not above x. It is moved by loc (0) and widened by scale (1). Takes
 * f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a
 * `DTypeError` where an operand does not fit.
 *
 * @example cauchy.cdf(constant([0, 1], "f32")) // [0.5, 0.75]
 */
export const cdf: Broadcasting<"cauchy.cdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "cauchy.cdf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => share(x, loc, scale),
  [0, 1]
)

/**
 * Gives the logarithm of the share of Cauchy's distribution that is not above x. It is moved by loc (0) and widened by
 * scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example cauchy.logcdf(constant([0, 1], "f32")) // [-0.693, -0.288]
 */
export const logcdf: Broadcasting<"cauchy.logcdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats("cauchy.logcdf", 1, (x: Floats, loc: Floats, scale: Floats) => log(share(x, loc, scale)), [0, 1])

/**
 * Gives the share of Cauchy's distribution that is above x. It is moved by loc (0) and widened by scale (1). Takes
 * f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a
 * `DTypeError` where an operand does not fit.
 *
 * @example cauchy.sf(constant([0, 1], "f32")) // [0.5, 0.25]
 */
export const sf: Broadcasting<"cauchy.sf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "cauchy.sf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => share(neg(x), neg(loc), scale),
  [0, 1]
)

/**
 * Gives the logarithm of the share of Cauchy's distribution that is above x. It is moved by loc (0) and widened by
 * scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example cauchy.logsf(constant([0, 1], "f32")) // [-0.693, -1.386]
 */
export const logsf: Broadcasting<"cauchy.logsf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats(
    "cauchy.logsf",
    1,
    (x: Floats, loc: Floats, scale: Floats) => log(share(neg(x), neg(loc), scale)),
    [0, 1]
  )

/**
 * Gives the number below which a share q of Cauchy's distribution lies, the inverse of `cdf`. It is moved by loc (0)
 * and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example cauchy.ppf(constant([0.5, 0.75], "f32")) // [0, 1]
 */
export const ppf: Broadcasting<"cauchy.ppf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "cauchy.ppf",
  1,
  (q: Floats, loc: Floats, scale: Floats) => add(mul(tan(sub(mul(Math.PI, q), Math.PI / 2)), scale), loc),
  [0, 1]
)

/**
 * Gives the number above which a share q of Cauchy's distribution lies, the inverse of `sf`. It is moved by loc (0)
 * and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example cauchy.isf(constant([0.5, 0.75], "f32")) // [0, -1]
 */
export const isf: Broadcasting<"cauchy.isf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "cauchy.isf",
  1,
  (q: Floats, loc: Floats, scale: Floats) => add(mul(tan(sub(Math.PI / 2, mul(Math.PI, q))), scale), loc),
  [0, 1]
)
