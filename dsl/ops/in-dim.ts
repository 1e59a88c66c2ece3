import type { DType, IntegerDType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { plainAxis, requireDim, requireFlag, requireOptions, requireTensor } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { IsAxis, LengthOf, Reduced, Replaced } from "../types/axes.ts"
import type { SliceLength } from "../types/layouts.ts"
import { reshape } from "../values.ts"
import type { Index } from "./index-values.ts"
import { dynamicSlice, dynamicUpdateSlice } from "./indexing.ts"
import { edgesOf, readSlice } from "./slices.ts"

/** A whole number, or an integer scalar of the program. */
export type Start = number | Tensor<IntegerDType, readonly []>

/** Index 0 on all axes but one. */
const startsAt = (x: Value, axis: number, start: Start): ReadonlyArray<Index> =>
  x.shape.map((_, i) => (i === axis ? (start as Index) : 0))

const taken = (op: string, x: Value, axis: number, start: Start, size: number): Value => {
  const sizes = x.shape.with(axis, requireDim(op, "the size", size))
  return dynamicSlice(tensorOf<DType, Shape>(x), startsAt(x, axis, start), sizes) as unknown as Value
}

/**
 * Takes the elements from `start` to before `stop` along an axis (the first), every `step`-th, and all of the other axes.
 * Negative bounds count from the end, and null leaves one out. What lies beyond the axis is left out, as in Python. Fails
 * with a `ShapeError` for an axis that is not there, and what is no whole number.
 *
 * @example sliceInDim(arange(10), 2, -2, 2) // [2, 4, 6]
 */
export const sliceInDim = named(
  "sliceInDim",
  <
    D extends DType,
    S extends Shape,
    const From extends number | null,
    const To extends number | null,
    const By extends number = 1,
    const A extends number = 0
  >(
    x: Tensor<D, S>,
    start: From,
    stop: To,
    step: By = 1 as By,
    axis: A & IsAxis<"sliceInDim", D, S, A> = 0 as never
  ): Tensor<
    D,
    Replaced<
      S,
      NoInfer<A>,
      SliceLength<LengthOf<S, NoInfer<A>>, { start: From; stop: To; step: NoInfer<By> }>
    >
  > => {
    const value = requireTensor("sliceInDim", "x", x)
    const at = plainAxis("sliceInDim", axis, value)
    const given = {
      ...(start === null ? {} : { start: start as number }),
      ...(stop === null ? {} : { stop: stop as number }),
      step
    }
    return tensorOf(readSlice(value, at, edgesOf("sliceInDim", given, value.shape[at]!)))
  }
)

/**
 * Takes `size` elements along an axis (the first) from a start that is known when the program runs, and all of the other
 * axes. A block that would stick out is moved inside. Fails with a `ShapeError` for a plain start out of range, and a
 * `DTypeError` for a start that is no integer.
 *
 * @example dynamicSliceInDim(arange(10), scalar(8, "i32"), 3) // i32[3]: [7, 8, 9]
 */
export const dynamicSliceInDim = named(
  "dynamicSliceInDim",
  <D extends DType, S extends Shape, const N extends number, const A extends number = 0>(
    x: Tensor<D, S>,
    start: Start,
    size: N,
    axis: A & IsAxis<"dynamicSliceInDim", D, S, A> = 0 as never
  ): Tensor<D, Replaced<S, NoInfer<A>, N>> => {
    const value = requireTensor("dynamicSliceInDim", "x", x)
    return tensorOf(
      taken("dynamicSliceInDim", value, plainAxis("dynamicSliceInDim", axis, value), start, size)
    )
  }
)

/** Whether the axis of an index stays. */
export interface IndexInDimOptions<K extends boolean = boolean> {
  /** Keep the axis, with length 1 (true). */
  readonly keepDims?: K
}

/**
 * Takes the part at one index along an axis (the first), which is known when the program runs. The axis stays, with length
 * 1, unless `keepDims` is false. An index out of range is moved inside. Fails with a `ShapeError` for a plain index out of
 * range, and a `DTypeError` for an index that is no integer.
 *
 * @example
 * const m = constant([[1, 2], [3, 4]], "f32")
 * dynamicIndexInDim(m, scalar(1, "i32")) // f32[1,2]: [[3, 4]]
 * dynamicIndexInDim(m, scalar(1, "i32"), 0, { keepDims: false }) // [3, 4]
 */
export const dynamicIndexInDim = named(
  "dynamicIndexInDim",
  <D extends DType, S extends Shape, const A extends number = 0, K extends boolean = true>(
    x: Tensor<D, S>,
    index: Start,
    axis: A & IsAxis<"dynamicIndexInDim", D, S, A> = 0 as never,
    options?: IndexInDimOptions<K>
  ): Tensor<D, NoInfer<K> extends true ? Replaced<S, NoInfer<A>, 1> : Reduced<S, NoInfer<A>, false>> => {
    const op = "dynamicIndexInDim"
    const value = requireTensor(op, "x", x)
    const at = plainAxis(op, axis, value)
    const keepDims = requireFlag(op, "keepDims", requireOptions(op, options, ["keepDims"]).keepDims, true)
    const part = taken(op, value, at, index, 1)
    return tensorOf(keepDims ? part : reshape(part, part.shape.toSpliced(at, 1)))
  }
)

/**
 * Replaces elements along an axis (the first) by those of `update`, from a start that is known when the program runs. A
 * block that would stick out is moved inside. The result has the type of `x`. Fails with a `ShapeError` for an update that
 * does not fit, and a `DTypeError` where the dtypes differ.
 *
 * @example dynamicUpdateSliceInDim(zeros([4], "f32"), ones([2], "f32"), 1) // [0, 1, 1, 0]
 */
export const dynamicUpdateSliceInDim = named(
  "dynamicUpdateSliceInDim",
  <D extends DType, S extends Shape, const A extends number = 0>(
    x: Tensor<D, S>,
    update: Tensor<NoInfer<D>>,
    start: Start,
    axis: A & IsAxis<"dynamicUpdateSliceInDim", D, S, A> = 0 as never
  ): Tensor<D, S> => {
    const op = "dynamicUpdateSliceInDim"
    const value = requireTensor(op, "x", x)
    return dynamicUpdateSlice(x, update, startsAt(value, plainAxis(op, axis, value), start))
  }
)

/**
 * Replaces the part at one index along an axis (the first), which is known when the program runs. The update has length 1
 * on that axis, or does not have the axis. An index out of range is moved inside. The result has the type of `x`. Fails
 * with a `ShapeError` for an update that does not fit, and a `DTypeError` where the dtypes differ.
 *
 * @example dynamicUpdateIndexInDim(zeros([3, 2], "f32"), ones([2], "f32"), 1) // [[0, 0], [1, 1], [0, 0]]
 */
export const dynamicUpdateIndexInDim = named(
  "dynamicUpdateIndexInDim",
  <D extends DType, S extends Shape, const A extends number = 0>(
    x: Tensor<D, S>,
    update: Tensor<NoInfer<D>>,
    index: Start,
    axis: A & IsAxis<"dynamicUpdateIndexInDim", D, S, A> = 0 as never
  ): Tensor<D, S> => {
    const op = "dynamicUpdateIndexInDim"
    const value = requireTensor(op, "x", x)
    const given = requireTensor(op, "update", update)
    const at = plainAxis(op, axis, value)
    const flat = given.shape.length === value.shape.length - 1
    const part = flat ? reshape(given, given.shape.toSpliced(at, 0, 1)) : given
    if (part.shape.length !== value.shape.length || part.shape[at] !== 1)
      throw shapeError(
        op,
        `${op}: ${show(given)} is no part of ${show(value)} at one index of axis ${at}`,
        "give an update without that axis, or of length 1 there"
      )
    return dynamicUpdateSlice(x, tensorOf<D, Shape>(part), startsAt(value, at, index))
  }
)
