import { add, and, eq, exp, ge, lgamma, lt, neg, or, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { select } from "../ops/structure.ts"
import { xLog1pY, xLogY } from "../special/entropy.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"

const logMass = (x: Floats, n: Floats, p: Floats, loc: Floats): Floats => {
  const k = sub(x, loc)
  const ways = sub(lgamma(add(n, 1)), add(lgamma(add(k, 1)), lgamma(add(sub(n, k), 1))))
  const linear = add(xLogY(k, p), xLog1pY(sub(n, k), neg(p)))
  const value = select(or(and(eq(k, 0), eq(n, 0)), eq(linear, 0)), 0, add(ways, linear))
  return select(and(ge(x, loc), lt(x, add(loc, n, 1))), value, Number.NEGATIVE_INFINITY)
}

/**
 * Gives the logarithm of the probability of x in the binomial distribution of n trials with probability p. It is moved
 * by loc (0). x is a float. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example binom.logpmf(constant([0, 1], "f32"), 4, 0.25) // [-1.151, -0.863]
 */
export const logpmf: Broadcasting<
  "binom.logpmf",
  readonly [n: FloatOperand, p: FloatOperand, loc?: FloatOperand]
> = ofFloats("binom.logpmf", 3, logMass, [0])

/**
 * Gives the probability of x in the binomial distribution of n trials with probability p. It is moved by loc (0). x is
 * a float. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example binom.pmf(constant([0, 1], "f32"), 4, 0.25) // [0.316, 0.422]
 */
export const pmf: Broadcasting<"binom.pmf", readonly [n: FloatOperand, p: FloatOperand, loc?: FloatOperand]> =
  ofFloats("binom.pmf", 3, (x: Floats, n: Floats, p: Floats, loc: Floats) => exp(logMass(x, n, p, loc)), [0])
