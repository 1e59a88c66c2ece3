import { add, div, exp, lgamma, log, log1p, mul, neg, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"

const logDensity = (x: Floats, df: Floats, loc: Floats, scale: Floats): Floats => {
  const [y, half] = [div(sub(x, loc), scale), div(df, 2)]
  const more = add(half, 0.5)
  const size = div(log(mul(mul(mul(scale, scale), Math.PI), df)), 2)
  const constant = sub(add(lgamma(half), size), lgamma(more))
  return neg(add(constant, mul(more, log1p(div(mul(y, y), df)))))
}

/**
 * Gives the logarithm of the density of Student's t distribution with df degrees of freedom. It is moved by loc (0)
 * and widened by scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that
 * dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example t.logpdf(constant([0, 1], "f32"), 3) // [-1.001, -1.576]
 */
export const logpdf: Broadcasting<
  "t.logpdf",
  readonly [df: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats("t.logpdf", 2, logDensity, [0, 1])

/**
 * Gives the density of Student's t distribution with df degrees of freedom. It is moved by loc (0) and widened by
 * scale (1). Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails with a
 * `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example t.pdf(constant([0, 1], "f32"), 3) // [0.368, 0.207]
 */
export const pdf: Broadcasting<
  "t.pdf",
  readonly [df: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "t.pdf",
  2,
  (x: Floats, df: Floats, loc: Floats, scale: Floats) => exp(logDensity(x, df, loc, scale)),
  [0, 1]
)
