import { whileLoop } from "../control/while-loop.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, valueOf } from "../tensor.ts"
import { convert, filled } from "../values.ts"
import {
  abs,
  add,
  and,
  digamma,
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
  not,
  or,
  sub
} from "./elementwise.ts"
import { select } from "./structure.ts"
import { any } from "./sums.ts"

/**
 * The incomplete gamma functions and their derivatives by the shape parameter, as XLA and JAX compute them: by a series
 * where x is small, else by a continued fraction. Operands are f32 or f64, of one dtype and shape.
 */

/** Floats of either dtype, written as those of one. */
export type Floats = Tensor<"f32", Shape>
export type Flags = Tensor<"bool", Shape>

/** What is asked for: the value, its derivative by a, or the derivative by a of a sample x. */
type Mode = "value" | "derivative" | "sample"

export const epsilonOf = (x: Tensor): number => (x.dtype === "f64" ? 2 ** -52 : 2 ** -23)

/** The logarithm of the largest finite number. */
const logMost = (x: Tensor): number => Math.log(x.dtype === "f64" ? Number.MAX_VALUE : 3.4028234663852886e38)

export const like = (x: Floats, value: number): Floats => tensorOf(filled(x, value))

const isNotNumber = (x: Floats): Flags => ne(x, x)
const isInfinite = (x: Floats): Flags => eq(x, Number.POSITIVE_INFINITY)

/** The new values where a computation still goes on, the old ones elsewhere. */
const moved = (on: Flags, next: ReadonlyArray<Floats>, now: ReadonlyArray<Floats>): ReadonlyArray<Floats> =>
  next.map((each, i) => select(on, each, now[i]!))

const series = (ax: Floats, x: Floats, a: Floats, enabled: Flags, mode: Mode): Floats => {
  const [zero, one] = [like(x, 0), like(x, 1)]
  const start: ReadonlyArray<Floats> = mode === "value" ? [a, one, one] : [a, one, one, zero, zero]
  const [, end] = whileLoop(
    ([on]) => any(on),
    ([on, now]): readonly [Flags, ReadonlyArray<Floats>] => {
      const [before, c, sum, slope, slopes] = now as readonly [Floats, Floats, Floats, Floats, Floats]
      const r = add(before, 1)
      const term = mul(c, div(x, r))
      const total = add(sum, term)
      if (mode === "value")
        return [and(on, gt(div(term, total), epsilonOf(x))), moved(on, [r, term, total], now)]
      const steep = sub(mul(slope, div(x, r)), div(mul(c, x), mul(r, r)))
      const all = add(slopes, steep)
      const goes = gt(abs(div(steep, all)), epsilonOf(x))
      return [and(on, goes), moved(on, [r, term, total, steep, all], now)]
    },
    [enabled, start] as readonly [Flags, ReadonlyArray<Floats>]
  )
  const [, , sum, , slopes] = end as readonly [Floats, Floats, Floats, Floats, Floats]
  if (mode === "value") return div(mul(sum, ax), a)
  const weight = sub(log(x), digamma(add(a, 1)))
  const slope = add(mul(sum, weight), slopes)
  return mode === "derivative" ? div(mul(ax, slope), a) : div(mul(neg(slope), x), a)
}

/** A numerator and a denominator of the continued fraction, or their slopes. */
type Pair = readonly [Floats, Floats]

const fraction = (ax: Floats, x: Floats, a: Floats, enabled: Flags, mode: Mode): Floats => {
  const eps = epsilonOf(x)
  const [zero, one] = [like(x, 0), like(x, 1)]
  const y0 = sub(1, a)
  const z0 = add(x, y0, 1)
  const p0 = add(x, 1)
  const q0 = mul(z0, x)
  const value0 = div(p0, q0)
  const start: ReadonlyArray<Floats> = [value0, y0, z0, p0, q0, one, x]
  const slopes: ReadonlyArray<Floats> = [div(mul(value0, x), q0), zero, neg(x), zero, zero]
  const [, , end] = whileLoop(
    ([on, count]) => and(lt(count, 2000), any(on)),
    ([on, before, now]): readonly [Flags, Count, ReadonlyArray<Floats>] => {
      const [value, yBefore, zBefore, p1, q1, p2, q2] = now as ReadonlyArray<Floats> as Seven
      const count = add(before, 1)
      const y = add(yBefore, 1)
      const z = add(zBefore, 2)
      const c = tensorOf<"f32", readonly []>(convert(valueOf(count), x.dtype))
      const yc = mul(y, c)
      const step = ([first, second]: Pair): Floats => sub(mul(first, z), mul(second, yc))
      const [p, q] = [step([p1, p2]), step([q1, q2])]
      const there = ne(q, 0)
      const ratio = div(p, q)
      const next = select(there, ratio, value)
      const large = gt(abs(p), 1 / eps)
      const kept = (each: Floats): Floats => select(large, mul(each, eps), each)
      const scaled = [p, q, p1, q1].map(kept)
      if (mode === "value") {
        const change = select(there, abs(div(sub(value, ratio), ratio)), one)
        return [and(on, gt(change, eps)), count, moved(on, [next, y, z, ...scaled], now)]
      }
      const [slope, dp1, dq1, dp2, dq2] = now.slice(7) as ReadonlyArray<Floats> as Five
      const dp = add(sub(step([dp1, dp2]), p1), mul(p2, c))
      const dq = add(sub(step([dq1, dq2]), q1), mul(q2, c))
      const steep = select(there, div(sub(dp, mul(next, dq)), q), slope)
      const change = select(there, abs(sub(steep, slope)), one)
      const all = [next, y, z, ...scaled, steep, ...[dp, dq, dp1, dq1].map(kept)]
      return [and(on, gt(change, eps)), count, moved(on, all, now)]
    },
    [
      enabled,
      tensorOf(filled({ dtype: "i32", shape: [] }, 0)),
      mode === "value" ? start : [...start, ...slopes]
    ] as readonly [Flags, Count, ReadonlyArray<Floats>]
  )
  const value = end[0]!
  if (mode === "value") return mul(value, ax)
  const slope = add(end[7]!, mul(value, sub(log(x), digamma(a))))
  return mode === "derivative" ? mul(ax, slope) : neg(mul(slope, x))
}

type Count = Tensor<"i32", readonly []>
type Five = readonly [Floats, Floats, Floats, Floats, Floats]
type Seven = readonly [...Five, Floats, Floats]

/** x^a e^-x / Γ(a), and whether it is so small that it counts for nothing. */
const scaleOf = (a: Floats, x: Floats) => {
  const logarithm = sub(sub(mul(a, log(x)), x), lgamma(a))
  return { ax: exp(logarithm), underflow: lt(logarithm, -logMost(x)) }
}

const isOutside = (a: Floats, x: Floats): Flags =>
  or(lt(x, 0), lt(a, 0), and(eq(a, 0), eq(x, 0)), isNotNumber(a), isNotNumber(x))

/** The lower incomplete gamma function, as a share of all. */
export const lowerGamma = (a: Floats, x: Floats): Floats => {
  const outside = isOutside(a, x)
  const byFraction = and(ge(x, 1), gt(x, a))
  const { ax, underflow } = scaleOf(a, x)
  const enabled = not(or(eq(x, 0), outside, underflow, isInfinite(x)))
  const output = select(
    byFraction,
    sub(1, fraction(ax, x, a, and(enabled, byFraction), "value")),
    series(ax, x, a, and(enabled, not(byFraction)), "value")
  )
  const edges = select(isInfinite(x), 1, select(eq(x, 0), 0, output))
  return select(outside, Number.NaN, edges)
}

/** The upper incomplete gamma function, as a share of all. */
export const upperGamma = (a: Floats, x: Floats): Floats => {
  const outside = isOutside(a, x)
  const bySeries = or(lt(x, 1), lt(x, a))
  const { ax, underflow } = scaleOf(a, x)
  const enabled = not(or(outside, underflow, isInfinite(x), eq(a, 0)))
  const output = select(
    bySeries,
    sub(1, series(ax, x, a, and(enabled, bySeries), "value")),
    fraction(ax, x, a, and(enabled, not(bySeries)), "value")
  )
  const edges = select(or(isInfinite(x), eq(a, 0)), 0, output)
  return select(outside, Number.NaN, edges)
}

const slopeBy =
  (mode: "derivative" | "sample") =>
  (a: Floats, x: Floats): Floats => {
    const outside = or(lt(x, 0), le(a, 0), isNotNumber(a), isNotNumber(x))
    const byFraction = and(gt(x, 1), gt(x, a))
    const { ax, underflow } = scaleOf(a, x)
    const enabled = not(or(eq(x, 0), outside, underflow))
    const output = select(
      byFraction,
      neg(fraction(ax, x, a, and(enabled, byFraction), mode)),
      series(ax, x, a, and(enabled, not(byFraction)), mode)
    )
    return select(outside, Number.NaN, select(eq(x, 0), 0, output))
  }

/** The derivative of `lowerGamma` by a. */
export const lowerGammaSlope = slopeBy("derivative")

/** How a sample x of the gamma distribution moves with its parameter a, its random bits held. */
export const gammaSampleSlope = slopeBy("sample")
