import type { DType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { apply } from "../primitives/index.ts"
import { requireShape, requireTensor, requireTensors } from "../required.ts"
import { type Shape, broadcastShapes as shapesTogether, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type {
  AtLeast1,
  AtLeast2,
  BroadcastEach,
  BroadcastShapes,
  Columns,
  InDepth,
  OnTop,
  SideBySide
} from "../types/layouts.ts"
import { reshape } from "../values.ts"
import { broadcastValue } from "./operand.ts"

const refuse = (op: string, message: string, hint: string) => shapeError(op, `${op}: ${message}`, hint)

const joined = (
  op: string,
  arrays: ReadonlyArray<Tensor>,
  shaped: (shape: Shape) => Shape,
  axisOf: (rank: number) => number
): Value => {
  const values = requireTensors(op, "arrays", arrays, "give a list of arrays").map((each) =>
    reshape(each, shaped(each.shape))
  )
  const [first] = values
  if (first === undefined) throw refuse(op, "nothing is given", "give at least one array")
  return apply("concatenate", { axis: axisOf(first.shape.length) }, values)[0]!
}

const atLeast1 = (shape: Shape): Shape => (shape.length === 0 ? [1] : shape)
const atLeast2 = (shape: Shape): Shape => (shape.length < 2 ? [1, ...atLeast1(shape)] : shape)
const atLeast3 = (shape: Shape): Shape => (shape.length < 3 ? [...atLeast2(shape), 1] : shape)

/**
 * Joins arrays of one dtype side by side: along the second axis, vectors along their only one. Fails with a `ShapeError`
 * where another axis differs, and a `DTypeError` where the dtypes do.
 *
 * @example hstack([arange(2), arange(3)]) // [0, 1, 0, 1, 2]
 */
export const hstack = named(
  "hstack",
  <const L extends ReadonlyArray<Tensor>>(arrays: L): Tensor<L[number]["dtype"], SideBySide<L>> =>
    tensorOf(joined("hstack", arrays, atLeast1, (rank) => (rank === 1 ? 0 : 1)))
)

/**
 * Joins arrays of one dtype on top of one another: along the first axis, vectors as rows. Fails with a `ShapeError` where
 * another axis differs, and a `DTypeError` where the dtypes do.
 *
 * @example vstack([arange(2), arange(2)]) // i32[2,2]: [[0, 1], [0, 1]]
 */
export const vstack = named(
  "vstack",
  <const L extends ReadonlyArray<Tensor>>(arrays: L): Tensor<L[number]["dtype"], OnTop<L>> =>
    tensorOf(joined("vstack", arrays, atLeast2, () => 0))
)

/**
 * Joins arrays of one dtype along the third axis, which vectors and matrices get. Fails with a `ShapeError` where another
 * axis differs, and a `DTypeError` where the dtypes do.
 *
 * @example dstack([arange(2), arange(2)]) // i32[1,2,2]: [[[0, 0], [1, 1]]]
 */
export const dstack = named(
  "dstack",
  <const L extends ReadonlyArray<Tensor>>(arrays: L): Tensor<L[number]["dtype"], InDepth<L>> =>
    tensorOf(joined("dstack", arrays, atLeast3, () => 2))
)

/**
 * Joins arrays of one dtype as columns: along the second axis, vectors as one column each. Fails with a `ShapeError` where
 * another axis differs, and a `DTypeError` where the dtypes do.
 *
 * @example columnStack([arange(2), arange(2)]) // i32[2,2]: [[0, 0], [1, 1]]
 */
export const columnStack = named(
  "columnStack",
  <const L extends ReadonlyArray<Tensor>>(arrays: L): Tensor<L[number]["dtype"], Columns<L>> =>
    tensorOf(
      joined(
        "columnStack",
        arrays,
        (shape) => (shape.length < 2 ? [...atLeast1(shape), 1] : shape),
        () => 1
      )
    )
)

/**
 * Gives a scalar one axis of length 1, and leaves other arrays as they are. Never fails but for what is no tensor, with a
 * `ValueError`.
 *
 * @example atLeast1d(scalar(3, "f32")) // f32[1]: [3]
 */
export const atLeast1d = named(
  "atLeast1d",
  <D extends DType, S extends Shape>(x: Tensor<D, S>): Tensor<D, AtLeast1<S>> => {
    const value = requireTensor("atLeast1d", "x", x)
    return tensorOf(reshape(value, atLeast1(value.shape)))
  }
)

/**
 * Makes a row of a vector, and a matrix of one element of a scalar; leaves other arrays as they are. Never fails but for
 * what is no tensor, with a `ValueError`.
 *
 * @example atLeast2d(arange(3)) // i32[1,3]: [[0, 1, 2]]
 */
export const atLeast2d = named(
  "atLeast2d",
  <D extends DType, S extends Shape>(x: Tensor<D, S>): Tensor<D, AtLeast2<S>> => {
    const value = requireTensor("atLeast2d", "x", x)
    return tensorOf(reshape(value, atLeast2(value.shape)))
  }
)

/**
 * Broadcasts arrays to one shape, as NumPy does; each keeps its dtype. Fails with a `ShapeError` where they do not fit.
 *
 * @example broadcastArrays([arange(2), zeros([2, 1], "f32")])[0] // i32[2,2]: [[0, 1], [0, 1]]
 */
export const broadcastArrays = named(
  "broadcastArrays",
  <const L extends ReadonlyArray<Tensor>>(arrays: L): BroadcastEach<L> => {
    const op = "broadcastArrays"
    const values = requireTensors(op, "arrays", arrays, "give a list of arrays")
    let shape: Shape = []
    for (const each of values) {
      const wide = shapesTogether(shape, each.shape)
      if (wide === undefined)
        throw shapeError(
          op,
          say("broadcast", { op, a: show({ dtype: each.dtype, shape }), b: show(each) }),
          "axes are matched from the last; each pair must be equal or 1"
        )
      shape = wide
    }
    return values.map((each) => tensorOf<DType, Shape>(broadcastValue(op, each, shape))) as never
  }
)

/**
 * Gives the shape that arrays of some shapes broadcast to, as NumPy does: a plain list of numbers. Fails with a `ShapeError`
 * where they do not fit.
 *
 * @example zeros(broadcastShapes([3, 1], [4]), "f32") // f32[3,4]
 */
export const broadcastShapes = <const L extends ReadonlyArray<Shape>>(...shapes: L): BroadcastShapes<L> => {
  const op = "broadcastShapes"
  return shapes.reduce<Shape>((shape, each) => {
    const wide = shapesTogether(shape, requireShape(op, each))
    if (wide !== undefined) return wide
    throw refuse(
      op,
      `shapes do not broadcast: [${shape.join(",")}] and [${each.join(",")}]`,
      "axes are matched from the last; each pair must be equal or 1"
    )
  }, []) as never
}
