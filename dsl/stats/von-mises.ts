import { cos, exp, gt, log, mul, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { select } from "../ops/structure.ts"
import { scaledI0 as bessel } from "../special/bessel.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"

const logDensity = (x: Floats, kappa: Floats): Floats => {
  const value = sub(mul(kappa, sub(cos(x), 1)), log(mul(2 * Math.PI, bessel(kappa))))
  return select(gt(kappa, 0), value, Number.NaN)
}

/**
 * Gives the logarithm of the density of von Mises's distribution of angles with concentration kappa. Takes f16, bf16,
 * f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a
 * `DTypeError` where an operand does not fit.
 *
 * @example vonMises.logpdf(constant([0, 1], "f32"), 2) // [-0.662, -1.581]
 */
export const logpdf: Broadcasting<"vonMises.logpdf", readonly [kappa: FloatOperand]> = ofFloats(
  "vonMises.logpdf",
  2,
  logDensity
)

/**
 * Gives the density of von Mises's distribution of angles with concentration kappa. Takes f16, bf16, f32 and f64, of
 * one dtype, which broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a `DTypeError` where an
 * operand does not fit.
 *
 * @example vonMises.pdf(constant([0, 1], "f32"), 2) // [0.516, 0.206]
 */
export const pdf: Broadcasting<"vonMises.pdf", readonly [kappa: FloatOperand]> = ofFloats(
  "vonMises.pdf",
  2,
  (x: Floats, kappa: Floats) => exp(logDensity(x, kappa))
)
