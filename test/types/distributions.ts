/** The types of special functions and distributions. This file compiles, or the type check fails. */
import { expectTypeOf } from "vitest"
import { betainc, gammainc, multigammaln, ndtr, xlogy } from "../../dsl/special/index.ts"
import * as stats from "../../dsl/stats/index.ts"
import type { F32, Tensor } from "../../pjrt/loopcarry.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const v = lc.zeros([3], "f32")
const m = lc.zeros([2, 1], "f32")
const d = lc.zeros([3], "f64")
type M = Tensor<"f32", readonly [2, 3]>

expectTypeOf(ndtr(v)).toEqualTypeOf<F32<readonly [3]>>()
expectTypeOf(xlogy(m, v)).toEqualTypeOf<M>()
expectTypeOf(gammainc(2, v)).toEqualTypeOf<F32<readonly [3]>>()
expectTypeOf(betainc(m, 2, v)).toEqualTypeOf<M>()
expectTypeOf(multigammaln(d, 2)).toEqualTypeOf<Tensor<"f64", readonly [3]>>()
expectTypeOf(stats.norm.logpdf(v)).toEqualTypeOf<F32<readonly [3]>>()
expectTypeOf(stats.norm.logpdf(v, 1, m)).toEqualTypeOf<M>()
expectTypeOf(stats.norm.cdf(0, v)).toEqualTypeOf<F32<readonly [3]>>()
expectTypeOf(stats.dirichlet.logpdf(m, lc.ones([2], "f32"))).toEqualTypeOf<F32<readonly [1]>>()
expectTypeOf(stats.multivariateNormal.logpdf(m, v, lc.eye(3, "f32"))).toEqualTypeOf<F32<readonly [2]>>()

const key = lc.random.key(0)
expectTypeOf(lc.random.maxwell(key, [2, 3], "f64")).toEqualTypeOf<Tensor<"f64", readonly [2, 3]>>()
expectTypeOf(lc.random.wald(key, v)).toEqualTypeOf<F32<readonly [3]>>()
expectTypeOf(lc.random.f(key, 2, 5, [4])).toEqualTypeOf<F32<readonly [4]>>()
expectTypeOf(lc.random.triangular(key, v, 1, 2, [2, 3])).toEqualTypeOf<M>()
expectTypeOf(lc.random.ball(key, 3)).toEqualTypeOf<F32<readonly [3]>>()
expectTypeOf(lc.random.ball(key, 3, 2, [5], "bf16")).toEqualTypeOf<Tensor<"bf16", readonly [5, 3]>>()
expectTypeOf(lc.random.categorical(key, m)).toEqualTypeOf<Tensor<"i32", readonly [2]>>()
expectTypeOf(lc.random.categorical(key, m, 0)).toEqualTypeOf<Tensor<"i32", readonly [1]>>()
expectTypeOf(lc.random.categorical(key, m, { axis: 0 })).toEqualTypeOf<Tensor<"i32", readonly [1]>>()
expectTypeOf(lc.random.categorical(key, m, { shape: [5, 2] })).toEqualTypeOf<Tensor<"i32", readonly [5, 2]>>()

// @ts-expect-error dtypes differ
stats.norm.logpdf(v, d)
// @ts-expect-error shapes do not broadcast
stats.norm.logpdf(v, 0, lc.ones([2], "f32"))
// @ts-expect-error there is no third parameter
stats.norm.logpdf(v, 0, 1, 2)
// @ts-expect-error the parameter is missing
stats.gamma.logpdf(v)
// @ts-expect-error no floats
ndtr(lc.zeros([3], "i32"))

// biome-ignore lint/suspicious/noExplicitAny: what is any stays so
declare const unknown: any
stats.norm.logpdf(unknown, unknown)
stats.norm.logpdf(v, unknown)
stats.gamma.pdf(unknown, 2)

/** Code that is generic in a dimension type-checks. */
export const loss = <N extends number>(
  x: F32<readonly [N]>,
  loc: F32<readonly [N]>,
  scale: F32<readonly []>
) => lc.sum(stats.norm.logpdf(x, loc, scale))
export const parts = <N extends number>(x: F32<readonly [N]>) =>
  lc.add(stats.gamma.logpdf(x, 2), stats.norm.logpdf(x), xlogy(x, 2))
const checked: F32<readonly []> = loss(v, v, lc.scalar(1, "f32"))
export const result = [checked, parts(v)]

const [carry] = lc.scan(
  { x: stats.norm.logpdf(v, 0, 1), k: lc.random.split(lc.random.key(0), 3) },
  null,
  (c) => [c, null],
  {
    length: 2
  }
)
expectTypeOf(carry.x).toEqualTypeOf<F32<readonly [3]>>()
