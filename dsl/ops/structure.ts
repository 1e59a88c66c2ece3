import type { DType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { type Say, say } from "../messages.ts"
import { apply, apply1 } from "../primitives/index.ts"
import {
  plainAxis,
  requireDim,
  requireDType,
  requireList,
  requireShape,
  requireTensor,
  requireTensors,
  requireWholes
} from "../required.ts"
import { broadcastShapes, type Shape, sameShape, show, sizeOf } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { IsAxis } from "../types/axes.ts"
import type { Concatenated, ConcatenateFault, FirstOf } from "../types/joins.ts"
import type { Fits, Numbers, Reshaped, Sliced, SliceFault } from "../types/lengths.ts"
import type { Among, SelectFault } from "../types/operands.ts"
import type { PermutationFault, Permuted } from "../types/permutations.ts"
import type { AreSizes } from "../types/sizes.ts"
import type {
  Broadcast,
  Check,
  CheckNumber,
  DTypeOf,
  ExpandFault,
  Guarded,
  Lengths,
  Operand,
  RealDType,
  Reversed,
  ShapeOf,
  Show,
  Weak
} from "../types.ts"
import { alike, broadcastValue } from "./operand.ts"
import type { AsKnown } from "./operators.ts"

/**
 * Converts to another dtype; the shape stays. Floats become integers without their fraction; what is out of range
 * saturates or wraps as XLA does on the device. Fails with a `DTypeError` from complex to real numbers.
 *
 * @example convert(constant([1.5, -1.5], "f32"), "i32") // i32[2]: [1, -1]
 */
export const convert = <D extends DType, S extends Shape>(x: Tensor<DType, S>, dtype: D): Tensor<D, S> => {
  requireDType("convert", dtype)
  const value = requireTensor("convert", "x", x)
  return tensorOf(value.dtype === dtype ? value : apply1("convert", { dtype }, value))
}

/**
 * Gives the same elements, row-major, in another shape. One dimension may be -1, and is then inferred. Fails with a
 * `ShapeError` where the sizes do not fit.
 *
 * @example reshape(arange(6), [2, -1]) // i32[2,3]: [[0, 1, 2], [3, 4, 5]]
 */
export const reshape = <D extends DType, X extends Shape, const S extends Shape>(
  x: Tensor<D, X>,
  shape: S & Fits<D, X, S>
): Tensor<D, Reshaped<X, S>> => {
  const value = requireTensor("reshape", "x", x)
  const dims: Shape = requireList<number>("reshape", "shape", shape, "give the dimensions: [2, 3]")
  for (const dim of dims) requireDim("reshape", "a dimension", dim, -1)
  const wild = dims.filter((dim) => dim === -1).length
  const known = sizeOf(dims.filter((dim) => dim !== -1))
  const size = sizeOf(value.shape)
  if (wild > 1 || (wild === 1 && (known === 0 || size % known !== 0))) {
    throw shapeError(
      "reshape",
      say("fit", { op: "reshape", a: show(value), shape: dims.join(",") }),
      "at most one dimension may be -1, and the others must divide the size"
    )
  }
  const full = dims.map((dim) => (dim === -1 ? size / known : dim))
  return tensorOf(sameShape(full, value.shape) ? value : apply1("reshape", { shape: full }, value))
}

/**
 * Repeats `x` along new leading axes and axes of length 1, as NumPy's broadcast_to. Fails with a `ShapeError` where
 * the shapes do not fit.
 *
 * @example broadcastTo(arange(2), [2, 2]) // [[0, 1], [0, 1]]
 */
export const broadcastTo = <D extends DType, X extends Shape, const S extends Shape>(
  x: Tensor<D, X>,
  shape: S &
    AreSizes<"broadcastTo", S> &
    Guarded<Check<ExpandFault<"broadcastTo", Tensor<D, X>, S>>>[Lengths<X>]
): Tensor<D, S> => {
  const value = requireTensor("broadcastTo", "x", x)
  const dims = requireShape("broadcastTo", shape)
  const joined = broadcastShapes(value.shape, dims)
  if (joined === undefined || !sameShape(joined, dims)) {
    throw shapeError(
      "broadcastTo",
      say("expand", { op: "broadcastTo", a: show(value), shape: dims.join(",") }),
      "axes are matched from the last; an axis of length 1 may become any length"
    )
  }
  return tensorOf(broadcastValue("broadcastTo", value, dims))
}

interface Transpose {
  <D extends DType, S extends Shape>(x: Tensor<D, S>): Tensor<D, Reversed<S>>
  <D extends DType, S extends Shape, const P extends ReadonlyArray<number>>(
    x: Tensor<D, S>,
    permutation: P &
      IsAxis<"transpose", D, S, P> &
      Guarded<Check<PermutationFault<Tensor<D, S>, P>>>[Lengths<S>]
  ): Tensor<D, Permuted<S, P>>
}

/**
 * Reorders the axes; reverses them where no permutation is given. Fails with a `ShapeError` for what is no
 * permutation.
 *
 * @example transpose(zeros([2, 3], "f32")) // f32[3,2]
 */
export const transpose: Transpose = (x: Tensor, permutation?: ReadonlyArray<number>) => {
  const value = requireTensor("transpose", "x", x)
  const axes =
    permutation === undefined
      ? value.shape.map((_, i) => value.shape.length - 1 - i)
      : requireList("transpose", "permutation", permutation, "name each axis once").map((axis) =>
          plainAxis("transpose", axis, value)
        )
  return tensorOf<never, never>(apply1("transpose", { permutation: axes }, value))
}

/**
 * Takes the elements from `start` to before `limit` on each axis, every `strides`-th. Nothing is clamped. Fails with
 * a `ShapeError` where a bound is out of range.
 *
 * @example slice(arange(10), [2], [8], [2]) // [2, 4, 6]
 */
export const slice = <
  D extends DType,
  S extends Shape,
  const From extends Numbers,
  const To extends Numbers,
  const By extends Numbers | undefined = undefined
>(
  x: Tensor<D, S>,
  start: From,
  limit: To & Guarded<Check<SliceFault<Tensor<D, S>, From, To>>>[Lengths<S>],
  strides?: By
): Tensor<D, Sliced<S, From, To, NoInfer<By>>> => {
  const value = requireTensor("slice", "x", x)
  const hint = "give one number for each axis"
  const params = {
    start: requireWholes("slice", "start", start, hint),
    limit: requireWholes("slice", "limit", limit, hint),
    strides:
      strides === undefined ? value.shape.map(() => 1) : requireWholes("slice", "strides", strides, hint)
  }
  return tensorOf(apply1("slice", params, value))
}

/**
 * Joins arrays of one dtype along an axis (the first). Fails with a `ShapeError` where another axis differs, and a
 * `DTypeError` where the dtypes do.
 *
 * @example concatenate([arange(2), arange(3)]) // [0, 1, 0, 1, 2]
 */
export const concatenate = <const L extends ReadonlyArray<Tensor>, const A extends number = 0>(
  arrays: L & Check<ConcatenateFault<L, NoInfer<A>>>,
  axis: A & IsAxis<"concatenate", FirstOf<L>["dtype"], FirstOf<L>["shape"], A> = 0 as never
): Tensor<L[number]["dtype"], Concatenated<L, NoInfer<A>>> => {
  const values = requireTensors("concatenate", "arrays", arrays, "give a list of arrays")
  const first = values[0]
  if (first === undefined)
    throw shapeError("concatenate", "concatenate: nothing is given", "give at least one array")
  return tensorOf(apply("concatenate", { axis: plainAxis("concatenate", axis, first) }, values)[0]!)
}

/** Refuses a predicate of another dtype. */
type IsBool<Op extends string, Q extends DType, P extends Shape> = [Extract<Q, "bool">] extends [never]
  ? Say<"dtypeKind", { op: Op; wanted: "booleans"; a: Show<Tensor<Q, P>> }>
  : unknown

interface Select<Op extends string> {
  <D extends DType, S extends Shape, T extends S, const N extends Weak | boolean>(
    predicate: Tensor<"bool", NoInfer<T>> | Tensor<"bool", readonly []>,
    onTrue: Tensor<D, S>,
    onFalse: (Tensor<NoInfer<D>, T> & AsKnown<S, T>) | (N & Among<Op, N>[D])
  ): Tensor<D, S>
  <D extends DType, S extends Shape, const N extends Weak | boolean>(
    predicate: Tensor<"bool", NoInfer<S>> | Tensor<"bool", readonly []>,
    onTrue: N & Among<Op, N>[D],
    onFalse: Tensor<D, S>
  ): Tensor<D, S>
  <
    Q extends DType = "bool",
    P extends Shape = Shape,
    const A extends Operand = Operand,
    const B extends Operand = Operand
  >(
    predicate: Tensor<Q, P> & IsBool<Op, Q, P>,
    onTrue: A,
    onFalse: B & CheckNumber<B, SelectFault<Op, P, A, B>>
  ): Tensor<DTypeOf<A> | DTypeOf<B>, Broadcast<P, Broadcast<ShapeOf<A>, ShapeOf<B>>>>
}

/**
 * Picks from `onTrue` where the predicate holds, else from `onFalse`. Both are computed. All broadcast as NumPy's do;
 * a plain number takes the other's dtype. Fails with a `ShapeError` or a `DTypeError` where they do not fit.
 *
 * @example select(constant([true, false], "bool"), constant([1, 2], "f32"), 0) // [1, 0]
 */
export const select: Select<"select"> = (
  predicate: Tensor<"bool">,
  onTrue: Tensor | Weak | boolean,
  onFalse: Tensor | Weak | boolean
) => {
  const chosen = requireTensor("select", "predicate", predicate)
  const [a, b] = alike("select", [onTrue, onFalse]) as [Value, Value]
  const joined = broadcastShapes(chosen.shape, a.shape)
  if (joined === undefined) {
    throw shapeError(
      "select",
      say("broadcast", { op: "select", a: show(chosen), b: show(a) }),
      "the predicate must broadcast with what it picks from"
    )
  }
  const wide = [a, b].map((value) => broadcastValue("select", value, joined)) as [Value, Value]
  const each = chosen.shape.length === 0 ? chosen : broadcastValue("select", chosen, joined)
  return tensorOf<never, never>(apply1("select", {}, each, ...wide))
}

/**
 * Picks as `select` does, under NumPy's name. Fails with a `ShapeError` or a `DTypeError` where the operands do not
 * fit.
 *
 * @example where(constant([true, false], "bool"), constant([1, 2], "f32"), 0) // [1, 0]
 */
export const where: Select<"where"> = named("where", select)

/**
 * Keeps each element between `least` and `most`. The bounds are numbers, or tensors of the same dtype that broadcast.
 * Fails with a `ShapeError` or a `DTypeError` where they do not fit.
 *
 * @example clamp(0, constant([-1, 0.5, 2], "f32"), 1) // [0, 0.5, 1]
 */
export const clamp = <
  D extends RealDType,
  S extends Shape,
  const Least extends Weak = never,
  const Most extends Weak = never
>(
  least: NoInfer<Tensor<D, S> | Tensor<D, readonly []>> | (Least & Among<"clamp", Least>[NoInfer<D>]),
  x: Tensor<D, S>,
  most: NoInfer<Tensor<D, S> | Tensor<D, readonly []>> | (Most & Among<"clamp", Most>[NoInfer<D>])
): Tensor<D, S> => {
  requireTensor("clamp", "x", x)
  return tensorOf(apply1("clamp", {}, ...alike("clamp", [least, x, most])))
}
