import type { DType, FloatDType } from "../dtype.ts"
import { named } from "../errors.ts"
import { parallelScan } from "../parallel-scan.ts"
import { apply1 } from "../primitives/index.ts"
import { requireKind } from "../primitives/rule.ts"
import type { Cumulative } from "../program.ts"
import { plainAxis, requireFlag, requireOptions, requireTensor } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { IsAxis } from "../types/axes.ts"
import type { IsKind } from "../types/operands.ts"
import type { AsFirst, Whole } from "../types/whole.ts"
import type { NumericDType, RealDType, Summed } from "../types.ts"
import { inWorking, moveAxis } from "../values.ts"
import { logaddexp } from "./logarithm.ts"
import type { AlongAxis } from "./operators.ts"
import { widened } from "./sums.ts"

/** How a cumulative operation runs. */
export interface CumulativeOptions {
  /** From the last element to the first (false). */
  readonly reverse?: boolean
}

/** Options of running sums and products. */
export interface CumulativeSumOptions<E extends DType = DType> extends CumulativeOptions {
  /** The dtype to add in, and of the result. */
  readonly dtype?: E
}

interface Running<Op extends string> extends Whole<AsFirst> {
  <D extends DType, S extends Shape, const A extends number = 0, E extends NumericDType = Summed<D>>(
    x: Tensor<D, S> & IsKind<Op, NumericDType | "bool", D, S>,
    axis?: A & IsAxis<Op, D, S, A>,
    options?: CumulativeSumOptions<E>
  ): Tensor<NoInfer<E>, S>
}

const running = <Op extends "cumsum" | "cumprod">(op: Op): Running<Op> =>
  named(op, (x: Tensor, axis: number | undefined = 0, options?: CumulativeSumOptions) => {
    const { dtype, reverse } = requireOptions<CumulativeSumOptions>(op, options, ["dtype", "reverse"])
    const value = widened(op, requireTensor(op, "x", x), dtype)
    const params = { axis: plainAxis(op, axis, value), reverse: requireFlag(op, "reverse", reverse) }
    return tensorOf(apply1(op, params, value))
  }) as never

const cumulative =
  <Allowed extends DType, Op extends Cumulative>(op: Op): AlongAxis<Op, Allowed, number, CumulativeOptions> =>
  (x, axis: number = 0, options?) => {
    const value = requireTensor(op, "x", x)
    const reverse = requireFlag(op, "reverse", requireOptions(op, options, ["reverse"]).reverse)
    return tensorOf(apply1(op, { axis: plainAxis(op, axis, value), reverse }, value))
  }

/**
 * Gives running sums along an axis (the first, as in jax.lax): an array of the same shape. Integers of fewer than 32 bits
 * become 32 bits wide, booleans i32, as in `sum`; `dtype` says otherwise. `reverse` goes from the last element to the
 * first. Fails with a `ShapeError` for an axis that the array does not have, and a `DTypeError` for another dtype.
 *
 * @example cumsum(constant([3, 1, 2], "i32")) // [3, 4, 6]
 */
export const cumsum = running("cumsum")
/**
 * Gives running products along an axis (the first, as in jax.lax): an array of the same shape. Integers of fewer than 32 bits
 * become 32 bits wide, booleans i32, as in `prod`; `dtype` says otherwise. `reverse` goes from the last element to the
 * first. Fails with a `ShapeError` for an axis that the array does not have, and a `DTypeError` for another dtype.
 *
 * @example cumprod(constant([3, 1, 2], "i32")) // [3, 3, 6]
 */
export const cumprod = running("cumprod")
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

/**
 * Gives the logarithm of the running sums of `exp(x)` along an axis (the first), without overflow: an array of the same dtype
 * and shape. Takes f16, bf16, f32 and f64. `reverse` goes from the last element to the first. Fails with a `ShapeError` for
 * an axis that the array does not have, and a `DTypeError` for another dtype.
 *
 * @example cumlogsumexp(constant([1000, 1000], "f32")) // [1000, 1000.693]
 */
export const cumlogsumexp: AlongAxis<"cumlogsumexp", FloatDType, number, CumulativeOptions> = named(
  "cumlogsumexp",
  (x: Tensor, axis: number = 0, options?: CumulativeOptions) => {
    const op = "cumlogsumexp"
    const value = requireTensor(op, "x", x)
    requireKind(op, value, ["float"])
    const at = plainAxis(op, axis, value)
    const reverse = requireFlag(op, "reverse", requireOptions(op, options, ["reverse"]).reverse)
    const together = (a: Value, b: Value): Value =>
      valueOf(logaddexp(tensorOf<"f32", Shape>(a), tensorOf<"f32", Shape>(b)))
    const turned = (y: Value): Value => (reverse ? apply1("reverse", { axes: [0] }, y) : y)
    return tensorOf<never, never>(
      inWorking(value, (wide) => {
        const rows = turned(moveAxis(wide, at, 0))
        const [running] = parallelScan(([a], [b]) => [together(a!, b!)], [rows])
        return moveAxis(turned(running!), 0, at)
      })
    )
  }
)
