import { abs, add, div, exp, le, log, mul, neg, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { select } from "../ops/structure.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"

const logDensity = (x: Floats, loc: Floats, scale: Floats): Floats =>
  neg(add(div(abs(sub(x, loc)), scale), log(mul(2, scale))))

const share = (x: Floats, loc: Floats, scale: Floats): Floats => {
  const y = div(sub(x, loc), scale)
  // Of each exponential only what is small.
  const tail = mul(0.5, exp(neg(abs(y))))
  return select(le(y, 0), tail, sub(1, tail))
}

/**
 * Gives the logarithm of the density of Laplace's distribution. It is moved by loc (0) and widened by scale (1). Takes
 * f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a
 * `DTypeError` where an operand does not fit.
 *
 * @example laplace.logpdf(constant([0, 1], "f32")) // [-0.693, -1.693]
 */
export const logpdf: Broadcasting<"laplace.logpdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> =
  ofFloats("laplace.logpdf", 1, logDensity, [0, 1])

/**
 * Gives the density of Laplace's distribution. It is moved by loc (0) and widened by scale (1). Takes f16, bf16, f32
 * and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a `DTypeError`
 * where an operand does not fit.
 *
 * @example laplace.pdf(constant([0, 1], "f32")) // [0.5, 0.184]
 */
export const pdf: Broadcasting<"laplace.pdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "laplace.pdf",
  1,
  (x: Floats, loc: Floats, scale: Floats) => exp(logDensity(x, loc, scale)),
  [0, 1]
)

/**
 * Gives the share of Laplace's distribution that is not above x. It is moved by loc (0) and widened by scale (1).
 * Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example laplace.cdf(constant([0, 1], "f32")) // [0.5, 0.816]
 */
export const cdf: Broadcasting<"laplace.cdf", readonly [loc?: FloatOperand, scale?: FloatOperand]> = ofFloats(
  "laplace.cdf",
  1,
  share,
  [0, 1]
)
