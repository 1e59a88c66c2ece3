import {
  add,
  arange,
  div,
  f32,
  i32,
  maximum,
  mul,
  scalar,
  scan,
  sub,
  type Tensor
} from "../../../pjrt/loopcarry.ts"
import { given, normal, number, uniform } from "../inputs.ts"
import { eitherOrder, type Row, row } from "../row.ts"

const lengths = [
  [10, "10"],
  [1000, "1e3"],
  [1_000_000, "1e6"]
] as const

type Scalar = Tensor<"f32", readonly []>

/** A strict sum of 10⁶ floats is 1e-4 off; other orders are not. */
const sums = { relative: 1e-3 }

const cumulativeSum = (n: number, size: string): Row =>
  row(
    `cumulative sum ${size}`,
    [number(0)],
    (start) =>
      scan(start, arange(n, "f32"), (c, x) => {
        const total = add(c, x)
        return [total, total]
      }),
    sums
  )

const recursiveUpdate = (n: number, size: string): Row =>
  row(
    `recursive update ${size}`,
    [given(f32(10), new Array(10).fill(0))],
    (start) => scan(start, arange(n, "f32"), (c, x) => [add(c, x), null])[0],
    sums
  )

const sequentialTransform = (n: number, size: string): Row =>
  row(`sequential transform ${size}`, [], () => scan(null, arange(n), (c, x) => [c, add(mul(x, 2), 1)])[1])

/** Some n² / 2 inner steps. */
const nestedScan = (n: number, size: string): Row =>
  row(`nested scan ${size}`, [given(i32(), [0])], (start) => {
    const [total, { values, length }] = scan(start, arange(1, n + 1, "i32"), (outer, x) =>
      scan(outer, arange(x, { max: n, dtype: "i32" }), (c, y) => {
        const next = add(c, y)
        return [next, next]
      })
    )
    return [total, values, length]
  })

/** Welford's running mean and variance (Knuth, "The Art of Computer Programming", volume 2, 4.2.2). */
const runningMoments = (n: number, size: string): Row =>
  row(
    `running moments ${size}`,
    [uniform(f32(n), 1, -1, 3)],
    (xs) => {
      const zero = scalar(0, "f32")
      return scan(
        [zero, zero, zero] as readonly [Scalar, Scalar, Scalar],
        xs,
        ([before, old, squares], x) => {
          const count = add(before, 1)
          const change = sub(x, old)
          const mean = add(old, div(change, count))
          const m2 = add(squares, mul(change, sub(x, mean)))
          return [[count, mean, m2] as const, [mean, div(m2, count)] as const]
        }
      )
    },
    { relative: 1e-3, absolute: 1e-4 }
  )

const integerSum = row("integer cumulative sum 1e6", [given(i32(), [0])], (start) =>
  scan(start, arange(1_000_000), (c, x) => {
    const total = add(c, x)
    return [total, total]
  })
)

const runningMaximum = row("running maximum 1e6", [normal(f32(1_000_000), 2)], (xs) =>
  scan(scalar(Number.NEGATIVE_INFINITY, "f32"), xs, (c, x) => {
    const most = maximum(c, x)
    return [most, most]
  })
)

export const seedRows: ReadonlyArray<Row> = [
  ...lengths.flatMap(([n, size]) => eitherOrder(cumulativeSum(n, size))),
  ...lengths.flatMap(([n, size]) => eitherOrder(recursiveUpdate(n, size))),
  ...lengths.map(([n, size]) => sequentialTransform(n, size)),
  nestedScan(4, "10"),
  nestedScan(44, "1e3"),
  nestedScan(1413, "1e6"),
  ...lengths.map(([n, size]) => runningMoments(n, size)),
  integerSum,
  runningMaximum
]
