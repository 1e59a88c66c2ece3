import { add, exp, gt, lt, neg, or, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { select } from "../ops/structure.ts"
import { xLog1pY, xLogY } from "../special/entropy.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"

const logMass = (x: Floats, p: Floats, loc: Floats): Floats => {
  const k = sub(x, loc)
  const value = add(xLogY(k, p), xLog1pY(sub(1, k), neg(p)))
  return select(or(lt(k, 0), gt(k, 1)), Number.NEGATIVE_INFINITY, value)
}

/**
 * Gives the logarithm of the probability of x in the distribution of 0 and 1, in which 1 has probability p. It is
 * moved by loc (0). x is a float. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example bernoulli.logpmf(constant([0, 1], "f32"), 0.25) // [-0.288, -1.386]
 */
export const logpmf: Broadcasting<"bernoulli.logpmf", readonly [p: FloatOperand, loc?: FloatOperand]> =
  ofFloats("bernoulli.logpmf", 2, logMass, [0])

/**
 * Gives the probability of x in the distribution of 0 and 1, in which 1 has probability p. It is moved by loc (0). x
 * is a float. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example bernoulli.pmf(constant([0, 1], "f32"), 0.25) // [0.75, 0.25]
 */
export const pmf: Broadcasting<"bernoulli.pmf", readonly [p: FloatOperand, loc?: FloatOperand]> = ofFloats(
  "bernoulli.pmf",
  2,
  (x: Floats, p: Floats, loc: Floats) => exp(logMass(x, p, loc)),
  [0]
)
