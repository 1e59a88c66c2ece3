import type { DType } from "../dtype.ts"
import { apply1 } from "../primitives/index.ts"
import type { Cumulative } from "../program.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, valueOf } from "../tensor.ts"
import type { NumericDType, RealDType } from "../types.ts"
import { plainAxis } from "./structure.ts"

export interface CumulativeOptions {
  /** From the last element to the first. */
  readonly reverse?: boolean
}

const cumulative =
  <Allowed extends DType>(op: Cumulative) =>
  <D extends Allowed, S extends Shape>(
    x: Tensor<D, S>,
    axis = 0,
    { reverse = false }: CumulativeOptions = {}
  ): Tensor<D, S> =>
    tensorOf(apply1(op, { axis: plainAxis(op, axis, x), reverse }, valueOf(x)))

/** Running sums along an axis (the first). */
export const cumsum = cumulative<NumericDType>("cumsum")
/** Running products along an axis (the first). */
export const cumprod = cumulative<NumericDType>("cumprod")
/** The greatest element so far, along an axis (the first). */
export const cummax = cumulative<RealDType | "bool">("cummax")
/** The least element so far, along an axis (the first). */
export const cummin = cumulative<RealDType | "bool">("cummin")
