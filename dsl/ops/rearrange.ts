import { count } from "../count.ts"
import { type DType, isInteger } from "../dtype.ts"
import { dtypeError, named, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { apply, apply1 } from "../primitives/index.ts"
import type { Scalar } from "../program.ts"
import {
  plainAxes,
  plainAxis,
  requireDim,
  requireList,
  requireOptions,
  requireTensor,
  requireTensors,
  requireWhole,
  requireWholes
} from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { HasLengthOne, Inserted, IsAxis, IsNewAxis, Moved, Reduced, Squeezed } from "../types/axes.ts"
import type { IsStackAxis, Stacked, StackFault } from "../types/joins.ts"
import type { Numbers, Padded, Tiled } from "../types/lengths.ts"
import type { Check } from "../types.ts"
import { moveAxis as moveValueAxis, sliceAxis } from "../values.ts"
import { splat } from "./operand.ts"

const refuse = (op: string, message: string, hint: string) => shapeError(op, `${op}: ${message}`, hint)

/** How much to add before and after each axis; one number for all, or a pair for each axis. Negative counts crop. */
export type PadWidths = number | ReadonlyArray<readonly [number, number]>

/** What `pad` fills with, and what it puts between elements. */
export interface PadOptions<I extends Numbers = Numbers> {
  /** What to fill with (0). */
  readonly value?: Scalar | Tensor<DType, readonly []>
  /** How many elements go between each two of an axis (0). */
  readonly interior?: I
}

/**
 * Adds elements around an array, and between its elements. Negative widths crop. The dtype stays. Fails with a
 * `ShapeError` for widths that do not fit, and a `DTypeError` or a `ValueError` for a filler that does not.
 *
 * @example pad(constant([1, 2], "f32"), [[1, 2]]) // [0, 1, 2, 0, 0]
 */
export const pad = <
  D extends DType,
  S extends Shape,
  const W extends PadWidths,
  const I extends Numbers = readonly []
>(
  x: Tensor<D, S>,
  widths: W,
  options?: PadOptions<I>
): Tensor<D, Padded<S, W, NoInfer<I>>> => {
  const padded = requireTensor("pad", "x", x)
  const hint = "give a number, or a pair for each axis: [[1, 0], [0, 2]]"
  const pairs =
    typeof widths === "number"
      ? padded.shape.map(() => [widths, widths])
      : requireList<readonly [number, number]>("pad", "widths", widths, hint).map((each) => {
          const pair = requireWholes("pad", "an axis's widths", each, hint)
          if (pair.length === 2) return pair
          throw refuse("pad", `the widths [${pair.join(", ")}] are no pair`, hint)
        })
  const { value = padded.dtype === "bool" ? false : 0, interior } = requireOptions("pad", options, [
    "value",
    "interior"
  ])
  const filler = isTensor(value) ? valueOf(value) : splat("pad", value, padded.dtype, [])
  return tensorOf(
    apply1(
      "pad",
      {
        low: pairs.map(([low]) => low!),
        high: pairs.map(([, high]) => high!),
        interior:
          interior === undefined
            ? padded.shape.map(() => 0)
            : requireWholes("pad", "interior", interior, "give a count for each axis")
      },
      padded,
      filler
    )
  )
}

/**
 * Puts the elements in opposite order along the axes, or along all. Fails with a `ShapeError` for an axis that the
 * array does not have.
 *
 * @example reverse(arange(3)) // [2, 1, 0]
 */
export const reverse = <
  D extends DType,
  S extends Shape,
  const A extends number | Numbers | undefined = undefined
>(
  x: Tensor<D, S>,
  axes?: A & IsAxis<"reverse", D, S, A>
): Tensor<D, S> => {
  const value = requireTensor("reverse", "x", x)
  return tensorOf(apply1("reverse", { axes: plainAxes("reverse", axes, value) }, value))
}

/**
 * Moves elements along an axis (the first); those that leave at one end come in at the other. The shift is a whole
 * number or an integer scalar of the program. Fails with a `ShapeError` for an axis that is not there or a number
 * that is not whole, and a `DTypeError` for a tensor that is no integer scalar.
 *
 * @example roll(arange(4), 1) // [3, 0, 1, 2]
 */
export const roll = named(
  "roll",
  <D extends DType, S extends Shape, const A extends number = 0>(
    x: Tensor<D, S>,
    shift: number | Tensor<DType, readonly []>,
    axis: A & IsAxis<"roll", D, S, A> = 0 as never
  ): Tensor<D, S> => {
    const value = requireTensor("roll", "x", x)
    const at = plainAxis("roll", axis, value)
    const length = value.shape[at]!
    if (!isTensor(shift)) {
      requireWhole("roll", "the shift", shift)
      if (length === 0) return x
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
    if (length === 0) return x
    const wide = apply1("convert", { dtype: "i64" }, valueOf(shift))
    const size = splat("roll", length, "i64", [])
    const rest = apply1("rem", {}, wide, size)
    const start = apply1("rem", {}, apply1("sub", {}, size, rest), size)
    const origin = x.shape.map((_, i) => (i === at ? start : splat("roll", 0, "i64", [])))
    const twice = apply1("concatenate", { axis: at }, value, value)
    return tensorOf(apply1("dynamicSlice", { sizes: x.shape }, twice, ...origin))
  }
)

/**
 * Adds an axis of length 1. Fails with a `ShapeError` for an axis that the array does not have.
 *
 * @example expandDims(arange(3), 0) // i32[1,3]
 */
export const expandDims = named(
  "expandDims",
  <D extends DType, S extends Shape, const A extends number>(
    x: Tensor<D, S>,
    axis: A & IsNewAxis<"expandDims", D, S, A>
  ): Tensor<D, Inserted<S, A, 1>> => {
    const value = requireTensor("expandDims", "x", x)
    const at = plainAxis("expandDims", axis, value, value.shape.length + 1)
    const shape = [...value.shape.slice(0, at), 1, ...value.shape.slice(at)]
    return tensorOf(apply1("reshape", { shape }, value))
  }
)

/**
 * Removes axes of length 1: those named, or all of them. Fails with a `ShapeError` for an axis of another length.
 *
 * @example squeeze(zeros([1, 3, 1], "f32")) // f32[3]
 */
export const squeeze = named(
  "squeeze",
  <D extends DType, S extends Shape, const A extends number | ReadonlyArray<number> | undefined = undefined>(
    x: Tensor<D, S>,
    axes?: A & IsAxis<"squeeze", D, S, A> & HasLengthOne<D, S, A>
  ): Tensor<D, NoInfer<A> extends undefined ? Squeezed<S> : Reduced<S, NoInfer<A>, false>> => {
    const value = requireTensor("squeeze", "x", x)
    const gone =
      axes === undefined
        ? value.shape.flatMap((dim, i) => (dim === 1 ? [i] : []))
        : plainAxes("squeeze", axes, value)
    for (const axis of gone) {
      if (x.shape[axis] !== 1)
        throw shapeError(
          "squeeze",
          say("squeeze", {
            op: "squeeze",
            axis: `${axis}`,
            a: show(value),
            n: `${value.shape[axis]}`
          }),
          "only an axis of length 1 can go"
        )
    }
    const shape = value.shape.filter((_, i) => !gone.includes(i))
    return tensorOf(apply1("reshape", { shape }, value))
  }
)

/**
 * Moves one axis to another place; the others keep their order. Fails with a `ShapeError` for an axis that the array
 * does not have.
 *
 * @example moveAxis(zeros([2, 3, 4], "f32"), 0, 2) // f32[3,4,2]
 */
export const moveAxis = named(
  "moveAxis",
  <D extends DType, S extends Shape, const From extends number, const To extends number>(
    x: Tensor<D, S>,
    from: From & IsAxis<"moveAxis", D, S, From>,
    to: To & IsAxis<"moveAxis", D, S, To>
  ): Tensor<D, Moved<S, From, To>> => {
    const value = requireTensor("moveAxis", "x", x)
    const [source, target] = [plainAxis("moveAxis", from, value), plainAxis("moveAxis", to, value)]
    return tensorOf(moveValueAxis(value, source, target))
  }
)

/**
 * Joins arrays of one dtype and shape along a new axis (the first). Fails with a `ShapeError` where they differ, and
 * for an empty list.
 *
 * @example stack([arange(2), arange(2)]) // i32[2,2]: [[0, 1], [0, 1]]
 */
export const stack = named(
  "stack",
  <const L extends ReadonlyArray<Tensor>, const A extends number = 0>(
    arrays: L & Check<StackFault<L>>,
    axis: A & IsStackAxis<L, A> = 0 as never
  ): Tensor<L[number]["dtype"], Stacked<L, NoInfer<A>>> => {
    const values = requireTensors("stack", "arrays", arrays, "give a list of arrays")
    const [first] = values
    if (first === undefined) throw refuse("stack", "nothing is given", "give at least one array")
    for (const each of values) {
      if (show(each) !== show(first))
        throw shapeError(
          "stack",
          say("differ", { op: "stack", a: show(first), b: show(each) }),
          "all arrays must have one dtype and shape"
        )
    }
    const at = plainAxis("stack", axis, first, first.shape.length + 1)
    const shape = [...first.shape.slice(0, at), 1, ...first.shape.slice(at)]
    const columns = values.map((each) => apply1("reshape", { shape }, each))
    return tensorOf(apply("concatenate", { axis: at }, columns)[0]!)
  }
)

/**
 * Repeats the whole array along each axis, a count for each. Fails with a `ShapeError` for a wrong number of counts.
 *
 * @example tile(arange(2), [3]) // [0, 1, 0, 1, 0, 1]
 */
export const tile = named(
  "tile",
  <D extends DType, S extends Shape, const R extends Numbers>(
    x: Tensor<D, S>,
    repeats: R
  ): Tensor<D, Tiled<S, R>> => {
    const value = requireTensor("tile", "x", x)
    const counts = requireList<number>("tile", "repeats", repeats, "give a count for each axis")
    if (counts.length !== value.shape.length)
      throw refuse("tile", `${count(counts.length, "count")} for ${show(value)}`, "give one for each axis")
    for (const each of counts) requireDim("tile", "a count", each)
    const wide: Array<number> = []
    const axes: Array<number> = []
    x.shape.forEach((dim, i) => {
      axes.push(wide.length + 1)
      wide.push(counts[i]!, dim)
    })
    const spread: Value = apply1("broadcast", { shape: wide, axes }, value)
    return tensorOf(apply1("reshape", { shape: x.shape.map((dim, i) => dim * counts[i]!) }, spread))
  }
)
