/** A model trained on several devices at once: each has a part of the rows, and all agree on the gradient. */
import * as Effect from "effect/Effect"
import {
  arange,
  experiment,
  f32,
  flag,
  i32,
  jit,
  matmul,
  mean,
  mesh,
  mul,
  pmean,
  put,
  random,
  scan,
  sharding,
  shardMap,
  sub,
  type Tensor,
  valueAndGrad
} from "loopcarry"

const devices = mesh({ x: 4 })
const rows = sharding(devices, "x")

type Weights = Tensor<"f32", readonly [8]>
type Rows = Tensor<"f32", readonly [number, 8]>
type Targets = Tensor<"f32", readonly [number]>

const loss = (weights: Weights, xs: Rows, ys: Targets) => {
  const error = sub(matmul(xs, weights), ys)
  return mean(mul(error, error))
}

/** 100 steps, all of them on the devices: one program, in whose loop only gradients travel. */
export const train = jit(
  [f32(8), f32(256, 8), f32(256), f32()],
  (start, xs, ys, rate) =>
    shardMap(
      ({ x }, weights: Weights, part: Rows, targets: Targets, step: Tensor<"f32", readonly []>) =>
        scan(weights, arange(100), (carry) => {
          const [cost, gradient] = valueAndGrad(loss)(carry, part, targets)
          return [sub(carry, mul(step, pmean(gradient, x))), pmean(cost, x)]
        }),
      { mesh: devices, in: [null, rows, rows, null], out: null }
    )(start, xs, ys, rate),
  { in: [null, rows, rows, null] }
)

const makeData = jit([i32()], (seed) => {
  const [a, b] = random.split(random.key(seed))
  const xs = random.normal(a, [256, 8])
  const truth = random.normal(b, [8])
  return { xs, truth, ys: matmul(xs, truth) }
})

export default experiment("data-parallel training", {
  about: "a linear model on the devices of a mesh, each with a quarter of the rows",
  devices: 4,
  flags: { rate: flag.float(0.1, "the learning rate"), seed: flag.int(0, "of the random data") },
  run: ({ rate, seed }) =>
    Effect.gen(function* () {
      const { xs, truth, ys } = yield* makeData(seed)
      const divided = yield* put(f32(256, 8), yield* xs.read, rows)
      const [weights, costs] = yield* train(new Float32Array(8), divided, ys, rate)
      return { devices: 4, truth, weights, "last losses": (yield* costs.read).slice(-3) }
    })
})
