import { whileLoop } from "../control/while-loop.ts"
import {
  abs,
  add,
  and,
  div,
  eq,
  exp,
  ge,
  gt,
  lgamma,
  log,
  log1p,
  lt,
  mul,
  ne,
  neg,
  or,
  sub
} from "../ops/elementwise.ts"
import { epsilonOf, type Flags, type Floats, like } from "../ops/incomplete-gamma.ts"
import { select } from "../ops/structure.ts"
import { any } from "../ops/sums.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, valueOf } from "../tensor.ts"
import { jvp } from "../transform/jvp.ts"
import { convert, filled } from "../values.ts"
import { type Broadcasting, type FloatOperand, ofFloats, withSlopes } from "./floats.ts"

type Count = Tensor<"i32", readonly []>

/** The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method. */
const fraction = (a: Floats, b: Floats, x: Floats): Floats => {
  const small = epsilonOf(x) / 2
  const most = x.dtype === ("f64" as string) ? 600 : 200
  /** The numerator of step n, from 2 on: m of each kind, even ones first. */
  const numerator = (count: Count): Floats => {
    const m = tensorOf<"f32", readonly []>(convert(valueOf(div(sub(count, 1), 2)), x.dtype))
    const twice = add(a, mul(m, 2))
    // Where m is 0 and a is small, the general form would divide by what underflows.
    const general = div(mul(mul(neg(add(a, m)), add(a, b, m)), x), mul(twice, add(twice, 1)))
    const first = div(mul(neg(add(a, b)), x), add(a, 1))
    const even = select(eq(m, 0), first, general)
    const odd = div(mul(mul(m, sub(b, m)), x), mul(sub(twice, 1), twice))
    return select(eq(rem2(count), 0), even, odd)
  }
  const apart = (value: Floats): Floats => select(lt(abs(value), small), small, value)
  const start = like(x, small)
  const [, , , , result] = whileLoop(
    ([count, goes]) => and(lt(count, most), any(goes)),
    ([count, , c, d, h]): readonly [Count, Flags, Floats, Floats, Floats] => {
      const top = select(eq(count, 1), like(x, 1), numerator(count))
      const next = apart(add(1, div(top, c)))
      const under = div(1, apart(add(1, mul(top, d))))
      const delta = mul(next, under)
      return [add(count, 1), ge(abs(sub(delta, 1)), small), next, under, mul(h, delta)]
    },
    [
      tensorOf<"i32", readonly []>(filled({ dtype: "i32", shape: [] }, 1)),
      tensorOf<"bool", Shape>(filled({ dtype: "bool", shape: x.shape }, true)),
      start,
      like(x, 0),
      start
    ] as const
  )
  return result
}

const rem2 = (count: Count): Count => sub(count, mul(div(count, 2), 2))

const incompleteBeta = (a: Floats, b: Floats, x: Floats): Floats => {
  const infinity = Number.POSITIVE_INFINITY
  const aIsZero = or(eq(a, 0), eq(b, infinity))
  const bIsZero = or(eq(b, 0), eq(a, infinity))
  const isZero = or(and(bIsZero, ne(x, 1)), and(aIsZero, eq(x, 0)))
  const isOne = or(and(aIsZero, ne(x, 0)), and(bIsZero, eq(x, 1)))
  const isNotNumber = or(ne(a, a), ne(b, b), ne(x, x))
  const outside = or(lt(a, 0), lt(b, 0), lt(x, 0), gt(x, 1), and(aIsZero, bIsZero), isNotNumber)
  // The fraction converges fast below the mean (DLMF 8.17.23); beyond, the roles change (8.17.4).
  const fast = lt(x, div(add(a, 1), add(a, b, 2)))
  const [p, q] = [select(fast, a, b), select(fast, b, a)]
  const y = select(fast, x, sub(1, x))
  const tiny = x.dtype === ("f64" as string) ? 2 ** -1021 : 2 ** -125
  const rest = sub(lgamma(q), lgamma(add(p, q)))
  const powers = mul(log1p(neg(y)), q)
  const factor = select(
    lt(p, tiny),
    exp(sub(powers, rest)),
    div(exp(sub(add(mul(log(y), p), powers), add(lgamma(p), rest))), p)
  )
  const share = mul(fraction(p, q, y), factor)
  const result = select(fast, share, sub(1, share))
  return select(outside, Number.NaN, select(isOne, 1, select(isZero, 0, result)))
}

/** By forward mode of the computation itself, which JAX does not have. */
const slopeBy =
  (position: 0 | 1) =>
  (_: Floats, ...operands: readonly [Floats, Floats, Floats]): Floats => {
    const of = (p: Floats) => incompleteBeta(...(operands.with(position, p) as [Floats, Floats, Floats]))
    const p = operands[position]
    return jvp(of, [p], [like(p, 1)])[1] as Floats
  }

export const betaShare: (a: Floats, b: Floats, x: Floats) => Floats = withSlopes(
  incompleteBeta,
  slopeBy(0),
  slopeBy(1),
  (_, a, b, x) => {
    const scale = sub(add(lgamma(a), lgamma(b)), lgamma(add(a, b)))
    return exp(sub(add(mul(sub(b, 1), log1p(neg(x))), mul(sub(a, 1), log(x))), scale))
  }
)

/**
 * Gives the regularized incomplete beta function of a, b and x, from 0 at x = 0 to 1 at x = 1. NaN for negative a and b,
 * and for x outside [0, 1]. Takes f16, bf16, f32 and f64. Operands have one dtype and broadcast as NumPy's do; a plain
 * number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example betainc(2, 1, constant([0, 0.5], "f32")) // [0, 0.25]
 */
export const betainc: Broadcasting<"betainc", readonly [b: FloatOperand, x: FloatOperand]> = ofFloats(
  "betainc",
  3,
  betaShare
)
