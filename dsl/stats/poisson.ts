import { add, exp, floor, lgamma, lt, ne, or, round, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { select } from "../ops/structure.ts"
import { xLogY } from "../special/entropy.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"
import { upper } from "../special/gamma.ts"

const logMass = (x: Floats, mu: Floats, loc: Floats): Floats => {
  const k = sub(x, loc)
  const value = sub(sub(xLogY(k, mu), lgamma(add(k, 1))), mu)
  return select(or(lt(k, 0), ne(round(x), x)), Number.NEGATIVE_INFINITY, value)
}

/**
 * Gives the logarithm of the probability of x in the Poisson distribution with mean mu. It is moved by loc (0). x is a
 * float. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example poisson.logpmf(constant([0, 2], "f32"), 3) // [-3, -1.496]
 */
export const logpmf: Broadcasting<"poisson.logpmf", readonly [mu: FloatOperand, loc?: FloatOperand]> =
  ofFloats("poisson.logpmf", 2, logMass, [0])

/**
 * Gives the probability of x in the Poisson distribution with mean mu. It is moved by loc (0). x is a float. Takes
 * f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a
 * `DTypeError` where an operand does not fit.
 *
 * @example poisson.pmf(constant([0, 2], "f32"), 3) // [0.05, 0.224]
 */
export const pmf: Broadcasting<"poisson.pmf", readonly [mu: FloatOperand, loc?: FloatOperand]> = ofFloats(
  "poisson.pmf",
  2,
  (x: Floats, mu: Floats, loc: Floats) => exp(logMass(x, mu, loc)),
  [0]
)

/**
 * Gives the share of the Poisson distribution with mean mu that is not above x. It is moved by loc (0). Takes f16,
 * bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a `ShapeError` or a
 * `DTypeError` where an operand does not fit.
 *
 * @example poisson.cdf(constant([0, 2], "f32"), 3) // [0.05, 0.423]
 */
export const cdf: Broadcasting<"poisson.cdf", readonly [mu: FloatOperand, loc?: FloatOperand]> = ofFloats(
  "poisson.cdf",
  2,
  (x: Floats, mu: Floats, loc: Floats) =>
    select(lt(sub(x, loc), 0), 0, upper(floor(add(1, sub(x, loc))), mu)),
  [0]
)
