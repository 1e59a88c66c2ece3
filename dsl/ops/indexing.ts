import { count } from "../count.ts"
import type { DType, IntegerDType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import type { GatherParams, ScatterParams } from "../params.ts"
import { apply1 } from "../primitives/index.ts"
import { requireKind } from "../primitives/rule.ts"
import {
  plainAxis,
  requireDim,
  requireDType,
  requireList,
  requireLists,
  requireOneOf,
  requireOptions,
  requireShape,
  requireTensor,
  shown
} from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { IsAxis, ReplacedBy } from "../types/axes.ts"
import type { AreIntegers, IsIndex } from "../types/indices.ts"
import type { IsKind } from "../types/operands.ts"
import type { AreSizes, IsSize } from "../types/sizes.ts"
import type { ShapeOf } from "../types.ts"
import {
  broadcast,
  compare,
  convert,
  filled,
  iota,
  partAt,
  range,
  reshape,
  select,
  takeAlong as takeAlongPlaces
} from "../values.ts"
import { frontIndices, type Index, missing, most32, plainIndex, within } from "./index-values.ts"

const refuse = (op: string, message: string, hint: string) => shapeError(op, `${op}: ${message}`, hint)

/** What `take` and `takeAlong` do with an index out of range. */
export interface TakeOptions {
  /**
   * What an index out of range gives. `"fill"`, as in JAX: NaN, or an integer dtype's least (unsigned: greatest) value.
   * `"clip"`: the nearest element. A negative index of `take` is then out of range, as in JAX and NumPy.
   */
  readonly mode?: "fill" | "clip"
}

const modeOf = (op: string, options: TakeOptions | undefined) =>
  requireOneOf(op, "mode", requireOptions(op, options, ["mode"]).mode ?? "fill", ["fill", "clip"])

/**
 * Takes the elements at indices along an axis (the first). The indices' axes take the place of that axis: f32[100,8]
 * at i32[4] gives f32[4,8]. Negative indices count from the end. An index out of range gives NaN, or what `mode`
 * says. Fails with a `ShapeError` for a plain index out of range, an empty axis and an axis that is not there, and a
 * `DTypeError` for indices that are no integers.
 *
 * @example take(constant([10, 20, 30], "f32"), constant([2, -3], "i32")) // f32[2]: [30, 10]
 */
export const take = named(
  "take",
  <D extends DType, S extends Shape, const I extends Index, const A extends number = 0>(
    x: Tensor<D, S>,
    indices: I & IsIndex<"take", D, S, I, NoInfer<A>>,
    axis: A & IsAxis<"take", D, S, A> = 0 as never,
    options?: TakeOptions
  ): Tensor<D, ReplacedBy<S, NoInfer<A>, ShapeOf<I>>> => {
    const value = requireTensor("take", "x", x)
    const at = plainAxis("take", axis, value)
    const mode = modeOf("take", options)
    const length = x.shape[at]!
    if (length === 0) throw refuse("take", `axis ${at} of ${show(x)} is empty`, "there is nothing to take")
    const given: number | Tensor = indices
    const isClipped = mode === "clip"
    if (!isTensor(given)) {
      const place = plainIndex("take", given, at, value)
      return tensorOf(partAt(value, at, isClipped && given < 0 ? 0 : place))
    }
    const index = frontIndices("take", given, at, value, isClipped)
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
    if (isClipped) return tensorOf(taken)
    const inRange = broadcast(holds, taken.shape, range(loop, at))
    return tensorOf(select(inRange, taken, filled(taken, missing(x.dtype))))
  }
)

/**
 * Takes from each line along an axis (the last) the elements at that line's own indices. The result has the dtype of
 * `x` and the shape of `indices`. Fails with a `ShapeError` where another axis differs, and a `DTypeError` for
 * indices that are no integers.
 *
 * @example
 * const m = constant([[1, 2], [3, 4]], "f32")
 * takeAlong(m, constant([[1], [0]], "i32")) // f32[2,1]: [[2], [3]]
 */
export const takeAlong = named(
  "takeAlong",
  <D extends DType, X extends Shape, const I extends Tensor, const A extends number = -1>(
    x: Tensor<D, X>,
    indices: I & IsIndex<"takeAlong", D, X, I, NoInfer<A>>,
    axis: A & IsAxis<"takeAlong", D, X, A> = -1 as never,
    options?: TakeOptions
  ): Tensor<D, ShapeOf<I>> => {
    const value = requireTensor("takeAlong", "x", x)
    requireTensor("takeAlong", "indices", indices)
    const at = plainAxis("takeAlong", axis, value)
    const mode = modeOf("takeAlong", options)
    const rank = x.shape.length
    if (indices.shape.length !== rank || x.shape.some((dim, i) => i !== at && dim !== indices.shape[i])) {
      throw refuse(
        "takeAlong",
        `${show(x)} and ${show(indices)} differ beside axis ${at}`,
        "broadcastTo makes them alike"
      )
    }
    const index = frontIndices("takeAlong", indices, at, value)
    const { holds, inside } = within(index, x.shape[at]!)
    const taken = takeAlongPlaces(value, inside, at)
    return tensorOf(mode === "clip" ? taken : select(holds, taken, filled(taken, missing(x.dtype))))
  }
)

const shared = ["operandBatchAxes", "indicesBatchAxes", "indexedAxes"] as const
const gatherLists = ["offsetAxes", "collapsedAxes", "sizes", ...shared] as const
const scatterLists = ["windowAxes", "insertedAxes", ...shared] as const

/** Start indices as scalars of one dtype; plain ones are checked. */
const starts = (op: string, x: Value, start: ReadonlyArray<Index>, sizes: Shape): ReadonlyArray<Value> => {
  const given = requireList(op, "start", start, "give an index for each axis")
  if (given.length !== x.shape.length || sizes.length !== x.shape.length)
    throw refuse(op, `${count(given.length, "start")} for ${show(x)}`, "give one for each axis")
  const made = given.map((start, i) => {
    if (isTensor(start)) return frontIndices(op, start, i, x)
    if (!Number.isInteger(start) || start < 0 || start + sizes[i]! > x.shape[i]!) {
      throw refuse(
        op,
        `${count(sizes[i]!, "element")} from ${shown(start)} ${sizes[i] === 1 ? "is" : "are"} out of range on axis ${i} of ${show(x)}`,
        "a plain start must leave room for the block; a traced one is moved inside"
      )
    }
    return filled({ dtype: x.shape[i]! > most32 ? "i64" : "i32", shape: [] }, start)
  })
  const wide = made.some(({ dtype }) => dtype === "i64") ? "i64" : "i32"
  return made.map((start) => convert(start, wide))
}

/**
 * Takes a block of the given sizes that starts at indices known when the program runs. A block that would stick out
 * is moved inside. Fails with a `ShapeError` for a plain start out of range and a wrong number of starts, and a
 * `DTypeError` for a start that is no integer.
 *
 * @example dynamicSlice(arange(10), [scalar(8, "i32")], [3]) // i32[3]: [7, 8, 9]
 */
export const dynamicSlice = named(
  "dynamicSlice",
  <D extends DType, const S extends Shape, const I extends ReadonlyArray<Index>>(
    x: Tensor<D>,
    start: I & AreIntegers<"dynamicSlice", I>,
    sizes: S & AreSizes<"dynamicSlice", S>
  ): Tensor<D, S> => {
    const value = requireTensor("dynamicSlice", "x", x)
    const block = requireShape("dynamicSlice", sizes)
    return tensorOf(
      apply1("dynamicSlice", { sizes: block }, value, ...starts("dynamicSlice", value, start, block))
    )
  }
)

/**
 * Replaces a block of an array at indices known when the program runs. A block that would stick out is moved inside.
 * The result has the type of `x`. Fails with a `ShapeError` for a block that does not fit, and a `DTypeError` where
 * the dtypes differ.
 *
 * @example dynamicUpdateSlice(zeros([4], "f32"), ones([2], "f32"), [1]) // [0, 1, 1, 0]
 */
export const dynamicUpdateSlice = named(
  "dynamicUpdateSlice",
  <D extends DType, S extends Shape, const I extends ReadonlyArray<Index>>(
    x: Tensor<D, S>,
    update: Tensor<NoInfer<D>>,
    start: I & AreIntegers<"dynamicUpdateSlice", I>
  ): Tensor<D, S> => {
    const op = "dynamicUpdateSlice"
    const value = requireTensor(op, "x", x)
    const block = requireTensor(op, "update", update)
    return tensorOf(apply1(op, {}, value, block, ...starts(op, value, start, block.shape)))
  }
)

/**
 * Takes windows of `x` at the index vectors along the last axis of `indices` (StableHLO's gather). A window that
 * would stick out is moved inside. Fails with a `ShapeError` for parameters that do not fit, and a `DTypeError` for
 * indices that are no integers. `take` and `at` are simpler.
 *
 * @example
 * const rows = gather(constant([[1, 2], [3, 4]], "f32"), constant([[1], [0]], "i32"), {
 *   offsetAxes: [1],
 *   collapsedAxes: [0],
 *   operandBatchAxes: [],
 *   indicesBatchAxes: [],
 *   indexedAxes: [0],
 *   sizes: [1, 2]
 * }) // f32[2,2]: [[3, 4], [1, 2]]
 */
export const gather = named(
  "gather",
  <D extends DType>(x: Tensor<D>, indices: Tensor<IntegerDType>, given: GatherParams): Tensor<D> => {
    const params = requireLists(
      "gather",
      "params",
      given,
      gatherLists,
      "give the lists of StableHLO's gather"
    )
    const value = requireTensor("gather", "x", x)
    const vectors = requireTensor("gather", "indices", indices)
    const last = vectors.shape.length - 1
    if (last < 0 || vectors.shape[last] !== params.indexedAxes.length)
      return tensorOf(apply1("gather", params, value, vectors))
    // The derivative, a scatter, leaves out what sticks out; so what is moved inside is moved here, visibly.
    const most = params.indexedAxes.map((axis) => x.shape[axis]! - params.sizes[axis]!)
    const bound = apply1("constant", { aval: { dtype: vectors.dtype, shape: [most.length] }, value: most })
    const limit = broadcast(bound, vectors.shape, [last])
    return tensorOf(apply1("gather", params, value, apply1("clamp", {}, filled(vectors, 0), vectors, limit)))
  }
)

/**
 * Combines windows of updates into `x` at the index vectors along the last axis of `indices` (StableHLO's scatter). A
 * window that would stick out is left out. The result has the type of `x`. Fails with a `ShapeError` for parameters
 * that do not fit, and a `DTypeError` where dtypes do not. `at` is simpler.
 *
 * @example
 * const sums = scatter(zeros([3], "f32"), constant([[2], [2]], "i32"), constant([1, 5], "f32"), {
 *   combine: "add",
 *   windowAxes: [],
 *   insertedAxes: [0],
 *   operandBatchAxes: [],
 *   indicesBatchAxes: [],
 *   indexedAxes: [0]
 * }) // [0, 0, 6]
 */
export const scatter = <D extends DType, S extends Shape>(
  x: Tensor<D, S>,
  indices: Tensor<IntegerDType>,
  updates: Tensor<NoInfer<D>>,
  given: ScatterParams
): Tensor<D, S> => {
  const params = requireLists(
    "scatter",
    "params",
    given,
    scatterLists,
    "give the lists of StableHLO's scatter"
  )
  requireOneOf("scatter", "combine", params.combine, ["set", "add", "mul", "min", "max"])
  const [value, places] = [requireTensor("scatter", "x", x), requireTensor("scatter", "indices", indices)]
  return tensorOf(apply1("scatter", params, value, places, requireTensor("scatter", "updates", updates)))
}

/**
 * Makes a row for each index: one at its place, zero elsewhere, along a new last axis. i32[32] with 10 places gives
 * f32[32,10]. An index out of range gives zeros. Fails with a `DTypeError` for indices that are no integers.
 *
 * @example oneHot(constant([1, 0], "i32"), 3) // f32[2,3]: [[0, 1, 0], [1, 0, 0]]
 */
export const oneHot = named(
  "oneHot",
  <I extends DType, S extends Shape, const N extends number, D extends DType = "f32">(
    indices: Tensor<I, S> & IsKind<"oneHot", IntegerDType, I, S>,
    count: N & IsSize<"oneHot", "the count", N>,
    dtype: D = "f32" as D
  ): Tensor<NoInfer<D>, readonly [...S, N]> => {
    requireDType("oneHot", dtype)
    requireDim("oneHot", "the count", count)
    const value = requireTensor("oneHot", "indices", indices)
    requireKind("oneHot", value, ["signed", "unsigned"])
    const shape = [...value.shape, count]
    const wide = broadcast(convert(value, "i64"), shape, range(value.shape.length))
    return tensorOf(convert(compare("eq", wide, iota(shape, value.shape.length, "i64")), dtype))
  }
)
