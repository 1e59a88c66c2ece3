import { whileLoop } from "../control/while-loop.ts"
import {
  abs,
  add,
  and,
  div,
  eq,
  ge,
  gt,
  isFinite,
  le,
  lt,
  mul,
  neg,
  not,
  or,
  sqrt,
  sub
} from "../ops/elementwise.ts"
import { concatenate, where } from "../ops/structure.ts"
import { any, sum } from "../ops/sums.ts"
import type { Tensor } from "../tensor.ts"
import { tensorOf } from "../tensor.ts"
import { filled, zeros } from "../values.ts"
import { along, column, type Numbers, numbersOf, type Places, row } from "./matrices.ts"

type Flags = Tensor<"bool">

/**
 * The equations `1/rho + sum of z_j^2 / (d_j - x) = 0` in each place of a batch, of which root i lies between d_i and
 * d_{i+1}. The first `count` poles are distinct and in rising order; the others are no part of the equation.
 */
export interface Secular {
  readonly poles: Numbers
  readonly weights: Numbers
  readonly rho: Numbers
  readonly count: Places
  /** 0, 1, 2, … along the poles. */
  readonly places: Places
}

/** Roots, each as a pole beside it and what is added: their sum would lose how far it is from the pole. */
export interface Roots {
  readonly origin: Numbers
  readonly beyond: Numbers
}

interface State {
  readonly at: Numbers
  readonly low: Numbers
  readonly high: Numbers
  readonly done: Flags
  readonly steps: Places
}

/** Sums of the terms and of their derivatives, over the poles up to a root's own and over those after it. */
const sums = (
  { weights, places }: Secular,
  distances: Numbers,
  at: Numbers
): readonly [Numbers, Numbers, Numbers, Numbers] => {
  const away = sub(distances, row(at))
  const terms = div(column(weights), away)
  const slopes = div(terms, away)
  const own = le(column(places), row(places))
  const over = (x: Numbers, which: Flags): Numbers => sum(where(which, x, 0), 1)
  const after = not(own)
  return [over(terms, own), over(slopes, own), over(terms, after), over(slopes, after)]
}

/** Enough to halve what interpolation does not. */
const mostSteps = 100

/**
 * Finds all roots at once: by the rational interpolation of Li 1994, "Solving secular equations stably and
 * efficiently" ("the middle way"), with halving where that leaves the interval which holds the root.
 */
export const rootsOf = (equation: Secular, epsilon: number): Roots => {
  const { poles, weights, rho, count, places } = equation
  const n = poles.shape[1]!
  const is = lt(places, column(count))
  const last = ge(places, sub(column(count), 1))
  const next = concatenate([along(poles, 1, 1, n), along(poles, 1, n - 1, n)], 1)
  const reach = column(mul(rho, sum(weights, 1)))
  const gap = where(is, where(last, reach, sub(next, poles)), 1)
  const half = mul(gap, 0.5)
  const inverse = column(div(1, rho))
  const fromLeft = where(column(is), sub(column(poles), row(poles)), Number.POSITIVE_INFINITY)
  const middle = (() => {
    const [before, , after] = sums(equation, fromLeft, half)
    return add(inverse, add(before, after))
  })()
  const right = and(lt(middle, 0), not(last))
  const origin = where(right, next, poles)
  const distances = where(column(is), sub(column(poles), row(origin)), Number.POSITIVE_INFINITY)
  const [own, other] = [where(right, neg(gap), 0), where(right, 0, gap)] as [Numbers, Numbers]
  const beyondHalf = and(last, lt(middle, 0))
  const step = ({ at, low, high, done, steps }: State): State => {
    const [before, beforeSlope, after, afterSlope] = sums(equation, distances, at)
    const value = add(inverse, add(before, after))
    const slope = add(beforeSlope, afterSlope)
    const below = lt(value, 0)
    const [least, most] = [where(below, at, low), where(below, high, at)] as [Numbers, Numbers]
    const noise = add(inverse, add(add(abs(before), abs(after)), mul(abs(at), slope)))
    const [first, second] = [sub(own, at), sub(other, at)] as [Numbers, Numbers]
    const c = sub(value, add(mul(first, beforeSlope), mul(second, afterSlope)))
    const a = sub(mul(add(first, second), value), mul(mul(first, second), slope))
    const b = mul(mul(first, second), value)
    const root = sqrt(abs(sub(mul(a, a), mul(4, mul(b, c)))))
    const between = where(le(a, 0), div(sub(a, root), mul(2, c)), div(mul(2, b), add(a, root)))
    // After the last pole, by that pole and a number.
    const after1 = add(first, div(mul(mul(first, first), beforeSlope), sub(value, mul(first, beforeSlope))))
    const tried = where(last, after1, between)
    const moved = where(lt(mul(value, tried), 0), tried, div(neg(value), slope))
    const found = add(at, moved)
    const inside = and(gt(found, least), lt(found, most))
    const now = where(inside, found, mul(0.5, add(least, most)))
    const reached = or(
      and(le(abs(value), mul(8 * epsilon, noise)), isFinite(value)),
      or(eq(now, at), le(sub(most, least), mul(epsilon, abs(at))))
    )
    const all = or(done, reached)
    return { at: where(all, at, now), low: least, high: most, done: all, steps: add(steps, 1) }
  }
  const start: State = {
    at: startOf(equation, { half, gap, middle, right, last }),
    low: where(beyondHalf, half, where(right, neg(half), 0)),
    high: where(right, 0, where(and(last, not(beyondHalf)), half, where(last, gap, half))),
    done: not(is),
    steps: tensorOf(zeros({ dtype: "i32", shape: [] }))
  }
  const { at } = whileLoop(
    ((state: State) => and(any(not(state.done)), lt(state.steps, mostSteps))) as never,
    step as never,
    start as never
  ) as State
  return { origin, beyond: at }
}

interface Middle {
  readonly half: Numbers
  readonly gap: Numbers
  readonly middle: Numbers
  readonly right: Flags
  readonly last: Flags
}

/** The root of the two poles beside it and a number for the others, which is right in the middle: as LAPACK's laed4. */
const startOf = ({ weights }: Secular, { half, gap, middle, right, last }: Middle): Numbers => {
  const n = weights.shape[1]!
  const later = concatenate(
    [along(weights, 1, 1, n), numbersOf(filled({ dtype: weights.dtype, shape: [weights.shape[0]!, 1] }, 0))],
    1
  )
  // Both poles are half a gap from the middle.
  const others = sub(middle, div(sub(later, weights), half))
  const both = add(weights, later)
  const a = where(right, sub(mul(others, gap), both), add(mul(others, gap), both))
  const b = mul(gap, where(right, later, weights))
  const four = mul(mul(4, b), others)
  const root = sqrt(abs(where(right, add(mul(a, a), four), sub(mul(a, a), four))))
  const fromLeft = where(gt(a, 0), div(mul(2, b), add(a, root)), div(sub(a, root), mul(2, others)))
  const fromRight = where(lt(a, 0), div(mul(2, b), sub(a, root)), div(neg(add(a, root)), mul(2, others)))
  const tried = where(right, fromRight, fromLeft)
  const inside = where(right, and(lt(tried, 0), gt(tried, neg(half))), and(gt(tried, 0), lt(tried, half)))
  const safe = where(right, neg(mul(0.5, half)), mul(0.5, half))
  return where(last, half, where(inside, tried, safe))
}
