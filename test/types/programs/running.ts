/** Jitted functions, devices and experiments, as a user of Effect writes them. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import {
  type Arrays,
  add,
  type DeviceArray,
  experiment,
  type F32,
  f32,
  flag,
  type HostValues,
  type Inputs,
  i32,
  jit,
  matmul,
  mul,
  put,
  type ResultOf,
  read,
  scan,
  sum,
  type Tensors
} from "loopcarry"
import { Backend, Device, scanStream, steps } from "loopcarry/pjrt"

const cumulative = jit([f32(), f32(10)], (start, xs) =>
  scan(start, xs, (carry, x) => {
    const total = add(carry, x)
    return [total, total]
  })
)

/** A jitted function, read part by part. */
export const readParts = Effect.gen(function* () {
  const [total, sums] = yield* cumulative(
    0,
    Array.from({ length: 10 }, (_, i) => i)
  )
  const last: number = yield* total.read
  const all: Float32Array = yield* sums.read
  return { last, all }
})

/** Read at once. */
export const readAll = Effect.gen(function* () {
  const [last, all] = yield* read(yield* cumulative(0, new Float32Array(10)))
  const n: number = last
  const xs: Float32Array = all
  return xs[n]
})

const stateSpec = { weights: f32(3), count: i32(), history: [f32(), f32()] } as const
type State = Arrays<typeof stateSpec>
const advance = jit([stateSpec, f32()], ({ weights, count, history: [a] }, rate) => ({
  weights: mul(weights, rate),
  count: add(count, 1),
  history: [sum(weights), a]
}))

/** A state that is held from call to call. */
export const looped = Effect.gen(function* () {
  const first: Inputs<typeof stateSpec> = { weights: [1, 2, 3], count: 0, history: [0, 0] }
  let state: State = yield* advance(first, 1)
  const seen: Array<number> = []
  for (let i = 0; i < 5; i++) {
    state = yield* advance(state, 0.9)
    seen.push(yield* state.count.read)
  }
  const values: HostValues<State> = yield* read(state)
  return { seen, last: values.history[0], weights: values.weights }
})

/** A class that holds a state. */
class Trainer {
  private state: State
  constructor(state: State) {
    this.state = state
  }
  step(rate: number) {
    return advance(this.state, rate).pipe(
      Effect.tap((next) =>
        Effect.sync(() => {
          this.state = next
        })
      )
    )
  }
}
export const held = Effect.gen(function* () {
  const trainer = new Trainer(
    yield* advance({ weights: new Float32Array(3), count: 1, history: [1, 2] }, 0.5)
  )
  yield* trainer.step(0.9)
  const { weights } = yield* trainer.step(0.8)
  return yield* weights.read
})

/** The types of a jitted function have names. */
type Result = ResultOf<typeof cumulative>
type Given = Parameters<typeof cumulative>
const call = (...given: Given) => cumulative(...given)
export const named = Effect.gen(function* () {
  const result: Result = yield* call(0, new Float32Array(10))
  return yield* result[1].read
})

/** Arrays that are put on a device first. */
export const placed = Effect.gen(function* () {
  const xs: DeviceArray<"f32", readonly [10]> = yield* put(f32(10), new Float32Array(10).fill(1))
  const [total] = yield* cumulative(2, xs)
  return yield* total.read
})

/** Options of jit. */
export const optioned = jit([f32(3), f32(3)], (x, y) => ({ x: add(x, y), y }), {
  donate: [0],
  optimize: false,
  strict: true
})

/** An experiment with flags. */
export const growth = experiment("growth", {
  about: "a sum that grows",
  flags: { start: flag.float(0, "the start"), n: flag.int(3, "how many times") },
  program: cumulative,
  run: ({ start, n }) =>
    Effect.gen(function* () {
      const [total, sums] = yield* cumulative(start * n, new Float32Array(10))
      return { total, sums, n }
    })
})

/** A service that runs a model, provided with a device. */
const model = jit([f32(4, 2), f32(4)], (w, x) => matmul(x, w))
export const served = Effect.gen(function* () {
  const backend = yield* Backend
  const out = yield* model(new Float32Array(8), [1, 2, 3, 4])
  return { device: backend.device, values: Array.from(yield* out.read) }
}).pipe(Effect.scoped, Effect.provide(Device.layer("reference")))

/** Several calls at once. */
export const together = Effect.gen(function* () {
  const all = yield* Effect.all([1, 2, 3].map((start) => cumulative(start, new Float32Array(10))))
  const totals = yield* Effect.forEach(all, ([total]) => total.read)
  return totals.reduce((a, b) => a + b, 0)
})

/** An error that is caught by its tag. */
export const caught = cumulative(0, [1, 2]).pipe(
  Effect.map(([total]) => total.dtype),
  Effect.catchTag("ArgumentError", (error) => Effect.succeed(error.message))
)

/** A stream of the steps of a scan. */
const walk = scanStream(
  { x: f32(), n: i32() },
  f32(),
  ({ x, n }, row) => [{ x: add(x, row), n: add(n, 1) }, x],
  {
    chunk: 4
  }
)
export const streamed = walk({ x: 0, n: 0 }, { xs: Array.from({ length: 8 }, (_, i) => i), steps: 8 }).pipe(
  Stream.map(({ step, output }) => ({ step, output })),
  Stream.runCollect
)

/** The carry after each step. */
export const stepped = steps(cumulative, 0, new Float32Array(10)).pipe(Stream.take(3), Stream.runCollect)

/** A function for the language alone, used in a jitted one and by a transform of it. */
const paramSpec = { w: f32(4, 2), b: f32(2) }
const apply = ({ w, b }: Tensors<typeof paramSpec>, x: F32<[4]>): F32<[2]> => add(matmul(x, w), b)
export const applied = jit([paramSpec, f32(4)], apply)
