/** States of training: parameters, moments, steps and keys, in loops and across calls. */
import * as Effect from "effect/Effect"
import {
  type Arrays,
  add,
  arange,
  cond,
  convert,
  div,
  type F32,
  f32,
  fori,
  grad,
  gt,
  type HostValues,
  type I32,
  type Inputs,
  i32,
  jit,
  lt,
  matmul,
  mean,
  mul,
  pow,
  random,
  read,
  rem,
  scalar,
  scan,
  select,
  sqrt,
  square,
  sub,
  sum,
  type Tensors,
  take,
  tanh,
  tree,
  u32,
  valueAndGrad,
  whileLoop,
  zeros
} from "loopcarry"
import { Device } from "loopcarry/pjrt"

const paramSpec = { w1: f32(2, 8), b1: f32(8), w2: f32(8, 1), b2: f32(1) }
type Params = Tensors<typeof paramSpec>

const predict = (p: Params, xs: F32<[16, 2]>): F32<[16, 1]> =>
  add(matmul(tanh(add(matmul(xs, p.w1), p.b1)), p.w2), p.b2)
const loss = (p: Params, xs: F32<[16, 2]>, ys: F32<[16, 1]>) => mean(square(sub(predict(p, xs), ys)))

/** Gradient descent in a scan over steps. */
export const descent = jit([paramSpec, f32(16, 2), f32(16, 1)], (start, xs, ys) => {
  const [params, losses] = scan(start, arange(100), (p) => {
    const [value, slopes] = valueAndGrad(loss)(p, xs, ys)
    return [tree.map((a, g) => sub(a, mul(g, 0.1)), p, slopes), value]
  })
  const all: F32<[100]> = losses
  const last: Params = params
  return [last, all]
})

/** Without tree.map: each leaf by hand. */
export const byHand = jit([paramSpec, f32(16, 2), f32(16, 1)], (start, xs, ys) =>
  fori(
    0,
    100,
    (_, p) => {
      const g = grad(loss)(p, xs, ys)
      return {
        w1: sub(p.w1, mul(0.1, g.w1)),
        b1: sub(p.b1, mul(0.1, g.b1)),
        w2: sub(p.w2, mul(0.1, g.w2)),
        b2: sub(p.b2, mul(0.1, g.b2))
      }
    },
    start
  )
)

/** Descent until the loss is small, or the steps are used up. */
export const untilSmall = jit([paramSpec, f32(16, 2), f32(16, 1)], (start, xs, ys) => {
  const { params, step } = whileLoop(
    ({ value, step }) => lt(select(lt(step, 1000), value, 0), 0.01),
    ({ params, step }) => {
      const [value, slopes] = valueAndGrad(loss)(params, xs, ys)
      return { params: tree.map((a, g) => sub(a, mul(g, 0.1)), params, slopes), value, step: add(step, 1) }
    },
    { params: start, value: scalar(1, "f32"), step: scalar(0, "i32") }
  )
  const steps: I32 = step
  return { params, steps }
})

const adamSpec = { params: paramSpec, m: paramSpec, v: paramSpec, step: i32(), key: u32(2) }
type Adam = Tensors<typeof adamSpec>

const adam = ({ params, m, v, step }: Adam, slopes: Params) => {
  const t = convert(add(step, 1), "f32")
  const m1 = tree.map((a, g) => add(mul(a, 0.9), mul(g, 0.1)), m, slopes)
  const v1 = tree.map((a, g) => add(mul(a, 0.999), mul(square(g), 0.001)), v, slopes)
  const rate = div(mul(0.01, sqrt(sub(1, pow(0.999, t)))), sub(1, pow(0.9, t)))
  return {
    params: tree.map((p, a, b) => sub(p, div(mul(rate, a), add(sqrt(b), 1e-8))), params, m1, v1),
    m: m1,
    v: v1,
    step: add(step, 1)
  }
}

/** A step of Adam on a batch that a key chooses. */
export const adamStep = jit([adamSpec, f32(64, 2), f32(64, 1)], (state, xs, ys) => {
  const [next, now] = random.split(state.key)
  const rows = random.randint(now, [16], 0, 64)
  const slopes = grad(loss)(state.params, take(xs, rows), take(ys, rows))
  return { ...adam(state, slopes), key: next }
})

/** The first state. */
export const adamStart = jit([i32()], (seed) => {
  const [key, now] = random.split(random.key(seed))
  const [a, b] = random.split(now)
  const params = {
    w1: random.normal(a, [2, 8]),
    b1: zeros([8], "f32"),
    w2: random.normal(b, [8, 1]),
    b2: zeros([1], "f32")
  }
  return { params, m: tree.zerosLike(params), v: tree.zerosLike(params), step: scalar(0, "i32"), key }
})

/** A loop of JavaScript around a jitted step. */
export const trained = Effect.gen(function* () {
  const xs = Float32Array.from({ length: 128 }, (_, i) => Math.sin(i))
  const ys = Float32Array.from({ length: 64 }, (_, i) => Math.cos(i))
  let state: Arrays<typeof adamSpec> = yield* adamStart(0)
  for (let i = 0; i < 3; i++) state = yield* adamStep(state, xs, ys)
  const host: HostValues<Arrays<typeof adamSpec>> = yield* read(state)
  return host.step
})

/** A state that goes to host values and back. */
export const resumed = Effect.gen(function* () {
  const saved: Inputs<typeof adamSpec> = yield* read(yield* adamStart(1))
  const next = yield* adamStep(saved, new Float32Array(128), new Float32Array(64))
  const step: number = yield* next.step.read
  const weights: Float32Array = yield* next.params.w1.read
  return { step, weights }
})

/** The best parameters so far, kept by a branch. */
export const best = jit([paramSpec, f32(16, 2), f32(16, 1)], (start, xs, ys) => {
  const [{ best }] = scan(
    { now: start, best: { params: start, value: scalar(Number.POSITIVE_INFINITY, "f32") } },
    arange(50),
    ({ now, best }) => {
      const [value, slopes] = valueAndGrad(loss)(now, xs, ys)
      const kept = cond(
        lt(value, best.value),
        () => ({ params: now, value }),
        () => best
      )
      return [{ now: tree.map((a, g) => sub(a, mul(g, 0.1)), now, slopes), best: kept }, null]
    }
  )
  return best
})

/** A learning rate that falls by halves. */
export const schedule = jit([f32(4), i32()], (w, steps) =>
  fori(
    0,
    steps,
    (i, { w, rate }) => ({
      w: sub(w, mul(rate, w)),
      rate: cond(
        gt(rem(i, 10), 8),
        () => mul(rate, 0.5),
        () => rate
      )
    }),
    { w, rate: scalar(0.1, "f32") }
  )
)

/** Gradients that are added up over parts of a batch. */
export const accumulated = jit([paramSpec, f32(4, 16, 2), f32(4, 16, 1)], (p, xs, ys) => {
  const [total] = scan(tree.zerosLike(p), [xs, ys], (sums, [x, y]) => [
    tree.map((s, g) => add(s, div(g, 4)), sums, grad(loss)(p, x, y)),
    null
  ])
  return tree.map((a, g) => sub(a, mul(g, 0.1)), p, total)
})

/** Momentum, its state a tuple. */
export const momentum = jit([paramSpec, f32(30, 16, 2), f32(30, 16, 1)], (p, xs, ys) =>
  scan([p, tree.zerosLike(p)], { xs, ys }, ([p, v], { xs, ys }) => {
    const [value, g] = valueAndGrad(loss)(p, xs, ys)
    const speed = tree.map((a, b) => add(mul(a, 0.9), b), v, g)
    return [[tree.map((a, b) => sub(a, mul(b, 0.01)), p, speed), speed], value]
  })
)

/** Epochs around batches, with a new order in each. */
export const epochs = jit([paramSpec, f32(64, 2), f32(64, 1), i32()], (start, xs, ys, seed) =>
  scan(
    { params: start, key: random.key(seed) },
    null,
    ({ params, key }) => {
      const [next, now] = random.split(key)
      const order = random.permutation(now, 64)
      const [after, losses] = scan(params, arange(4), (p, i) => {
        const rows = take(order, add(mul(i, 16), arange(16)))
        const [value, g] = valueAndGrad(loss)(p, take(xs, rows), take(ys, rows))
        return [tree.map((a, b) => sub(a, mul(b, 0.05)), p, g), value]
      })
      return [{ params: after, key: next }, mean(losses)]
    },
    { length: 5 }
  )
)

/** Programs that run as an Effect user runs them. */
export const onReference = Effect.gen(function* () {
  const first = yield* adamStart(0)
  return yield* adamStep(first, new Float32Array(128), new Float32Array(64)).pipe(
    Effect.flatMap((state) => read(state.step))
  )
}).pipe(Effect.scoped, Effect.provide(Device.layer("reference")))

/** Sums of squares of all slopes, beside the value. */
export const watched = jit([paramSpec, f32(16, 2), f32(16, 1)], (p, xs, ys) => {
  const [value, slopes] = valueAndGrad(loss)(p, xs, ys)
  const norm: F32 = sqrt(tree.leaves(slopes).reduce((all, g) => add(all, sum(square(g))), scalar(0, "f32")))
  return { value, norm }
})
