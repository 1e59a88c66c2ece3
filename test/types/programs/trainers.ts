/** Training with the optimizers of the library: states across calls, in loops and in helpers. */

import * as Effect from "effect/Effect"
import {
  type Arrays,
  add,
  arange,
  convert,
  evalShape,
  type F32,
  f32,
  fori,
  grad,
  gt,
  type HostValues,
  type Inputs,
  jit,
  lt,
  matmul,
  mean,
  mul,
  random,
  read,
  scalar,
  scan,
  select,
  square,
  sub,
  sum,
  type Tensor,
  type Tensors,
  type TreeOf,
  tanh,
  tree,
  u32,
  valueAndGrad,
  whileLoop,
  zeros
} from "loopcarry"
import {
  type AdamState,
  adagrad,
  adam,
  adamw,
  applyUpdates,
  chain,
  clipByGlobalNorm,
  cosineDecaySchedule,
  type GradientTransformation,
  globalNorm,
  lbfgs,
  lion,
  multiSteps,
  type OptimizerState,
  rmsprop,
  type StateFor,
  sgd,
  type TransformationKind,
  valueAndGradFromState,
  warmupCosineDecaySchedule
} from "loopcarry/optim"

const spec = { w: f32(4, 3), b: f32(3) }
type Params = Tensors<typeof spec>
const loss = (p: Params, x: F32<[8, 4]>, y: F32<[8, 3]>) =>
  mean(square(sub(tanh(add(matmul(x, p.w), p.b)), y)))

/** A step as it is written first: parameters and state go in and come out. */
const optimizer = adam(1e-2)
const state = evalShape([spec], optimizer.init)
export const step = jit(
  [spec, state, f32(8, 4), f32(8, 3)],
  (params, state, x, y) => {
    const [value, grads] = valueAndGrad(loss)(params, x, y)
    const [updates, next] = optimizer.update(grads, state)
    return [applyUpdates(params, updates), next, value]
  },
  { donate: [0, 1] }
)
const started = jit([u32(2)], (key) => {
  const params = { w: random.normal(key, [4, 3]), b: zeros([3], "f32") }
  return [params, optimizer.init(params)]
})

/** A loop of JavaScript around it. */
export const trained = Effect.gen(function* () {
  const [x, y] = [new Float32Array(32), new Float32Array(24)]
  const [first, begun] = yield* started([0, 1])
  let params: Arrays<typeof spec> = first
  let now: Arrays<typeof state> = begun
  let last = Number.POSITIVE_INFINITY
  for (let i = 0; i < 3; i++) {
    const [after, next, value] = yield* step(params, now, x, y)
    params = after
    now = next
    last = yield* value.read
  }
  const saved: HostValues<Arrays<typeof state>> = yield* read(now)
  const again: Inputs<typeof state> = saved
  const [, , value] = yield* step(yield* read(params), again, x, y)
  return [last, yield* value.read, saved.count]
})

/** A state in one record, its optimizer chosen with a schedule, a mask and a bound for the norm. */
const schedule = warmupCosineDecaySchedule(0, 0.1, 10, 100)
const careful = chain(
  clipByGlobalNorm(1),
  adamw(schedule, { mask: (params) => tree.map((p) => p.shape.length > 1, params) })
)
interface Training {
  readonly params: Params
  readonly state: OptimizerState<typeof careful, Params>
}
export const inOne = jit([spec, f32(20, 8, 4), f32(8, 3)], (params, xs, y) => {
  const first: Training = { params, state: careful.init(params) }
  return scan(first, xs, ({ params, state }, x) => {
    const [value, grads] = valueAndGrad(loss)(params, x, y)
    const [updates, next] = careful.update(grads, state, params)
    return [
      { params: applyUpdates(params, updates), state: next },
      { value, norm: globalNorm(grads), rate: schedule(next[1].count) }
    ]
  })
})

/** Any optimizer that needs no loss. */
type Plain = TransformationKind & { readonly needs: "grads" | "params" }
const run = <K extends Plain>(
  optimizer: GradientTransformation<K>,
  params: Params,
  state: StateFor<K, Params>,
  x: F32<[8, 4]>,
  y: F32<[8, 3]>
) => {
  const [updates, next] = optimizer.update(grad(loss)(params, x, y), state, params)
  return [applyUpdates(params, updates), next] as const
}
export const compared = jit([spec, f32(8, 4), f32(8, 3)], (p, x, y) => {
  const descent = sgd(0.1, { momentum: 0.9, nesterov: true })
  return {
    sgd: run(descent, p, descent.init(p), x, y)[0],
    adagrad: run(adagrad(0.1), p, adagrad(0.1).init(p), x, y)[0],
    rmsprop: run(rmsprop(0.1), p, rmsprop(0.1).init(p), x, y)[0],
    lion: run(lion(0.1), p, lion(0.1).init(p), x, y)[0]
  }
})

/** A helper that is generic in the tree. */
const adamOf = <P extends TreeOf<Tensor<"f32">>>(
  params: P,
  grads: P,
  state: AdamState<P>
): readonly [P, AdamState<P>] => {
  const [updates, next] = optimizer.update(grads, state)
  return [applyUpdates(params, updates), next]
}
export const inHelper = jit([spec, [f32(2), null]], (p, pair) => [
  adamOf(p, p, optimizer.init(p)),
  adamOf(pair, pair, optimizer.init(pair))
])

/** Gradients of several batches for one step. */
export const accumulated = jit([spec, f32(12, 8, 4), f32(8, 3)], (p, xs, y) => {
  const every = multiSteps(adam(cosineDecaySchedule(0.1, 10)), 4)
  const [[last, { gradientStep }]] = scan([p, every.init(p)], xs, ([p, s], x) => {
    const [updates, next] = every.update(grad(loss)(p, x, y), s)
    return [[applyUpdates(p, updates), next], null]
  })
  return { last, gradientStep }
})

/** L-BFGS until the loss is small. */
export const fitted = jit([f32(3)], (start) => {
  const far = (x: F32<[3]>): F32 => sum(square(sub(square(x), 2)))
  const newton = lbfgs({ memorySize: 5 })
  const { x, count } = whileLoop(
    ({ value, count }) => gt(select(lt(count, 50), value, 0), 1e-6),
    ({ x, state, count }) => {
      const [value, grads] = valueAndGradFromState(far)(x, state)
      const [updates, next] = newton.update(grads, state, x, { value, valueFn: far })
      return { x: applyUpdates(x, updates), state: next, value: next.linesearch.value, count: add(count, 1) }
    },
    { x: start, state: newton.init(start), value: scalar(1, "f32"), count: scalar(0, "i32") }
  )
  return [x, count]
})

/** A learning rate that is an argument, and one of the user's own. */
export const rated = jit([f32(), f32(4)], (rate, w) => {
  const first = sgd(rate)
  const own = adam((count) => mul(rate, convert(lt(count, 5), "f32")))
  return fori(
    0,
    5,
    (_, w) => applyUpdates(applyUpdates(w, first.update(w, first.init(w))[0]), own.update(w, own.init(w))[0]),
    w
  )
})

/** Several models at once, and their states. */
export const many = jit([f32(6, 4)], (models) => {
  const [last] = scan([models, optimizer.init(models)], arange(3), ([m, s]) => {
    const [updates, next] = optimizer.update(m, s)
    return [[applyUpdates(m, updates), next], null]
  })
  return last
})
