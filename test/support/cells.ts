import {
  add,
  type Checkpoint,
  div,
  f32,
  logistic,
  matmul,
  mul,
  scalar,
  scan,
  slice,
  sub,
  sum,
  type Tensor,
  tanh,
  zeros
} from "../../pjrt/loopcarry.ts"

export const steps = 10
export const width = 4

type Vector = Tensor<"f32", readonly [number]>
type Matrix = Tensor<"f32", readonly [number, number]>
type Scalar = Tensor<"f32", readonly []>
type State = { readonly h: Vector; readonly c: Vector }

/** The parameters of a cell, and its loss as a function of them. */
interface Cell {
  readonly specs: ReadonlyArray<unknown>
  readonly loss: (checkpoint: Checkpoint) => (...args: ReadonlyArray<never>) => Scalar
}

const part = (gates: Vector, i: number): Vector =>
  slice(gates, [i * width], [(i + 1) * width]) as unknown as Vector
const none = zeros([width], "f32") as unknown as Vector

/** Recurrent cells and a filter, as people write them. */
export const cells: Readonly<
  Record<"tanh RNN" | "RNN with outputs" | "GRU" | "LSTM" | "Kalman filter", Cell>
> = {
  "tanh RNN": {
    specs: [f32(width, width), f32(width, width), f32(steps, width)],
    loss: (checkpoint) => (w: Matrix, u: Matrix, xs: Matrix) =>
      sum(
        scan(none, xs, (h, x: Vector) => [tanh(add(matmul(w, h), matmul(u, x))) as Vector, null], {
          checkpoint
        })[0]
      ) as Scalar
  },
  "RNN with outputs": {
    specs: [f32(width, width), f32(width, width), f32(steps, width)],
    loss: (checkpoint) => (w: Matrix, u: Matrix, xs: Matrix) => {
      const step = (h: Vector, x: Vector) => {
        const next = tanh(add(matmul(w, h), matmul(u, x))) as Vector
        return [next, next] as const
      }
      const outputs = scan(none, xs, step as never, { checkpoint })[1] as unknown as Matrix
      return sum(mul(outputs, outputs)) as Scalar
    }
  },
  GRU: {
    specs: [f32(3 * width, width), f32(2 * width, width), f32(width, width), f32(steps, width)],
    loss: (checkpoint) => (u: Matrix, w: Matrix, v: Matrix, xs: Matrix) => {
      const step = (h: Vector, x: Vector) => {
        const [fromX, fromH] = [matmul(u, x) as Vector, matmul(w, h) as Vector]
        const update = logistic(add(part(fromX, 0), part(fromH, 0)))
        const reset = logistic(add(part(fromX, 1), part(fromH, 1)))
        const candidate = tanh(add(part(fromX, 2), matmul(v, mul(reset, h)) as Vector))
        return [add(mul(sub(1, update), candidate), mul(update, h)), null] as const
      }
      return sum(scan(none, xs, step as never, { checkpoint })[0] as Vector) as Scalar
    }
  },
  LSTM: {
    specs: [f32(4 * width, width), f32(4 * width, width), f32(steps, width)],
    loss: (checkpoint) => (w: Matrix, u: Matrix, xs: Matrix) => {
      const step = ({ h, c }: State, x: Vector) => {
        const gates = add(matmul(w, h), matmul(u, x)) as Vector
        const [input, forget, output] = [0, 1, 3].map((i) => logistic(part(gates, i)))
        const next = add(mul(forget!, c), mul(input!, tanh(part(gates, 2))))
        return [{ h: mul(output!, tanh(next)), c: next }, null] as const
      }
      const [last] = scan({ h: none, c: none }, xs, step as never, { checkpoint })
      return sum((last as State).h) as Scalar
    }
  },
  "Kalman filter": {
    specs: [f32(), f32(), f32(steps)],
    loss: (checkpoint) => (q: Scalar, r: Scalar, xs: Vector) => {
      const step = ({ mean, variance, loss }: Readonly<Record<string, Scalar>>, x: Scalar) => {
        const predicted = add(variance!, q)
        const gain = div(predicted, add(predicted, r))
        const surprise = sub(x, mean!)
        return [
          {
            mean: add(mean!, mul(gain, surprise)),
            variance: mul(sub(1, gain), predicted),
            loss: add(loss!, mul(surprise, surprise))
          },
          null
        ] as const
      }
      const start = { mean: scalar(0, "f32"), variance: scalar(1, "f32"), loss: scalar(0, "f32") }
      return (scan(start, xs, step as never, { checkpoint })[0] as unknown as typeof start).loss
    }
  }
}
