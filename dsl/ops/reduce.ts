import type { DType, FloatDType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { requireKind } from "../primitives/rule.ts"
import type { Reduction } from "../program.ts"
import {
  plainAxes,
  plainAxis,
  requireFlag,
  requireNumber,
  requireOptions,
  requireTensor
} from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { IsAxis, Reduced } from "../types/axes.ts"
import type { IsKind } from "../types/operands.ts"
import type { OfAll, Whole } from "../types/whole.ts"
import type { NumericDType, RealDType } from "../types.ts"
import { inWorking } from "../values.ts"
import { add, div, exp, isFinite, log, mul, sub } from "./elementwise.ts"
import type { AlongAxis } from "./operators.ts"
import { stopGradient } from "./stop-gradient.ts"
import { reshape, select } from "./structure.ts"

type Axes = number | ReadonlyArray<number> | undefined

/** How a reduction shapes its result. */
export interface ReduceOptions<K extends boolean = boolean> {
  /** Keep the reduced axes, with length 1. */
  readonly keepDims?: K
}

interface Reduce<Op extends string, Allowed extends DType> extends Whole<OfAll> {
  <D extends DType, S extends Shape, const A extends Axes = undefined, K extends boolean = false>(
    x: Tensor<D, S> & IsKind<Op, Allowed, D, S>,
    axes?: A & IsAxis<Op, D, S, A>,
    options?: ReduceOptions<K>
  ): Tensor<D, Reduced<S, NoInfer<A>, NoInfer<K>>>
}

const keepDimsOf = (
  op: string,
  options: ReduceOptions | undefined,
  names: ReadonlyArray<"keepDims" | "ddof"> = ["keepDims"]
): boolean =>
  requireFlag(
    op,
    "keepDims",
    requireOptions<ReduceOptions & { readonly ddof?: number }>(op, options, names).keepDims
  )

const reduce =
  <Op extends Reduction, Allowed extends DType>(op: Op): Reduce<Op, Allowed> =>
  (x, axes, options) => {
    const value = requireTensor(op, "x", x)
    const over = plainAxes(op, axes, value)
    const keepDims = keepDimsOf(op, options)
    const result = apply1(op, { axes: over }, value)
    if (!keepDims) return tensorOf(result)
    return tensorOf(
      apply1("reshape", { shape: x.shape.map((dim, i) => (over.includes(i) ? 1 : dim)) }, result)
    )
  }

/**
 * Sums over the axes, or over all; 0 of nothing. Half floats are added in f32, and the sum is rounded once. Takes all
 * dtypes but bool. `keepDims` keeps the reduced axes, with length 1. Fails with a `ShapeError` for an axis that the
 * array does not have, and a `DTypeError` for another dtype.
 *
 * @example sum(constant([[1, 2], [3, 4]], "f32"), 0) // f32[2]: [4, 6]
 */
export const sum = reduce<"sum", NumericDType>("sum")
/**
 * Multiplies over the axes, or over all; 1 of nothing. Half floats are multiplied in f32, and rounded once. Takes all
 * dtypes but bool. `keepDims` keeps the reduced axes, with length 1. Fails with a `ShapeError` for an axis that the
 * array does not have, and a `DTypeError` for another dtype.
 *
 * @example prod(constant([[1, 2], [3, 4]], "f32")) // f32[]: 24
 */
export const prod = reduce<"prod", NumericDType>("prod")
/**
 * Tells whether all hold, over the axes or over all; true of nothing. Takes bool. `keepDims` keeps the reduced axes,
 * with length 1. Fails with a `ShapeError` for an axis that the array does not have, and a `DTypeError` for another
 * dtype.
 *
 * @example all(constant([true, false], "bool")) // false
 */
export const all = reduce<"all", "bool">("all")
/**
 * Tells whether any holds, over the axes or over all; false of nothing. Takes bool. `keepDims` keeps the reduced
 * axes, with length 1. Fails with a `ShapeError` for an axis that the array does not have, and a `DTypeError` for
 * another dtype.
 *
 * @example any(constant([true, false], "bool")) // true
 */
export const any = reduce<"any", "bool">("any")

const nonEmpty =
  <Op extends "max" | "min">(op: Op): Reduce<Op, RealDType | "bool"> =>
  (x, axes, options) => {
    if (plainAxes(op, axes, requireTensor(op, "x", x)).some((axis) => x.shape[axis] === 0)) {
      throw shapeError(
        op,
        `${op}: nothing has no ${op === "max" ? "greatest" : "least"} element`,
        "reduce over axes that are not empty"
      )
    }
    return reduce<Op, RealDType | "bool">(op)(x, axes, options)
  }

/**
 * Gives the greatest element over the axes, or over all; NaN where one is NaN. Refuses empty axes with a
 * `ShapeError`. Takes all dtypes but complex ones. `keepDims` keeps the reduced axes, with length 1. Fails with a
 * `ShapeError` for an axis that the array does not have, and a `DTypeError` for another dtype.
 *
 * @example max(constant([[1, 2], [3, 4]], "f32"), 1) // [2, 4]
 */
export const max = nonEmpty("max")
/**
 * Gives the least element over the axes, or over all; NaN where one is NaN. Refuses empty axes with a `ShapeError`.
 * Takes all dtypes but complex ones. `keepDims` keeps the reduced axes, with length 1. Fails with a `ShapeError` for
 * an axis that the array does not have, and a `DTypeError` for another dtype.
 *
 * @example min(constant([[1, 2], [3, 4]], "f32"), 1) // [1, 3]
 */
export const min = nonEmpty("min")

const requireFloats = (op: string, x: Tensor): Value => {
  const value = requireTensor(op, "x", x)
  requireKind(op, value, ["float"])
  return value
}

/** Half floats are worked out in f32, and the result is rounded once. */
const wide = (x: Value, work: (x: Tensor<FloatDType>) => Tensor): never =>
  tensorOf(inWorking(x, (value) => valueOf(work(tensorOf(value))))) as never

/**
 * Gives the arithmetic mean over the axes, or over all; NaN of nothing. Takes f16, bf16, f32 and f64. `keepDims`
 * keeps the reduced axes, with length 1. Fails with a `ShapeError` for an axis that the array does not have, and a
 * `DTypeError` for another dtype.
 *
 * @example mean(constant([[1, 2], [3, 4]], "f32")) // 2.5
 */
export const mean: Reduce<"mean", FloatDType> = named("mean", (x, axes, options) => {
  const value = requireFloats("mean", x)
  const over = plainAxes("mean", axes, value)
  const count = over.reduce((n, axis) => n * value.shape[axis]!, 1)
  return wide(value, (y) => div(sum(y, over, options) as Tensor<FloatDType>, count))
})

/**
 * Gives the mean squared distance from the mean, over the axes or over all. The count is reduced by `ddof` (0). Takes
 * f16, bf16, f32 and f64. `keepDims` keeps the reduced axes, with length 1. Fails with a `ShapeError` for an axis
 * that the array does not have, and a `DTypeError` for another dtype.
 *
 * @example variance(constant([[1, 2], [3, 4]], "f32")) // 1.25
 */
export const variance = named(
  "variance",
  <D extends DType, S extends Shape, const A extends Axes = undefined, K extends boolean = false>(
    x: Tensor<D, S> & IsKind<"variance", FloatDType, D, S>,
    axes?: A & IsAxis<"variance", D, S, A>,
    options?: ReduceOptions<K> & { readonly ddof?: number }
  ): Tensor<D, Reduced<S, NoInfer<A>, NoInfer<K>>> => {
    const value = requireFloats("variance", x)
    const over = plainAxes("variance", axes, value)
    const keepDims = keepDimsOf("variance", options, ["keepDims", "ddof"])
    const ddof = requireNumber("variance", "ddof", options?.ddof ?? 0)
    const count = over.reduce((n, axis) => n * value.shape[axis]!, 1)
    return wide(value, (y) => {
      const centred = sub(y, mean(y, over, { keepDims: true }) as typeof y)
      const total = sum(mul(centred, centred), over, { keepDims })
      return div(total as typeof y, count - ddof)
    })
  }
)

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
