import { add, exp, le, log, neg, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { select } from "../ops/structure.ts"
import { xLog1pY } from "../special/entropy.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"

const logMass = (x: Floats, p: Floats, loc: Floats): Floats => {
  const k = sub(x, loc)
  return select(le(k, 0), Number.NEGATIVE_INFINITY, add(xLog1pY(sub(k, 1), neg(p)), log(p)))
}

/**
 * Gives the logarithm of the probability of x in the geometric distribution of the first success, with probability p.
 * It is moved by loc (0). x is a float. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers
 * take that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example geom.logpmf(constant([1, 2], "f32"), 0.25) // [-1.386, -1.674]
 */
export const logpmf: Broadcasting<"geom.logpmf", readonly [p: FloatOperand, loc?: FloatOperand]> = ofFloats(
  "geom.logpmf",
  2,
  logMass,
  [0]
)

/**
 * Gives the probability of x in the geometric distribution of the first success, with probability p. It is moved by
 * loc (0). x is a float. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype.
 * Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example geom.pmf(constant([1, 2], "f32"), 0.25) // [0.25, 0.188]
 */
export const pmf: Broadcasting<"geom.pmf", readonly [p: FloatOperand, loc?: FloatOperand]> = ofFloats(
  "geom.pmf",
  2,
  (x: Floats, p: Floats, loc: Floats) => exp(logMass(x, p, loc)),
  [0]
)
