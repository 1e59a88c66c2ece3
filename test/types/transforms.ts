/** What the editor must know of operations, control flow and transforms. This file compiles, or the type check fails. */
import { expectTypeOf } from "vitest"
import type { Tensor } from "../../pjrt/loopcarry.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const { add, arange, cond, mul, scalar, scan, sum, zeros } = lc
type S = Tensor<"f32", readonly []>

const a = zeros([3, 4], "f32")
const v = zeros([4], "f32")
const s = scalar(1, "f32")
const ids = zeros([5], "i32")
const z = lc.complex(v, 0)

expectTypeOf(z).toEqualTypeOf<Tensor<"c64", readonly [4]>>()
expectTypeOf(lc.abs(z)).toEqualTypeOf<Tensor<"f32", readonly [4]>>()
expectTypeOf(lc.argmax(a, 1)).toEqualTypeOf<Tensor<"i32", readonly [3]>>()
expectTypeOf(lc.variance(a, 0)).toEqualTypeOf<Tensor<"f32", readonly [4]>>()
expectTypeOf(lc.logsumexp(a, 1, { keepDims: true })).toEqualTypeOf<Tensor<"f32", readonly [3, 1]>>()
expectTypeOf(lc.softmax(a)).toEqualTypeOf<Tensor<"f32", readonly [3, 4]>>()
expectTypeOf(lc.cumsum(a, 1)).toEqualTypeOf<Tensor<"f32", readonly [3, 4]>>()
expectTypeOf(lc.matmul(zeros([7, 1, 2, 3], "f32"), zeros([5, 3, 4], "f32"))).toEqualTypeOf<
  Tensor<"f32", readonly [7, 5, 2, 4]>
>()
expectTypeOf(lc.einsum("bij,bjk->bik", zeros([2, 3, 4], "f32"), zeros([2, 4, 5], "f32"))).toEqualTypeOf<
  Tensor<"f32", readonly [2, 3, 5]>
>()
expectTypeOf(lc.einsum("ij->", a)).toEqualTypeOf<Tensor<"f32", readonly []>>()
expectTypeOf(lc.take(a, ids)).toEqualTypeOf<Tensor<"f32", readonly [5, 4]>>()
expectTypeOf(lc.take(a, 2)).toEqualTypeOf<Tensor<"f32", readonly [4]>>()
expectTypeOf(lc.takeAlong(a, zeros([3, 2], "i32"))).toEqualTypeOf<Tensor<"f32", readonly [3, 2]>>()
expectTypeOf(lc.at(a, 1).set(0)).toEqualTypeOf<Tensor<"f32", readonly [3, 4]>>()
expectTypeOf(lc.dynamicSlice(a, [0, 1], [2, 2])).toEqualTypeOf<Tensor<"f32", readonly [2, 2]>>()
expectTypeOf(lc.oneHot(ids, 10)).toEqualTypeOf<Tensor<"f32", readonly [5, 10]>>()
expectTypeOf(lc.stack([v, v, v])).toEqualTypeOf<Tensor<"f32", readonly [3, 4]>>()
expectTypeOf(lc.expandDims(v, 0)).toEqualTypeOf<Tensor<"f32", readonly [1, 4]>>()
expectTypeOf(lc.squeeze(zeros([3, 1], "f32"), 1)).toEqualTypeOf<Tensor<"f32", readonly [3]>>()
expectTypeOf(lc.topK(a, 2)[1]).toEqualTypeOf<Tensor<"i32", readonly [3, 2]>>()
expectTypeOf(lc.eye(3, "f64")).toEqualTypeOf<Tensor<"f64", readonly [3, 3]>>()
expectTypeOf(lc.linspace(0, 1, 11)).toEqualTypeOf<Tensor<"f32", readonly [11]>>()

expectTypeOf(
  cond(
    scalar(true, "bool"),
    () => v,
    () => add(v, 1)
  )
).toEqualTypeOf<Tensor<"f32", readonly [4]>>()
expectTypeOf(
  lc.whileLoop(
    (c) => lc.lt(c.n, 3),
    (c) => ({ n: add(c.n, 1), v: c.v }),
    { n: scalar(0, "i32"), v }
  )
).toEqualTypeOf<{
  readonly n: Tensor<"i32", readonly []>
  readonly v: Tensor<"f32", readonly [4]>
}>()
expectTypeOf(lc.fori(0, 3, (_, c) => mul(c, 2), v)).toEqualTypeOf<Tensor<"f32", readonly [4]>>()
expectTypeOf(lc.map((row) => sum(row), a)).toEqualTypeOf<Tensor<"f32", readonly [3]>>()
expectTypeOf(lc.associativeScan((x, y) => add(x, y), a)).toEqualTypeOf<Tensor<"f32", readonly [3, 4]>>()

interface Layer {
  readonly w: Tensor<"f32", readonly [4, 4]>
  readonly b: Tensor<"f32", readonly [4]>
}
const loss = (
  layer: { readonly [K in keyof Layer]: Layer[K] },
  x: Tensor<"f32", readonly [4]>,
  step: Tensor<"i32", readonly []>
) => sum(add(lc.matmul(x, layer.w), layer.b, lc.convert(step, "f32")))
const layer = { w: zeros([4, 4], "f32"), b: v }
const step = scalar(0, "i32")

const gradient = lc.grad(loss)(layer, v, step)
expectTypeOf(gradient.w).toEqualTypeOf<Tensor<"f32", readonly [4, 4]>>()
expectTypeOf(lc.grad(loss, { argnums: [1, 0] })(layer, v, step)[0]).toEqualTypeOf<
  Tensor<"f32", readonly [4]>
>()
expectTypeOf(lc.valueAndGrad(loss, { argnums: 1 })(layer, v, step)).toEqualTypeOf<
  [S, Tensor<"f32", readonly [4]>]
>()
const [withAux, aux] = lc.grad((x: S) => [mul(x, x), { seen: ids }], { hasAux: true })(s)
expectTypeOf(withAux).toEqualTypeOf<S>()
expectTypeOf(aux.seen).toEqualTypeOf<Tensor<"i32", readonly [5]>>()

const [y, dy] = lc.jvp((x: Tensor<"f32", readonly [4]>) => ({ x, ids }), [v], [v])
expectTypeOf(y.x).toEqualTypeOf<Tensor<"f32", readonly [4]>>()
expectTypeOf(dy.x).toEqualTypeOf<Tensor<"f32", readonly [4]>>()
expectTypeOf(dy.ids).toEqualTypeOf<null>()
const [, pull] = lc.vjp(loss, layer, v, step)
expectTypeOf(pull(s)[0].b).toEqualTypeOf<Tensor<"f32", readonly [4]>>()
expectTypeOf(pull(s)[2]).toEqualTypeOf<null>()

const double = (x: Tensor<"f32", readonly [4]>) => ({ twice: mul(x, 2), total: sum(x) })
expectTypeOf(lc.jacrev(double)(v).twice).toEqualTypeOf<Tensor<"f32", readonly [4, 4]>>()
expectTypeOf(lc.jacfwd(double)(v).total).toEqualTypeOf<Tensor<"f32", readonly [4]>>()
expectTypeOf(lc.hessian((x: Tensor<"f32", readonly [4]>) => sum(mul(x, x)))(v)).toEqualTypeOf<
  Tensor<"f32", readonly [4, 4]>
>()

const batched = lc.vmap(double)(zeros([9, 4], "f32"))
expectTypeOf(batched.twice).toEqualTypeOf<Tensor<"f32", readonly [9, 4]>>()
expectTypeOf(batched.total).toEqualTypeOf<Tensor<"f32", readonly [9]>>()
const shared = lc.vmap((x: Tensor<"f32", readonly [4]>, w: S) => mul(x, w), { in: [0, null] })
expectTypeOf(shared(zeros([9, 4], "f32"), s)).toEqualTypeOf<Tensor<"f32", readonly [9, 4]>>()
expectTypeOf(lc.vmap(double, { out: 1 })(zeros([9, 4], "f32")).twice).toEqualTypeOf<
  Tensor<"f32", readonly [4, 9]>
>()

const { random } = lc
const [key, next] = random.split(random.key(0))
expectTypeOf(random.uniform(key, [3, 4])).toEqualTypeOf<Tensor<"f32", readonly [3, 4]>>()
expectTypeOf(random.normal(next, [2], "f64")).toEqualTypeOf<Tensor<"f64", readonly [2]>>()
expectTypeOf(random.categorical(key, a)).toEqualTypeOf<Tensor<"i32", readonly [3]>>()
const keys = random.split(key, 3)
expectTypeOf(keys).toExtend<Tensor<"u32", readonly [3, 2]>>()
const [ka, kb, kc] = keys
for (const each of [ka, kb, kc]) expectTypeOf(each).toEqualTypeOf<lc.random.Key>()

/** Code generic in a dimension type-checks. */
export const step1 = <H extends number>(
  w: Tensor<"f32", readonly [H]>,
  xs: Tensor<"f32", readonly [9, H]>
) => {
  const squared = (u: Tensor<"f32", readonly [H]>) =>
    sum(lc.square(scan(u, xs, (c, x) => [add(c, x), null])[0]))
  const slope = lc.grad(squared)(w)
  return lc.sub(w, mul(slope, 0.1))
}
expectTypeOf(step1(v, zeros([9, 4], "f32"))).toEqualTypeOf<Tensor<"f32", readonly [4]>>()
expectTypeOf(arange(3)).toEqualTypeOf<Tensor<"i32", readonly [3]>>()
