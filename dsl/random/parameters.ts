import type { FloatDType } from "../dtype.ts"
import { shapeError } from "../errors.ts"
import { requireSameDType } from "../primitives/rule.ts"
import { requireShape, requireTensor } from "../required.ts"
import { broadcastShapes, type Shape, show } from "../shape.ts"
import { isTensor, type Tensor, type Value, valueOf } from "../tensor.ts"
import type { Key } from "./key.ts"
import { bound, requireFloat } from "./uniform.ts"

/** A distribution of one parameter, which is a number or floats that broadcast to the shape. */
export interface Parametrised {
  <D extends FloatDType, S extends Shape>(key: Key, parameter: Tensor<D, S>): Tensor<D, S>
  <const S extends Shape, D extends FloatDType = "f32">(
    key: Key,
    parameter: number | Tensor<D>,
    shape: S,
    dtype?: D
  ): Tensor<NoInfer<D>, S>
}

/** What a random function reads of its parameters. */
export interface Parameters {
  readonly dtype: FloatDType
  readonly shape: Shape
  /** The parameters, broadcast to the shape. */
  readonly values: ReadonlyArray<Value>
}

/** The dtype of parameters that are tensors, else the one that is given, or f32. */
export const floatOf = (
  op: string,
  given: ReadonlyArray<number | Tensor>,
  dtype?: FloatDType
): FloatDType => {
  const tensors = given.filter((each) => isTensor(each)).map(valueOf)
  const [first, ...more] = tensors
  const found = (dtype ?? first?.dtype ?? "f32") as FloatDType
  requireFloat(op, found)
  if (first !== undefined) requireSameDType(op, first, { dtype: found, shape: [] })
  for (const each of more) requireSameDType(op, first!, each)
  return found
}

/** Reads parameters that are broadcast to the shape, which is their own where none is given. */
export const parameters = (
  op: string,
  given: ReadonlyArray<number | Tensor>,
  shape: Shape | undefined,
  dtype?: FloatDType
): Parameters => {
  for (const each of given) if (typeof each !== "number") requireTensor(op, "a parameter", each)
  const found = floatOf(op, given, dtype)
  const dims = shape === undefined ? joinedShape(op, given) : requireShape(op, shape)
  return { dtype: found, shape: dims, values: given.map((each) => bound(op, each, found, dims)) }
}

const joinedShape = (op: string, given: ReadonlyArray<number | Tensor>): Shape => {
  let shape: Shape = []
  for (const each of given.filter((one) => isTensor(one))) {
    const joined = broadcastShapes(shape, each.shape)
    if (joined === undefined)
      throw shapeError(
        op,
        `${op}: ${show(valueOf(each))} does not broadcast with [${shape.join(",")}]`,
        "axes are matched from the last; each pair must be equal or 1"
      )
    shape = joined
  }
  return shape
}

/** A distribution with two parameters, whose shape is theirs where none is given. */
export interface OfTwo {
  <D extends FloatDType, S extends Shape>(
    key: Key,
    a: Tensor<D, S>,
    b: number | Tensor<NoInfer<D>, NoInfer<S>>
  ): Tensor<D, S>
  <const S extends Shape, D extends FloatDType = "f32">(
    key: Key,
    a: number | Tensor<D>,
    b: number | Tensor<D>,
    shape: S,
    dtype?: D
  ): Tensor<NoInfer<D>, S>
}

/** The shape of vectors that are as long as those of A. */
export type Vectors<S extends Shape, A extends Shape> = A extends readonly [
  ...infer _,
  infer N extends number
]
  ? readonly [...S, N]
  : readonly [...S, number]
