import { named, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { apply1 } from "../primitives/index.ts"
import { numeric, requireDistinct, requireKind, requireSameDType } from "../primitives/rule.ts"
import { plainAxis, requireDim, requireList, requireTensor } from "../required.ts"
import { broadcastShapes, type Shape, show, sizeOf } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { IsAxis } from "../types/axes.ts"
import type { Numbers } from "../types/lengths.ts"
import type { Dot, Inner, Kronecker, Outer, Tensordot } from "../types/products.ts"
import type { Broadcast, NumericDType } from "../types.ts"
import { broadcast, conjugate, moveAxis, mul, range, reshape, sliceAxis, sub } from "../values.ts"
import { broadcastValue } from "./operand.ts"

const refuse = (op: string, message: string, hint: string) => shapeError(op, `${op}: ${message}`, hint)

/** Two arrays of one dtype that can be multiplied. */
const both = (op: string, a: Tensor, b: Tensor): readonly [Value, Value] => {
  const [left, right] = [requireTensor(op, "a", a), requireTensor(op, "b", b)]
  requireSameDType(op, left, right)
  requireKind(op, left, numeric)
  return [left, right]
}

/** Sums over pairs of axes; the result's are the others of the left, then those of the right. */
const contracted = (op: string, a: Value, b: Value, pairs: readonly [Shape, Shape]): Value => {
  const [left, right] = pairs
  const off = left.findIndex((axis, i) => a.shape[axis] !== b.shape[right[i]!])
  if (off >= 0) {
    throw refuse(
      op,
      `axis ${left[off]} of ${show(a)} and axis ${right[off]} of ${show(b)} differ`,
      "the axes that are summed over must be of one length"
    )
  }
  return apply1("dot", { contracting: [left, right], batch: [[], []] }, a, b)
}

const scaled = (a: Value, b: Value): Value => {
  const shape = a.shape.length === 0 ? b.shape : a.shape
  return mul(broadcastValue("mul", a, shape), broadcastValue("mul", b, shape))
}

/**
 * Multiplies each element of `a` by each of `b`: a matrix with a row for each element of `a`. Arrays of more axes are put
 * in a row first. Fails with a `DTypeError` where the dtypes differ, and for booleans.
 *
 * @example outer(constant([1, 2], "f32"), constant([3, 4], "f32")) // f32[2,2]: [[3, 4], [6, 8]]
 */
export const outer = named(
  "outer",
  <D extends NumericDType, S extends Shape, T extends Shape>(
    a: Tensor<D, S>,
    b: Tensor<NoInfer<D>, T>
  ): Tensor<D, Outer<S, T>> => {
    const [left, right] = both("outer", a, b)
    const [rows, columns] = [sizeOf(left.shape), sizeOf(right.shape)]
    const shape = [rows, columns]
    return tensorOf(
      mul(broadcast(reshape(left, [rows]), shape, [0]), broadcast(reshape(right, [columns]), shape, [1]))
    )
  }
)

/**
 * Sums products over the last axis of both: the result has the other axes of `a`, then those of `b`. A scalar multiplies.
 * Fails with a `ShapeError` where the last axes differ, and a `DTypeError` where the dtypes do, and for booleans.
 *
 * @example inner(constant([1, 2], "f32"), constant([3, 4], "f32")) // 11
 */
export const inner = named(
  "inner",
  <D extends NumericDType, S extends Shape, T extends Shape>(
    a: Tensor<D, S>,
    b: Tensor<NoInfer<D>, T>
  ): Tensor<D, Inner<S, T>> => {
    const [left, right] = both("inner", a, b)
    if (left.shape.length === 0 || right.shape.length === 0) return tensorOf(scaled(left, right))
    return tensorOf(contracted("inner", left, right, [[left.shape.length - 1], [right.shape.length - 1]]))
  }
)

/**
 * Multiplies vectors and matrices, as `matmul` does; of more axes, it sums over the last axis of `a` and the last but one
 * of `b`, and has the other axes of `a`, then those of `b`. A scalar multiplies. Fails with a `ShapeError` where those axes
 * differ, and a `DTypeError` where the dtypes do, and for booleans.
 *
 * @example dot(constant([1, 2], "f32"), constant([3, 4], "f32")) // 11
 */
export const dot = named(
  "dot",
  <D extends NumericDType, S extends Shape, T extends Shape>(
    a: Tensor<D, S>,
    b: Tensor<NoInfer<D>, T>
  ): Tensor<D, Dot<S, T>> => {
    const [left, right] = both("dot", a, b)
    if (left.shape.length === 0 || right.shape.length === 0) return tensorOf(scaled(left, right))
    const over = Math.max(0, right.shape.length - 2)
    return tensorOf(contracted("dot", left, right, [[left.shape.length - 1], [over]]))
  }
)

/**
 * Sums the products of all elements, those of `a` conjugated where they are complex. Both are put in a row first. Fails
 * with a `ShapeError` where the sizes differ, and a `DTypeError` where the dtypes do, and for booleans.
 *
 * @example vdot(constant([[1, 2]], "f32"), constant([3, 4], "f32")) // 11
 */
export const vdot = named(
  "vdot",
  <D extends NumericDType>(a: Tensor<D>, b: Tensor<NoInfer<D>>): Tensor<D, readonly []> => {
    const [left, right] = both("vdot", a, b)
    const [first, second] = [left, right].map((x) => reshape(x, [sizeOf(x.shape)])) as [Value, Value]
    return tensorOf(contracted("vdot", conjugate(first), second, [[0], [0]]))
  }
)

/** How many axes are summed over, or which of each side. */
export type TensordotAxes = number | readonly [Numbers, Numbers]

/**
 * Sums products over the last `axes` (2) axes of `a` and the first of `b`, or over the listed axes of each. The result has
 * the other axes of `a`, then those of `b`. Fails with a `ShapeError` where the axes do not fit, and a `DTypeError` where
 * the dtypes differ, and for booleans.
 *
 * @example
 * const m = constant([[1, 2], [3, 4]], "f32")
 * tensordot(m, m) // 30
 * tensordot(m, m, [[0], [0]]) // [[10, 14], [14, 20]]
 */
export const tensordot = named(
  "tensordot",
  <D extends NumericDType, S extends Shape, T extends Shape, const A extends TensordotAxes = 2>(
    a: Tensor<D, S>,
    b: Tensor<NoInfer<D>, T>,
    axes: A = 2 as A
  ): Tensor<D, Tensordot<S, T, NoInfer<A>>> => {
    const op = "tensordot"
    const [left, right] = both(op, a, b)
    const [rank, other] = [left.shape.length, right.shape.length]
    if (typeof axes === "number") {
      const count = requireDim(op, "the number of axes", axes)
      if (count > Math.min(rank, other))
        throw refuse(op, `${count} axes of ${show(left)} and ${show(right)}`, "sum over fewer axes")
      return tensorOf(contracted(op, left, right, [range(count, rank - count), range(count)]))
    }
    const hint = "give a number, or the axes of each: [[1], [0]]"
    const lists = requireList<Numbers>(op, "axes", axes, hint)
    const pairs = [left, right].map((side, i) => {
      const own = requireList<number>(op, `axes[${i}]`, lists[i] as Numbers, hint)
      const plain = own.map((axis) => plainAxis(op, axis, side))
      requireDistinct(op, plain)
      return plain
    }) as unknown as [Shape, Shape]
    if (lists.length !== 2 || pairs[0].length !== pairs[1].length)
      throw refuse(op, `the axes of ${show(left)} and ${show(right)} are no pairs`, hint)
    return tensorOf(contracted(op, left, right, pairs))
  }
)

/**
 * Gives the Kronecker product: `b` scaled by each element of `a`, as blocks. Axes are matched from the last. Fails with a
 * `DTypeError` where the dtypes differ, and for booleans.
 *
 * @example kron(constant([1, 2], "f32"), constant([1, 1], "f32")) // [1, 1, 2, 2]
 */
export const kron = named(
  "kron",
  <D extends NumericDType, S extends Shape, T extends Shape>(
    a: Tensor<D, S>,
    b: Tensor<NoInfer<D>, T>
  ): Tensor<D, Kronecker<S, T>> => {
    const [left, right] = both("kron", a, b)
    const rank = Math.max(left.shape.length, right.shape.length)
    const [p, q] = [left.shape, right.shape].map((shape) => [
      ...range(rank - shape.length).map(() => 1),
      ...shape
    ]) as [Array<number>, Array<number>]
    const wide = p.flatMap((dim, i) => [dim, q[i]!])
    const spread = (x: Value, own: Shape, at: number) =>
      broadcast(
        reshape(x, own),
        wide,
        own.map((_, i) => 2 * i + at)
      )
    const product = mul(spread(left, p, 0), spread(right, q, 1))
    return tensorOf(
      reshape(
        product,
        p.map((dim, i) => dim * q[i]!)
      )
    )
  }
)

/**
 * Gives the cross products of vectors with three elements along an axis (the last). The other axes broadcast as NumPy's do.
 * Fails with a `ShapeError` for another length or an axis that is not there, and a `DTypeError` where the dtypes differ.
 *
 * @example cross(constant([1, 0, 0], "f32"), constant([0, 1, 0], "f32")) // [0, 0, 1]
 */
export const cross = named(
  "cross",
  <D extends NumericDType, S extends Shape, T extends Shape, const A extends number = -1>(
    a: Tensor<D, S>,
    b: Tensor<NoInfer<D>, T>,
    axis: A & IsAxis<"cross", D, S, A> = -1 as never
  ): Tensor<D, Broadcast<S, T>> => {
    const [left, right] = both("cross", a, b)
    // Broadcasting keeps places counted from the end.
    const moved = [left, right].map((x) => {
      const at = plainAxis("cross", axis, x)
      if (x.shape[at] !== 3)
        throw refuse("cross", `axis ${at} of ${show(x)} is not 3 long`, "give vectors with three elements")
      return moveAxis(x, at, x.shape.length - 1)
    }) as [Value, Value]
    const shape = broadcastShapes(moved[0].shape, moved[1].shape)
    if (shape === undefined)
      throw shapeError(
        "cross",
        say("broadcast", { op: "cross", a: show(left), b: show(right) }),
        "axes beside that of the vectors broadcast"
      )
    const last = shape.length - 1
    const [x, y] = moved.map((each) => {
      const wide = broadcastValue("cross", each, shape)
      return range(3).map((i) => sliceAxis(wide, last, i, i + 1))
    }) as [Array<Value>, Array<Value>]
    const part = (i: number, j: number) => sub(mul(x[i]!, y[j]!), mul(x[j]!, y[i]!))
    const product = apply1("concatenate", { axis: last }, part(1, 2), part(2, 0), part(0, 1))
    const plain = axis < 0 ? axis + shape.length : axis
    return tensorOf(moveAxis(product, last, plain))
  }
)
