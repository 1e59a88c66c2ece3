import { count } from "../count.ts"
import type { DType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { type Say, say } from "../messages.ts"
import type { Combine } from "../params.ts"
import { apply1 } from "../primitives/index.ts"
import { requireSameDType } from "../primitives/rule.ts"
import type { Scalar } from "../program.ts"
import { requireTensor } from "../required.ts"
import { broadcastShapes, type Shape, sameShape, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { AtMost } from "../types/arithmetic.ts"
import type { Rest } from "../types/axes.ts"
import type { IsIndex } from "../types/indices.ts"
import type { Cut, Slice } from "../types/layouts.ts"
import type { Among } from "../types/operands.ts"
import type {
  AnyTensor,
  Broadcast,
  Check,
  ExpandFault,
  Guarded,
  JoinedAll,
  Lengths,
  SameDType,
  ShapeOf,
  Show
} from "../types.ts"
import { binary, broadcast, convert, filled, partAt, range, reshape, select } from "../values.ts"
import { frontIndices, type Index, missing, plainIndex, within } from "./index-values.ts"
import { broadcastValue, splat } from "./operand.ts"
import { type Edges, edgesOf, isSlice, readSlice, writeSlices } from "./slices.ts"

/** Reading and updating an array at indices. Arrays do not change: each update gives a new one. */
export interface At<D extends DType, S extends Shape, G extends Shape = Shape> {
  /** The elements there; NaN, or an integer's extreme value, where an index is out of range. */
  readonly get: () => Tensor<D, G>
  /** The array with the values there; of values for one place, one is taken. */
  readonly set: Update<D, S, G>
  readonly add: Update<D, S, G>
  readonly mul: Update<D, S, G>
  readonly min: Update<D, S, G>
  readonly max: Update<D, S, G>
}

/** Values are broadcast to the axes of the indices, then the axes that no index takes. */
type Update<D extends DType, S extends Shape, G extends Shape> = <const V extends Tensor | Scalar>(
  values: V & FitsPlace<D, G, V>
) => Tensor<D, S>

/** Values are numbers that the dtype holds, or a tensor of it with no more axes and lengths than the place has. */
type FitsPlace<D extends DType, G extends Shape, V> = [V] extends [AnyTensor]
  ? [SameDType<Tensor<D, G>, V> extends false ? never : true] extends [never]
    ? Say<"dtypes", { op: "at"; a: Show<Tensor<D, G>>; b: Show<V> }>
    : Guarded<Check<ExpandFault<"at", Tensor<D, ShapeOf<V>>, G>>>[Lengths<ShapeOf<V>>]
  : Among<"at", V>[D]

/** Whether a list of indices has a slice. */
type HasSlice<I extends ReadonlyArray<unknown>> = [Exclude<I[number], number | AnyTensor>] extends [never]
  ? false
  : true

/** The shape of what is there: the axes of the indices, then those that no index takes. */
type Found<S extends Shape, I extends ReadonlyArray<unknown>> = number extends I["length"] | S["length"]
  ? Shape
  : HasSlice<I> extends true
    ? [Extract<I[number], AnyTensor>] extends [never]
      ? Cut<S, I>
      : Shape
    : Broadcast<JoinedAll<readonly [], I>, readonly []> extends infer Loop extends Shape
      ? number extends Loop["length"]
        ? Shape
        : readonly [...Loop, ...Rest<S, I["length"]>]
      : Shape

/** What plain indices must be besides, each along its axis. */
type InRange<
  D extends DType,
  S extends Shape,
  I,
  Before extends ReadonlyArray<unknown> = readonly []
> = I extends readonly [infer First, ...infer Others]
  ? IsIndex<"at", D, S, First, Before["length"]> & InRange<D, S, Others, readonly [...Before, First]>
  : unknown

/** What indices must be besides, and how many there may be. */
type AreIndices<D extends DType, S extends Shape, I extends ReadonlyArray<unknown>> = InRange<D, S, I> &
  Guarded<
    AtMost<I["length"], S["length"]> extends false
      ? Say<"indices", { op: "at"; n: `${I["length"]} indices are`; a: Show<Tensor<D, S>> }>
      : unknown
  >[Lengths<S>]

type AnyIndex = Index | Slice

const requireIndices = (x: Value, indices: ReadonlyArray<AnyIndex>): void => {
  if (indices.length > 0 && indices.length <= x.shape.length) return
  throw shapeError(
    "at",
    say("indices", { op: "at", n: count(indices.length, "index is", "indices are"), a: show(x) }),
    "give one for each of the first axes"
  )
}

/** Indices of some axes, broadcast together. */
const vectors = (x: Value, indices: ReadonlyArray<Index>, axes: ReadonlyArray<number>) => {
  const columns = indices.map((index, i) => frontIndices("at", index, axes[i]!, x))
  let loop: Shape = []
  for (const column of columns) {
    const joined = broadcastShapes(loop, column.shape)
    if (joined === undefined) {
      const words = { op: "at", a: show({ dtype: column.dtype, shape: loop }), b: show(column) }
      throw shapeError("at", say("broadcast", words), "indices are broadcast together; reshape them")
    }
    loop = joined
  }
  const wide = columns.some(({ dtype }) => dtype === "i64") ? "i64" : "i32"
  const alike = columns.map((column) => broadcastValue("at", convert(column, wide), loop))
  return { loop, columns: alike }
}

/** What is found somewhere: how to read it, and how to write values that are broadcast to its shape. */
interface Place {
  readonly shape: Shape
  readonly read: () => Value
  readonly write: (values: Value, combine: Combine) => Value
}

/** At plain numbers and slices: a part that is known while tracing. */
const knownPlace = (x: Value, indices: ReadonlyArray<number | Slice>): Place => {
  const edges = x.shape.map((length, axis): Edges => {
    const index = indices[axis] ?? {}
    if (typeof index === "number") return { start: plainIndex("at", index, axis, x), step: 1, count: 1 }
    return edgesOf("at", index, length)
  })
  const gone = range(indices.length).filter((axis) => typeof indices[axis] === "number")
  const whole = edges.map((each) => each.count)
  const shape = whole.filter((_, axis) => !gone.includes(axis))
  return {
    shape,
    read: () => {
      const part = edges.reduce((y, each, axis) => readSlice(y, axis, each), x)
      return reshape(part, shape)
    },
    write: (values, combine) => writeSlices(x, edges, reshape(values, whole), combine)
  }
}

/**
 * At indices of some axes. The axes of the indices stand where those of the array stood, or before all others where those
 * do not follow one another, as in NumPy.
 */
const indexedPlace = (x: Value, indices: ReadonlyArray<Index>, axes: ReadonlyArray<number>): Place => {
  const { loop, columns } = vectors(x, indices, axes)
  const others = range(x.shape.length).filter((axis) => !axes.includes(axis))
  const together = axes.every((axis, i) => axis === axes[0]! + i)
  const front = together ? axes[0]! : 0
  const windows = others.map((_, i) => (i < front ? i : i + loop.length))
  const shape = others.map((axis) => x.shape[axis]!).toSpliced(front, 0, ...loop)
  const join = (parts: ReadonlyArray<Value>): Value => {
    const each = parts.map((part) => reshape(part, [...loop, 1]))
    return each.length === 1 ? each[0]! : apply1("concatenate", { axis: loop.length }, ...each)
  }
  const shared = { operandBatchAxes: [], indicesBatchAxes: [], indexedAxes: axes }
  const read = () => {
    const checked = columns.map((column, i) => within(column, x.shape[axes[i]!]!))
    const sizes = x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
    const params = { offsetAxes: windows, collapsedAxes: axes, sizes, ...shared }
    const found = apply1("gather", params, x, join(checked.map(({ inside }) => inside)))
    const holds = checked.map((each) => each.holds).reduce((a, b) => binary("and", a, b))
    const inRange = broadcast(holds, found.shape, range(loop.length, front))
    return select(inRange, found, filled(found, missing(x.dtype)))
  }
  const write = (values: Value, combine: Combine) => {
    const params = { combine, windowAxes: windows, insertedAxes: axes, ...shared }
    return apply1("scatter", params, x, join(columns), values)
  }
  return { shape, read, write }
}

const placeOf = (x: Value, indices: ReadonlyArray<AnyIndex>): Place => {
  requireIndices(x, indices)
  const axes = range(indices.length)
  const indexed = axes.filter((axis) => !isSlice(indices[axis]))
  if (!indices.some(isTensor) && indexed.length < indices.length)
    return knownPlace(x, indices as ReadonlyArray<number | Slice>)
  const chosen = indexed.map((axis) => indices[axis] as Index)
  if (indexed.length === indices.length) return indexedPlace(x, chosen, indexed)
  // The slices first; an update goes into the part that they take, and that part back.
  const part = knownPlace(
    x,
    axes.map((axis) => (indexed.includes(axis) ? {} : (indices[axis] as Slice)))
  )
  const inner = indexedPlace(part.read(), chosen, indexed)
  return { ...inner, write: (values, combine) => part.write(inner.write(values, combine), "set") }
}

/**
 * Reads or updates an array at indices of its first axes: numbers, integer tensors that broadcast together, or slices as
 * Python's, `{ start, stop, step }` for `start:stop:step` and `{}` for `:`. Negative indices count from the end; an update
 * out of range is left out. Each update gives a new array of the same type. Fails with a `ShapeError` for indices and
 * values that do not fit, and a `DTypeError` for other dtypes.
 *
 * @example
 * const x = constant([10, 20, 30], "f32")
 * at(x, -1).get() // f32[]: 30
 * at(x, 1).set(0) // [10, 0, 30]
 * at(x, constant([0, 0], "i32")).add(1) // [12, 20, 30]
 * at(x, { start: 1 }).set(0) // [10, 0, 0]
 */
export const at = named(
  "at",
  <D extends DType, S extends Shape, const I extends ReadonlyArray<AnyIndex>>(
    x: Tensor<D, S>,
    ...indices: I & AreIndices<D, S, I>
  ): At<D, S, Found<S, I>> => {
    const value = requireTensor("at", "x", x)
    const place = placeOf(value, indices)
    const get = named("at", (): Tensor<D, Found<S, I>> => {
      if (indices.some((index) => typeof index !== "number")) return tensorOf(place.read())
      const places = (indices as ReadonlyArray<number>).map((index, i) => plainIndex("at", index, i, value))
      return tensorOf(places.reduce((part, each) => partAt(part, 0, each), value))
    })
    const update = (combine: Combine) =>
      named("at", (values: Tensor | Scalar): Tensor<D, S> => {
        const { shape } = place
        const given = isTensor(values) ? valueOf(values) : splat("at", values, x.dtype, [])
        requireSameDType("at", value, given)
        const joined = broadcastShapes(given.shape, shape)
        if (joined === undefined || !sameShape(joined, shape)) {
          throw shapeError(
            "at",
            say("expand", { op: "at", a: show(given), shape: shape.join(",") }),
            "values are broadcast to the axes of the indices and those left"
          )
        }
        return tensorOf(place.write(broadcastValue("at", given, shape), combine))
      })
    return {
      get,
      set: update("set"),
      add: update("add"),
      mul: update("mul"),
      min: update("min"),
      max: update("max")
    }
  }
)
