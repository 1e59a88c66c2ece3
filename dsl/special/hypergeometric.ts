import { whileLoop } from "../control/while-loop.ts"
import {
  abs,
  add,
  and,
  div,
  eq,
  exp,
  floor,
  gt,
  le,
  lgamma,
  log,
  lt,
  mul,
  neg,
  or,
  sub
} from "../ops/elementwise.ts"
import { epsilonOf, type Flags, type Floats, like } from "../ops/incomplete-gamma.ts"
import { select } from "../ops/structure.ts"
import { any } from "../ops/sums.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, valueOf } from "../tensor.ts"
import { convert, filled } from "../values.ts"
import { type Broadcasting, type FloatOperand, ofFloats, withSlopes } from "./floats.ts"
import { signOf } from "./gamma.ts"

type Count = Tensor<"i32", readonly []>

/** What a sum is of: the terms, or their derivatives by a or b. */
type Of = "value" | "a" | "b"

/** Terms after which a sum ends. Sums that are finite need fewer. */
const most = 5000

const count = (): Count => tensorOf(filled({ dtype: "i32", shape: [] }, 0))
const everywhere = (x: Floats): Flags =>
  tensorOf<"bool", Shape>(filled({ dtype: "bool", shape: x.shape }, true))

/** Sums terms until they count for nothing. The step gives the next term of the one before and its number. */
const summed = (
  first: ReadonlyArray<Floats>,
  on: Flags,
  step: (terms: ReadonlyArray<Floats>, k: Floats) => ReadonlyArray<Floats>
): Floats => {
  type State = readonly [Count, Flags, ReadonlyArray<Floats>, Floats]
  const [, , , total] = whileLoop(
    ([i, goes]) => and(any(goes), lt(i, most)),
    ([i, goes, terms, sum]): State => {
      const next = step(terms, tensorOf(convert(valueOf(i), sum.dtype)))
      const found = add(sum, next.at(-1)!)
      const left = and(goes, gt(abs(next.at(-1)!), mul(abs(found), epsilonOf(sum))))
      return [add(i, 1), left, next.map((each, j) => select(goes, each, terms[j]!)), select(goes, found, sum)]
    },
    [count(), on, first, first.at(-1)!] as State
  )
  return total
}

/** The power series, or the sum of its terms' derivatives (DLMF 13.2.2). */
const series = (a: Floats, b: Floats, x: Floats, on: Flags, of: Of): Floats => {
  const [zero, one] = [like(x, 0), like(x, 1)]
  return summed(of === "value" ? [one] : [one, zero], on, ([term, slope], k) => {
    const [above, below] = [add(a, k), add(b, k)]
    const factor = div(x, mul(below, add(k, 1)))
    const next = mul(mul(term!, above), factor)
    if (of === "value") return [next]
    const own = of === "a" ? term! : neg(div(mul(term!, above), below))
    return [next, mul(add(mul(slope!, above), own), factor)]
  })
}

/** The expansion for large x (DLMF 13.7.2), times e to the `power` less x. */
const asymptotic = (a: Floats, b: Floats, x: Floats, on: Flags, power: Floats): Floats => {
  const sum = summed([like(x, 1)], on, ([term], k) => {
    const above = mul(add(sub(b, a), k), add(sub(1, a), k))
    return [mul(term!, div(above, mul(add(k, 1), x)))]
  })
  const size = add(sub(lgamma(b), lgamma(a)), add(power, mul(sub(a, b), log(x))))
  return mul(mul(mul(signOf(a), signOf(b)), exp(size)), sum)
}

/** Kummer's transformation: M(a, b, x) is e^x M(b - a, b, -x), whose terms have one sign where x is negative. */
const turned = (a: Floats, b: Floats, x: Floats) => {
  const isBelow = lt(x, 0)
  return { isBelow, first: select(isBelow, sub(b, a), a), size: abs(x) }
}

const value = (a: Floats, b: Floats, x: Floats): Floats => {
  const { isBelow, first, size } = turned(a, b, x)
  const isPolynomial = and(le(first, 0), eq(first, floor(first)))
  const isNear = or(isPolynomial, lt(size, x.dtype === ("f64" as string) ? 600 : 80))
  const isFar = and(gt(size, 0), eq(isNear, false))
  const near = mul(series(first, b, select(isNear, size, 0), isNear, "value"), exp(select(isBelow, x, 0)))
  const power = select(isBelow, like(x, 0), x)
  const far = asymptotic(select(isFar, first, 1), select(isFar, b, 1), select(isFar, size, 1), isFar, power)
  const found = select(isNear, near, far)
  const equal = select(eq(a, b), exp(x), select(eq(b, 0), Number.POSITIVE_INFINITY, found))
  const isNumber = and(eq(a, a), and(eq(b, b), eq(x, x)))
  return select(isNumber, select(eq(a, 0), 1, equal), Number.NaN)
}

const slope = (a: Floats, b: Floats, x: Floats, of: "a" | "b"): Floats => {
  const { isBelow, first, size } = turned(a, b, x)
  const on = everywhere(x)
  const byFirst = of === "a" ? series(first, b, size, on, "a") : series(first, b, size, isBelow, "a")
  const scale = exp(select(isBelow, x, 0))
  if (of === "a") return mul(select(isBelow, neg(byFirst), byFirst), scale)
  const bySecond = series(first, b, size, on, "b")
  return mul(select(isBelow, add(byFirst, bySecond), bySecond), scale)
}

const kummer: (a: Floats, b: Floats, x: Floats) => Floats = withSlopes(
  value,
  (_, a, b, x) => slope(a, b, x, "a"),
  (_, a, b, x) => slope(a, b, x, "b"),
  (_, a, b, x) => mul(div(a, b), kummer(add(a, 1), add(b, 1), x))
)

/**
 * Gives Kummer's hypergeometric function 1F1, the sum of `(a)k / (b)k x^k / k!`: 1 where `a` is 0, else Infinity where `b`
 * is 0. It is less exact where a or b are large beside x, and x is 80 or more (600 in f64). Takes f16, bf16, f32 and f64.
 * Operands have one dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a
 * `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example hyp1f1(1, 2, constant([0, 1], "f32")) // [1, 1.718]
 */
export const hyp1f1: Broadcasting<"hyp1f1", readonly [b: FloatOperand, x: FloatOperand]> = ofFloats(
  "hyp1f1",
  3,
  kummer
)
