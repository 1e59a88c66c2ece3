/** Jitted functions in services, references, loops and tests of Effect. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import {
  type Arrays,
  add,
  type DeviceArray,
  type F32,
  f32,
  grad,
  type HostValues,
  type Inputs,
  i32,
  jit,
  matmul,
  mean,
  mul,
  put,
  random,
  read,
  square,
  sub,
  type Tensors,
  tree,
  valueAndGrad
} from "loopcarry"
import { Backend, Device } from "loopcarry/pjrt"

const spec = { params: { w: f32(3), b: f32() }, step: i32() }
type State = Arrays<typeof spec>
type Params = Tensors<typeof spec.params>

const loss = ({ w, b }: Params, x: F32<[5, 3]>, y: F32<[5]>) => mean(square(sub(add(matmul(x, w), b), y)))
const update = jit([spec, f32(5, 3), f32(5)], ({ params, step }, x, y) => {
  const [value, slopes] = valueAndGrad(loss)(params, x, y)
  return [{ params: tree.map((p, g) => sub(p, mul(g, 0.1)), params, slopes), step: add(step, 1) }, value]
})
const zero: Inputs<typeof spec> = { params: { w: [0, 0, 0], b: 0 }, step: 0 }
const xs = new Float32Array(15).fill(1)
const ys = new Float32Array(5).fill(2)

/** A state in a Ref. */
export const referenced = Effect.gen(function* () {
  const [first] = yield* update(zero, xs, ys)
  const ref = yield* Ref.make<State>(first)
  for (let i = 0; i < 3; i++) {
    const [next] = yield* update(yield* Ref.get(ref), xs, ys)
    yield* Ref.set(ref, next)
  }
  return yield* read(yield* Ref.get(ref))
})

/** Losses that are collected. */
export const losses = Effect.gen(function* () {
  let state: Inputs<typeof spec> = zero
  const seen: Array<number> = []
  for (let i = 0; i < 4; i++) {
    const [next, value] = yield* update(state, xs, ys)
    state = next
    seen.push(yield* value.read)
  }
  return seen
})

/** A service of a model. */
class Model extends Context.Service<
  Model,
  { readonly predict: (x: Float32Array) => Effect.Effect<Float32Array, unknown, Backend> }
>()("Model") {}
const predict = jit([f32(2, 2), f32(2)], (w, x) => matmul(x, w))
const modelLayer = Layer.succeed(Model, {
  predict: (x) =>
    Effect.scoped(
      Effect.flatMap(
        predict(
          [
            [1, 2],
            [3, 4]
          ],
          x
        ),
        (y) => y.read
      )
    )
})
export const served = Effect.gen(function* () {
  const model = yield* Model
  return yield* model.predict(new Float32Array([1, 1]))
}).pipe(Effect.provide(modelLayer))

/** A loop that is generic in its state and its batches. */
const looped = <S, B, E, R>(
  step: (state: S, batch: B) => Effect.Effect<S, E, R>,
  start: S,
  batches: ReadonlyArray<B>
) =>
  Effect.gen(function* () {
    let state = start
    for (const batch of batches) state = yield* step(state, batch)
    return state
  })
const accumulate = jit([f32(3), f32(3)], (sum, x) => add(sum, x))
export const accumulated = Effect.gen(function* () {
  const start = yield* put(f32(3), [0, 0, 0])
  const total = yield* looped(accumulate, start, [
    [1, 2, 3],
    [4, 5, 6]
  ])
  return yield* total.read
})

/** Several results by name, read at once. */
export const byName = Effect.gen(function* () {
  const results = yield* Effect.all({
    a: accumulate([1, 2, 3], [1, 1, 1]),
    b: accumulate([0, 0, 0], [2, 2, 2])
  })
  const { a, b } = yield* read(results)
  const first: Float32Array = a
  return { first, b }
})

/** Arrays in a Map. */
export const cached = Effect.gen(function* () {
  const cache = new Map<string, DeviceArray<"f32", readonly [3]>>()
  cache.set("one", yield* accumulate([1, 2, 3], [0, 0, 0]))
  const found = cache.get("one")
  return found === undefined ? 0 : (yield* found.read)[0]
})

/** A function of Effect, with a device of its own. */
const evaluate = Effect.fn("evaluate")(function* (seed: number) {
  const made = yield* sample(seed)
  const values: HostValues<typeof made> = yield* read(made)
  return values.x.length
})
const sample = jit([i32()], (seed) => {
  const [a, b] = random.split(random.key(seed))
  return { x: random.normal(a, [4]), y: random.uniform(b, []) }
})
export const evaluated = evaluate(3).pipe(Effect.scoped, Effect.provide(Device.layer("reference")))

/** One device or another, by a flag. */
export const onEither = (
  process.argv.includes("--reference") ? Effect.succeed("reference") : Effect.succeed("reference")
).pipe(Effect.flatMap((name) => evaluate(1).pipe(Effect.scoped, Effect.provide(Device.layer(name)))))

/** Errors that are told apart. */
export const told = update(zero, [[1, 2, 3]], ys).pipe(
  Effect.map(() => "fine"),
  Effect.catchTags({
    ArgumentError: (error) => Effect.succeed(error.message),
    OutOfMemory: () => Effect.succeed("too large")
  })
)

/** The slopes of a jitted function's plain part. */
const plain = (x: F32<[3]>): F32 => mean(square(x))
const value = jit([f32(3)], plain)
const slope = jit([f32(3)], grad(plain))
export const both = Effect.gen(function* () {
  const [v, g] = yield* Effect.all([value([1, 2, 3]), slope([1, 2, 3])])
  const all: readonly [number, Float32Array] = yield* read([v, g])
  return all
})

/** What a backend says of itself. */
export const about = Effect.gen(function* () {
  const { device } = yield* Backend
  return device
})

/** A state that is an interface of arrays. */
interface Held {
  readonly params: {
    readonly w: DeviceArray<"f32", readonly [3]>
    readonly b: DeviceArray<"f32", readonly []>
  }
  readonly step: DeviceArray<"i32", readonly []>
}
export const heldInInterface = Effect.gen(function* () {
  let held: Held = (yield* update(zero, xs, ys))[0]
  held = (yield* update(held, xs, ys))[0]
  const { step, params } = yield* read(held)
  const n: number = step
  const w: Float32Array = params.w
  return { n, w }
})
