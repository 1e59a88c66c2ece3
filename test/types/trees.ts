/** What the editor must know of trees. This file compiles, or the type check fails. */
import * as Effect from "effect/Effect"
import { expectTypeOf } from "vitest"
import type { DeviceArray, Tensor, Tree, TreeOf } from "../../pjrt/loopcarry.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const { add, convert, div, f32, i32, jit, matmul, mean, mul, neg, scan, sqrt, square, sub, sum, tree } = lc
type F32<S extends ReadonlyArray<number>> = Tensor<"f32", S>
type Plain<T> = { readonly [K in keyof T]: T[K] }

interface Params {
  readonly w: F32<readonly [3, 4]>
  readonly layers: readonly [F32<readonly [4]>, { readonly b: F32<readonly []> }]
  readonly unused: null
}
interface Mixed {
  readonly w: F32<readonly [3]>
  readonly n: Tensor<"i32", readonly [2]>
}
declare const params: Params
declare const slopes: Params
declare const mixed: Mixed
declare const rate: F32<readonly []>

/** Functions that keep shapes, whole or written out, of one tree or several, keep the type of each leaf. */
expectTypeOf(tree.map(neg, params)).toEqualTypeOf<Plain<Params>>()
expectTypeOf(tree.map(add, params, slopes)).toEqualTypeOf<Plain<Params>>()
expectTypeOf(tree.map((p) => mul(p, 2), params)).toEqualTypeOf<Plain<Params>>()
expectTypeOf(tree.map((p, g) => sub(p, mul(g, 0.1)), params, slopes)).toEqualTypeOf<Plain<Params>>()
expectTypeOf(tree.map((p, g) => sub(p, mul(rate, g)), params, slopes)).toEqualTypeOf<Plain<Params>>()
expectTypeOf(tree.map((p, g) => sub(p, mul(g, rate)), params, slopes)).toEqualTypeOf<Plain<Params>>()
expectTypeOf(tree.map((p, m, v) => sub(p, div(m, add(sqrt(v), 1e-8))), params, slopes, slopes)).toEqualTypeOf<
  Plain<Params>
>()
expectTypeOf(tree.map((x) => mul(x, 2), mixed)).toEqualTypeOf<Plain<Mixed>>()
expectTypeOf(tree.mapWithPath((path, p) => (path === "w" ? p : mul(p, 0.9)), params)).toEqualTypeOf<
  Plain<Params>
>()
const descend = <S extends lc.Shape>(p: F32<S>, g: F32<S>) => sub(p, mul(g, 0.1))
expectTypeOf(tree.map(descend, params, slopes)).toEqualTypeOf<Plain<Params>>()

/** Others give what they say. */
expectTypeOf(tree.map((p) => convert(p, "bf16"), params).layers[0]).toEqualTypeOf<
  Tensor<"bf16", readonly [4]>
>()
expectTypeOf(tree.map((x) => convert(x, "f32"), mixed).n).toEqualTypeOf<F32<readonly [2]>>()
expectTypeOf(tree.map((p) => lc.gt(p, 0), params).w).toEqualTypeOf<Tensor<"bool", readonly [3, 4]>>()
expectTypeOf(tree.map((p) => sum(p, 0), params).w).toEqualTypeOf<F32<lc.Shape>>()
expectTypeOf(tree.map((p) => [mul(p, 2), "kept"], params).w[0]).toEqualTypeOf<F32<readonly [3, 4]>>()
expectTypeOf(tree.map((p) => ({ m: p, n: 0 }), params).layers[1].b.m).toEqualTypeOf<F32<readonly []>>()
expectTypeOf(tree.map(() => 0, params).layers[1]).toEqualTypeOf<{ readonly b: number }>()
expectTypeOf(tree.map((x) => sum(x, 0), { a: lc.zeros([3], "f32"), b: lc.zeros([3], "f32") })).toEqualTypeOf<{
  readonly a: F32<readonly []>
  readonly b: F32<readonly []>
}>()

const { cond, select, where, zeros } = lc
expectTypeOf(tree.map((x, y) => lc.stack([x, y]), mixed, mixed).w).toEqualTypeOf<F32<readonly [2, 3]>>()
expectTypeOf(tree.map((x) => lc.expandDims(x, 0), params).w).toEqualTypeOf<F32<readonly [1, 3, 4]>>()
expectTypeOf(tree.map((x) => sum(x), params).w).toEqualTypeOf<F32<readonly []>>()

/** Operations that keep shapes keep that of each leaf. */
declare const x: F32<lc.tree.EachShape>
declare const yes: Tensor<"bool", readonly []>
export const kept: ReadonlyArray<F32<lc.tree.EachShape>> = [
  ...[add(x, x, x), add(rate, x), sub(rate, x), lc.maximum(x, 0), lc.maximum(rate, x), div(x, sqrt(x))],
  ...[lc.clamp(0, x, 1), lc.clamp(x, x, x), lc.pow(x, 2), lc.pow(rate, x), lc.tanh(x), lc.round(x)],
  ...[select(yes, x, x), where(yes, x, x), select(lc.gt(x, 0), x, x), where(lc.lt(x, 0), 0, x)],
  ...[
    cond(
      yes,
      () => x,
      () => mul(x, 2)
    ),
    lc.stopGradient(x),
    lc.debugPrint("x", x),
    lc.at(x, 0).set(0)
  ],
  ...[
    lc.cumsum(x),
    lc.softmax(x),
    lc.sort(x),
    lc.reverse(x, 0),
    lc.roll(x, 1),
    mul(x, convert(lc.gt(x, 0), "f32"))
  ],
  ...[lc.broadcastTo(rate, x.shape), lc.reshape(x, x.shape), lc.random.normal(lc.random.key(0), x.shape)],
  ...[zeros(x.shape, x.dtype), scan(x, null, (c) => [mul(c, 2), null], { length: 3 })[0]]
]

/** Other leaves beside tensors, tuples, and several trees of other kinds. */
expectTypeOf(tree.map((x) => x * 2, { a: 1, b: [2, 3] })).toEqualTypeOf<{
  readonly a: number
  readonly b: readonly [number, number]
}>()
expectTypeOf(tree.map((p, keep) => (keep ? p : mul(p, 0)), [params.w, null], [true, null])).toEqualTypeOf<
  readonly [F32<readonly [3, 4]>, null]
>()
const scales = { w: rate, layers: [rate, { b: rate }], unused: null } as const
expectTypeOf(tree.map((p, scale) => mul(p, scale), params, scales)).toEqualTypeOf<Plain<Params>>()
declare const arrays: {
  readonly w: DeviceArray<"f32", readonly [2]>
  readonly n: DeviceArray<"i32", readonly []>
}
expectTypeOf(tree.map((x) => x.dtype, arrays).w).toEqualTypeOf<"f32" | "i32">()
const specs = { w: f32(3, 4), b: f32(4), scale: f32() }
expectTypeOf(tree.map((spec) => lc.ones(spec.shape, spec.dtype), specs)).toEqualTypeOf<{
  w: F32<readonly [3, 4]>
  b: F32<readonly [4]>
  scale: F32<readonly []>
}>()
expectTypeOf(tree.map((x) => x, {} as Tree)).toEqualTypeOf<Tree>()

expectTypeOf(tree.zerosLike(params)).toEqualTypeOf<Plain<Params>>()
expectTypeOf(tree.zerosLike(specs)).toEqualTypeOf<Plain<lc.Tensors<typeof specs>>>()
expectTypeOf(tree.zerosLike(arrays).w).toEqualTypeOf<Float32Array>()
expectTypeOf(tree.zerosLike(arrays).n).toEqualTypeOf<number>()
expectTypeOf(tree.zerosLike([1, true, 3n, null])).toEqualTypeOf<readonly [number, boolean, bigint, null]>()
expectTypeOf(tree.zerosLike({ w: new Float64Array(2) }).w).toEqualTypeOf<Float64Array<ArrayBuffer>>()

expectTypeOf(tree.leaves({ a: 1, b: [2, true] })).toEqualTypeOf<ReadonlyArray<number | boolean>>()
expectTypeOf(tree.leaves(params)[0]!.dtype).toEqualTypeOf<"f32">()
expectTypeOf(tree.unflatten(tree.structure(params), tree.leaves(params))).toEqualTypeOf<Params>()
const flat = tree.flatten(params)
expectTypeOf(
  tree.unflatten(
    flat.structure,
    flat.leaves.map((leaf) => mul(leaf, 2))
  )
).toEqualTypeOf<Params>()
expectTypeOf(tree.unflatten(tree.structure([f32(), { n: i32() }]), [1, 2])).toEqualTypeOf<
  readonly [number, { readonly n: number }]
>()
expectTypeOf(
  tree.reduce((total, p) => add(total, sum(square(p))), params, lc.scalar(0, "f32"))
).toEqualTypeOf<F32<readonly []>>()

/** Lists of any length, records of any keys, and keys that may be left out. */
interface Layer {
  readonly w: F32<readonly [4, 4]>
  readonly b?: F32<readonly [4]>
}
interface Net {
  readonly layers: ReadonlyArray<Layer>
  readonly heads: { readonly [name: string]: F32<readonly [4]> }
  readonly extra: F32<readonly [2]> | null
}
declare const net: Net
expectTypeOf(tree.map((p) => mul(p, 2), net)).toEqualTypeOf<Plain<Net>>()
expectTypeOf(tree.map((p, g) => sub(p, mul(g, 0.1)), net, net)).toEqualTypeOf<Plain<Net>>()
expectTypeOf(tree.zerosLike(net)).toEqualTypeOf<Plain<Net>>()
expectTypeOf(tree.map((p) => convert(p, "f64"), net).layers[0]!.w).toEqualTypeOf<
  Tensor<"f64", readonly [4, 4]>
>()
expectTypeOf(tree.leaves(net)[0]!.dtype).toEqualTypeOf<"f32">()
const nets: Net[] = [net]
nets.push(tree.map(neg, net))

/** Inside transforms, and of what they give. */
const rows = { a: lc.zeros([5, 3], "f32"), b: [lc.zeros([5], "f32")] } as const
type Row = { readonly a: F32<readonly [3]>; readonly b: readonly [F32<readonly []>] }
expectTypeOf(lc.vmap((row: Row) => tree.map((x) => mul(x, 2), row).a)(rows)).toEqualTypeOf<
  F32<readonly [5, 3]>
>()
const slope = lc.grad((row: Row) => tree.reduce((all, x) => add(all, sum(x)), row, lc.scalar(0, "f32")))
expectTypeOf(tree.map((p, g) => sub(p, g), rows, tree.zerosLike(rows)).b[0]).toEqualTypeOf<
  F32<readonly [5]>
>()
declare const row: Row
expectTypeOf(tree.map((p, g) => sub(p, g), row, slope(row))).toEqualTypeOf<Row>()
expectTypeOf(tree.map((...both) => lc.stack(both), [row.a, row.b[0]], [row.a, row.b[0]])).toExtend<
  readonly [Tensor<"f32">, Tensor<"f32">]
>()

/** Helpers that are generic in the tree. */
export const sgd = <P extends TreeOf<Tensor<"f32">>>(params: P, slopes: P, rate: F32<readonly []>): P =>
  tree.map((p, g) => sub(p, mul(rate, g)), params, slopes)
export const total = <P extends TreeOf<Tensor<"f32">>>(a: P, b: P): P => tree.map(add, a, b)
export const decayed = <P extends TreeOf<Tensor<"f32">>>(params: P): P =>
  tree.mapWithPath((path, p) => (path.endsWith("b") ? p : mul(p, 0.9)), params)

type Floats = TreeOf<Tensor<"f32">>
export const norm = <P extends Floats>(slopes: P) =>
  sqrt(tree.reduce((all, g) => add(all, sum(square(g))), slopes, lc.scalar(0, "f32")))
export const largest = <P extends Floats>(slopes: P): ReadonlyArray<F32<readonly []>> =>
  tree.leaves(slopes).map((leaf) => lc.max(leaf))
export const initial = <P extends Floats>(model: P): { readonly model: P; readonly m: P } => ({
  model,
  m: tree.zerosLike(model)
})
expectTypeOf(initial({ w: rate, b: [rate] }).m.b[0]).toEqualTypeOf<F32<readonly []> | undefined>()

/** Training states that go round as carries. */
type Model = lc.Tensors<typeof specs>
const loss = (m: Model, x: F32<readonly [3]>) => mean(square(mul(add(matmul(x, m.w), m.b), m.scale)))

export const trainSgd = jit([specs, f32(10, 3)], (model, xs) =>
  scan(model, xs, (m, x) => [sgd(m, lc.grad(loss)(m, x), lc.scalar(0.1, "f32")), loss(m, x)])
)

export const trainMomentum = jit([specs, f32(10, 3)], (model, xs) =>
  scan([model, tree.zerosLike(model)], xs, ([m, speed], x) => {
    const next = tree.map((v, g) => add(mul(v, 0.9), g), speed, lc.grad(loss)(m, x))
    return [[tree.map((p, v) => sub(p, mul(0.1, v)), m, next), next], null]
  })
)

export const trainAdam = jit([specs, f32(10, 3)], (model, xs) => {
  const start = { model, m: tree.zerosLike(specs), v: tree.zerosLike(model), step: lc.scalar(0, "i32") }
  return scan(start, xs, (state, x) => {
    const [value, slope] = lc.valueAndGrad(loss)(state.model, x)
    const step = add(state.step, 1)
    const t = convert(step, "f32")
    const m = tree.map((a, g) => add(mul(a, 0.9), mul(g, 0.1)), state.m, slope)
    const v = tree.map((a, g) => add(mul(0.999, a), mul(0.001, square(g))), state.v, slope)
    const [down, up] = [sub(1, lc.pow(0.9, t)), sub(1, lc.pow(0.999, t))]
    const next = tree.map(
      (p, a, b) => sub(p, mul(0.01, div(div(a, down), add(sqrt(div(b, up)), 1e-8)))),
      state.model,
      m,
      v
    )
    return [{ model: next, m, v, step }, value]
  })
})

/** Global norm clipping, and an average of models kept beside. */
export const clipped = jit([specs], (slopes) => {
  const norm = sqrt(tree.reduce((all, g) => add(all, sum(square(g))), slopes, lc.scalar(0, "f32")))
  return tree.map((g) => div(g, lc.maximum(norm, 1)), slopes)
})
export const averaged = jit([specs, specs], (old, now) =>
  tree.map((a, b) => add(mul(a, 0.99), mul(b, 0.01)), old, now)
)
export const stacked = jit([specs, specs], (a, b) => tree.map((x, y) => lc.stack([x, y]), a, b))
export const chosen = jit([specs, specs, lc.bool()], (a, b, first) =>
  tree.map((x, y) => lc.select(first, x, y), a, b)
)

/** What a training loop holds from call to call has a name. */
const state = { model: specs, step: i32() }
const advance = jit([state], ({ model, step }) => ({
  model: tree.map((p) => mul(p, 0.9), model),
  step: add(step, 1)
}))
export const training = Effect.gen(function* () {
  const first: lc.Inputs<typeof state> = {
    model: { w: new Float32Array(12), b: [1, 2, 3, 4], scale: 1 },
    step: 0
  }
  let now: lc.Arrays<typeof state> = yield* advance(first)
  for (let i = 0; i < 10; i++) now = yield* advance(now)
  const read: lc.HostValues<lc.Arrays<typeof state>> = yield* lc.read(now)
  expectTypeOf(read.model.w).toEqualTypeOf<Float32Array>()
  expectTypeOf(read.step).toEqualTypeOf<number>()
  let host: lc.Inputs<typeof state> = tree.zerosLike(now)
  host = read
  return yield* advance(host)
})
