import { type DType, isInteger } from "../dtype.ts"
import { dtypeError, shapeError } from "../errors.ts"
import { apply, apply1 } from "../primitives/index.ts"
import { axisError, requireDim } from "../primitives/rule.ts"
import type { Scalar } from "../program.ts"
import { requireList, requireTensor } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { Reduced, Unknown } from "../types.ts"
import { moveAxis as moveValueAxis, sliceAxis } from "../values.ts"
import { splat } from "./operand.ts"
import { plainAxis } from "./structure.ts"

const refuse = (op: string, message: string, hint: string) => shapeError(op, `${op}: ${message}`, hint)

/** How much to add before and after each axis; one number for all, or a pair for each axis. Negative counts crop. */
export type PadWidths = number | ReadonlyArray<readonly [number, number]>

export interface PadOptions {
  /** What to fill with (0). */
  readonly value?: Scalar | Tensor<DType, readonly []>
  /** How many elements go between each two of an axis (0). */
  readonly interior?: ReadonlyArray<number>
}

/** Adds elements around an array, and between its elements. */
export const pad = <D extends DType, S extends Shape>(
  x: Tensor<D, S>,
  widths: PadWidths,
  { value = x.dtype === "bool" ? false : 0, interior }: PadOptions = {}
): Tensor<D, Unknown<S>> => {
  const hint = "give a number, or a pair for each axis: [[1, 0], [0, 2]]"
  if (typeof widths !== "number") {
    requireList("pad", "widths", widths, hint)
    for (const each of widths) {
      requireList("pad", "an axis's widths", each, hint)
      if (each.length !== 2) throw refuse("pad", `the widths [${each.join(", ")}] are no pair`, hint)
    }
  }
  const pairs = typeof widths === "number" ? x.shape.map(() => [widths, widths] as const) : widths
  const filler = isTensor(value) ? valueOf(value) : splat("pad", value, x.dtype, [])
  return tensorOf(
    apply1(
      "pad",
      {
        low: pairs.map(([low]) => low),
        high: pairs.map(([, high]) => high),
        interior: interior ?? x.shape.map(() => 0)
      },
      valueOf(x),
      filler
    )
  )
}

/** The elements in opposite order along the axes, or along all. */
export const reverse = <D extends DType, S extends Shape>(
  x: Tensor<D, S>,
  axes: number | ReadonlyArray<number> = x.shape.map((_, i) => i)
): Tensor<D, S> => {
  const list = (typeof axes === "number" ? [axes] : axes).map((axis) => plainAxis("reverse", axis, x))
  return tensorOf(apply1("reverse", { axes: list }, valueOf(x)))
}

/** Moves elements along an axis (the first), those that leave at one end coming in at the other. */
export const roll = <D extends DType, S extends Shape>(
  x: Tensor<D, S>,
  shift: number | Tensor<DType, readonly []>,
  axis = 0
): Tensor<D, S> => {
  const at = plainAxis("roll", axis, x)
  const length = x.shape[at]!
  const value = valueOf(x)
  if (length === 0) return x
  if (!isTensor(shift)) {
    if (!Number.isSafeInteger(shift)) throw refuse("roll", `the shift is ${shift}`, "give a whole number")
    const by = ((shift % length) + length) % length
    if (by === 0) return x
    const parts = [sliceAxis(value, at, length - by, length), sliceAxis(value, at, 0, length - by)]
    return tensorOf(apply("concatenate", { axis: at }, parts)[0]!)
  }
  if (!isInteger(shift.dtype) || shift.shape.length > 0) {
    throw dtypeError(
      "roll",
      `roll: the shift is ${show(shift)}, not an integer scalar`,
      'convert(n, "i32") makes one'
    )
  }
  const wide = apply1("convert", { dtype: "i64" }, valueOf(shift))
  const size = splat("roll", length, "i64", [])
  const rest = apply1("rem", {}, wide, size)
  const start = apply1("rem", {}, apply1("sub", {}, size, rest), size)
  const origin = x.shape.map((_, i) => (i === at ? start : splat("roll", 0, "i64", [])))
  const twice = apply1("concatenate", { axis: at }, value, value)
  return tensorOf(apply1("dynamicSlice", { sizes: x.shape }, twice, ...origin))
}

type Expanded<S extends Shape, A extends number> = A extends 0
  ? readonly [1, ...S]
  : A extends -1
    ? readonly [...S, 1]
    : readonly [number, ...Unknown<S>]

/** A new axis of length 1. */
export const expandDims = <D extends DType, S extends Shape, const A extends number>(
  x: Tensor<D, S>,
  axis: A
): Tensor<D, Expanded<S, A>> => {
  const rank = x.shape.length + 1
  const at = axis < 0 ? axis + rank : axis
  if (!(Number.isInteger(at) && at >= 0 && at < rank)) throw axisError("expandDims", axis, x)
  const shape = [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]
  return tensorOf(apply1("reshape", { shape }, valueOf(x)))
}

/** Takes away axes of length 1: those named, or all of them. */
export const squeeze = <
  D extends DType,
  S extends Shape,
  const A extends number | ReadonlyArray<number> | undefined = undefined
>(
  x: Tensor<D, S>,
  axes?: A
): Tensor<D, A extends undefined ? Shape : Reduced<S, A, false>> => {
  const named =
    axes === undefined
      ? x.shape.flatMap((dim, i) => (dim === 1 ? [i] : []))
      : [axes].flat().map((axis) => plainAxis("squeeze", axis as number, x))
  for (const axis of named) {
    if (x.shape[axis] !== 1)
      throw refuse(
        "squeeze",
        `axis ${axis} of ${show(x)} has length ${x.shape[axis]}`,
        "only an axis of length 1 can go"
      )
  }
  const shape = x.shape.filter((_, i) => !named.includes(i))
  return tensorOf(apply1("reshape", { shape }, valueOf(x)))
}

/** Moves one axis to another place, the others keeping their order. */
export const moveAxis = <D extends DType, S extends Shape>(
  x: Tensor<D, S>,
  from: number,
  to: number
): Tensor<D, Unknown<S>> => {
  const [source, target] = [plainAxis("moveAxis", from, x), plainAxis("moveAxis", to, x)]
  return tensorOf(moveValueAxis(valueOf(x), source, target))
}

/** Lays arrays of one shape side by side along a new axis (the first). */
export const stack = <
  D extends DType,
  S extends Shape,
  const L extends ReadonlyArray<Tensor<D, S>>,
  const A extends number = 0
>(
  arrays: L & ReadonlyArray<Tensor<D, S>>,
  axis: A = 0 as A
): Tensor<D, A extends 0 ? readonly [L["length"], ...S] : readonly [number, ...Unknown<S>]> => {
  requireList("stack", "arrays", arrays, "give a list of arrays")
  const [first] = arrays
  if (first === undefined) throw refuse("stack", "nothing is given", "give at least one array")
  for (const each of arrays) requireTensor("stack", "an array", each)
  for (const each of arrays) {
    if (show(each) !== show(first))
      throw refuse(
        "stack",
        `${show(first)} and ${show(each)} differ`,
        "all arrays must have one dtype and shape"
      )
  }
  const columns = arrays.map((each) => valueOf(expandDims(each as Tensor, axis)))
  const at = axis < 0 ? axis + first.shape.length + 1 : axis
  return tensorOf(apply("concatenate", { axis: at }, columns)[0]!)
}

/**
 * Cuts an array along an axis (the first): into that many equal parts, or into parts of the given lengths.
 */
export const split = <D extends DType, S extends Shape>(
  x: Tensor<D, S>,
  parts: number | ReadonlyArray<number>,
  axis = 0
): ReadonlyArray<Tensor<D, Unknown<S>>> => {
  const at = plainAxis("split", axis, x)
  const length = x.shape[at]!
  if (typeof parts !== "number")
    requireList("split", "parts", parts, "give how many, or the lengths of the parts")
  const count = typeof parts === "number" ? parts : parts.length
  if (typeof parts === "number" && (!Number.isSafeInteger(count) || count < 1 || length % count !== 0)) {
    throw refuse(
      "split",
      `axis ${at} of ${show(x)} does not divide into ${parts}`,
      "give a divisor, or the lengths of the parts"
    )
  }
  const lengths = typeof parts === "number" ? Array.from({ length: count }, () => length / count) : parts
  for (const each of lengths) requireDim("split", each, "a part's length")
  const total = lengths.reduce((sum, each) => sum + each, 0)
  if (total !== length) {
    throw refuse(
      "split",
      `parts of ${total} in all do not make axis ${at} of ${show(x)}`,
      "the lengths must add up to the axis"
    )
  }
  let start = 0
  return lengths.map((each) => {
    const from = start
    start += each
    return tensorOf<D, Unknown<S>>(sliceAxis(valueOf(x), at, from, start))
  })
}

/** Repeats the whole array along each axis. */
export const tile = <D extends DType, S extends Shape>(
  x: Tensor<D, S>,
  repeats: ReadonlyArray<number>
): Tensor<D, Unknown<S>> => {
  requireList("tile", "repeats", repeats, "give a count for each axis")
  if (repeats.length !== x.shape.length)
    throw refuse("tile", `${repeats.length} counts are given for ${show(x)}`, "give one for each axis")
  for (const each of repeats) requireDim("tile", each, "a count")
  const wide: Array<number> = []
  const axes: Array<number> = []
  x.shape.forEach((dim, i) => {
    axes.push(wide.length + 1)
    wide.push(repeats[i]!, dim)
  })
  const spread: Value = apply1("broadcast", { shape: wide, axes }, valueOf(x))
  return tensorOf(apply1("reshape", { shape: x.shape.map((dim, i) => dim * repeats[i]!) }, spread))
}
