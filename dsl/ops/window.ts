import { count } from "../count.ts"
import { shapeError, valueError } from "../errors.ts"
import { say } from "../messages.ts"
import type { WindowParams } from "../params.ts"
import { apply1 } from "../primitives/index.ts"
import { dilated } from "../primitives/window.ts"
import {
  isObject,
  requireDim,
  requireList,
  requireLists,
  requireOneOf,
  requireOptions,
  requireTensor,
  requireWholes,
  shown
} from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"
import type { Numbers } from "../types/lengths.ts"
import type { Convolved, FitsInput, Windows } from "../types/windows.ts"
import type { NumericDType, RealDType } from "../types.ts"

/** `"same"` keeps the length where the stride is 1, `"valid"` takes whole windows only; or pairs for each axis. */
export type Padding = "same" | "valid" | ReadonlyArray<readonly [number, number]>

const pairs = (
  op: string,
  padding: Padding,
  lengths: Shape,
  windows: Shape,
  strides: Shape
): ReadonlyArray<readonly [number, number]> => {
  const hint = 'give "same", "valid" or a pair for each axis'
  if (typeof padding !== "string")
    return requireList(op, "padding", padding, hint).map(
      (pair, i) => requireWholes(op, `padding[${i}]`, pair, hint) as unknown as readonly [number, number]
    )
  if (padding === "valid") return lengths.map(() => [0, 0])
  if (padding !== "same") throw valueError(op, `${op}: padding is ${shown(padding)}`, hint)
  return lengths.map((length, i) => {
    const total = Math.max(0, (Math.ceil(length / strides[i]!) - 1) * strides[i]! + windows[i]! - length)
    return [Math.floor(total / 2), total - Math.floor(total / 2)]
  })
}

const list = (
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

/** How a convolution moves, pads and spreads its kernel. */
export interface ConvOptions<
  By extends PerAxis = PerAxis,
  P extends Padding = Padding,
  Spread extends PerAxis = PerAxis,
  Apart extends PerAxis = PerAxis,
  G extends number = number
> {
  readonly strides?: By
  /** ("valid") */
  readonly padding?: P
  readonly inputDilation?: Spread
  readonly kernelDilation?: Apart
  /** Groups of features that are convolved apart (1). */
  readonly groups?: G
}

/**
 * Convolves (cross-correlates) `[batch, features, ...spatial]` with a kernel `[outputs, features / groups,
 * ...spatial]`: `[batch, outputs, ...spatial]`. Both have one dtype. Fails with a `ShapeError` where the shapes do
 * not fit, a `DTypeError` where the dtypes do not, and a `ValueError` for another padding.
 *
 * @example conv(ones([1, 1, 4], "f32"), ones([1, 1, 2], "f32")) // f32[1,1,3]: [[[2, 2, 2]]]
 */
export const conv = <
  D extends NumericDType,
  S extends Shape,
  K extends Shape,
  const By extends PerAxis = 1,
  const P extends Padding = "valid",
  const Spread extends PerAxis = 1,
  const Apart extends PerAxis = 1,
  const G extends number = 1
>(
  x: Tensor<D, S>,
  kernel: Tensor<NoInfer<D>, K> & FitsInput<D, S, K, NoInfer<G>>,
  options?: ConvOptions<By, P, Spread, Apart, G>
): Tensor<D, Convolved<S, K, NoInfer<By>, NoInfer<P>, NoInfer<Spread>, NoInfer<Apart>>> => {
  const [value, weights] = [requireTensor("conv", "x", x), requireTensor("conv", "kernel", kernel)]
  const {
    strides,
    padding = "valid",
    inputDilation,
    kernelDilation,
    groups = 1
  } = requireOptions<ConvOptions>("conv", options, [
    "strides",
    "padding",
    "inputDilation",
    "kernelDilation",
    "groups"
  ])
  const rank = x.shape.length - 2
  if (rank < 0 || kernel.shape.length !== x.shape.length) {
    throw shapeError(
      "conv",
      say("kernel", { a: show(x), b: show(kernel) }),
      "input is [batch, features, ...], kernel [outputs, features, ...], of the same rank"
    )
  }
  const by = list("conv", "strides", strides, rank)
  const spread = list("conv", "inputDilation", inputDilation, rank)
  const apart = list("conv", "kernelDilation", kernelDilation, rank)
  const lengths = x.shape.slice(2).map((length, i) => dilated(length, spread[i]!))
  const windows = kernel.shape.slice(2).map((length, i) => dilated(length, apart[i]!))
  return tensorOf(
    apply1(
      "conv",
      {
        strides: by,
        padding: pairs("conv", padding, lengths, windows, by),
        inputDilation: spread,
        kernelDilation: apart,
        featureGroups: requireDim("conv", "groups", groups, 1),
        batchGroups: 1
      },
      value,
      weights
    )
  )
}

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
  const by = list("reduceWindow", "strides", strides, rank)
  const sizes = list("reduceWindow", "window", window, rank)
  const spread = list("reduceWindow", "inputDilation", inputDilation, rank)
  const apart = list("reduceWindow", "windowDilation", windowDilation, rank)
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
