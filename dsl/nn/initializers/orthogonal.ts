import { shapeError } from "../../errors.ts"
import { qr } from "../../linalg/qr.ts"
import { apply1 } from "../../primitives/index.ts"
import { normal } from "../../random/index.ts"
import { plainAxis, requireNumber } from "../../required.ts"
import { type Shape, sizeOf } from "../../shape.ts"
import { type Tensor, type Value, valueOf } from "../../tensor.ts"
import {
  broadcast,
  compare,
  filled,
  flip,
  iota,
  moveAxis,
  mul,
  reshape,
  scale as scaled,
  select,
  sum,
  unary,
  zeros
} from "../../values.ts"
import { type Asked, initializer } from "./initializer.ts"

/** Which columns are orthogonal, and how long they are. */
export interface OrthogonalOptions {
  /** The length of each row or column (1). */
  readonly scale?: number
  /** The axis of the columns (-1); the others together are rows. */
  readonly columnAxis?: number
}

type Wide = "f32" | "f64"

/** Rows or columns of length 1, of which each is orthogonal to the others, as `jax.random.orthogonal` draws them. */
const orthonormal = ({ key, dtype }: Asked<OrthogonalOptions>, rows: number, columns: number): Value => {
  const drawn = normal(key, [Math.max(rows, columns), Math.min(rows, columns)], dtype as Wide)
  const [q, r] = qr(drawn) as readonly [Tensor, Tensor]
  const factor = valueOf(r)
  const onDiagonal = compare("eq", iota(factor.shape, 0), iota(factor.shape, 1))
  // The signs of the diagonal make it unique, and so equally likely in all directions.
  const signs = unary("sign", sum(select(onDiagonal, factor, zeros(factor)), [0]))
  const found = mul(valueOf(q), broadcast(signs, q.shape, [1]))
  return rows < columns ? flip(found) : found
}

const isEmpty = (shape: Shape): boolean => shape.includes(0)

const matrixOf = (asked: Asked<OrthogonalOptions>): Value => {
  const { op, shape, dtype, options } = asked
  if (shape.length < 2) {
    throw shapeError(
      op,
      `${op}: the shape [${shape.join(",")}] has no rows and columns`,
      "give at least two axes"
    )
  }
  const axis = plainAxis(op, options.columnAxis ?? -1, { dtype, shape })
  const factor = requireNumber(op, "scale", options.scale ?? 1)
  if (isEmpty(shape)) return filled({ dtype, shape }, 0)
  const columns = shape[axis]!
  const found = orthonormal(asked, sizeOf(shape) / columns, columns)
  const whole = reshape(found, [...shape.toSpliced(axis, 1), columns])
  return scaled(moveAxis(whole, shape.length - 1, axis), factor)
}

const names = ["scale", "columnAxis"] as const

/**
 * Draws a matrix whose columns are orthogonal and of length `scale` (1), or whose rows are where it is wide. Columns lie
 * along `columnAxis` (-1); the other axes together are rows. Takes f32 and f64. Fails with a `ShapeError` for what is no
 * key, shape or axis, and a `DTypeError` for another dtype.
 *
 * @example
 * const w = initializers.orthogonal(random.key(0), [4, 2])
 * matmul(transpose(w), w) // [[1, 0], [0, 1]]
 */
export const orthogonal = initializer<OrthogonalOptions, Wide>("orthogonal", names, matrixOf)

/**
 * Draws the weights of a convolution that is `orthogonal` in the middle of its window and zero elsewhere. The shape has
 * one to three axes of the window, then inputs and as many outputs or more. Takes f32 and f64. Fails with a
 * `ShapeError` for another shape, and a `DTypeError` for another dtype.
 *
 * @example initializers.deltaOrthogonal(random.key(0), [3, 3, 2, 4]) // f32[3,3,2,4]
 */
export const deltaOrthogonal = initializer<OrthogonalOptions, Wide>("deltaOrthogonal", names, (asked) => {
  const { op, shape, dtype } = asked
  const [inputs, outputs] = shape.slice(-2) as [number, number]
  if (shape.length < 3 || shape.length > 5 || outputs < inputs) {
    throw shapeError(
      op,
      `${op}: the shape [${shape.join(",")}] is no window of one to three axes, inputs, and as many outputs`,
      "give [window..., inputs, outputs], with as many outputs as inputs or more"
    )
  }
  if (isEmpty(shape)) return filled({ dtype, shape }, 0)
  const window = shape.slice(0, -2)
  const middle = matrixOf({ ...asked, shape: [inputs, outputs] })
  const low = shape.map((length, i) => (i < window.length ? Math.floor((length - 1) / 2) : 0))
  const high = shape.map((length, i) => (i < window.length ? length - 1 - low[i]! : 0))
  const one = reshape(middle, [...window.map(() => 1), inputs, outputs])
  return apply1("pad", { low, high, interior: shape.map(() => 0) }, one, filled({ dtype, shape: [] }, 0))
})
