import type { DType, DTypeKind, FloatDType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { broadcastValue } from "../ops/operand.ts"
import { type Unary, unaryOf } from "../ops/operators.ts"
import { requireKind, requireSameDType } from "../primitives/rule.ts"
import { requireNumber, requireTensor } from "../required.ts"
import { broadcastShapes, type Shape, sameShape, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { AsFirst, Whole } from "../types/whole.ts"
import { filled } from "../values.ts"

/** What works element by element on floats, and is made of other operations. */
export const activation = <Op extends string, Allowed extends DType = FloatDType>(
  op: Op,
  make: (x: Value) => Value,
  kinds: ReadonlyArray<DTypeKind> = ["float"]
): Unary<Op, Allowed> => unaryOf(op, kinds, make)

/** An activation with a parameter: a number, or a tensor that broadcasts to the shape of x. */
export interface Parametric extends Whole<AsFirst> {
  <D extends FloatDType, S extends Shape>(
    x: Tensor<D, S>,
    parameter?: number | Tensor<NoInfer<D>>
  ): Tensor<D, S>
}

/** A number or a tensor as a value of the type of x. */
export const parameterOf = (op: string, what: string, given: number | Tensor, x: Value): Value => {
  if (!isTensor(given)) return filled(x, requireNumber(op, what, given))
  const value = valueOf(given)
  requireSameDType(op, x, value)
  const joined = broadcastShapes(value.shape, x.shape)
  if (joined !== undefined && sameShape(joined, x.shape)) return broadcastValue(op, value, x.shape)
  throw shapeError(
    op,
    say("broadcast", { op, a: show(x), b: show(value) }),
    `${what} must broadcast to the shape of x: axes are matched from the last; each is equal or 1`
  )
}

export const parametric = (
  op: string,
  what: string,
  otherwise: number,
  make: (x: Value, parameter: Value) => Value
): Parametric =>
  named(op, (x, parameter: number | Tensor = otherwise) => {
    const value = requireTensor(op, "x", x)
    requireKind(op, value, ["float"])
    return tensorOf(make(value, parameterOf(op, what, parameter, value)))
  })
