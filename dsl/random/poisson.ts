import { whileLoop } from "../control/while-loop.ts"
import { type FloatDType, type IntegerDType, integerRange } from "../dtype.ts"
import { named } from "../errors.ts"
import {
  abs,
  add,
  and,
  div,
  eq,
  floor,
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
  sqrt,
  sub
} from "../ops/elementwise.ts"
import { convert, select } from "../ops/structure.ts"
import { any } from "../ops/sums.ts"
import { requireShape } from "../required.ts"
import type { Shape } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value } from "../tensor.ts"
import { convert as convertValue, filled } from "../values.ts"
import { type Counted, requireInteger } from "./discrete.ts"
import { type Key, split } from "./key.ts"
import { parameters } from "./parameters.ts"
import { uniform } from "./uniform.ts"

type F = Tensor<"f32", Shape>
type Count = Tensor<"i32", readonly []>

const like = (x: F, value: number): F => tensorOf(filled(x, value))

/** Knuth's: how many uniform numbers have a product above exp(-rate). */
const byProducts = (start: Key, rate: F, steps: number): F => {
  const least = neg(rate)
  const [, drawn] = whileLoop(
    ([i, , , sum]) => and(any(gt(sum, least)), lt(i, steps)),
    ([i, k, key, sum]) => {
      const [next, now] = split(key)
      const u = uniform(now, rate.shape)
      return [add(i, 1), select(gt(sum, least), add(k, 1), k), next, add(sum, log(u))] as const
    },
    [tensorOf(filled({ dtype: "i32", shape: [] }, 0)) as Count, like(rate, 0), start, like(rate, 0)] as const
  )
  return sub(drawn, 1)
}

/** Hörmann's transformed rejection, for rates from 10 on ("The transformed rejection method", 1993). */
const byRejection = (start: Key, rate: F, steps: number): F => {
  const b = add(0.931, mul(2.53, sqrt(rate)))
  const a = add(-0.059, mul(0.02483, b))
  const inverse = add(1.1239, div(1.1328, sub(b, 3.4)))
  const most = sub(0.9277, div(3.6224, sub(b, 2)))
  const [, drawn] = whileLoop(
    ([i, , accepted]) => and(any(not(accepted)), lt(i, steps)),
    ([i, before, accepted, key]) => {
      const [next, first, second] = split(key, 3)
      const u = sub(uniform(first, rate.shape), 0.5)
      const v = uniform(second, rate.shape)
      const inner = sub(0.5, abs(u))
      const k = floor(add(mul(add(div(mul(2, a), inner), b), u), rate, 0.43))
      const s = log(div(mul(v, inverse), add(div(a, mul(inner, inner)), b)))
      const t = sub(add(neg(rate), mul(k, log(rate))), lgamma(add(k, 1)))
      const sure = and(ge(inner, 0.07), le(v, most))
      const refused = or(lt(k, 0), and(lt(inner, 0.013), gt(v, inner)))
      const accept = or(sure, and(not(refused), le(s, t)))
      return [add(i, 1), select(accept, k, before), or(accepted, accept), next] as const
    },
    [
      tensorOf(filled({ dtype: "i32", shape: [] }, 0)) as Count,
      like(rate, -1),
      tensorOf<"bool", Shape>(filled({ dtype: "bool", shape: rate.shape }, false)),
      start
    ] as const
  )
  return drawn
}

/**
 * Draws how many events happen at a rate: a number, or floats that broadcast to the shape. Without a shape it is theirs.
 * Rates are taken as f32, and the result is an integer (i32). At a rate that is NaN it is -1, as JAX has it. Fails with a
 * `ShapeError` for what is no key or no shape, and a `DTypeError` where the rate is no float, or the dtype no integer.
 *
 * @example random.poisson(random.key(0), 0, [3]) // i32[3]: [0, 0, 0]
 */
export const poisson: Counted = named(
  "random.poisson",
  (key: Key, given: number | Tensor, dims?: Shape, as: IntegerDType = "i32") => {
    const op = "random.poisson"
    requireInteger(op, as)
    const shape = dims === undefined ? undefined : requireShape(op, dims)
    const { values } = parameters(op, [given], shape, isTensor(given) ? (given.dtype as FloatDType) : "f32")
    const rate: F = tensorOf(convertValue(values[0] as Value, "f32"))
    const steps = Number(integerRange(as)[1] < 2n ** 31n ? integerRange(as)[1] : 2n ** 31n - 1n)
    const few = or(ne(rate, rate), lt(rate, 10))
    const counts = [
      byProducts(key, select(few, rate, like(rate, 0)), steps),
      byRejection(key, select(few, like(rate, 1e5), rate), steps)
    ].map((each) => convert(each, as))
    const drawn = select(few, counts[0]!, counts[1]!)
    return select(eq(rate, 0), convert(like(rate, 0), as), drawn) as never
  }
)
