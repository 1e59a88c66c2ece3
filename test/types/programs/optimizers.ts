/** Optimizers as values, written once for trees of any kind. */

import * as Effect from "effect/Effect"
import {
  type Arrays,
  add,
  arange,
  convert,
  div,
  type F32,
  f32,
  grad,
  type I32,
  i32,
  jit,
  matmul,
  maximum,
  mean,
  mul,
  pow,
  scalar,
  scan,
  sign,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensors,
  type TreeOf,
  tree,
  valueAndGrad
} from "loopcarry"

type Floats = TreeOf<Tensor<"f32">>

interface Optimizer<P extends Floats, S> {
  readonly init: (params: P) => S
  readonly update: (slopes: P, state: S, params: P) => readonly [P, S]
}

interface AdamState<P> {
  readonly m: P
  readonly v: P
  readonly count: I32
}

const sgd = <P extends Floats>(rate: number): Optimizer<P, null> => ({
  init: () => null,
  update: (slopes, state, params) => [tree.map((p, g) => sub(p, mul(g, rate)), params, slopes), state]
})

const momentum = <P extends Floats>(rate: number, decay = 0.9): Optimizer<P, P> => ({
  init: (params) => tree.zerosLike(params),
  update: (slopes, speed, params) => {
    const next = tree.map((v, g) => add(mul(v, decay), g), speed, slopes)
    return [tree.map((p, v) => sub(p, mul(v, rate)), params, next), next]
  }
})

const adam = <P extends Floats>(rate: number): Optimizer<P, AdamState<P>> => ({
  init: (params) => ({ m: tree.zerosLike(params), v: tree.zerosLike(params), count: scalar(0, "i32") }),
  update: (slopes, state, params) => {
    const count = add(state.count, 1)
    const t = convert(count, "f32")
    const m = tree.map((a, g) => add(mul(a, 0.9), mul(g, 0.1)), state.m, slopes)
    const v = tree.map((a, g) => add(mul(a, 0.999), mul(square(g), 0.001)), state.v, slopes)
    const scale = div(mul(rate, sqrt(sub(1, pow(0.999, t)))), sub(1, pow(0.9, t)))
    const next = tree.map((p, a, b) => sub(p, div(mul(scale, a), add(sqrt(b), 1e-8))), params, m, v)
    return [next, { m, v, count }]
  }
})

const lion = <P extends Floats>(rate: number): Optimizer<P, P> => ({
  init: (params) => tree.zerosLike(params),
  update: (slopes, m, params) => [
    tree.map((p, a, g) => sub(p, mul(sign(add(mul(a, 0.9), mul(g, 0.1))), rate)), params, m, slopes),
    tree.map((a, g) => add(mul(a, 0.99), mul(g, 0.01)), m, slopes)
  ]
})

const spec = { w: f32(4, 3), b: f32(3) }
type Params = Tensors<typeof spec>
const loss = (p: Params, x: F32<[8, 4]>, y: F32<[8, 3]>) => mean(square(sub(add(matmul(x, p.w), p.b), y)))

/** Training by plain descent, whose state is null. */
export const trainSgd = jit([spec, f32(8, 4), f32(8, 3)], (p, x, y) => {
  const optimizer = sgd<Params>(0.1)
  const [[last], losses] = scan([p, optimizer.init(p)], arange(30), ([p, s]) => {
    const [value, slopes] = valueAndGrad(loss)(p, x, y)
    return [optimizer.update(slopes, s, p), value]
  })
  return { last, losses }
})

/** Training by Adam, its state an interface. */
export const trainAdam = jit([spec, f32(8, 4), f32(8, 3)], (p, x, y) => {
  const optimizer = adam<Params>(0.01)
  const [{ params }, losses] = scan(
    { params: p, state: optimizer.init(p) },
    arange(30),
    ({ params, state }) => {
      const [value, slopes] = valueAndGrad(loss)(params, x, y)
      const [next, after] = optimizer.update(slopes, state, params)
      return [{ params: next, state: after }, value]
    }
  )
  const values: F32<[30]> = losses
  const w: F32<[4, 3]> = params.w
  return { w, values }
})

/** Two optimizers of one interface on one problem. */
export const compared = jit([spec, f32(8, 4), f32(8, 3)], (p, x, y) => {
  const run = (optimizer: Optimizer<Params, Params>): F32 => {
    const [[last]] = scan([p, optimizer.init(p)], arange(30), ([p, s]) => [
      optimizer.update(grad(loss)(p, x, y), s, p),
      null
    ])
    return loss(last, x, y)
  }
  return { momentum: run(momentum(0.1)), lion: run(lion(0.01)) }
})

/** Weight decay on all that are no biases, and norms by name. */
export const decayed = jit([spec], (p) => {
  const names = tree.paths(p)
  const norms = tree.leaves(p).map((leaf) => sqrt(sum(square(leaf))))
  const after: Params = tree.mapWithPath((path, x) => (path === "b" ? x : mul(x, 0.99)), p)
  return { after, norms, count: scalar(names.length, "i32") }
})

/** Slopes that are kept in bounds by their global norm. */
const byGlobalNorm = <P extends Floats>(slopes: P, most: F32): P => {
  const norm = sqrt(tree.leaves(slopes).reduce<F32>((all, g) => add(all, sum(square(g))), scalar(0, "f32")))
  return tree.map((g) => div(g, maximum(div(norm, most), 1)), slopes)
}
export const bounded = jit([spec, [f32(2), f32()], f32()], (p, pair, most) => [
  byGlobalNorm(p, most),
  byGlobalNorm(pair, most)
])

/** An average of parameters that follows them slowly. */
export const averaged = jit([{ fast: spec, slow: spec, count: i32() }], ({ fast, slow, count }) => ({
  fast,
  slow: tree.map((s, f) => add(mul(s, 0.99), mul(f, 0.01)), slow, fast),
  count: add(count, 1)
}))

/** That average from call to call. */
export const followed = Effect.gen(function* () {
  const start = { w: new Float32Array(12), b: [0, 0, 0] }
  let state: Arrays<typeof stateSpec> = yield* averaged({ fast: start, slow: start, count: 0 })
  for (let i = 0; i < 3; i++) state = yield* averaged(state)
  return yield* state.count.read
})
const stateSpec = { fast: spec, slow: spec, count: i32() }
