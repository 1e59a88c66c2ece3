import type { DType } from "../dtype.ts"
import { apply1 } from "../primitives/index.ts"
import type { Cumulative } from "../program.ts"
import { plainAxis, requireFlag, requireOptions, requireTensor } from "../required.ts"
import { tensorOf } from "../tensor.ts"
import type { NumericDType, RealDType } from "../types.ts"
import type { AlongAxis } from "./operators.ts"

/** How a cumulative operation runs. */
export interface CumulativeOptions {
  /** From the last element to the first (false). */
  readonly reverse?: boolean
}

const cumulative =
  <Allowed extends DType, Op extends Cumulative>(op: Op): AlongAxis<Op, Allowed, number, CumulativeOptions> =>
  (x, axis: number = 0, options?) => {
    const value = requireTensor(op, "x", x)
    const reverse = requireFlag(op, "reverse", requireOptions(op, options, ["reverse"]).reverse)
    return tensorOf(apply1(op, { axis: plainAxis(op, axis, value), reverse }, value))
  }

/**
 * Gives running sums along an axis (the first): an array of the same dtype and shape. Takes all dtypes but bool.
 * `reverse` goes from the last element to the first. Fails with a `ShapeError` for an axis that the array does not
 * have, and a `DTypeError` for another dtype.
 *
 * @example cumsum(constant([3, 1, 2], "i32")) // [3, 4, 6]
 */
export const cumsum = cumulative<NumericDType, "cumsum">("cumsum")
/**
 * Gives running products along an axis (the first): an array of the same dtype and shape. Takes all dtypes but bool.
 * `reverse` goes from the last element to the first. Fails with a `ShapeError` for an axis that the array does not
 * have, and a `DTypeError` for another dtype.
 *
 * @example cumprod(constant([3, 1, 2], "i32")) // [3, 3, 6]
 */
export const cumprod = cumulative<NumericDType, "cumprod">("cumprod")
/**
 * Gives the greatest element so far along an axis (the first): an array of the same dtype and shape. Takes all dtypes
 * but complex ones. `reverse` goes from the last element to the first. Fails with a `ShapeError` for an axis that the
 * array does not have, and a `DTypeError` for another dtype.
 *
 * @example cummax(constant([3, 1, 2], "i32")) // [3, 3, 3]
 */
export const cummax = cumulative<RealDType | "bool", "cummax">("cummax")
/**
 * Gives the least element so far along an axis (the first): an array of the same dtype and shape. Takes all dtypes
 * but complex ones. `reverse` goes from the last element to the first. Fails with a `ShapeError` for an axis that the
 * array does not have, and a `DTypeError` for another dtype.
 *
 * @example cummin(constant([3, 1, 2], "i32")) // [3, 1, 1]
 */
export const cummin = cumulative<RealDType | "bool", "cummin">("cummin")
