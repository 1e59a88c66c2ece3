import { requireCounted } from "./bounds.ts"
import { type DType, isComplex, workingDType } from "./dtype.ts"
import { apply1 } from "./primitives/index.ts"
import type { BinaryPrimitive, Comparison, Scalar, UnaryPrimitive } from "./program.ts"
import { type Aval, type Shape, sameShape, sizeOf } from "./shape.ts"
import type { Value } from "./tensor.ts"

/** Building expressions out of values, for the rules of transforms: shapes and dtypes are already alike there. */

export const unary = (op: UnaryPrimitive, x: Value): Value => apply1(op, {}, x)
export const binary = (op: BinaryPrimitive, a: Value, b: Value): Value => apply1(op, {}, a, b)
export const compare = (op: Comparison, a: Value, b: Value): Value => apply1(op, {}, a, b)

export const add = (a: Value, b: Value): Value => binary("add", a, b)
export const sub = (a: Value, b: Value): Value => binary("sub", a, b)
export const mul = (a: Value, b: Value): Value => binary("mul", a, b)
export const div = (a: Value, b: Value): Value => binary("div", a, b)
export const neg = (x: Value): Value => unary("neg", x)

/** Every element the same number, with the type of `like`. */
export const filled = (like: Aval, value: Scalar): Value =>
  apply1("constant", { aval: { dtype: like.dtype, shape: like.shape }, value })
export const zeros = (like: Aval): Value => filled(like, like.dtype === "bool" ? false : 0)

export const scale = (x: Value, factor: number): Value => mul(x, filled(x, factor))
export const plus = (x: Value, term: number): Value => add(x, filled(x, term))

export const select = (predicate: Value, onTrue: Value, onFalse: Value): Value =>
  apply1("select", {}, predicate, onTrue, onFalse)

export const reshape = (x: Value, shape: Shape): Value =>
  sameShape(x.shape, shape) ? x : apply1("reshape", { shape }, x)

export const broadcast = (x: Value, shape: Shape, axes: ReadonlyArray<number>): Value =>
  sameShape(x.shape, shape) ? x : apply1("broadcast", { shape, axes }, x)

/** Picks by a predicate for each member of a batch, which the first axes are. */
export const selectEach = (predicate: Value, onTrue: Value, onFalse: Value): Value =>
  select(broadcast(predicate, onTrue.shape, range(predicate.shape.length)), onTrue, onFalse)

export const transpose = (x: Value, permutation: ReadonlyArray<number>): Value =>
  permutation.every((axis, i) => axis === i) ? x : apply1("transpose", { permutation }, x)

export const convert = (x: Value, dtype: DType): Value =>
  x.dtype === dtype ? x : apply1("convert", { dtype }, x)

/** Computes in the working dtype of sums, and rounds the result once. */
export const inWorking = (x: Value, work: (x: Value) => Value): Value =>
  convert(work(convert(x, workingDType(x.dtype))), x.dtype)

export const sum = (x: Value, axes: ReadonlyArray<number>): Value =>
  axes.length === 0 ? x : apply1("sum", { axes }, x)

export const moveAxis = (x: Value, from: number, to: number): Value => {
  const order = x.shape.map((_, i) => i).filter((axis) => axis !== from)
  order.splice(to, 0, from)
  return transpose(x, order)
}

/** Along one axis, the elements from `start` to before `limit`. */
export const sliceAxis = (x: Value, axis: number, start: number, limit: number, stride = 1): Value =>
  start === 0 && limit === x.shape[axis] && stride === 1
    ? x
    : apply1(
        "slice",
        {
          start: x.shape.map((_, i) => (i === axis ? start : 0)),
          limit: x.shape.map((dim, i) => (i === axis ? limit : dim)),
          strides: x.shape.map((_, i) => (i === axis ? stride : 1))
        },
        x
      )

/** The part at one place of an axis, which then is gone. */
export const partAt = (x: Value, axis: number, place: number): Value =>
  reshape(sliceAxis(x, axis, place, place + 1), x.shape.toSpliced(axis, 1))

/** 0, 1, 2, ... along one axis of a shape. */
export const iota = (shape: Shape, axis: number, dtype: "i32" | "i64" | "u32" | "u64" = "i32"): Value => {
  requireCounted("iota", shape[axis]!, dtype)
  return broadcast(apply1("arange", { dtype, start: 0, step: 1, length: shape[axis]! }), shape, [axis])
}

/** Numbers from `from` on, as many as wanted: `range(3)` is 0 1 2. */
export const range = (count: number, from = 0): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, i) => from + i)

/** Adds what may be missing, which stands for zero. */
export const addMaybe = (a: Value | undefined, b: Value | undefined): Value | undefined =>
  a === undefined ? b : b === undefined ? a : add(a, b)

/** The elements of each line of `x` along an axis at the given indices, which must be in range. */
export const takeAlong = (x: Value, places: Value, axis: number): Value => {
  // Of nothing there are no places.
  if (sizeOf(x.shape) === 0) return zeros({ dtype: x.dtype, shape: places.shape })
  const others = range(x.shape.length).filter((other) => other !== axis)
  const indices = reshape(places, [...places.shape, 1])
  return apply1(
    "gather",
    {
      offsetAxes: [],
      collapsedAxes: [axis],
      operandBatchAxes: others,
      indicesBatchAxes: others,
      indexedAxes: [axis],
      sizes: x.shape.map(() => 1)
    },
    x,
    indices
  )
}

/** The transpose of the last two axes. */
export const flip = (x: Value): Value => moveAxis(x, x.shape.length - 1, x.shape.length - 2)

export const conjugate = (x: Value): Value =>
  isComplex(x.dtype) ? binary("complex", unary("real", x), neg(unary("imag", x))) : x

/** The conjugate transpose of the last two axes. */
export const adjoint = (x: Value): Value => flip(conjugate(x))
