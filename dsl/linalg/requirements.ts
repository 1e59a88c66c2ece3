import { shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { requireSquare, requireWide } from "../primitives/linalg.ts"
import { requireSameDType } from "../primitives/rule.ts"
import { requireTensor } from "../required.ts"
import { type Aval, broadcastShapes, type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"
import type { Numbers } from "./matrices.ts"

const refuse = (op: string, message: string, hint: string) => shapeError(op, message, hint)

export const requireAxes = (op: string, x: Aval): void => {
  if (x.shape.length < 2) throw refuse(op, say("matrices", { op, a: show(x) }), "it needs at least two axes")
}

/** A batch of matrices of a dtype that decompositions take. */
export const requireMatrices = (op: string, what: string, x: Tensor): Numbers => {
  const value = requireTensor(op, what, x)
  requireWide(op, value)
  requireAxes(op, value)
  return tensorOf(value)
}

export const requireSquares = (op: string, what: string, x: Tensor): Numbers => {
  const value = requireTensor(op, what, x)
  requireWide(op, value)
  requireSquare(op, value)
  return tensorOf(value)
}

/** A right-hand side for matrices with as many rows: a vector for all of them, or a batch of matrices. */
export const requireRight = (
  op: string,
  a: Numbers,
  b: Tensor
): { readonly right: Numbers; readonly vector: boolean; readonly batch: Shape } => {
  const value = requireTensor(op, "b", b)
  requireSameDType(op, a, value)
  const { shape } = value
  const vector = shape.length === 1
  const batch = vector ? a.shape.slice(0, -2) : broadcastShapes(a.shape.slice(0, -2), shape.slice(0, -2))
  if (shape.length === 0 || shape.at(vector ? -1 : -2) !== a.shape.at(-2) || batch === undefined)
    throw refuse(
      op,
      say("fitBeside", { op, a: show(a), b: show(value) }),
      `b is a vector of ${a.shape.at(-2)} elements or has matrices of ${a.shape.at(-2)} rows, and batches broadcast`
    )
  return { right: tensorOf(value), vector, batch }
}
