import { count } from "../count.ts"
import { shapeError, valueError } from "../errors.ts"
import type { WindowParams } from "../params.ts"
import { apply1 } from "../primitives/index.ts"
import { dilated } from "../primitives/window.ts"
import {
  isObject,
  requireDim,
  requireList,
  requireLists,
  requireOneOf,
  requireTensor,
  requireWholes,
  shown
} from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"
import type { Numbers } from "../types/lengths.ts"
import type { Windows } from "../types/windows.ts"
import type { RealDType } from "../types.ts"

/**
 * `"same"` keeps the length where the stride is 1, with what is odd at the end; `"sameLower"` puts that at the start.
 * `"valid"` takes whole windows only. Or pairs for each axis.
 */
export type Padding = "same" | "sameLower" | "valid" | ReadonlyArray<readonly [number, number]>

/** The padding as a pair for each axis. */
export const pairs = (
  op: string,
  padding: Padding,
  lengths: Shape,
  windows: Shape,
  strides: Shape
): ReadonlyArray<readonly [number, number]> => {
  const hint = 'give "same", "sameLower", "valid" or a pair for each axis'
  if (typeof padding !== "string")
    return requireList(op, "padding", padding, hint).map(
      (pair, i) => requireWholes(op, `padding[${i}]`, pair, hint) as unknown as readonly [number, number]
    )
  if (padding === "valid") return lengths.map(() => [0, 0])
  if (padding !== "same" && padding !== "sameLower")
    throw valueError(op, `${op}: padding is ${shown(padding)}`, hint)
  return lengths.map((length, i) => {
    const total = Math.max(0, (Math.ceil(length / strides[i]!) - 1) * strides[i]! + windows[i]! - length)
    const less = Math.floor(total / 2)
    return padding === "same" ? [less, total - less] : [total - less, less]
  })
}

/** One number for each axis, read of a list or of one number for all. */
export const perAxis = (
  op: string,
  what: string,
  given: number | ReadonlyArray<number> | undefined,
  rank: number
): Shape => {
  const read = (each: number): number => requireDim(op, what, each, 1)
  if (given === undefined || typeof given === "number")
    return Array.from({ length: rank }, () => read(given ?? 1))
  const made = requireList(op, what, given, "give one for each axis, or one number for all").map(read)
  if (made.length === rank) return made
  throw shapeError(
    op,
    `${op}: ${what} has ${count(made.length, "entry", "entries")} for ${count(rank, "axis", "axes")}`,
    "give one for each axis, or one number for all"
  )
}

/** One number for all axes, or one for each. */
export type PerAxis = number | Numbers

/** The window of `reduceWindow`, and how it moves. */
export interface WindowOptions<
  W extends PerAxis = PerAxis,
  By extends PerAxis = PerAxis,
  P extends Padding = Padding,
  Spread extends PerAxis = PerAxis,
  Apart extends PerAxis = PerAxis
> {
  /** The window's length on each axis, or one for all axes. */
  readonly window: W
  readonly strides?: By
  /** ("valid"); what is added leaves the result unchanged: 0 for sums, -infinity for greatest elements. */
  readonly padding?: P
  readonly inputDilation?: Spread
  readonly windowDilation?: Apart
}

/**
 * Reduces each window that slides over an array: `"sum"`, `"prod"`, `"max"` or `"min"`. The dtype stays. Fails with a
 * `ShapeError` for a window that does not fit, and a `ValueError` for another reduction.
 *
 * @example reduceWindow(arange(4), "max", { window: 2, strides: 2 }) // [1, 3]
 */
export const reduceWindow = <
  D extends RealDType,
  S extends Shape,
  const W extends PerAxis,
  const By extends PerAxis = 1,
  const P extends Padding = "valid",
  const Spread extends PerAxis = 1,
  const Apart extends PerAxis = 1
>(
  x: Tensor<D, S>,
  op: WindowParams["op"],
  options: WindowOptions<W, By, P, Spread, Apart>
): Tensor<D, Windows<S, W, NoInfer<By>, NoInfer<P>, NoInfer<Spread>, NoInfer<Apart>>> => {
  const value = requireTensor("reduceWindow", "x", x)
  const hint = "give the window: { window: [2, 2] }"
  const given: WindowOptions =
    isObject(options) && typeof options.window === "number"
      ? options
      : requireLists("reduceWindow", "options", options, ["window"], hint)
  const { window, strides, padding = "valid", inputDilation, windowDilation } = given
  requireOneOf("reduceWindow", "the reduction", op, ["sum", "prod", "max", "min"])
  const rank = x.shape.length
  const by = perAxis("reduceWindow", "strides", strides, rank)
  const sizes = perAxis("reduceWindow", "window", window, rank)
  const spread = perAxis("reduceWindow", "inputDilation", inputDilation, rank)
  const apart = perAxis("reduceWindow", "windowDilation", windowDilation, rank)
  const lengths = x.shape.map((length, i) => dilated(length, spread[i]!))
  const windows = sizes.map((length, i) => dilated(length, apart[i]!))
  const padded = pairs("reduceWindow", padding, lengths, windows, by)
  return tensorOf(
    apply1(
      "reduceWindow",
      { op, window: sizes, strides: by, padding: padded, inputDilation: spread, windowDilation: apart },
      value
    )
  )
}
