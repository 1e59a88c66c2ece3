import { count } from "../count.ts"
import type { FloatDType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { div } from "../ops/elementwise.ts"
import { type Padding, type PerAxis, perAxis, reduceWindow } from "../ops/window.ts"
import type { WindowParams } from "../params.ts"
import { requireKind } from "../primitives/rule.ts"
import {
  requireDim,
  requireFlag,
  requireList,
  requireOneOf,
  requireOptions,
  requireTensor
} from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"
import type { Pooled } from "../types/convolutions.ts"
import type { Numbers } from "../types/lengths.ts"
import type { RealDType } from "../types.ts"
import { filled } from "../values.ts"

/** How the window of a pool moves, and over which axes. */
export interface PoolOptions<
  By extends PerAxis = PerAxis,
  P extends Padding = Padding,
  F extends "first" | "last" = "first" | "last"
> {
  /** (1 for each axis of the window) */
  readonly strides?: By
  /** ("valid"); or a pair for each axis of the window. */
  readonly padding?: P
  /** Whether features are the last axis, or come before the axes that are pooled ("last"). */
  readonly features?: F
}

/** How `avgPool` moves its window, and what it divides by. */
export interface AveragePoolOptions<
  By extends PerAxis = PerAxis,
  P extends Padding = Padding,
  F extends "first" | "last" = "first" | "last"
> extends PoolOptions<By, P, F> {
  /** Whether what padding adds counts as elements (true). */
  readonly countIncludePad?: boolean
}

interface Read {
  readonly x: Tensor<RealDType>
  /** The number of elements of a window. */
  readonly count: number
  readonly over: (x: Tensor<RealDType>, how: WindowParams["op"]) => Tensor<RealDType>
  /** The shape of x, but of length 1 where no window slides. */
  readonly slidOver: Shape
  readonly isPadded: boolean
}

const read = (op: string, x: Tensor<RealDType>, window: Numbers, options: PoolOptions): Read => {
  const value = requireTensor(op, "x", x)
  requireKind(op, value, ["float", "signed", "unsigned"])
  const hint = "give the window's length along each axis that is pooled: [2, 2]"
  const sizes = requireList<number>(op, "the window", window, hint).map((each) =>
    requireDim(op, "the window", each, 1)
  )
  const features = requireOneOf(op, "features", options.features ?? "last", ["first", "last"])
  const after = features === "last" ? 1 : 0
  const before = value.shape.length - sizes.length - after
  if (before < 1 - after)
    throw shapeError(
      op,
      `${op}: a window over ${count(sizes.length, "axis", "axes")} does not fit ${show(value)}`,
      `beside them it needs an axis of features, which come ${features}`
    )
  const whole = <A>(own: ReadonlyArray<A>, other: A): ReadonlyArray<A> => [
    ...Array.from({ length: before }, () => other),
    ...own,
    ...Array.from({ length: after }, () => other)
  ]
  const strides = perAxis(op, "strides", options.strides, sizes.length)
  const { padding = "valid" } = options
  if (typeof padding !== "string")
    requireList(op, "padding", padding, 'give "same", "valid" or a pair for each axis')
  const over = (each: Tensor<RealDType>, how: WindowParams["op"]) =>
    reduceWindow(each, how, {
      window: whole(sizes, 1),
      strides: whole(strides, 1),
      padding: typeof padding === "string" ? padding : whole<readonly [number, number]>(padding, [0, 0])
    })
  return {
    x: tensorOf(value),
    count: sizes.reduce((a, b) => a * b, 1),
    over,
    slidOver: whole(value.shape.slice(before, before + sizes.length), 1),
    isPadded: padding !== "valid"
  }
}

type Pool<Op extends string, D0 extends RealDType> = <
  D extends D0,
  S extends Shape,
  const W extends Numbers,
  const By extends PerAxis = 1,
  const P extends Padding = "valid",
  const F extends "first" | "last" = "last"
>(
  x: Tensor<D, S>,
  window: W,
  options?: PoolOptions<By, P, F> & (Op extends "avgPool" ? AveragePoolOptions<By, P, F> : unknown)
) => Tensor<D, Pooled<S, W, NoInfer<By>, NoInfer<P>, NoInfer<F>>>

const extremes = <Op extends "maxPool" | "minPool">(op: Op, how: "max" | "min"): Pool<Op, RealDType> =>
  named(op, (x: Tensor<RealDType>, window: Numbers, options?: PoolOptions) => {
    const given = requireOptions<PoolOptions>(op, options, ["strides", "padding", "features"])
    const { x: value, over } = read(op, x, window, given)
    return over(value, how) as never
  }) as Pool<Op, RealDType>

/**
 * Takes the greatest element of each window that slides over the axes before the last, which are as many as the window
 * has. With `features: "first"` it slides over the last axes. The dtype stays. Fails with a `ShapeError` for a window that
 * does not fit, and a `DTypeError` for what has no order.
 *
 * @example
 * maxPool(ones([8, 28, 28, 3], "f32"), [2, 2], { strides: 2 }) // f32[8,14,14,3]
 * maxPool(constant([[1], [5], [2]], "f32"), [2]) // [[5], [5]]
 */
export const maxPool: Pool<"maxPool", RealDType> = extremes("maxPool", "max")

/**
 * Takes the least element of each window, as `maxPool` takes the greatest. Fails with a `ShapeError` for a window that does
 * not fit, and a `DTypeError` for what has no order.
 *
 * @example minPool(constant([[1], [5], [2]], "f32"), [2]) // [[1], [2]]
 */
export const minPool: Pool<"minPool", RealDType> = extremes("minPool", "min")

/**
 * Takes the mean of each window that slides over the axes before the last, which are as many as the window has. With
 * `features: "first"` it slides over the last axes. What padding adds counts as zeros, unless `countIncludePad` is false.
 * Takes f16, bf16, f32 and f64. Fails with a `ShapeError` for a window that does not fit, and a `DTypeError` for another
 * dtype.
 *
 * @example
 * avgPool(constant([[1], [5], [2]], "f32"), [2], { padding: "same" }) // [[3], [3.5], [1]]
 * avgPool(constant([[1], [5], [2]], "f32"), [2], { padding: "same", countIncludePad: false }) // [[3], [3.5], [2]]
 */
export const avgPool: Pool<"avgPool", FloatDType> = named(
  "avgPool",
  (x: Tensor<FloatDType>, window: Numbers, options?: AveragePoolOptions) => {
    const op = "avgPool"
    const names = ["strides", "padding", "features", "countIncludePad"] as const
    const { countIncludePad, ...given } = requireOptions<AveragePoolOptions>(op, options, names)
    requireKind(op, requireTensor(op, "x", x), ["float"])
    const { x: value, over, count: all, slidOver, isPadded } = read(op, x, window, given)
    const total = over(value, "sum") as Tensor<"f32">
    if (requireFlag(op, "countIncludePad", countIncludePad, true) || !isPadded)
      return div(total, all) as never
    return div(
      total,
      over(tensorOf(filled({ dtype: value.dtype, shape: slidOver }, 1)), "sum") as Tensor<"f32">
    ) as never
  }
) as Pool<"avgPool", FloatDType>
