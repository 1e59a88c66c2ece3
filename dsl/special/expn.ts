import { whileLoop } from "../control/while-loop.ts"
import { type FloatDType, type IntegerDType, isInteger, workingDType } from "../dtype.ts"
import { dtypeError, named } from "../errors.ts"
import {
  abs,
  add,
  and,
  div,
  eq,
  exp,
  ge,
  gt,
  le,
  lgamma,
  log,
  lt,
  mul,
  ne,
  neg,
  pow,
  rem,
  sub
} from "../ops/elementwise.ts"
import { epsilonOf, type Flags, type Floats, like } from "../ops/incomplete-gamma.ts"
import { alike } from "../ops/operand.ts"
import type { Unary } from "../ops/operators.ts"
import { select } from "../ops/structure.ts"
import { any } from "../ops/sums.ts"
import { requireKind } from "../primitives/rule.ts"
import { requireTensor, requireWhole } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, valueOf } from "../tensor.ts"
import type { Broadcast } from "../types.ts"
import { convert, filled } from "../values.ts"
import { ofFloats, withSlopes } from "./floats.ts"

type Count = Tensor<"i32", readonly []>

const count = (from: number): Count => tensorOf(filled({ dtype: "i32", shape: [] }, from))

/** A count as a float of the dtype. */
const floatOf = (i: Count, x: Floats): Floats => tensorOf(convert(valueOf(i), x.dtype))

/** Changed where a computation still goes on. */
const moved = (on: Flags, next: Floats, now: Floats): Floats => select(on, next, now)

/** The power series, for x up to 1 and orders from 1 on (DLMF 8.19.8). */
const series = (n: Floats, x: Floats, on: Flags): Floats => {
  const [, logarithm] = whileLoop(
    ([i]) => any(and(on, lt(floatOf(i, x), n))),
    ([i, sum]): readonly [Count, Floats] => {
      const k = floatOf(i, x)
      return [add(i, 1), select(lt(k, n), add(sum, div(1, k)), sum)]
    },
    [count(1), sub(-0.5772156649015329, log(x))] as readonly [Count, Floats]
  )
  const isFirst = eq(n, 1)
  const [, , , total] = whileLoop(
    ([, goes]) => any(goes),
    ([i, goes, term, sum]): readonly [Count, Flags, Floats, Floats] => {
      const k = floatOf(i, x)
      const next = mul(term, div(neg(x), k))
      const under = sub(add(k, 1), n)
      const added = add(sum, select(eq(under, 0), 0, div(next, under)))
      const change = select(eq(added, 0), 1, abs(div(next, added)))
      const left = and(goes, gt(change, epsilonOf(x)))
      return [add(i, 1), left, moved(goes, next, term), moved(goes, added, sum)]
    },
    [
      count(1),
      on,
      like(x, 1),
      select(isFirst, like(x, 0), div(1, sub(1, select(isFirst, 2, n))))
    ] as readonly [Count, Flags, Floats, Floats]
  )
  const power = sub(n, 1)
  return sub(div(mul(pow(neg(x), power), logarithm), exp(lgamma(n))), total)
}

/** The continued fraction, for x above 1 (DLMF 8.19.17, as Cephes computes it). */
const fraction = (n: Floats, x: Floats, on: Flags): Floats => {
  type State = readonly [Floats, Floats, Floats, Floats, Floats]
  const large = 2 ** 57
  const [, , state] = whileLoop(
    ([, goes]) => any(goes),
    ([i, goes, now]): readonly [Count, Flags, State] => {
      const [p2, q2, p1, q1, found] = now
      const k = floatOf(i, x)
      const isOdd = eq(rem(i, 2), 1)
      const y = select(isOdd, like(x, 1), x)
      const z = select(isOdd, add(n, mul(sub(k, 1), 0.5)), mul(k, 0.5))
      const p = add(mul(p1, y), mul(p2, z))
      const q = add(mul(q1, y), mul(q2, z))
      const there = ne(q, 0)
      const ratio = div(p, q)
      const change = select(there, abs(div(sub(found, ratio), ratio)), 1)
      const left = and(goes, gt(change, epsilonOf(x)))
      const isLarge = gt(abs(p), large)
      const kept = (each: Floats): Floats => select(isLarge, div(each, large), each)
      const next: State = [kept(p1), kept(q1), kept(p), kept(q), select(there, ratio, found)]
      return [add(i, 1), left, next.map((each, j) => moved(goes, each, now[j]!)) as unknown as State]
    },
    [count(2), on, [like(x, 1), x, like(x, 1), add(x, n), div(1, add(x, n))]] as readonly [
      Count,
      Flags,
      State
    ]
  )
  return mul(state[4], exp(neg(x)))
}

/** What the integral comes to for very high orders (Cephes, `expn`). */
const highOrder = (n: Floats, x: Floats): Floats => {
  const sum = add(x, n)
  const y = div(1, mul(sum, sum))
  const third = mul(mul(y, n), add(sub(mul(mul(x, x), 6), mul(mul(n, x), 8)), mul(n, n)))
  const second = mul(y, add(third, mul(n, sub(n, mul(x, 2)))))
  const first = mul(y, add(second, n))
  return div(mul(add(first, 1), exp(neg(x))), sum)
}

const positiveOrder: (n: Floats, x: Floats) => Floats = withSlopes(
  (n: Floats, x: Floats) => {
    const isThere = and(and(gt(x, 0), lt(x, Number.POSITIVE_INFINITY)), ge(n, 1))
    const isHigh = and(isThere, ge(n, 5000))
    const isLow = and(isThere, lt(n, 5000))
    const isNear = and(isLow, le(x, 1))
    const isFar = and(isLow, gt(x, 1))
    const order = select(isLow, n, 1)
    const near = series(order, select(isNear, x, 1), isNear)
    const far = fraction(order, select(isFar, x, 2), isFar)
    const found = select(isHigh, highOrder(n, x), select(isFar, far, near))
    const first = select(gt(n, 1), div(1, sub(n, 1)), Number.POSITIVE_INFINITY)
    const known = select(
      and(eq(x, 0), ge(n, 1)),
      first,
      select(eq(x, Number.POSITIVE_INFINITY), like(x, 0), Number.NaN)
    )
    return select(isThere, found, select(lt(n, 1), Number.NaN, known))
  },
  (_, n) => like(n, 0),
  (_, n, x) => neg(ofOrder(sub(n, 1), x))
)

/** The integral of any whole order. Order 0 is elementary. */
export const ofOrder = (n: Floats, x: Floats): Floats => {
  const isZero = eq(n, 0)
  const edge = select(eq(x, 0), like(x, Number.POSITIVE_INFINITY), Number.NaN)
  const zero = select(gt(x, 0), div(exp(neg(x)), x), edge)
  return select(isZero, zero, positiveOrder(select(isZero, 1, n), x))
}

/**
 * Gives the exponential integral E1, the integral of `exp(-t) / t` from x to Infinity: Infinity at 0, and NaN below. Takes
 * f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example exp1(constant([1, 2], "f32")) // [0.219, 0.049]
 */
export const exp1: Unary<"exp1", FloatDType> = ofFloats("exp1", 1, (x: Floats) => ofOrder(like(x, 1), x))

/**
 * Gives the exponential integral of order n, the integral of `exp(-x t) / t^n` from 1 to Infinity. `n` is a whole number
 * or integers; below 0 the result is NaN, as for x below 0. At x = 0 it is `1 / (n - 1)`, or Infinity for n up to 1. Takes
 * f16, bf16, f32 and f64; both broadcast as NumPy's do. Fails with a `ShapeError` where they do not fit, a `ShapeError` for
 * a number that is not whole, and a `DTypeError` for another dtype.
 *
 * @example expn(2, constant([0, 1], "f32")) // [1, 0.148]
 */
export const expn = named(
  "expn",
  <D extends FloatDType, S extends Shape, N extends Shape = readonly []>(
    n: number | Tensor<IntegerDType, N>,
    x: Tensor<D, S>
  ): Tensor<D, Broadcast<N, S>> => {
    const op = "expn"
    const value = requireTensor(op, "x", x)
    requireKind(op, value, ["float"])
    const wide = convert(value, workingDType(value.dtype))
    if (isTensor(n) && !isInteger(n.dtype))
      throw dtypeError(
        op,
        `${op}: the order is ${show(valueOf(n))}`,
        "an order is a whole number or an array of integers"
      )
    const order = isTensor(n) ? tensorOf(convert(valueOf(n), wide.dtype)) : requireWhole(op, "the order", n)
    const [orders, points] = alike(op, [order, tensorOf(wide)]).map((each) => tensorOf<"f32", Shape>(each))
    return tensorOf(convert(valueOf(ofOrder(orders!, points!)), value.dtype))
  }
)
