/** Default dtypes and lengths inside literals of records and lists. This file compiles, or the type check fails. */
import { expectTypeOf } from "vitest"
import type { Tensor } from "../../pjrt/loopcarry.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const { add, arange, cond, eye, f32, jit, linspace, lt, mul, oneHot, ones, random, scalar, scan, zeros } = lc

const k = random.key(0)
const ids = zeros([5], "i32")
type M = Tensor<"f32", readonly [4, 3]>

const made = {
  normal: random.normal(k, [4, 3]),
  uniform: random.uniform(k, [4, 3], { max: 2 }),
  bits: random.bits(k, [4, 3]),
  randint: random.randint(k, [4, 3], 0, 9),
  bernoulli: random.bernoulli(k, 0.5, [4, 3]),
  permutation: random.permutation(k, 4),
  categorical: random.categorical(k, zeros([4, 3], "f32")),
  exponential: random.exponential(k, [4, 3]),
  gamma: random.gamma(k, 2, [4, 3]),
  ofRates: random.gamma(k, zeros([4, 3], "f64")),
  beta: random.beta(k, 2, zeros([3], "f32"), [4, 3]),
  truncated: random.truncatedNormal(k, -1, 1, [4, 3]),
  poisson: random.poisson(k, zeros([4, 3], "f32")),
  rademacher: random.rademacher(k, [4, 3]),
  choice: random.choice(k, 9, [4, 3]),
  chosen: random.choice(k, zeros([4, 3], "f32"), [7]),
  vectors: random.multivariateNormal(k, zeros([3], "f32"), eye(3, "f32"), [4]),
  dirichlet: random.dirichlet(k, zeros([3], "f32"), [4]),
  keys: random.split(k, 4),
  linspace: linspace(0, 1, 4),
  oneHot: oneHot(ids, 3),
  arange: arange(4),
  down: arange(4, 0, -1),
  zeros: zeros([4, 3], "f32"),
  ones: ones([4, 3], "i8"),
  eye: eye(4, "f32"),
  constant: lc.constant([1, 2], "f32"),
  stack: lc.stack([ids, ids]),
  take: lc.take(zeros([4, 3], "f32"), 1),
  sum: lc.sum(zeros([4, 3], "f32")),
  squeeze: lc.squeeze(zeros([1, 3], "f32")),
  concatenate: lc.concatenate([ids, ids])
}
const [carry] = scan({ ...made, list: [random.normal(k, [4, 3]), arange(2)] }, null, (c) => [c, null], {
  length: 2
})
expectTypeOf(carry.normal).toEqualTypeOf<M>()
for (const each of [
  carry.exponential,
  carry.gamma,
  carry.beta,
  carry.truncated,
  carry.vectors,
  carry.dirichlet
])
  expectTypeOf(each).toEqualTypeOf<M>()
expectTypeOf(carry.ofRates).toEqualTypeOf<Tensor<"f64", readonly [4, 3]>>()
for (const each of [carry.poisson, carry.rademacher, carry.choice])
  expectTypeOf(each).toEqualTypeOf<Tensor<"i32", readonly [4, 3]>>()
expectTypeOf(carry.chosen).toEqualTypeOf<Tensor<"f32", readonly [7, 3]>>()
expectTypeOf(carry.list[0]).toEqualTypeOf<M>()
expectTypeOf(carry.list[1]).toEqualTypeOf<Tensor<"i32", readonly [2]>>()

/** Each in the literal that is the carry itself, where the carry's type is what TypeScript infers from. */
const [inside] = scan(
  {
    normal: random.normal(k, [4, 3]),
    half: random.normal(k, [4, 3], "f16"),
    uniform: random.uniform(k, [4, 3], { max: 2 }),
    bits: random.bits(k, [4, 3]),
    randint: random.randint(k, [4, 3], 0, 9),
    categorical: random.categorical(k, zeros([4, 3], "f32")),
    exponential: random.exponential(k, [4, 3]),
    gamma: random.gamma(k, 2, [4, 3]),
    poisson: random.poisson(k, 2, [4, 3]),
    linspace: linspace(0, 1, 4),
    oneHot: oneHot(ids, 3),
    arange: arange(4),
    down: arange(4, 0, -1),
    zeros: zeros([4, 3], "f32"),
    ones: ones([4, 3], "i8"),
    eye: eye(4, "f32"),
    list: [linspace(0, 1, 3), { deep: random.normal(k, [2]) }],
    sum: lc.sum(zeros([4, 3], "f32")),
    kept: lc.sum(zeros([4, 3], "f32"), 0, { keepDims: true }),
    take: lc.take(zeros([4, 3], "f32"), 1),
    stack: lc.stack([ids, ids]),
    squeeze: lc.squeeze(zeros([1, 3], "f32")),
    pooled: lc.reduceWindow(zeros([4, 4], "f32"), "max", { window: [2, 2], strides: 2 }),
    convolved: lc.conv(zeros([1, 1, 4], "f32"), zeros([2, 1, 2], "f32")),
    sliced: lc.slice(zeros([4, 3], "f32"), [0, 0], [2, 2])
  },
  arange(3),
  (c) => [c, null]
)
expectTypeOf(inside.normal).toEqualTypeOf<M>()
expectTypeOf(inside.half).toEqualTypeOf<Tensor<"f16", readonly [4, 3]>>()
expectTypeOf(inside.uniform).toEqualTypeOf<M>()
expectTypeOf(inside.bits).toEqualTypeOf<Tensor<"u32", readonly [4, 3]>>()
expectTypeOf(inside.randint).toEqualTypeOf<Tensor<"i32", readonly [4, 3]>>()
expectTypeOf(inside.categorical).toEqualTypeOf<Tensor<"i32", readonly [4]>>()
expectTypeOf(inside.exponential).toEqualTypeOf<M>()
expectTypeOf(inside.gamma).toEqualTypeOf<M>()
expectTypeOf(inside.poisson).toEqualTypeOf<Tensor<"i32", readonly [4, 3]>>()
expectTypeOf(inside.linspace).toEqualTypeOf<Tensor<"f32", readonly [4]>>()
expectTypeOf(inside.oneHot).toEqualTypeOf<Tensor<"f32", readonly [5, 3]>>()
expectTypeOf(inside.arange).toEqualTypeOf<Tensor<"i32", readonly [4]>>()
expectTypeOf(inside.down).toEqualTypeOf<Tensor<"i32", readonly [4]>>()
expectTypeOf(inside.zeros).toEqualTypeOf<M>()
expectTypeOf(inside.ones).toEqualTypeOf<Tensor<"i8", readonly [4, 3]>>()
expectTypeOf(inside.eye).toEqualTypeOf<Tensor<"f32", readonly [4, 4]>>()
expectTypeOf(inside.list[0]).toEqualTypeOf<Tensor<"f32", readonly [3]>>()
expectTypeOf(inside.list[1].deep).toEqualTypeOf<Tensor<"f32", readonly [2]>>()
expectTypeOf(inside.sum).toEqualTypeOf<Tensor<"f32", readonly []>>()
expectTypeOf(inside.kept).toEqualTypeOf<Tensor<"f32", readonly [1, 3]>>()
expectTypeOf(inside.take).toEqualTypeOf<Tensor<"f32", readonly [3]>>()
expectTypeOf(inside.stack).toEqualTypeOf<Tensor<"i32", readonly [2, 5]>>()
expectTypeOf(inside.squeeze).toEqualTypeOf<Tensor<"f32", readonly [3]>>()
expectTypeOf(inside.pooled).toEqualTypeOf<Tensor<"f32", readonly [2, 2]>>()
expectTypeOf(inside.convolved).toEqualTypeOf<Tensor<"f32", readonly [1, 2, 3]>>()
expectTypeOf(inside.sliced).toEqualTypeOf<Tensor<"f32", readonly [2, 2]>>()

/** Branches, carries and results of arithmetic in literals. */
const v = zeros([4], "f32")
const i = scalar(0, "i32")
expectTypeOf(
  cond(
    scalar(true, "bool"),
    () => ({ w: random.normal(k, [4]), n: i }),
    () => ({ w: v, n: add(i, 1) })
  )
).toEqualTypeOf<{ readonly w: Tensor<"f32", readonly [4]>; readonly n: Tensor<"i32", readonly []> }>()
expectTypeOf(lc.switchCase(i, [() => v, () => add(v, 1), () => mul(v, v)])).toEqualTypeOf<
  Tensor<"f32", readonly [4]>
>()
expectTypeOf(lc.switchCase(i, [() => add(v, 1), () => mul(v, 2), () => lc.neg(v)])).toEqualTypeOf<
  Tensor<"f32", readonly [4]>
>()
const [bounds] = scan(
  { least: scalar(9, "f32"), most: scalar(0, "f32"), kept: v },
  linspace(0, 1, 5),
  (c, x) => [
    {
      least: lc.minimum(c.least, x),
      most: lc.maximum(x, c.most),
      kept: lc.select(lt(c.kept, x), c.kept, lc.clamp(0, c.kept, 1))
    },
    lc.select(lt(x, 0), x, 0)
  ]
)
expectTypeOf(bounds.least).toEqualTypeOf<Tensor<"f32", readonly []>>()
expectTypeOf(bounds.kept).toEqualTypeOf<Tensor<"f32", readonly [4]>>()
const [windowed] = scan(zeros([1, 1, 4, 4], "f32"), arange(3), (c) => [
  lc.reduceWindow(c, "max", { window: [1, 1, 3, 3], strides: 1, padding: "same" }),
  lc.conv(c, ones([2, 1, 2, 2], "f32"), { strides: 2 })
])
expectTypeOf(windowed).toEqualTypeOf<Tensor<"f32", readonly [1, 1, 4, 4]>>()

export const layers = jit([f32(3)], (x) => {
  const params = [
    { w: random.normal(k, [3, 8]), b: zeros([8], "f32") },
    { w: random.normal(k, [8, 2]), b: zeros([2], "f32") }
  ] as const
  const hidden = lc.tanh(add(lc.matmul(x, params[0].w), params[0].b))
  return { y: add(lc.matmul(hidden, params[1].w), params[1].b), params }
})
