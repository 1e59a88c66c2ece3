import type { DType } from "../dtype.ts"
import { apply1 } from "../primitives/index.ts"
import type { Cumulative } from "../program.ts"
import { plainAxis, requireFlag, requireOptions, requireTensor } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"
import type { NumericDType, RealDType } from "../types.ts"

export interface CumulativeOptions {
  /** From the last element to the first (false). */
  readonly reverse?: boolean
}

const cumulative =
  <Allowed extends DType>(op: Cumulative) =>
  <D extends Allowed, S extends Shape>(
    x: Tensor<D, S>,
    axis = 0,
    options?: CumulativeOptions
  ): Tensor<D, S> => {
    const value = requireTensor(op, "x", x)
    const reverse = requireFlag(op, "reverse", requireOptions(op, options).reverse)
    return tensorOf(apply1(op, { axis: plainAxis(op, axis, value), reverse }, value))
  }

/** Running sums along an axis (the first). */
export const cumsum = cumulative<NumericDType>("cumsum")
/** Running products along an axis (the first). */
export const cumprod = cumulative<NumericDType>("cumprod")
/** The greatest element so far, along an axis (the first). */
export const cummax = cumulative<RealDType | "bool">("cummax")
/** The least element so far, along an axis (the first). */
export const cummin = cumulative<RealDType | "bool">("cummin")
