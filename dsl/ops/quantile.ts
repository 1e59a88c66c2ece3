import type { FloatDType } from "../dtype.ts"
import { named, shapeError, valueError } from "../errors.ts"
import { apply, apply1 } from "../primitives/index.ts"
import { plainAxes, requireFlag, requireList, requireOneOf, requireOptions, shown } from "../required.ts"
import { type Shape, show, sizeOf } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { IsAxis, Reduced } from "../types/axes.ts"
import type { Numbers } from "../types/lengths.ts"
import {
  add,
  compare,
  filled,
  inWorking,
  partAt,
  range,
  reshape,
  scale,
  select,
  transpose
} from "../values.ts"
import { requireFloats } from "./moments.ts"
import type { Axes } from "./sums.ts"

const methods = ["linear", "lower", "higher", "midpoint", "nearest"] as const

/** How a quantile between two elements is made of them. */
export type QuantileMethod = (typeof methods)[number]

/** How quantiles are computed, and the shape of the result. */
export interface QuantileOptions<K extends boolean = boolean> {
  /** Keep the reduced axes, with length 1. */
  readonly keepDims?: K
  /** ("linear") */
  readonly method?: QuantileMethod
}

/** One quantile of sorted elements, which lie along the last axis. */
const oneOf = (sorted: Value, q: number, method: QuantileMethod): Value => {
  const axis = sorted.shape.length - 1
  const place = q * (sorted.shape[axis]! - 1)
  const [low, high] = [Math.floor(place), Math.ceil(place)]
  const at = (index: number): Value => partAt(sorted, axis, index)
  const weight = place - low
  switch (method) {
    case "lower":
      return at(low)
    case "higher":
      return at(high)
    case "nearest":
      return at(weight <= 0.5 ? low : high)
    default: {
      // An infinity times 0 would be NaN.
      if (low === high) return at(low)
      const share = method === "midpoint" ? 0.5 : weight
      return add(scale(at(low), 1 - share), scale(at(high), share))
    }
  }
}

const requireFraction = (op: string, q: number, most: number): number => {
  if (typeof q === "number" && q >= 0 && q <= most) return q / most
  throw valueError(op, `${op}: q is ${shown(q)}, not from 0 to ${most}`, `give a number from 0 to ${most}`)
}

/** Quantiles of the elements over some axes: NaN where one is NaN. A list of them lies along a new first axis. */
const quantiles = (
  op: string,
  x: Tensor,
  q: number | Numbers,
  most: number,
  axes: Axes,
  options: QuantileOptions | undefined
): Value => {
  const value = requireFloats(op, x)
  const over = plainAxes(op, axes, value)
  const given = requireOptions<QuantileOptions>(op, options, ["keepDims", "method"])
  const keepDims = requireFlag(op, "keepDims", given.keepDims)
  const method = requireOneOf<QuantileMethod>(op, "method", given.method ?? "linear", methods)
  const list = typeof q === "number" ? [q] : requireList<number>(op, "q", q, "give a number, or a list")
  const fractions = list.map((each) => requireFraction(op, each, most))
  const others = range(value.shape.length).filter((axis) => !over.includes(axis))
  const rest = others.map((axis) => value.shape[axis]!)
  const length = sizeOf(over.map((axis) => value.shape[axis]!))
  if (length === 0)
    throw shapeError(
      op,
      `${op}: nothing of ${show(value)} has no quantiles`,
      "reduce over axes that are not empty"
    )
  return inWorking(value, (y) => {
    const flat = reshape(transpose(y, [...others, ...over]), [...rest, length])
    const last = rest.length
    const sorted = apply("sort", { axis: last, keys: 1, descending: false }, [flat])[0]!
    const unknown = apply1("any", { axes: [last] }, compare("ne", flat, flat))
    const shape = keepDims ? value.shape.map((dim, axis) => (over.includes(axis) ? 1 : dim)) : rest
    const made = fractions.map((fraction) => {
      const found = oneOf(sorted, fraction, method)
      return reshape(select(unknown, filled(found, Number.NaN), found), shape)
    })
    if (typeof q === "number") return made[0]!
    if (made.length === 0) return filled({ dtype: y.dtype, shape: [0, ...shape] }, 0)
    const rows = made.map((each) => reshape(each, [1, ...shape]))
    return apply("concatenate", { axis: 0 }, rows)[0]!
  })
}

/** A list of quantiles lies along a new first axis. */
type Quantiles<Q, S extends Shape> = Q extends number
  ? S
  : Q extends Numbers
    ? readonly [Q["length"], ...S]
    : Shape

type Quantile<Op extends string> = <
  D extends FloatDType,
  S extends Shape,
  const Q extends number | Numbers,
  const A extends Axes = undefined,
  K extends boolean = false
>(
  x: Tensor<D, S>,
  q: Q,
  axes?: A & IsAxis<Op, D, S, A>,
  options?: QuantileOptions<K>
) => Tensor<D, Quantiles<Q, Reduced<S, NoInfer<A>, NoInfer<K>>>>

const quantileOf = <Op extends string>(op: Op, most: number): Quantile<Op> =>
  named(op, (x: Tensor, q: number | Numbers, axes: Axes, options?: QuantileOptions) =>
    tensorOf<never, never>(quantiles(op, x, q, most, axes, options))
  ) as Quantile<Op>

/**
 * Gives the element that a fraction `q` of the others lies below, over the axes or over all; between two elements it is
 * interpolated, or as `method` says. NaN where one is NaN. A list of fractions gives one result after another, along a new
 * first axis. Takes f16, bf16, f32 and f64. `keepDims` keeps the reduced axes, with length 1. Fails with a `ShapeError` for
 * an axis that the array does not have and for nothing, a `ValueError` for a `q` that is not from 0 to 1, and a
 * `DTypeError` for another dtype.
 *
 * @example
 * quantile(constant([1, 3, 2, 5], "f32"), 0.5) // 2.5
 * quantile(constant([1, 3, 2, 5], "f32"), [0, 1]) // [1, 5]
 */
export const quantile = quantileOf("quantile", 1)

/**
 * Gives quantiles as `quantile` does, of `q` percent. Takes f16, bf16, f32 and f64. Fails with a `ShapeError` for an axis
 * that the array does not have and for nothing, a `ValueError` for a `q` that is not from 0 to 100, and a `DTypeError` for
 * another dtype.
 *
 * @example percentile(constant([1, 3, 2, 5], "f32"), 50) // 2.5
 */
export const percentile = quantileOf("percentile", 100)

/**
 * Gives the middle element over the axes, or over all; of an even number the mean of the two in the middle. NaN where one
 * is NaN. Takes f16, bf16, f32 and f64. `keepDims` keeps the reduced axes, with length 1. Fails with a `ShapeError` for an
 * axis that the array does not have and for nothing, and a `DTypeError` for another dtype.
 *
 * @example median(constant([[1, 3], [2, 5]], "f32"), 1) // [2, 3.5]
 */
export const median = named(
  "median",
  <D extends FloatDType, S extends Shape, const A extends Axes = undefined, K extends boolean = false>(
    x: Tensor<D, S>,
    axes?: A & IsAxis<"median", D, S, A>,
    options?: { readonly keepDims?: K }
  ): Tensor<D, Reduced<S, NoInfer<A>, NoInfer<K>>> => tensorOf(quantiles("median", x, 0.5, 1, axes, options))
)
