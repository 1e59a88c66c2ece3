import { whileLoop } from "../control/while-loop.ts"
import type { FloatDType } from "../dtype.ts"
import { named } from "../errors.ts"
import { isInf, isNan } from "../ops/classify.ts"
import { constant } from "../ops/constant.ts"
import {
  abs,
  add,
  and,
  ceil,
  div,
  floor,
  ge,
  gt,
  le,
  log,
  log1p,
  lt,
  mul,
  not,
  or,
  sqrt,
  sub
} from "../ops/elementwise.ts"
import { type Flags, type Floats, like } from "../ops/incomplete-gamma.ts"
import { take } from "../ops/indexing.ts"
import { stopGradient } from "../ops/stop-gradient.ts"
import { clamp, convert, select } from "../ops/structure.ts"
import { any } from "../ops/sums.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import { filled } from "../values.ts"
import { type Key, split } from "./key.ts"
import { type OfTwo, parameters } from "./parameters.ts"
import { uniformValue } from "./uniform.ts"

/** Rounds after which drawing ends, as JAX counts them. */
const mostRounds = (x: Floats): number => (x.dtype === ("f16" as string) ? 65504 : 2 ** 31 - 1)

const start = () => tensorOf<"i32", readonly []>(filled({ dtype: "i32", shape: [] }, 0))

const uniformLike = (op: string, key: Key, x: Floats): Floats =>
  tensorOf(uniformValue(op, key, x.shape, x.dtype as FloatDType, filled(x, 0), filled(x, 1)))

/** How many geometric numbers have a sum up to n: for few successes. */
const byInversion = (op: string, first: Key, n: Floats, q: Floats): Floats => {
  const logOther = log1p(mul(q, -1))
  const [, drawn] = whileLoop(
    ([i, , sum]) => and(any(le(sum, n)), lt(i, mostRounds(n))),
    ([i, k, sum, key]) => {
      const [now, next] = split(key)
      const geometric = ceil(div(log(uniformLike(op, now, n)), logOther))
      return [add(i, 1), select(le(sum, n), add(k, 1), k), add(sum, geometric), next] as const
    },
    [start(), like(n, 0), like(n, 0), first] as const
  )
  return sub(drawn, 1)
}

const tails = [
  0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211,
  0.0138761288230707, 0.0118967099458917, 0.010411265261972, 0.00925546218271273, 0.00833056343336287
]

/** What Stirling's formula leaves of log(k!). */
const stirlingTail = (k: Floats): Floats => {
  const within = clamp(0, k, 9)
  const one = add(within, 1)
  const square = mul(one, one)
  const series = div(sub(1 / 12, div(sub(1 / 360, div(1 / 1260, square)), square)), one)
  const known: Floats = take(constant(tails, k.dtype), convert(floor(within), "i32"))
  return select(le(k, 9), known, series)
}

/** Hörmann's transformed rejection ("The generation of binomial random variates", 1993), for ten successes or more. */
const byRejection = (op: string, first: Key, n: Floats, q: Floats): Floats => {
  const deviation = sqrt(mul(mul(n, q), sub(1, q)))
  const b = add(1.15, mul(2.53, deviation))
  const a = add(add(-0.0873, mul(0.0248, b)), mul(0.01, q))
  const middle = add(mul(n, q), 0.5)
  const most = sub(0.92, div(4.2, b))
  const odds = div(q, sub(1, q))
  const alpha = mul(add(2.83, div(5.1, b)), deviation)
  const m = floor(mul(add(n, 1), q))
  const [, drawn] = whileLoop(
    ([i, , accepted]) => and(any(not(accepted)), lt(i, mostRounds(n))),
    ([i, before, accepted, key]) => {
      const [next, forU, forV] = split(key, 3)
      const u = sub(uniformLike(op, forU, n), 0.5)
      const v = uniformLike(op, forV, n)
      const inner = sub(0.5, abs(u))
      const k = floor(add(mul(add(div(mul(2, a), inner), b), u), middle))
      const outside = or(lt(k, 0), gt(k, n))
      const height = log(div(mul(v, alpha), add(div(a, mul(inner, inner)), b)))
      const rest = sub(n, m)
      const bound = sub(
        sub(
          add(
            add(
              add(
                add(
                  mul(add(m, 0.5), log(div(add(m, 1), mul(odds, add(rest, 1))))),
                  mul(add(n, 1), log(div(add(rest, 1), add(sub(n, k), 1))))
                ),
                mul(add(k, 0.5), log(div(mul(odds, add(sub(n, k), 1)), add(k, 1))))
              ),
              stirlingTail(m)
            ),
            stirlingTail(rest)
          ),
          stirlingTail(k)
        ),
        stirlingTail(sub(n, k))
      )
      const sure = and(ge(inner, 0.07), le(v, most))
      const accept = or(sure, and(not(outside), le(height, bound)))
      return [add(i, 1), select(accept, k, before), or(accepted, accept), next] as const
    },
    [
      start(),
      like(n, -1),
      tensorOf<"bool", Shape>(filled({ dtype: "bool", shape: n.shape }, false)),
      first
    ] as const
  )
  return drawn
}

/** Numbers of successes in n trials of chance p, both of one dtype and shape. */
export const binomialOf = (op: string, key: Key, n: Floats, p: Floats): Floats => {
  const isLess: Flags = lt(p, 0.5)
  const chance = select(isLess, p, sub(1, p))
  const noChance = or(isNan(chance), lt(chance, 0))
  const noCount = or(isNan(n), lt(n, 0))
  const q = select(noChance, 0.01, chance)
  const endless = isInf(n)
  const whole = floor(n)
  // Rejection does not end for endless trials without success; what it gives for these is not used.
  const few = or(or(noCount, le(mul(n, q), 10)), isNan(mul(n, q)))
  const drawn = select(
    few,
    byInversion(op, key, select(and(few, not(endless)), whole, like(n, 0)), q),
    byRejection(op, key, select(few, like(n, 1e4), whole), select(few, like(q, 0.5), q))
  )
  const none = or(noChance, noCount)
  const found = select(none, Number.NaN, select(endless, Number.POSITIVE_INFINITY, drawn))
  return select(or(or(isLess, none), endless), found, sub(whole, found))
}

/** What `OfTwo` says, and that of the two the second alone may be an array. */
interface Binomial extends OfTwo {
  <D extends FloatDType, S extends Shape>(key: Key, n: number, p: Tensor<D, S>): Tensor<D, S>
}

/**
 * Draws how many of `n` trials succeed, each with probability `p`: numbers, or floats that broadcast to the shape. Without
 * a shape it is theirs. The result is a float: NaN for what is no count or no probability, Infinity for endless trials.
 * It does not depend smoothly on them, so derivatives are zero. Fails with a `ShapeError` for what is no key or no shape,
 * and a `DTypeError` where dtypes differ or are no floats.
 *
 * @example random.binomial(random.key(0), 10, 1, [3]) // f32[3]: [10, 10, 10]
 */
export const binomial: Binomial = named(
  "random.binomial",
  (key: Key, n: number | Tensor, p: number | Tensor, given?: Shape, of?: FloatDType) => {
    const op = "random.binomial"
    const { values } = parameters(op, [n, p], given, of)
    const [trials, chance] = values.map((each: Value) => stopGradient(tensorOf<"f32", Shape>(each)))
    return binomialOf(op, key, trials!, chance!) as never
  }
)
