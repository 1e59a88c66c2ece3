import type { FloatDType } from "../dtype.ts"
import { add, and, div, eq, floor, le, lt, mul, ne, neg, or, pow, rem, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import type { Pairwise } from "../ops/operators.ts"
import { select } from "../ops/structure.ts"
import { ofFloats } from "./floats.ts"

/** (2j)! / B(2j) for j from 1, by the Bernoulli numbers (Cephes, `zeta`). */
const factors = [
  12, -720, 30240, -1209600, 47900160, -1.8924375803183792e9, 7.47242496e10, -2.950130727918164e12,
  1.1646782814350067e14, -4.597978722407473e15, 1.8152105401943546e17, -7.166165256175667e18
]

/** How many terms are summed as they are; the others by Euler's and Maclaurin's formula. */
const terms = 10

const hurwitz = (x: Floats, q: Floats): Floats => {
  let sum = pow(q, neg(x))
  for (let k = 1; k < terms; k++) sum = add(sum, pow(add(q, k), neg(x)))
  const a = add(q, terms)
  const power = pow(a, neg(x))
  sum = add(sum, add(div(mul(power, a), sub(x, 1)), mul(power, 0.5)))
  let product = div(mul(power, x), a)
  factors.forEach((factor, j) => {
    sum = add(sum, div(product, factor))
    const [first, second] = [add(x, 2 * j + 1), add(x, 2 * j + 2)]
    product = mul(product, mul(div(first, a), div(second, a)))
  })
  const isWhole = eq(q, floor(q))
  const isEven = eq(rem(x, 2), 0)
  const below = le(q, 0)
  const pole = or(eq(x, 1), and(and(below, isWhole), isEven))
  const undefinedThere = or(and(below, and(isWhole, ne(rem(x, 2), 0))), and(below, ne(x, floor(x))))
  const known = select(pole, Number.POSITIVE_INFINITY, select(undefinedThere, Number.NaN, sum))
  return select(or(lt(x, 1), or(ne(x, x), ne(q, q))), Number.NaN, known)
}

/**
 * Gives Hurwitz's zeta function, the sum of `(q + k)^-x` over all k from 0; `q` is 1 for Riemann's. NaN for x below 1, and
 * where a term is not defined; Infinity at poles. Takes f16, bf16, f32 and f64. Operands have one dtype and broadcast as
 * NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand
 * does not fit.
 *
 * @example zeta(constant([2, 4], "f32"), 1) // [1.645, 1.082]
 */
export const zeta: Pairwise<"zeta", FloatDType, number> = ofFloats("zeta", 2, hurwitz)
