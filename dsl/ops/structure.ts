import type { DType } from "../dtype.ts"
import { shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { apply, apply1 } from "../primitives/index.ts"
import { axisError, requireShape } from "../primitives/rule.ts"
import { requireList } from "../required.ts"
import { type Aval, broadcastShapes, type Shape, sameShape, show, sizeOf } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { Broadcasted, Check, PairFault, Permuted, RealDType, Reversed, Unknown, Weak } from "../types.ts"
import { requireDType } from "./constant.ts"
import { alike, broadcastValue } from "./operand.ts"

/** An axis counted from the end made plain: -1 is the last. */
export const plainAxis = (op: string, axis: number, aval: Aval): number => {
  const plain = axis < 0 ? axis + aval.shape.length : axis
  if (Number.isInteger(plain) && plain >= 0 && plain < aval.shape.length) return plain
  throw axisError(op, axis, aval)
}

/**
 * The same values in another dtype. Floats become integers by dropping the fraction; what is out of range saturates
 * or wraps as XLA does on the device.
 */
export const convert = <D extends DType, S extends Shape>(x: Tensor<DType, S>, dtype: D): Tensor<D, S> => {
  requireDType("convert", dtype)
  return x.dtype === dtype ? (x as Tensor<D, S>) : tensorOf(apply1("convert", { dtype }, valueOf(x)))
}

/** The same elements, row-major, in another shape; one dimension may be -1 and is worked out. */
export const reshape = <D extends DType, const S extends Shape>(
  x: Tensor<D>,
  shape: S
): Tensor<D, { readonly [K in keyof S]: S[K] extends -1 ? number : S[K] }> => {
  requireList("reshape", "shape", shape, "give the dimensions: [2, 3]")
  const wild = shape.filter((dim) => dim === -1).length
  const known = sizeOf(shape.filter((dim) => dim !== -1))
  if (wild > 1 || (wild === 1 && (known === 0 || sizeOf(x.shape) % known !== 0))) {
    throw shapeError(
      "reshape",
      `reshape: ${show(x)} does not fit [${shape.join(",")}]`,
      "at most one dimension may be -1, and the others must divide the size"
    )
  }
  const full = shape.map((dim) => (dim === -1 ? sizeOf(x.shape) / known : dim))
  return tensorOf(sameShape(full, x.shape) ? valueOf(x) : apply1("reshape", { shape: full }, valueOf(x)))
}

/** Repeats `x` along new leading axes and axes of length 1, as NumPy's broadcast_to. */
export const broadcastTo = <D extends DType, const S extends Shape>(x: Tensor<D>, shape: S): Tensor<D, S> => {
  requireShape("broadcastTo", shape)
  const joined = broadcastShapes(x.shape, shape)
  if (joined === undefined || !sameShape(joined, shape)) {
    throw shapeError(
      "broadcastTo",
      `broadcastTo: ${show(x)} does not broadcast to [${shape.join(",")}]`,
      "axes are matched from the last; an axis of length 1 may become any length"
    )
  }
  return tensorOf(broadcastValue(valueOf(x), [...shape]))
}

interface Transpose {
  <D extends DType, S extends Shape>(x: Tensor<D, S>): Tensor<D, Reversed<S>>
  <D extends DType, S extends Shape, const P extends ReadonlyArray<number>>(
    x: Tensor<D, S>,
    permutation: P
  ): Tensor<D, Permuted<S, P>>
}

/** Reorders the axes; reverses them where no permutation is given. */
export const transpose: Transpose = (x: Tensor, permutation?: ReadonlyArray<number>) => {
  const value = valueOf(x)
  const axes = (permutation ?? value.shape.map((_, i) => value.shape.length - 1 - i)).map((axis) =>
    plainAxis("transpose", axis, value)
  )
  return tensorOf<never, never>(apply1("transpose", { permutation: axes }, value))
}

/** The elements from `start` to before `limit` on each axis, every `strides`-th. Nothing is clamped. */
export const slice = <D extends DType, S extends Shape>(
  x: Tensor<D, S>,
  start: ReadonlyArray<number>,
  limit: ReadonlyArray<number>,
  strides: ReadonlyArray<number> = x.shape.map(() => 1)
): Tensor<D, Unknown<S>> => {
  for (const [what, list] of Object.entries({ start, limit, strides }))
    requireList("slice", what, list, "give one number for each axis")
  return tensorOf(apply1("slice", { start, limit, strides }, valueOf(x)))
}

/** Joins arrays along an axis; all other axes must agree. */
export const concatenate = <D extends DType, S extends Shape>(
  arrays: readonly [Tensor<D, S>, ...ReadonlyArray<Tensor<D>>],
  axis = 0
): Tensor<D, Unknown<S>> => {
  requireList("concatenate", "arrays", arrays, "give a list of arrays")
  const values = arrays.map(valueOf)
  const first = values[0]
  if (first === undefined)
    throw shapeError("concatenate", "concatenate: nothing is given", "give at least one array")
  return tensorOf(apply("concatenate", { axis: plainAxis("concatenate", axis, first) }, values)[0]!)
}

interface Select {
  <D extends DType, S extends Shape>(
    predicate: Tensor<"bool", S> | Tensor<"bool", readonly []>,
    onTrue: Tensor<D, S>,
    onFalse: NoInfer<Tensor<D, S> | Tensor<D, readonly []>> | Weak | boolean
  ): Tensor<D, S>
  <D extends DType, S extends Shape>(
    predicate: Tensor<"bool", S> | Tensor<"bool", readonly []>,
    onTrue: Weak | boolean,
    onFalse: Tensor<D, S>
  ): Tensor<D, S>
  <A extends Tensor, B extends Tensor>(
    predicate: Tensor<"bool">,
    onTrue: A,
    onFalse: B & Check<PairFault<"select", A, B>>
  ): Tensor<Broadcasted<A, B>["dtype"]>
}

/** Picks from `onTrue` where the predicate holds, else from `onFalse`. Both are computed. */
export const select: Select = (
  predicate: Tensor<"bool">,
  onTrue: Tensor | Weak | boolean,
  onFalse: Tensor | Weak | boolean
) => {
  const [a, b] = alike("select", [onTrue, onFalse]) as [Value, Value]
  const joined = broadcastShapes(predicate.shape, a.shape)
  if (joined === undefined) {
    throw shapeError(
      "select",
      say("broadcast", { op: "select", a: show(predicate), b: show(a) }),
      "the predicate must broadcast with what it picks from"
    )
  }
  const wide = [a, b].map((value) => broadcastValue(value, joined)) as [Value, Value]
  const chosen = valueOf(predicate)
  return tensorOf<never, never>(
    apply1("select", {}, chosen.shape.length === 0 ? chosen : broadcastValue(chosen, joined), ...wide)
  )
}

/** NumPy's name for `select`. */
export const where = select

/** Keeps each element within bounds. */
export const clamp = <D extends RealDType, S extends Shape>(
  least: NoInfer<Tensor<D, S> | Tensor<D, readonly []>> | Weak,
  x: Tensor<D, S>,
  most: NoInfer<Tensor<D, S> | Tensor<D, readonly []>> | Weak
): Tensor<D, S> => tensorOf(apply1("clamp", {}, ...alike("clamp", [least, x, most])))
