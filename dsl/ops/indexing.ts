import { count } from "../count.ts"
import type { DType, IntegerDType } from "../dtype.ts"
import { shapeError } from "../errors.ts"
import type { GatherParams, ScatterParams } from "../params.ts"
import { apply1 } from "../primitives/index.ts"
import { requireDim } from "../primitives/rule.ts"
import { requireList, requireLists, requireTensor } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import {
  broadcast,
  compare,
  convert,
  filled,
  iota,
  range,
  reshape,
  select,
  takeAlong as takeAlongPlaces
} from "../values.ts"
import { requireDType } from "./constant.ts"
import { frontIndices, type Index, missing, most32, within } from "./index-values.ts"
import { plainAxis } from "./structure.ts"

const refuse = (op: string, message: string, hint: string) => shapeError(op, `${op}: ${message}`, hint)

export interface TakeOptions {
  /**
   * Where an index is out of range: `"fill"` gives NaN, or an integer dtype's least (unsigned: greatest) value, as JAX
   * does; `"clip"` takes the nearest element.
   */
  readonly mode?: "fill" | "clip"
}

type Taken<S extends Shape, I, A extends number> = A extends 0
  ? S extends readonly [number, ...infer Rest extends Shape]
    ? readonly [...(I extends Tensor<DType, infer T> ? T : readonly []), ...Rest]
    : Shape
  : Shape

/**
 * The elements at indices along an axis (the first): the indices' axes take the place of that axis. Negative indices
 * count from the end.
 *
 * @example take(table, ids) // f32[100,8] at i32[4] gives f32[4,8]
 */
export const take = <
  D extends DType,
  S extends Shape,
  I extends number | Tensor<IntegerDType>,
  const A extends number = 0
>(
  x: Tensor<D, S>,
  indices: I,
  axis: A = 0 as A,
  { mode = "fill" }: TakeOptions = {}
): Tensor<D, Taken<S, I, A>> => {
  const at = plainAxis("take", axis, x)
  const value = valueOf(x)
  const index = frontIndices("take", indices, at, value)
  const length = x.shape[at]!
  if (length === 0) throw refuse("take", `axis ${at} of ${show(x)} is empty`, "there is nothing to take")
  const { holds, inside } = within(index, length)
  const loop = index.shape.length
  const taken = apply1(
    "gather",
    {
      offsetAxes: [...range(at), ...range(x.shape.length - at - 1, at + loop)],
      collapsedAxes: [at],
      operandBatchAxes: [],
      indicesBatchAxes: [],
      indexedAxes: [at],
      sizes: x.shape.map((dim, i) => (i === at ? 1 : dim))
    },
    value,
    reshape(inside, [...index.shape, 1])
  )
  if (mode === "clip" || !isTensor(indices)) return tensorOf(taken)
  const shown = broadcast(holds, taken.shape, range(loop, at))
  return tensorOf(select(shown, taken, filled(taken, missing(x.dtype))))
}

/** From each line along an axis (the last) the elements at that line's own indices; other axes of both must agree. */
export const takeAlong = <D extends DType, S extends Shape>(
  x: Tensor<D>,
  indices: Tensor<IntegerDType, S>,
  axis = -1,
  { mode = "fill" }: TakeOptions = {}
): Tensor<D, S> => {
  requireTensor("takeAlong", "indices", indices)
  const at = plainAxis("takeAlong", axis, x)
  const rank = x.shape.length
  if (indices.shape.length !== rank || x.shape.some((dim, i) => i !== at && dim !== indices.shape[i])) {
    throw refuse(
      "takeAlong",
      `${show(x)} and ${show(indices)} differ beside axis ${at}`,
      "broadcastTo makes them alike"
    )
  }
  const index = frontIndices("takeAlong", indices, at, valueOf(x))
  const { holds, inside } = within(index, x.shape[at]!)
  const taken = takeAlongPlaces(valueOf(x), inside, at)
  return tensorOf(mode === "clip" ? taken : select(holds, taken, filled(taken, missing(x.dtype))))
}

/** Start indices as scalars of one dtype; plain ones are checked. */
const shared = ["operandBatchAxes", "indicesBatchAxes", "indexedAxes"]
const gatherLists = ["offsetAxes", "collapsedAxes", "sizes", ...shared]
const scatterLists = ["windowAxes", "insertedAxes", ...shared]

const starts = (op: string, x: Tensor, given: ReadonlyArray<Index>, sizes: Shape): ReadonlyArray<Value> => {
  requireList(op, "start", given, "give an index for each axis")
  requireList(op, "sizes", sizes, "give the block's length on each axis")
  if (given.length !== x.shape.length || sizes.length !== x.shape.length)
    throw refuse(op, `${given.length} starts are given for ${show(x)}`, "give one for each axis")
  const made = given.map((start, i) => {
    if (isTensor(start)) return frontIndices(op, start, i, valueOf(x))
    if (!Number.isInteger(start) || start < 0 || start + sizes[i]! > x.shape[i]!) {
      throw refuse(
        op,
        `${count(sizes[i]!, "element")} from ${start} ${sizes[i] === 1 ? "is" : "are"} out of range on axis ${i} of ${show(x)}`,
        "a plain start must leave room for the block; a traced one is moved inside"
      )
    }
    return filled({ dtype: x.shape[i]! > most32 ? "i64" : "i32", shape: [] }, start)
  })
  const wide = made.some(({ dtype }) => dtype === "i64") ? "i64" : "i32"
  return made.map((start) => convert(start, wide))
}

/** A block of the given sizes that begins at indices known when the program runs; it is moved inside the array. */
export const dynamicSlice = <D extends DType, const S extends Shape>(
  x: Tensor<D>,
  start: ReadonlyArray<Index>,
  sizes: S
): Tensor<D, S> =>
  tensorOf(apply1("dynamicSlice", { sizes }, valueOf(x), ...starts("dynamicSlice", x, start, sizes)))

/** The array with a block of it replaced, at indices known when the program runs; the block is moved inside. */
export const dynamicUpdateSlice = <D extends DType, S extends Shape>(
  x: Tensor<D, S>,
  update: Tensor<NoInfer<D>>,
  start: ReadonlyArray<Index>
): Tensor<D, S> => {
  const op = "dynamicUpdateSlice"
  requireTensor(op, "update", update)
  return tensorOf(apply1(op, {}, valueOf(x), valueOf(update), ...starts(op, x, start, update.shape)))
}

/** StableHLO's gather: windows of `x` at the index vectors along the last axis of `indices`, moved inside the array. */
export const gather = <D extends DType>(
  x: Tensor<D>,
  indices: Tensor<IntegerDType>,
  params: GatherParams
): Tensor<D> => {
  requireLists("gather", "params", params, gatherLists, "give the lists of StableHLO's gather")
  const vectors = valueOf(indices)
  const last = vectors.shape.length - 1
  if (last < 0 || vectors.shape[last] !== params.indexedAxes.length)
    return tensorOf(apply1("gather", params, valueOf(x), vectors))
  // The derivative, a scatter, leaves out what sticks out; so what is moved inside is moved here, visibly.
  const most = params.indexedAxes.map((axis) => x.shape[axis]! - params.sizes[axis]!)
  const bound = apply1("constant", { aval: { dtype: vectors.dtype, shape: [most.length] }, value: most })
  const limit = broadcast(bound, vectors.shape, [last])
  return tensorOf(
    apply1("gather", params, valueOf(x), apply1("clamp", {}, filled(vectors, 0), vectors, limit))
  )
}

/** StableHLO's scatter: combines windows of updates into `x` at the index vectors; a window that sticks out is left out. */
export const scatter = <D extends DType, S extends Shape>(
  x: Tensor<D, S>,
  indices: Tensor<IntegerDType>,
  updates: Tensor<NoInfer<D>>,
  params: ScatterParams
): Tensor<D, S> => {
  requireLists("scatter", "params", params, scatterLists, "give the lists of StableHLO's scatter")
  return tensorOf(apply1("scatter", params, valueOf(x), valueOf(indices), valueOf(updates)))
}

/**
 * One in the place that the index says, zero elsewhere, along a new last axis; zeros alone where the index is out of
 * range.
 *
 * @example oneHot(labels, 10) // i32[32] gives f32[32,10]
 */
export const oneHot = <S extends Shape, const N extends number, D extends DType = "f32">(
  indices: Tensor<IntegerDType, S>,
  count: N,
  dtype: D = "f32" as D
): Tensor<D, readonly [...S, N]> => {
  requireDType("oneHot", dtype)
  requireDim("oneHot", count, "the count")
  const shape = [...indices.shape, count]
  const wide = broadcast(convert(valueOf(indices), "i64"), shape, range(indices.shape.length))
  return tensorOf(convert(compare("eq", wide, iota(shape, indices.shape.length, "i64")), dtype))
}
