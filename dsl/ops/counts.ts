import type { DType, FloatDType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { requireKind, requireSameDType } from "../primitives/rule.ts"
import { plainAxes, requireFlag, requireOptions, requireTensor } from "../required.ts"
import { type Shape, sameShape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { IsAxis, Reduced } from "../types/axes.ts"
import type { RealDType } from "../types.ts"
import { binary, broadcast, compare, convert, div, inWorking, mul, zeros } from "../values.ts"
import { mean, requireFloats } from "./moments.ts"
import { type Axes, type Reduce, type ReduceOptions, reduced } from "./sums.ts"

type Counting = <
  D extends DType,
  S extends Shape,
  const A extends Axes = undefined,
  K extends boolean = false
>(
  x: Tensor<D, S>,
  axes?: A & IsAxis<"countNonzero", D, S, A>,
  options?: ReduceOptions<K>
) => Tensor<"i32", Reduced<S, NoInfer<A>, NoInfer<K>>>

/**
 * Counts the elements that are not 0, over the axes or over all: i32. NaN is not 0. Takes any dtype. `keepDims` keeps the
 * reduced axes, with length 1. Fails with a `ShapeError` for an axis that the array does not have.
 *
 * @example countNonzero(constant([[1, 0], [3, 4]], "f32")) // i32[]: 3
 */
export const countNonzero: Counting = named("countNonzero", (x: Tensor, axes, options) => {
  const value = requireTensor("countNonzero", "x", x)
  const other = value.dtype === "bool" ? value : compare("ne", value, zeros(value))
  return tensorOf<never, never>(reduced("sum", convert(other, "i32"), axes, options))
})

/**
 * Gives the difference of the greatest and the least element, over the axes or over all. Refuses empty axes with a
 * `ShapeError`. Takes floats and integers. `keepDims` keeps the reduced axes, with length 1. Fails with a `ShapeError` for
 * an axis that the array does not have, and a `DTypeError` for another dtype.
 *
 * @example ptp(constant([[1, 2], [3, 7]], "f32"), 1) // [1, 4]
 */
export const ptp: Reduce<"ptp", RealDType> = named("ptp", (x, axes, options) => {
  const value = requireTensor("ptp", "x", x)
  requireKind("ptp", value, ["float", "signed", "unsigned"])
  const { keepDims } = requireOptions("ptp", options, ["keepDims"])
  const own = keepDims === undefined ? {} : { keepDims }
  return tensorOf(binary("sub", reduced("max", value, axes, own), reduced("min", value, axes, own))) as never
})

/** What each element counts in an average. */
export interface AverageOptions<D extends DType = DType, K extends boolean = boolean> {
  /** Weights of the shape of the array, or a vector for one axis. */
  readonly weights?: Tensor<D>
  /** Keep the reduced axes, with length 1. */
  readonly keepDims?: K
}

/** Weights as an array of the operand's shape: a vector lies along the one axis that is averaged over. */
const spreadWeights = (weights: Value, x: Value, over: ReadonlyArray<number>): Value => {
  if (sameShape(weights.shape, x.shape)) return weights
  const [axis] = over
  if (weights.shape.length === 1 && over.length === 1 && weights.shape[0] === x.shape[axis!])
    return broadcast(weights, x.shape, [axis!])
  throw shapeError(
    "average",
    `average: weights of ${show(weights)} do not fit ${show(x)}`,
    "give weights of the same shape, or a vector for one axis"
  )
}

/**
 * Gives the mean over the axes, or over all, each element weighted. Weights have the shape of `x`, or are a vector for one
 * axis. Takes f16, bf16, f32 and f64. `keepDims` keeps the reduced axes, with length 1. Fails with a `ShapeError` for
 * weights that do not fit and an axis that the array does not have, and a `DTypeError` for another dtype.
 *
 * @example average(constant([1, 4], "f32"), 0, { weights: constant([3, 1], "f32") }) // 1.75
 */
export const average = named(
  "average",
  <D extends FloatDType, S extends Shape, const A extends Axes = undefined, K extends boolean = false>(
    x: Tensor<D, S>,
    axes?: A & IsAxis<"average", D, S, A>,
    options?: AverageOptions<NoInfer<D>, K>
  ): Tensor<D, Reduced<S, NoInfer<A>, NoInfer<K>>> => {
    const value = requireFloats("average", x)
    const { weights, keepDims } = requireOptions<AverageOptions<D>>("average", options, [
      "weights",
      "keepDims"
    ])
    const keep = requireFlag("average", "keepDims", keepDims)
    const over = plainAxes("average", axes, value)
    const total = (y: Value): Value => reduced("sum", y, over, { keepDims: keep })
    if (weights === undefined) return mean(x as Tensor<D, Shape>, over, { keepDims: keep }) as never
    const given = requireTensor("average", "weights", weights)
    requireSameDType("average", value, given)
    const each = spreadWeights(given, value, over)
    return tensorOf(
      inWorking(value, (y) => {
        const wide = convert(each, y.dtype)
        return div(total(mul(y, wide)), total(wide))
      })
    )
  }
)
