import type { FloatDType } from "../dtype.ts"
import { named } from "../errors.ts"
import { requireKind } from "../primitives/rule.ts"
import { plainAxes, requireFlag, requireNumber, requireOptions, requireTensor } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { IsAxis, Reduced } from "../types/axes.ts"
import {
  binary,
  compare,
  convert,
  div,
  filled,
  inWorking,
  mul,
  select,
  sub,
  sum as sumOver,
  unary
} from "../values.ts"
import { broadcastValue } from "./operand.ts"
import { type Axes, keepingDims, placesThatCount, type Reduce, type ReduceOptions, reduced } from "./sums.ts"

export const requireFloats = (op: string, x: Tensor): Value => {
  const value = requireTensor(op, "x", x)
  requireKind(op, value, ["float"])
  return value
}

/** Which elements of an array a reduction takes. */
interface Taken {
  readonly over: ReadonlyArray<number>
  readonly places: Value | undefined
}

const totalOf = (x: Value, { over, places }: Taken, keepDims: boolean): Value =>
  reduced("sum", x, over, {
    keepDims,
    ...(places === undefined ? {} : { where: tensorOf<"bool", Shape>(places) })
  })

/** How many elements count, less some, as numbers of the type of a total. */
const counted = (x: Value, { over, places }: Taken, keepDims: boolean, total: Value, less = 0): Value => {
  if (places === undefined) return filled(total, over.reduce((n, axis) => n * x.shape[axis]!, 1) - less)
  const count = sumOver(convert(places, x.dtype), over)
  const shaped = keepDims ? keepingDims(count, x.shape, over) : count
  return less === 0 ? shaped : sub(shaped, filled(shaped, less))
}

const meanOf = (x: Value, taken: Taken, keepDims: boolean): Value => {
  const total = totalOf(x, taken, keepDims)
  return div(total, counted(x, taken, keepDims, total))
}

const varianceOf = (x: Value, taken: Taken, keepDims: boolean, ddof: number): Value => {
  const away = sub(x, broadcastValue("sub", meanOf(x, taken, true), x.shape))
  // What does not count may be NaN, and must not reach derivatives.
  const centred = taken.places === undefined ? away : select(taken.places, away, filled(away, 0))
  const total = totalOf(mul(centred, centred), taken, keepDims)
  return div(total, counted(x, taken, keepDims, total, ddof))
}

/** Options of means have no correction. */
const optionsOf = (op: string, options: VarianceOptions | undefined): VarianceOptions =>
  requireOptions<VarianceOptions>(op, options, [
    "keepDims",
    "where",
    ...(op.endsWith("mean") ? [] : (["ddof", "correction"] as const))
  ])

/** Half floats are worked out in f32, and the result is rounded once. */
const along = (
  op: string,
  x: Value,
  axes: Axes,
  options: ReduceOptions | undefined,
  places: Value | undefined,
  work: (x: Value, taken: Taken, keepDims: boolean) => Value
): never => {
  const taken = { over: plainAxes(op, axes, x), places }
  const keepDims = requireFlag(op, "keepDims", optionsOf(op, options).keepDims)
  return tensorOf(inWorking(x, (wide) => work(wide, taken, keepDims))) as never
}

const placesOf = (op: string, x: Value, options: ReduceOptions | undefined): Value | undefined => {
  const { where } = optionsOf(op, options)
  return where === undefined ? undefined : placesThatCount(op, where, x)
}

/** The places that count and hold no NaN. */
const numbersOf = (x: Value, places: Value | undefined): Value => {
  const numbers = compare("eq", x, x)
  return places === undefined ? numbers : binary("and", places, numbers)
}

/**
 * Gives the arithmetic mean over the axes, or over all; NaN of nothing. Takes f16, bf16, f32 and f64. `keepDims`
 * keeps the reduced axes, with length 1; `where` says which elements count. Fails with a `ShapeError` for an axis that the
 * array does not have, and a `DTypeError` for another dtype.
 *
 * @example mean(constant([[1, 2], [3, 4]], "f32")) // 2.5
 */
export const mean: Reduce<"mean", FloatDType> = named("mean", (x, axes, options) => {
  const value = requireFloats("mean", x)
  return along("mean", value, axes, options, placesOf("mean", value, options), meanOf)
})

/** How the mean squared distance is counted. */
export interface VarianceOptions<K extends boolean = boolean> extends ReduceOptions<K> {
  /** What the count is reduced by (0). */
  readonly ddof?: number
  /** The same under the array API's name. */
  readonly correction?: number
}

const ddofOf = (op: string, options: VarianceOptions | undefined): number => {
  const { ddof, correction } = optionsOf(op, options)
  return requireNumber(
    op,
    ddof === undefined && correction !== undefined ? "correction" : "ddof",
    ddof ?? correction ?? 0
  )
}

type Spread<Op extends string> = <
  D extends FloatDType,
  S extends Shape,
  const A extends Axes = undefined,
  K extends boolean = false
>(
  x: Tensor<D, S>,
  axes?: A & IsAxis<Op, D, S, A>,
  options?: VarianceOptions<K>
) => Tensor<D, Reduced<S, NoInfer<A>, NoInfer<K>>>

const spread =
  (finish: (variance: Value) => Value, skipsNan: boolean) =>
  <Op extends string>(op: Op): Spread<Op> =>
    named(op, (x, axes, options) => {
      const value = requireFloats(op, x)
      const given = placesOf(op, value, options)
      const ddof = ddofOf(op, options)
      const places = skipsNan ? numbersOf(value, given) : given
      return along(op, value, axes, options, places, (y, taken, keepDims) =>
        finish(varianceOf(y, taken, keepDims, ddof))
      )
    })

const root = (x: Value): Value => unary("sqrt", x)

/**
 * Gives the mean squared distance from the mean, over the axes or over all. The count is reduced by `ddof` (0). Takes
 * f16, bf16, f32 and f64. `keepDims` keeps the reduced axes, with length 1; `where` says which elements count. Fails with
 * a `ShapeError` for an axis that the array does not have, and a `DTypeError` for another dtype.
 *
 * @example variance(constant([[1, 2], [3, 4]], "f32")) // 1.25
 */
export const variance = spread((x) => x, false)("variance")

/**
 * Gives the standard deviation over the axes, or over all: the square root of `variance`. The count is reduced by `ddof`
 * (0). Takes f16, bf16, f32 and f64. `keepDims` keeps the reduced axes, with length 1; `where` says which elements count.
 * Fails with a `ShapeError` for an axis that the array does not have, and a `DTypeError` for another dtype.
 *
 * @example std(constant([[1, 2], [3, 4]], "f32")) // 1.118
 */
export const std = spread(root, false)("std")

/**
 * Gives the `variance` of the elements that are not NaN; NaN where none is left. Takes f16, bf16, f32 and f64. `keepDims`
 * keeps the reduced axes, with length 1. Fails with a `ShapeError` for an axis that the array does not have, and a
 * `DTypeError` for another dtype.
 *
 * @example nanvar(constant([1, NaN, 3], "f32")) // 1
 */
export const nanvar = spread((x) => x, true)("nanvar")

/**
 * Gives the standard deviation of the elements that are not NaN; NaN where none is left. Takes f16, bf16, f32 and f64.
 * `keepDims` keeps the reduced axes, with length 1. Fails with a `ShapeError` for an axis that the array does not have,
 * and a `DTypeError` for another dtype.
 *
 * @example nanstd(constant([1, NaN, 3], "f32")) // 1
 */
export const nanstd = spread(root, true)("nanstd")

/**
 * Gives the mean of the elements that are not NaN; NaN where none is left. Takes f16, bf16, f32 and f64. `keepDims` keeps
 * the reduced axes, with length 1. Fails with a `ShapeError` for an axis that the array does not have, and a `DTypeError`
 * for another dtype.
 *
 * @example nanmean(constant([1, NaN, 3], "f32")) // 2
 */
export const nanmean: Reduce<"nanmean", FloatDType> = named("nanmean", (x, axes, options) => {
  const value = requireFloats("nanmean", x)
  const places = numbersOf(value, placesOf("nanmean", value, options))
  return along("nanmean", value, axes, options, places, meanOf)
})

const nanTotal = <Op extends "nansum" | "nanprod">(op: Op): Reduce<Op, FloatDType> =>
  named(op, (x, axes, options) => {
    const value = requireFloats(op, x)
    const [kind, none] = op === "nansum" ? (["sum", 0] as const) : (["prod", 1] as const)
    const clean = select(compare("eq", value, value), value, filled(value, none))
    return tensorOf(reduced(kind, clean, axes, options)) as never
  })

/**
 * Sums the elements that are not NaN; 0 of none. Takes f16, bf16, f32 and f64. `keepDims` keeps the reduced axes, with
 * length 1. Fails with a `ShapeError` for an axis that the array does not have, and a `DTypeError` for another dtype.
 *
 * @example nansum(constant([1, NaN, 3], "f32")) // 4
 */
export const nansum = nanTotal("nansum")

/**
 * Multiplies the elements that are not NaN; 1 of none. Takes f16, bf16, f32 and f64. `keepDims` keeps the reduced axes,
 * with length 1. Fails with a `ShapeError` for an axis that the array does not have, and a `DTypeError` for another dtype.
 *
 * @example nanprod(constant([2, NaN, 3], "f32")) // 6
 */
export const nanprod = nanTotal("nanprod")

const nanExtreme = <Op extends "nanmax" | "nanmin">(op: Op): Reduce<Op, FloatDType> =>
  named(op, (x, axes, options) => {
    const value = requireFloats(op, x)
    const [kind, least] = op === "nanmax" ? (["max", -1] as const) : (["min", 1] as const)
    const numbers = compare("eq", value, value)
    const clean = select(numbers, value, filled(value, least * Number.POSITIVE_INFINITY))
    const extreme = reduced(kind, clean, axes, options)
    const some = reduced("any", numbers, axes, options)
    return tensorOf(select(some, extreme, filled(extreme, Number.NaN))) as never
  })

/**
 * Gives the greatest of the elements that are not NaN; NaN where none is left. Refuses empty axes with a `ShapeError`.
 * Takes f16, bf16, f32 and f64. `keepDims` keeps the reduced axes, with length 1. Fails with a `ShapeError` for an axis
 * that the array does not have, and a `DTypeError` for another dtype.
 *
 * @example nanmax(constant([1, NaN, 3], "f32")) // 3
 */
export const nanmax = nanExtreme("nanmax")

/**
 * Gives the least of the elements that are not NaN; NaN where none is left. Refuses empty axes with a `ShapeError`. Takes
 * f16, bf16, f32 and f64. `keepDims` keeps the reduced axes, with length 1. Fails with a `ShapeError` for an axis that the
 * array does not have, and a `DTypeError` for another dtype.
 *
 * @example nanmin(constant([1, NaN, 3], "f32")) // 1
 */
export const nanmin = nanExtreme("nanmin")
