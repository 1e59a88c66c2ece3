import type { DType, FloatDType } from "../dtype.ts"
import { named } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { plainAxes, plainAxis, requireFlag, requireOptions, requireTensor } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { IsAxis, Reduced } from "../types/axes.ts"
import type { IsKind } from "../types/operands.ts"
import type { RealDType } from "../types.ts"
import { inWorking } from "../values.ts"
import { add, div, exp, isFinite, log, sub } from "./elementwise.ts"
import { requireFloats } from "./moments.ts"
import type { AlongAxis } from "./operators.ts"
import { stopGradient } from "./stop-gradient.ts"
import { reshape, select } from "./structure.ts"
import { type Axes, max, type Reduce, type ReduceOptions, sum } from "./sums.ts"

const keepDimsOf = (op: string, options: ReduceOptions | undefined): boolean =>
  requireFlag(op, "keepDims", requireOptions(op, options, ["keepDims"]).keepDims)

/** Half floats are worked out in f32, and the result is rounded once. */
const wide = (x: Value, work: (x: Tensor<FloatDType>) => Tensor): never =>
  tensorOf(inWorking(x, (value) => valueOf(work(tensorOf(value))))) as never

/**
 * Gives `log(sum(exp(x)))` over the axes, or over all, without overflow. Takes f16, bf16, f32 and f64. `keepDims`
 * keeps the reduced axes, with length 1. Fails with a `ShapeError` for an axis that the array does not have, and a
 * `DTypeError` for another dtype.
 *
 * @example logsumexp(constant([1000, 1000], "f32")) // 1000.693
 */
export const logsumexp: Reduce<"logsumexp", FloatDType> = named("logsumexp", (x, axes, options) => {
  const value = requireFloats("logsumexp", x)
  const over = plainAxes("logsumexp", axes, value)
  const keepDims = keepDimsOf("logsumexp", options)
  return wide(value, (y) => {
    const greatest = stopGradient(max(y, over, { keepDims: true }) as typeof y)
    const finite = select(isFinite(greatest), greatest, 0) as typeof y
    const powers = exp(sub(y, finite))
    const total = add(log(sum(powers, over, { keepDims: true }) as typeof y), finite)
    if (keepDims) return total
    return reshape(
      total,
      value.shape.filter((_, axis) => !over.includes(axis))
    )
  })
})

/** The array less its greatest element along the axes, which is a constant to derivatives: no exponential overflows. */
const shifted = <D extends FloatDType>(x: Tensor<D>, over: ReadonlyArray<number>): Tensor<D> =>
  sub(x, stopGradient(max(x, over, { keepDims: true }) as Tensor<D>)) as Tensor<D>

/**
 * Scales `exp(x)` to sum 1 along an axis (the last), or several. Takes f16, bf16, f32 and f64; dtype and shape stay.
 * Fails with a `ShapeError` for an axis that is not there, and a `DTypeError` for another dtype.
 *
 * @example softmax(constant([0, 0], "f32")) // [0.5, 0.5]
 */
export const softmax: AlongAxis<"softmax", FloatDType, Axes> = named("softmax", (x, axis: Axes = -1) => {
  const value = requireFloats("softmax", x)
  const over = plainAxes("softmax", axis, value)
  return wide(value, (y) => {
    const powers = exp(shifted(y, over))
    return div(powers, sum(powers, over, { keepDims: true }) as typeof y)
  })
})

/**
 * Gives the logarithm of `softmax` along an axis (the last), or several. Takes f16, bf16, f32 and f64; dtype and
 * shape stay. Fails with a `ShapeError` for an axis that is not there, and a `DTypeError` for another dtype.
 *
 * @example logSoftmax(constant([0, 0], "f32")) // [-0.693, -0.693]
 */
export const logSoftmax: AlongAxis<"logSoftmax", FloatDType, Axes> = named(
  "logSoftmax",
  (x, axis: Axes = -1) => {
    const value = requireFloats("logSoftmax", x)
    const over = plainAxes("logSoftmax", axis, value)
    return wide(value, (y) => {
      const low = shifted(y, over)
      return sub(low, log(sum(exp(low), over, { keepDims: true }) as typeof y))
    })
  }
)

const extremum = <Op extends "argmax" | "argmin">(op: Op) =>
  named(
    op,
    <
      D extends DType,
      S extends Shape,
      const A extends number | undefined = undefined,
      K extends boolean = false
    >(
      x: Tensor<D, S> & IsKind<Op, RealDType | "bool", D, S>,
      axis?: A & IsAxis<Op, D, S, A>,
      options?: ReduceOptions<K>
    ): Tensor<"i32", Reduced<S, NoInfer<A>, NoInfer<K>>> => {
      const given = requireTensor(op, "x", x)
      const keepDims = keepDimsOf(op, options)
      const value = axis === undefined ? valueOf(reshape(x, [-1])) : given
      const plain = axis === undefined ? 0 : plainAxis(op, axis, given)
      const result = apply1(op, { axis: plain, dtype: "i32" }, value)
      if (!keepDims) return tensorOf(result)
      const shape = x.shape.map((dim, i) => (axis === undefined || i === plain ? 1 : dim))
      return tensorOf(apply1("reshape", { shape }, result))
    }
  )

/**
 * Gives the index (i32) of the greatest element along an axis, or in row-major order of all. Of equal elements the
 * first counts; NaN is greatest. Takes all dtypes but complex ones. `keepDims` keeps the reduced axes, with length 1.
 * Fails with a `ShapeError` for an axis that the array does not have, and a `DTypeError` for another dtype.
 *
 * @example argmax(constant([[1, 2], [3, 4]], "f32"), 1) // i32[2]: [1, 1]
 */
export const argmax = extremum("argmax")
/**
 * Gives the index (i32) of the least element along an axis, or in row-major order of all. Of equal elements the first
 * counts; NaN is least. Takes all dtypes but complex ones. `keepDims` keeps the reduced axes, with length 1. Fails
 * with a `ShapeError` for an axis that the array does not have, and a `DTypeError` for another dtype.
 *
 * @example argmin(constant([[1, 2], [3, 4]], "f32")) // i32[]: 0
 */
export const argmin = extremum("argmin")
