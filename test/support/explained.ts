import {
  add,
  arange,
  convert,
  debugPrint,
  div,
  exp,
  f32,
  grad,
  i32,
  matmul,
  mul,
  neg,
  scalar,
  scan,
  stack,
  sub,
  sum,
  type Tensor,
  tanh,
  zeros
} from "../../dsl/index.ts"
import { explainWith } from "../../dsl/passes/explain/explain.ts"
import { placesFrom, showExplanation } from "../../dsl/passes/explain/text.ts"
import type { Controls } from "../../dsl/passes/names.ts"
import { recordingPlaces } from "../../dsl/place.ts"
import type { Specs } from "../../dsl/spec.ts"
import { traceNow } from "../../dsl/trace.ts"
import { compiler } from "./passes.ts"

type F32 = Tensor<"f32", readonly []>
type Vector = Tensor<"f32", readonly [64]>
type Matrix = Tensor<"f32", readonly [64, 64]>
type Rows = Tensor<"f32", readonly [1000, 64]>

/** A program whose explanation is held in a file. */
interface Explained {
  readonly specs: ReadonlyArray<Specs>
  readonly fn: (...args: never) => unknown
  readonly target?: string
  readonly controls?: Controls
}

const rnn = (w: Matrix, u: Matrix, xs: Rows) =>
  scan(zeros([64], "f32"), xs, (h: Vector, x: Vector) => {
    const next = tanh(add(matmul(w, h), matmul(u, x)))
    return [next, next]
  })

const rnnSpecs = [f32(64, 64), f32(64, 64), f32(1000, 64)]

const linear = (a: Tensor<"f32", readonly [1_000_000]>, b: Tensor<"f32", readonly [1_000_000]>) =>
  scan(scalar(0, "f32"), { a, b }, (c: F32, row) => {
    const next = add(mul(row.a, c), row.b)
    return [next, next]
  })

/** Estimates a position from noisy ones: the gain is worked out from the variance alone. */
const kalman = (measured: Tensor<"f32", readonly [10_000]>) =>
  scan({ mean: scalar(0, "f32"), variance: scalar(1, "f32") }, measured, (state, z: F32) => {
    const variance = add(state.variance, 0.01)
    const gain = div(variance, add(variance, 0.5))
    const mean = add(state.mean, mul(gain, sub(z, state.mean)))
    return [{ mean, variance: mul(sub(1, gain), variance) }, mean]
  })

const logistic = (x: F32) =>
  scan(x, null, (c: F32) => [mul(mul(c, 3.7), sub(1, c)), null], { length: 100_000 })[0]

const twenty = (x: F32) =>
  scan(
    Array.from({ length: 20 }, () => x),
    arange(1000, "f32"),
    (carry: ReadonlyArray<F32>, i) => [carry.map((each, k) => tanh(add(each, mul(i, k)))), null],
    { unroll: 64 }
  )[0]

const stored = (x: F32) => {
  const range = arange(1_000_000, "f32")
  const [last] = scan(x, range, (c: F32, i) => [tanh(add(c, i)), null])
  return [last, sum(exp(neg(range)))]
}

export const explained = {
  "cumulative-sum": {
    specs: [f32()],
    fn: (x: F32) =>
      scan(x, arange(1_000_000, "f32"), (c: F32, i) => {
        const total = add(c, i)
        return [total, total]
      })
  },
  "recursive-update": {
    specs: [f32(10)],
    fn: (x: Tensor<"f32", readonly [10]>) =>
      scan(x, arange(1_000_000, "f32"), (c: Tensor<"f32", readonly [10]>, i) => [add(c, i), null])[0]
  },
  "unread-outputs": {
    specs: [f32()],
    fn: (x: F32) =>
      scan({ a: x, b: x }, arange(1000, "f32"), ({ a, b }, i) => [
        { a: add(tanh(a), i), b: mul(b, i) },
        [a, i]
      ])[0].a
  },
  "sequential-transform": {
    specs: [f32()],
    fn: (x: F32) => scan(x, arange(1_000_000, "f32"), (c: F32, i) => [c, add(mul(i, 2), 1)])
  },
  rnn: { specs: rnnSpecs, fn: rnn },
  "rnn-gradient": {
    specs: rnnSpecs,
    fn: (w: Matrix, u: Matrix, xs: Rows) =>
      grad((both: { readonly w: Matrix; readonly u: Matrix }) => sum(rnn(both.w, both.u, xs)[1]))({ w, u })
  },
  "rnn-on-cuda": { specs: rnnSpecs, fn: rnn, target: "cuda" },
  "linear-recurrence": { specs: [f32(1_000_000), f32(1_000_000)], fn: linear },
  "linear-recurrence-permitted": {
    specs: [f32(1_000_000), f32(1_000_000)],
    fn: linear,
    controls: { reassociate: true }
  },
  "kalman-filter": { specs: [f32(10_000)], fn: kalman },
  "logistic-map": { specs: [f32()], fn: logistic },
  "logistic-map-on-cuda": { specs: [f32()], fn: logistic, target: "cuda" },
  "nested-scan": {
    specs: [i32()],
    fn: (x: Tensor<"i32", readonly []>) =>
      scan(x, arange(1, 101), (c: Tensor<"i32", readonly []>, i) => [
        scan(c, arange(i, { max: 100 }), (d: Tensor<"i32", readonly []>, j) => [add(d, mul(i, j)), null])[0],
        c
      ])
  },
  printing: {
    specs: [f32()],
    fn: (x: F32) => scan(x, arange(1000, "f32"), (c: F32, i) => [add(c, debugPrint("x", exp(i))), null])[0]
  },
  "checkpointed-gradient": {
    specs: [f32(64)],
    fn: grad((x: Vector) =>
      sum(
        scan(x, arange(1000, "f32"), (c: Vector, i) => [tanh(mul(c, exp(neg(i)))), null], {
          checkpoint: "sqrt"
        })[0]
      )
    )
  },
  "unbounded-length": {
    specs: [i32(), f32()],
    fn: (n: Tensor<"i32", readonly []>, x: F32) =>
      scan(x, null, (c: F32) => [tanh(c), null], { length: n })[0]
  },
  "many-leaves": { specs: [f32()], fn: twenty },
  "stored-range": { specs: [f32()], fn: stored },
  "two-of-one-place": {
    specs: [f32()],
    fn: (x: F32) => stack([logistic(x), logistic(mul(x, 0.5)), convert(scalar(1, "i32"), "f32")])
  },
  "shifted-input": {
    specs: [f32(100_000)],
    fn: (xs: Tensor<"f32", readonly [100_000]>) =>
      scan({ average: scalar(0, "f32"), before: scalar(0, "f32") }, xs, (state, x: F32) => {
        const average = add(mul(state.average, 0.9), tanh(sub(x, state.before)))
        return [{ average, before: x }, average]
      })
  },
  mixture: {
    specs: [i32(100_000)],
    fn: (xs: Tensor<"i32", readonly [100_000]>) =>
      scan({ count: scalar(0, "i32"), state: scalar(0, "f32") }, xs, ({ count, state }, x) => {
        const next = add(count, x)
        return [{ count: next, state: mul(state, sub(tanh(exp(convert(next, "f32"))), state)) }, null]
      })
  },
  "rotation-on-cuda": {
    specs: [f32(100_000)],
    fn: (xs: Tensor<"f32", readonly [100_000]>) =>
      scan({ x: scalar(1, "f32"), y: scalar(0, "f32") }, xs, ({ x, y }, push: F32) => {
        const turned = { x: sub(mul(x, 0.8), mul(y, 0.6)), y: add(mul(x, 0.6), add(mul(y, 0.8), push)) }
        return [turned, turned.x]
      }),
    target: "cuda"
  }
} satisfies Readonly<Record<string, Explained>>

/** What `explain` says of one of them, its places from a folder on. */
export const explanationOf = ({ specs, fn, target = "cpu", controls = {} }: Explained, folder: string) => {
  const { program } = recordingPlaces(() => traceNow(specs, fn as never, "test"))
  return placesFrom(folder, explainWith(program, { ...compiler, platform: target }, controls))
}

export const explanationText = (one: Explained, folder: string): string =>
  showExplanation(explanationOf(one, folder))
