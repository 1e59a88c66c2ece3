import * as fc from "fast-check"
import type { Checkpoint } from "../../pjrt/loopcarry.ts"
import * as lc from "../../pjrt/loopcarry.ts"

type Vector = lc.Tensor<"f64", readonly [3]>
type Scalar = lc.Tensor<"f64", readonly []>
type Matrix = lc.Tensor<"f64", readonly [3, 3]>

/** What a step has: a weight and a matrix from outside, its carry, its row, and all that it has worked out so far. */
interface Pool {
  readonly w: Vector
  readonly m: Matrix
  readonly vectors: ReadonlyArray<Vector>
  readonly scalars: ReadonlyArray<Scalar>
}

type Operation = (pool: Pool, a: Vector, b: Vector, s: Scalar) => Vector | Scalar

const rolled = (a: Vector): Vector =>
  lc.concatenate([lc.slice(a, [1], [3]), lc.slice(a, [0], [1])], 0) as unknown as Vector

/** Operations whose results are exact for small integers. */
export const exactOperations: ReadonlyArray<Operation> = [
  (_, a, b) => lc.add(a, b),
  (_, a, b) => lc.sub(a, b),
  ({ w }, a) => lc.mul(w, a),
  (_, a, b) => lc.mul(a, b),
  (_, a) => lc.neg(a),
  (_, a, b) => lc.maximum(a, b),
  (_, a, b) => lc.select(lc.gt(a, b), b, a),
  (_, a) => rolled(a),
  (_, a) => lc.sum(a),
  (_, a, __, s) => lc.mul(a, s),
  ({ m }, a) => lc.matmul(m, a),
  (_, a, b) => lc.select(lc.lt(a, 0), lc.mul(a, b), lc.abs(b)),
  (_, a) => lc.convert(lc.convert(a, "f32"), "f64"),
  (_, __, ___, s) => lc.mul(s, s),
  (_, a) => lc.reshape(lc.slice(a, [1], [2]), []),
  (_, a) => lc.max(a)
]

export const operations: ReadonlyArray<Operation> = [
  ...exactOperations,
  (_, a) => lc.tanh(a),
  (_, a) => lc.sin(a),
  (_, a) => lc.logistic(a),
  (_, a) => lc.exp(lc.neg(lc.abs(a))),
  (_, a) => lc.sqrt(lc.add(lc.mul(a, a), 1)),
  (_, a, b) => lc.div(a, lc.add(lc.abs(b), 1)),
  (_, __, ___, s) => lc.tanh(s)
]

/** A random scan: which operations its step makes on which values, and which of them it returns. */
export interface StepBody {
  readonly steps: ReadonlyArray<readonly [operation: number, a: number, b: number, s: number]>
  readonly next: readonly [number, number, number]
  readonly ys: ReadonlyArray<number>
  readonly squared: boolean
  readonly length: number
  readonly reverse: boolean
  readonly traced: boolean
}

const place = fc.nat(40)

export const stepBody = (count: number): fc.Arbitrary<StepBody> =>
  fc.record({
    steps: fc.array(fc.tuple(fc.nat(count - 1), place, place, place), { minLength: 1, maxLength: 12 }),
    next: fc.tuple(place, place, place),
    ys: fc.array(place, { maxLength: 2 }),
    squared: fc.boolean(),
    length: fc.constantFrom(0, 1, 2, 4),
    reverse: fc.boolean(),
    traced: fc.boolean()
  })

const pick = <T>(items: ReadonlyArray<T>, at: number): T => items[items.length - 1 - (at % items.length)]!

/** The function of a random scan: from weights, initial carry, rows and a length to a number. */
export const functionOf =
  (body: StepBody, made: ReadonlyArray<Operation>, checkpoint: Checkpoint) =>
  (
    w: Vector,
    m: Matrix,
    first: Vector,
    second: Vector,
    start: Scalar,
    rows: lc.Tensor<"f64", readonly [number, 3]>,
    n: lc.Tensor<"i32", readonly []>
  ): Scalar => {
    const scan = lc.scan as never as (
      ...args: ReadonlyArray<unknown>
    ) => readonly [ReadonlyArray<Vector>, ReadonlyArray<Vector>]
    const [carry, stacked] = scan(
      [first, second, start],
      rows,
      ([c, d, s]: readonly [Vector, Vector, Scalar], x: Vector) => {
        const vectors: Array<Vector> = [c, d, x]
        const scalars: Array<Scalar> = [s]
        for (const [operation, a, b, k] of body.steps) {
          const pool = { w, m, vectors, scalars }
          const value = made[operation % made.length]!(
            pool,
            pick(vectors, a),
            pick(vectors, b),
            pick(scalars, k)
          )
          if (value.shape.length === 0) scalars.push(value as Scalar)
          else vectors.push(value as Vector)
        }
        const [i, j, k] = body.next
        return [
          [pick(vectors, i), pick(vectors, j), pick(scalars, k)],
          body.ys.map((at) => pick(vectors, at))
        ]
      },
      { reverse: body.reverse, checkpoint, ...(body.traced ? { length: n } : {}) }
    )
    const ys = body.traced ? (stacked as never as { readonly values: ReadonlyArray<Vector> }).values : stacked
    const total = (value: Vector): Scalar => lc.sum(value)
    const parts = [...carry.map(total), ...ys.map((y) => total(body.squared ? lc.mul(y, y) : y))]
    return parts.reduce((a, b) => lc.add(a, b))
  }
