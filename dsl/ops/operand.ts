import { type DType, numberFault } from "../dtype.ts"
import { dtypeError, renamed, shapeError, valueError } from "../errors.ts"
import { say } from "../messages.ts"
import { apply1 } from "../primitives/index.ts"
import { requireSameDType } from "../primitives/rule.ts"
import type { Scalar } from "../program.ts"
import { requireTensor, shown } from "../required.ts"
import { broadcastShapes, type Shape, sameShape, show } from "../shape.ts"
import { isTensor, type Value, valueOf } from "../tensor.ts"
import type { Operand } from "../types.ts"
import { ownDType, type TypedArray, type TypedArrays, tableOf } from "./table.ts"

/** Every element of `shape` the same number. Throws where `dtype` cannot hold it. */
export const splat = (op: string, value: Scalar, dtype: DType, shape: Shape): Value => {
  const fault = numberFault(value, dtype)
  if (fault !== undefined) {
    throw valueError(
      op,
      `${op}: ${fault}`,
      "a number takes the dtype of the array beside it; convert that array first if you mean another"
    )
  }
  try {
    return apply1("constant", { aval: { dtype, shape }, value })
  } catch (error) {
    throw renamed(op, error)
  }
}

export const broadcastValue = (op: string, value: Value, shape: Shape): Value => {
  if (sameShape(value.shape, shape)) return value
  const offset = shape.length - value.shape.length
  try {
    return apply1("broadcast", { shape, axes: value.shape.map((_, i) => i + offset) }, value)
  } catch (error) {
    throw renamed(op, error)
  }
}

/**
 * Makes operands of an elementwise operation alike: numbers take the dtype of the tensors, and all are broadcast to
 * one shape. At least one must be a tensor, for it says the dtype.
 */
export const alike = (op: string, operands: ReadonlyArray<Operand>): ReadonlyArray<Value> => {
  let first: Value | undefined
  let shape: Shape = []
  for (const operand of operands) {
    if (typeof operand === "number" || typeof operand === "bigint" || typeof operand === "boolean") continue
    // Tensors are most of the operands, and to look for a typed array takes longer.
    if (!isTensor(operand) && ownDType(operand) !== undefined) continue
    const value = requireTensor(op, "an operand", operand)
    if (first === undefined) first = value
    else requireSameDType(op, first, value)
    const joined = broadcastShapes(shape, value.shape)
    if (joined === undefined) {
      const before = { dtype: value.dtype, shape }
      throw shapeError(
        op,
        say("broadcast", { op, a: show(before), b: show(value) }),
        "axes are matched from the last; each pair must be equal or 1"
      )
    }
    shape = joined
  }
  if (first === undefined) {
    throw dtypeError(
      op,
      say("noTensor", { op }),
      `make one: scalar(${operands.length === 0 ? "1" : shown(operands[0])}, "f32")`
    )
  }
  const like = first
  return operands.map((operand) => {
    if (isTensor(operand)) return broadcastValue(op, valueOf(operand), shape)
    const own = ownDType(operand)
    return own === undefined
      ? splat(op, operand, like.dtype, shape)
      : broadcastValue(op, tableAmong(op, operand as never, own, like, shape), shape)
  })
}

/** A typed array among tensors is a constant. It takes their shape, and never they its own: types do not know its length. */
const tableAmong = (
  op: string,
  values: TypedArray,
  dtype: keyof TypedArrays,
  first: Value,
  shape: Shape
): Value => {
  const value = tableOf(op, values, dtype)
  requireSameDType(op, first, value)
  const joined = broadcastShapes(shape, value.shape)
  if (joined !== undefined && sameShape(joined, shape)) return value
  throw shapeError(
    op,
    say("broadcast", { op, a: show({ dtype, shape }), b: show(value) }),
    joined === undefined
      ? "axes are matched from the last; each pair must be equal or 1"
      : "constant(values) makes a tensor of it, which the other is broadcast to"
  )
}
