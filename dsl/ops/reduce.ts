import type { DType, FloatDType } from "../dtype.ts"
import { shapeError } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import type { Reduction } from "../program.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, valueOf } from "../tensor.ts"
import type { NumericDType, RealDType, Reduced } from "../types.ts"
import { div } from "./elementwise.ts"
import { plainAxis } from "./structure.ts"

type Axes = number | ReadonlyArray<number> | undefined

export interface ReduceOptions<K extends boolean = boolean> {
  /** Keep the reduced axes, with length 1. */
  readonly keepDims?: K
}

type Reduce<Allowed extends DType> = <
  D extends Allowed,
  S extends Shape,
  const A extends Axes = undefined,
  K extends boolean = false
>(
  x: Tensor<D, S>,
  axes?: A,
  options?: ReduceOptions<K>
) => Tensor<D, Reduced<S, A, K>>

const plainAxes = (op: string, axes: Axes, x: Tensor): ReadonlyArray<number> =>
  axes === undefined
    ? x.shape.map((_, i) => i)
    : (typeof axes === "number" ? [axes] : axes).map((axis) => plainAxis(op, axis, x))

const reduce =
  <Allowed extends DType>(op: Reduction): Reduce<Allowed> =>
  (x, axes, options) => {
    const over = plainAxes(op, axes, x)
    const result = apply1(op, { axes: over }, valueOf(x))
    if (options?.keepDims !== true) return tensorOf(result)
    return tensorOf(
      apply1("reshape", { shape: x.shape.map((dim, i) => (over.includes(i) ? 1 : dim)) }, result)
    )
  }

/** The sum over the axes, or over all; 0 of nothing. */
export const sum = reduce<NumericDType>("sum")
/** The product over the axes, or over all; 1 of nothing. */
export const prod = reduce<NumericDType>("prod")
/** Whether all hold; true of nothing. */
export const all = reduce<"bool">("all")
/** Whether any holds; false of nothing. */
export const any = reduce<"bool">("any")

const nonEmpty =
  (op: "max" | "min"): Reduce<RealDType | "bool"> =>
  (x, axes, options) => {
    if (plainAxes(op, axes, x).some((axis) => x.shape[axis] === 0)) {
      throw shapeError(
        op,
        `${op}: nothing has no ${op === "max" ? "greatest" : "least"} element`,
        "reduce over axes that are not empty"
      )
    }
    return reduce<RealDType | "bool">(op)(x, axes, options)
  }

/** The greatest element over the axes, or over all; NaN where one is NaN. */
export const max = nonEmpty("max")
/** The least element over the axes, or over all; NaN where one is NaN. */
export const min = nonEmpty("min")

/** The arithmetic mean over the axes, or over all; NaN of nothing. */
export const mean: Reduce<FloatDType> = (x, axes, options) => {
  const count = plainAxes("mean", axes, x).reduce((n, axis) => n * x.shape[axis]!, 1)
  return div(sum(x, axes, options), count)
}
