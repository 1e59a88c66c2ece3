import { shapeError } from "../errors.ts"
import type { Combine } from "../params.ts"
import { apply1 } from "../primitives/index.ts"
import { isRecord, requireWhole, shown } from "../required.ts"
import type { Value } from "../tensor.ts"
import type { Slice } from "../types/layouts.ts"
import { binary, filled, range, select, sliceAxis, zeros } from "../values.ts"
import { most32 } from "./index-values.ts"

/** Parts of arrays as Python's slices take them, read and written. */

/** The first element, how far to go each time, and how many elements there are. */
export interface Edges {
  readonly start: number
  readonly step: number
  readonly count: number
}

export const isSlice = (index: unknown): index is Slice => isRecord(index)

const within = (edge: number, least: number, most: number): number => Math.max(least, Math.min(most, edge))

/** Which elements of an axis a slice takes, as Python has it: edges beyond the axis are moved to it. */
export const edgesOf = (op: string, slice: Slice, length: number): Edges => {
  const { start, stop, step = 1 } = slice
  const stranger = Object.keys(slice).find((key) => !["start", "stop", "step"].includes(key))
  if (stranger !== undefined)
    throw shapeError(
      op,
      `${op}: ${shown(slice)} is no slice`,
      "give { start, stop, step }, each of which may be left out"
    )
  requireWhole(op, "the step", step)
  if (step === 0)
    throw shapeError(op, `${op}: the step is 0`, "give how far to go each time, or leave it out")
  const [least, most] = step > 0 ? [0, length] : [-1, length - 1]
  const edge = (what: string, given: number | undefined, otherwise: number): number => {
    if (given === undefined) return otherwise
    requireWhole(op, what, given)
    return within(given < 0 ? given + length : given, least, most)
  }
  const first = edge("the start", start, step > 0 ? 0 : length - 1)
  const end = edge("the stop", stop, step > 0 ? length : -1)
  return { start: first, step, count: Math.max(0, Math.ceil((end - first) / step)) }
}

/** The same elements from the front: the least place, and the step as it counts up. */
const upward = ({ start, step, count }: Edges): Edges =>
  step > 0 || count === 0
    ? { start, step: Math.abs(step), count }
    : { start: start + (count - 1) * step, step: -step, count }

const back = (x: Value, axes: ReadonlyArray<number>): Value =>
  axes.length === 0 ? x : apply1("reverse", { axes }, x)

export const readSlice = (x: Value, axis: number, edges: Edges): Value => {
  const { start, step, count } = upward(edges)
  if (count === 0) return sliceAxis(x, axis, 0, 0)
  const part = sliceAxis(x, axis, start, start + (count - 1) * step + 1, step)
  return edges.step < 0 ? back(part, [axis]) : part
}

/** An operand in which some elements of each axis are replaced, or combined, by those of a part. */
export const writeSlices = (x: Value, edges: ReadonlyArray<Edges>, part: Value, combine: Combine): Value => {
  if (edges.some(({ count }) => count === 0)) return x
  const up = edges.map(upward)
  const turned = range(edges.length).filter((axis) => edges[axis]!.step < 0)
  const values = back(part, turned)
  const merged = (old: Value, next: Value): Value => {
    if (combine === "set") return next
    return binary(combine === "min" ? "minimum" : combine === "max" ? "maximum" : combine, old, next)
  }
  if (up.every(({ step, count }) => step === 1 || count === 1)) {
    const dtype = x.shape.some((dim) => dim > most32) ? "i64" : "i32"
    const starts = up.map(({ start }) => filled({ dtype, shape: [] }, start))
    const old = up.reduce((y, { start, count }, axis) => sliceAxis(y, axis, start, start + count), x)
    return apply1("dynamicUpdateSlice", {}, x, merged(old, values), ...starts)
  }
  // Spread to the places of the whole, beside which the old elements stay.
  const params = {
    low: up.map(({ start }) => start),
    high: up.map(({ start, step, count }, axis) => x.shape[axis]! - (start + (count - 1) * step + 1)),
    interior: up.map(({ step, count }) => (count === 1 ? 0 : step - 1))
  }
  const spread = (y: Value) => apply1("pad", params, y, zeros({ dtype: y.dtype, shape: [] }))
  const holds = spread(filled({ dtype: "bool", shape: values.shape }, true))
  return select(holds, merged(x, spread(values)), x)
}
