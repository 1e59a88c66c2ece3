import {
  add,
  argmax,
  at,
  convert,
  div,
  expandDims,
  eye,
  f32,
  grad,
  log,
  logsumexp,
  matmul,
  max,
  mul,
  scalar,
  scan,
  sub,
  type Tensor,
  transpose,
  zeros
} from "../../../pjrt/loopcarry.ts"
import { given, logProbabilities, normal, number } from "../inputs.ts"
import { type Row, row } from "../row.ts"

type Scalar = Tensor<"f32", readonly []>
type Pointers = Tensor<"i32", readonly [16]>
type States = Tensor<"f32", readonly [16]>

const markov = [
  logProbabilities(f32(16), 31, 16),
  logProbabilities(f32(16, 16), 32, 16),
  logProbabilities(f32(1000, 16), 33, 16)
] as const

/** All in logarithms; the last input has the likelihood of each observation by state. */
const hmmForward = row("HMM forward 1000 x 16", markov, (start, transition, observed) => {
  const [last] = scan(start, observed, (alpha, seen) => [
    add(logsumexp(add(expandDims(alpha, 1), transition), 0) as States, seen),
    null
  ])
  return logsumexp(last)
})

const viterbi = row("Viterbi 1000 x 16", markov, (start, transition, observed) => {
  const [best, pointers] = scan(start, observed, (before, seen) => {
    const scores = add(expandDims(before, 1), transition)
    return [add(max(scores, 0) as States, seen), convert(argmax(scores, 0), "i32") as Pointers]
  })
  const [first, path] = scan(
    convert(argmax(best, 0), "i32"),
    pointers,
    (state, pointer) => [at(pointer, state).get() as Tensor<"i32", readonly []>, state],
    { reverse: true }
  )
  return [max(best), first, path]
})

type Seen = Tensor<"f32", readonly [10000]>

/** The log-likelihood of the observations, without its constant, and the filtered means. */
const scalarKalman = (a: Scalar, q: Scalar, r: Scalar, seen: Seen) => {
  const [[, , fit], means] = scan(
    [scalar(0, "f32"), scalar(1, "f32"), scalar(0, "f32")] as readonly [Scalar, Scalar, Scalar],
    seen,
    ([before, spread, sum], y) => {
      const predicted = mul(a, before)
      const variance = add(mul(mul(a, a), spread), q)
      const s = add(variance, r)
      const gain = div(variance, s)
      const off = sub(y, predicted)
      const mean = add(predicted, mul(gain, off))
      const fit = sub(sum, mul(0.5, add(log(s), div(mul(off, off), s))))
      return [[mean, mul(sub(1, gain), variance), fit] as const, mean]
    }
  )
  return [fit, means] as const
}

const scalarInputs = [number(0.95), number(0.1), number(0.5), normal(f32(10_000), 34)] as const

type Matrix = Tensor<"f32", readonly [4, 4]>
type Vector = Tensor<"f32", readonly [4]>

/** One observation a step. */
const kalman = (f: Matrix, h: Vector, q: Matrix, r: Scalar, seen: Tensor<"f32", readonly [1000]>) => {
  const [[, , fit], means] = scan(
    [zeros([4], "f32"), eye(4, "f32"), scalar(0, "f32")] as readonly [Vector, Matrix, Scalar],
    seen,
    ([before, spread, sum], y) => {
      const predicted = matmul(f, before)
      const covariance = add(matmul(matmul(f, spread), transpose(f)), q)
      const ch = matmul(covariance, h)
      const s = add(matmul(h, ch), r)
      const off = sub(y, matmul(h, predicted))
      const gain = div(ch, s)
      const mean = add(predicted, mul(gain, off))
      const fit = sub(sum, mul(0.5, add(log(s), div(mul(off, off), s))))
      return [[mean, sub(covariance, mul(expandDims(gain, 1), ch)), fit] as const, mean]
    }
  )
  return [fit, means] as const
}

const kalmanInputs = [
  given(f32(4, 4), [1, 0, 0.1, 0, 0, 1, 0, 0.1, 0, 0, 0.95, 0, 0, 0, 0, 0.95]),
  given(f32(4), [1, 0.5, 0, 0.1]),
  given(f32(4, 4), [0.1, 0, 0, 0, 0, 0.1, 0, 0, 0, 0, 0.1, 0, 0, 0, 0, 0.1]),
  number(0.5),
  normal(f32(1000), 35)
] as const

/** Sums of thousands of terms, in the order that each compiler chooses within a step. */
const near = { relative: 1e-3, absolute: 1e-3 }

export const filterRows: ReadonlyArray<Row> = [
  hmmForward,
  viterbi,
  row("Kalman scalar 1e4", scalarInputs, scalarKalman, near),
  row(
    "Kalman scalar gradient 1e4",
    scalarInputs,
    grad((a: Scalar, q: Scalar, r: Scalar, seen: Seen) => scalarKalman(a, q, r, seen)[0], {
      argnums: [0, 1, 2]
    }),
    near
  ),
  row("Kalman 4 states 1e3", kalmanInputs, kalman, near),
  row(
    "Kalman 4 states gradient 1e3",
    kalmanInputs,
    grad(
      (f: Matrix, h: Vector, q: Matrix, r: Scalar, seen: Tensor<"f32", readonly [1000]>) =>
        kalman(f, h, q, r, seen)[0],
      { argnums: [0, 1, 2, 3] }
    ),
    near
  )
]
