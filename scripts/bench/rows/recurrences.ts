import {
  add,
  arange,
  exp,
  f32,
  grad,
  i32,
  mean,
  mul,
  neg,
  scalar,
  scan,
  sin,
  square,
  stack,
  sub,
  type Tensor,
  take,
  tanh,
  vmap,
  zeros
} from "../../../pjrt/loopcarry.ts"
import { given, normal, number, uniform } from "../inputs.ts"
import { eitherOrder, type Row, row } from "../row.ts"

const linearRecurrence = row(
  "linear recurrence 1e6",
  [uniform(f32(1_000_000), 3, -0.95, 0.95), normal(f32(1_000_000), 4)],
  (a, b) =>
    scan(scalar(0, "f32"), [a, b] as const, (c, [a, b]) => {
      const next = add(mul(a, c), b)
      return [next, next]
    })
)

const movingAverage = row("moving average [1000,1000]", [normal(f32(1000, 1000), 5)], (xs) =>
  scan(zeros([1000], "f32"), xs, (c, x) => {
    const next = add(mul(c, 0.9), mul(x, 0.1))
    return [next, next]
  })
)

type Lanes = Tensor<"f32", readonly [64]>
type Steps = Tensor<"f32", readonly [4096, 64]>

/** A diagonal state-space model: h' = a h + b u, y = c h' + d u. */
const layer = (a: Lanes, b: Lanes, c: Lanes, d: Lanes, u: Steps) =>
  scan(zeros([64], "f32"), u, (h, x) => {
    const next = add(mul(a, h), mul(b, x))
    return [next, add(mul(c, next), mul(d, x))]
  })[1]

const lanes = [
  uniform(f32(64), 6, 0.9, 0.999),
  normal(f32(64), 7),
  normal(f32(64), 8),
  normal(f32(64), 9),
  normal(f32(4096, 64), 10)
] as const

const stateSpace = row("state-space layer [4096,64]", lanes, layer, { absolute: 1e-3 })

const stateSpaceGradient = row(
  "state-space gradient [4096,64]",
  lanes,
  grad((a: Lanes, b: Lanes, c: Lanes, d: Lanes, u: Steps) => mean(square(layer(a, b, c, d, u))), {
    argnums: [0, 1, 2, 3]
  }),
  { relative: 1e-3, absolute: 1e-4 }
)

const costlyInput = row("costly input 1e5", [normal(f32(100_000), 11)], (xs) =>
  scan(scalar(0, "f32"), xs, (c, x) => {
    const next = add(mul(c, 0.9), tanh(mul(exp(mul(neg(x), x)), x)))
    return [next, next]
  })
)

/** Chaotic: roundings double with each step, so that only the first are alike. */
const logisticMap = row(
  "logistic map 1e6",
  [number(3.9), number(0.2)],
  (rate, start) =>
    scan(
      start,
      null,
      (c) => {
        const next = mul(mul(rate, c), sub(1, c))
        return [next, next]
      },
      { length: 1_000_000 }
    )[1],
  { relative: 1e-2, first: 10 }
)

type Point = Tensor<"f32", readonly [3]>

const slope = (at: Point): Point => {
  const [x, y, z] = [take(at, 0), take(at, 1), take(at, 2)] as const
  return stack([mul(sub(y, x), 10), sub(mul(x, sub(28, z)), y), sub(mul(x, y), mul(z, 8 / 3))])
}

const h = 0.005

/** Roundings grow by e each unit of time: of the 50, two are compared. */
const lorenz = row(
  "Lorenz RK4 1e4",
  [given(f32(3), [1, 1, 1])],
  (start) =>
    scan(
      start,
      null,
      (at) => {
        const k1 = slope(at)
        const k2 = slope(add(at, mul(k1, h / 2)))
        const k3 = slope(add(at, mul(k2, h / 2)))
        const k4 = slope(add(at, mul(k3, h)))
        const next = add(at, mul(add(k1, mul(k2, 2), mul(k3, 2), k4), h / 6))
        return [next, next]
      },
      { length: 10_000 }
    )[1],
  { relative: 1e-3, absolute: 1e-3, first: 1200 }
)

const nestedLoop = row("nested loop 100 x up to 100", [given(i32(), [0])], (start) =>
  scan(start, arange(1, 101), (outer, x) => {
    const total = scan(outer, arange(x, { max: 100 }), (c, y) => [add(c, y), null])[0]
    return [total, total]
  })
)

type Scalar = Tensor<"f32", readonly []>

const twenty = Array.from({ length: 20 }, (_, i) => i)

/** Of a loss of 20 scalars, each of which the one after it drives, by their first values and their rates. */
const scalarCarries = row(
  "20 scalar carries gradient 1e3",
  [
    ...twenty.map((i) => number(Math.sin(i + 1))),
    ...twenty.map((i) => number(0.998 + 0.0001 * i)),
    normal(f32(1000), 12)
  ],
  (...flat) => {
    const xs = flat[40] as Tensor<"f32", readonly [1000]>
    const loss = (start: ReadonlyArray<Scalar>, rates: ReadonlyArray<Scalar>): Scalar => {
      const [last] = scan(start, xs, (carry, x) => [
        carry.map((c, i) => add(mul(rates[i]!, c), mul(sin(carry[(i + 1) % carry.length]!), 0.01, x))),
        null
      ])
      return last.map(square).reduce((sum, each) => add(sum, each))
    }
    const scalars = flat as ReadonlyArray<Scalar>
    return grad(loss, { argnums: [0, 1] })(scalars.slice(0, 20), scalars.slice(20, 40))
  },
  { relative: 1e-3 }
)

const vmappedScan = row("vmapped scan 64 x 1e3", [normal(f32(64, 1000), 13)], (xs) =>
  vmap((xs: Tensor<"f32", readonly [1000]>) =>
    scan(scalar(0, "f32"), xs, (c, x) => {
      const next = tanh(add(mul(c, 0.9), x))
      return [next, next]
    })
  )(xs)
)

export const recurrenceRows: ReadonlyArray<Row> = [
  ...eitherOrder(linearRecurrence),
  ...eitherOrder(movingAverage),
  ...eitherOrder(stateSpace),
  ...eitherOrder(stateSpaceGradient),
  costlyInput,
  logisticMap,
  lorenz,
  nestedLoop,
  scalarCarries,
  vmappedScan
]
