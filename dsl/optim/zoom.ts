import type { Value } from "../tensor.ts"
import {
  add,
  binary,
  compare,
  div,
  filled,
  mul,
  scale,
  select,
  selectEach,
  sub,
  unary,
  zeros
} from "../values.ts"
import { type Leaves, next } from "./leaves.ts"

/**
 * One step of the zoom line search: Algorithms 3.5 and 3.6 of Nocedal and Wright, Numerical Optimization, 1999, with the
 * approximate decrease of Hager and Zhang, Algorithm 851, 2006. A first phase looks for an interval that holds a good
 * step; a second one makes it smaller.
 */

export interface Settings {
  readonly most: number
  readonly maxStepsize: number | undefined
  readonly tol: number
  readonly increaseFactor: number
  readonly slopeRtol: number
  readonly curvRtol: number
  readonly approxDecRtol: number | null
  readonly precision: number
}

/** A place on the line: how far, the loss there, and its slope. */
export interface Place {
  readonly stepsize: Value
  readonly value: Value
  readonly slope: Value
}

interface Kept {
  readonly stepsize: Value
  readonly value: Value
  readonly grad: Leaves
}

/** Where a search stands. */
export interface Search {
  readonly count: Value
  readonly now: Place
  readonly grad: Leaves
  readonly decreaseError: Value
  readonly curvatureError: Value
  /** Whether the second phase has begun. */
  readonly found: Value
  readonly done: Value
  readonly failed: Value
  /** The end of the interval with the lesser loss, and the other. */
  readonly low: Place
  readonly high: Place
  /** A third point for cubic interpolation. */
  readonly reference: Omit<Place, "slope">
  /** The best step so far that lowers the loss enough. */
  readonly safe: Kept
}

/** The loss on the line, and at its beginning. */
export interface Line {
  readonly start: Place
  readonly guess: Value
  readonly at: (stepsize: Value) => Kept & Place
}

const or = (a: Value, b: Value): Value => binary("or", a, b)
const and = (a: Value, b: Value): Value => binary("and", a, b)
const not = (a: Value): Value => unary("not", a)
const ge = (a: Value, b: Value): Value => compare("ge", a, b)
const lt = (a: Value, b: Value): Value => compare("lt", a, b)
const gt = (a: Value, b: Value): Value => compare("gt", a, b)
const min = (a: Value, b: Value): Value => binary("minimum", a, b)
const max = (a: Value, b: Value): Value => binary("maximum", a, b)
const abs = (x: Value): Value => unary("abs", x)
const atMost = (x: Value, bound: number): Value => compare("le", x, filled(x, bound))
const positive = (x: Value): Value => gt(x, zeros(x))

/** Picks between records of scalars and leaves. */
const pick = <T extends object>(which: Value, a: T, b: T): T =>
  Object.fromEntries(
    Object.entries(a).map(([key, x]: [string, Value | Leaves]) => {
      const y = (b as Readonly<Record<string, Value | Leaves>>)[key]!
      const both = Array.isArray(x)
        ? x.map((leaf: Value, i) => selectEach(which, leaf, (y as Leaves)[i]!))
        : select(which, x as Value, y as Value)
      return [key, both]
    })
  ) as T

export const startOf = (start: Place, grad: Leaves): Search => {
  const { value, slope } = start
  const zero = zeros(value)
  const infinite = filled(value, Number.POSITIVE_INFINITY)
  const no = filled({ dtype: "bool", shape: [] }, false)
  const there = { stepsize: zero, value, slope }
  return {
    count: filled({ dtype: "i32", shape: [] }, 0),
    now: there,
    grad,
    decreaseError: infinite,
    curvatureError: infinite,
    found: no,
    done: no,
    failed: no,
    low: there,
    high: there,
    reference: { stepsize: zero, value },
    safe: { stepsize: zero, value, grad }
  }
}

/** How far a criterion is missed; infinite where that is NaN. */
const missed = (error: Value): Value => {
  const least = max(error, zeros(error))
  return select(compare("eq", least, least), least, filled(least, Number.POSITIVE_INFINITY))
}

const decreaseErrorOf = (settings: Settings, { start }: Line, { stepsize, value, slope }: Place): Value => {
  const { slopeRtol, approxDecRtol } = settings
  const gained = sub(value, start.value)
  const exact = sub(gained, mul(scale(stepsize, slopeRtol), start.slope))
  if (approxDecRtol === null) return missed(exact)
  const flat = sub(slope, scale(start.slope, 2 * slopeRtol - 1))
  const near = sub(gained, scale(abs(start.value), approxDecRtol))
  return missed(min(max(flat, near), exact))
}

/** Where a cubic through three points, with a slope at the first, has its least value; NaN where it has none. */
const cubicMinimum = (a: Place, b: Omit<Place, "slope">, c: Omit<Place, "slope">): Value => {
  const [db, dc] = [sub(b.stepsize, a.stepsize), sub(c.stepsize, a.stepsize)]
  const square = (x: Value): Value => mul(x, x)
  const cube = (x: Value): Value => mul(square(x), x)
  const over = mul(square(mul(db, dc)), sub(db, dc))
  const rise = (p: Omit<Place, "slope">, d: Value): Value => sub(sub(p.value, a.value), mul(a.slope, d))
  const [u, w] = [rise(b, db), rise(c, dc)]
  const third = div(sub(mul(square(dc), u), mul(square(db), w)), over)
  const second = div(sub(mul(cube(db), w), mul(cube(dc), u)), over)
  const radical = sub(square(second), mul(scale(third, 3), a.slope))
  return add(a.stepsize, div(sub(unary("sqrt", radical), second), scale(third, 3)))
}

/** As `cubicMinimum`, of a parabola through two points. */
const quadraticMinimum = (a: Place, b: Omit<Place, "slope">): Value => {
  const db = sub(b.stepsize, a.stepsize)
  const second = div(sub(sub(b.value, a.value), mul(a.slope, db)), mul(db, db))
  return sub(a.stepsize, div(a.slope, scale(second, 2)))
}

/** A step within the interval: by interpolation where that is well inside, else the middle. */
const middleOf = ({ low, high, reference }: Search): Value => {
  const width = abs(sub(high.stepsize, low.stepsize))
  const [left, right] = [min(high.stepsize, low.stepsize), max(high.stepsize, low.stepsize)]
  const inside = (x: Value, share: number): Value =>
    and(gt(x, add(left, scale(width, share))), lt(x, sub(right, scale(width, share))))
  const cubic = cubicMinimum(low, high, reference)
  const quadratic = quadraticMinimum(low, high)
  const half = scale(add(low.stepsize, high.stepsize), 0.5)
  return select(inside(cubic, 0.2), cubic, select(inside(quadratic, 0.1), quadratic, half))
}

export const stepOf = (settings: Settings, line: Line, search: Search): Search => {
  const { count, found, now, low, high, safe } = search
  const first = compare("eq", count, zeros(count))
  const { maxStepsize } = settings
  const wanted = select(first, line.guess, scale(now.stepsize, settings.increaseFactor))
  const most = maxStepsize === undefined ? undefined : filled(wanted, maxStepsize)
  const reached = most === undefined ? filled(found, false) : ge(wanted, most)
  const larger = most === undefined ? wanted : min(wanted, most)

  const { grad, ...there } = line.at(select(found, middleOf(search), larger))
  const { stepsize, value, slope } = there
  const decreaseError = decreaseErrorOf(settings, line, there)
  const curvatureError = missed(sub(abs(slope), scale(abs(line.start.slope), settings.curvRtol)))
  const good = atMost(max(decreaseError, curvatureError), settings.tol)
  const lowers = atMost(decreaseError, settings.tol)
  const better = and(lowers, or(not(found), lt(value, safe.value)))
  const nextSafe = pick(better, { stepsize, value, grad }, safe)
  const last = ge(next(count), filled(count, settings.most))

  // The first phase: the interval lies between this step and the one before, or is not found yet.
  const isHigh = or(positive(decreaseError), and(ge(value, now.value), not(first)))
  const isLow = and(ge(slope, zeros(slope)), not(isHigh))
  const firstLow = pick(isLow, there, now)
  const firstHigh = pick(isLow, now, there)
  const nowFound = or(or(isHigh, isLow), good)
  const firstDone = or(good, and(reached, not(nowFound)))

  // The second phase: this step is a new end of the interval.
  const replacesHigh = or(positive(decreaseError), ge(value, low.value))
  const secant = mul(slope, sub(high.stepsize, low.stepsize))
  const turns = and(ge(secant, zeros(secant)), not(replacesHigh))
  const secondHigh = pick(turns, low, pick(replacesHigh, there, high))
  const secondLow = pick(replacesHigh, low, there)
  const { slope: _, ...replaced } = pick(or(replacesHigh, turns), high, low)
  const tooSmall = atMost(abs(sub(high.stepsize, low.stepsize)), settings.precision)
  const givesUp = and(tooSmall, positive(nextSafe.stepsize))

  const done = select(found, good, firstDone)
  const failed = and(or(last, and(found, givesUp)), not(done))
  const outside = compare("eq", decreaseError, filled(decreaseError, Number.POSITIVE_INFINITY))
  const falls = and(failed, or(positive(nextSafe.stepsize), outside))
  const { grad: taken, ...at } = pick(falls, nextSafe, { stepsize, value, grad })
  return {
    count: next(count),
    now: { ...at, slope },
    grad: taken,
    decreaseError,
    curvatureError,
    found: or(found, nowFound),
    done,
    failed,
    low: pick(found, secondLow, firstLow),
    high: pick(found, secondHigh, firstHigh),
    reference: pick(found, replaced, { stepsize: firstLow.stepsize, value: firstLow.value }),
    safe: nextSafe
  }
}
