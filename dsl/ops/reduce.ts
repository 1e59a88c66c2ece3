import type { DType, FloatDType } from "../dtype.ts"
import { shapeError } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import type { Reduction } from "../program.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, valueOf } from "../tensor.ts"
import type { NumericDType, RealDType, Reduced } from "../types.ts"
import { add, div, exp, isFinite, log, mul, sub } from "./elementwise.ts"
import { stopGradient } from "./stop-gradient.ts"
import { plainAxis, reshape, select } from "./structure.ts"

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

/** The axes a reduction took away, put back with length 1. */
const kept = <D extends DType>(x: Tensor<D>, axes: Axes): Axes => plainAxes("reduce", axes, x)

/** The mean squared distance from the mean, over the axes, or over all; `ddof` is taken from the count (0). */
export const variance = <
  D extends FloatDType,
  S extends Shape,
  const A extends Axes = undefined,
  K extends boolean = false
>(
  x: Tensor<D, S>,
  axes?: A,
  { ddof = 0, ...options }: ReduceOptions<K> & { readonly ddof?: number } = {}
): Tensor<D, Reduced<S, A, K>> => {
  const centred = sub(x as Tensor<D>, mean(x as Tensor<D>, axes as Axes, { keepDims: true }) as Tensor<D>)
  const count = plainAxes("variance", axes, x).reduce((n, axis) => n * x.shape[axis]!, 1)
  const total = sum(mul(centred, centred) as Tensor<D>, axes as Axes, options as ReduceOptions)
  return div(total as Tensor<D>, count - ddof) as never
}

/** `log(sum(exp(x)))` without overflow, over the axes, or over all. */
export const logsumexp: Reduce<FloatDType> = (x, axes, options) => {
  const wide = x as Tensor<FloatDType>
  const greatest = stopGradient(max(wide, kept(x, axes), { keepDims: true }) as Tensor<FloatDType>)
  const finite = select(isFinite(greatest), greatest, 0) as Tensor<FloatDType>
  const total = log(sum(exp(sub(wide, finite) as Tensor<FloatDType>), kept(x, axes), { keepDims: true }))
  const result = add(total as Tensor<FloatDType>, finite)
  return reshape(result, sum(wide, axes as Axes, options as ReduceOptions).shape) as never
}

/** `exp(x)` scaled to sum 1 along an axis (the last). */
export const softmax = <D extends FloatDType, S extends Shape>(
  x: Tensor<D, S>,
  axis: Axes = -1
): Tensor<D, S> => {
  const wide = x as Tensor<D>
  const greatest = stopGradient(max(wide, axis, { keepDims: true }) as Tensor<D>)
  const powers = exp(sub(wide, greatest) as Tensor<D>)
  return div(powers, sum(powers, axis, { keepDims: true }) as Tensor<D>) as never
}

/** The logarithm of `softmax`. */
export const logSoftmax = <D extends FloatDType, S extends Shape>(
  x: Tensor<D, S>,
  axis: Axes = -1
): Tensor<D, S> => {
  const wide = x as Tensor<D>
  const shifted = sub(wide, stopGradient(max(wide, axis, { keepDims: true }) as Tensor<D>)) as Tensor<D>
  return sub(shifted, log(sum(exp(shifted), axis, { keepDims: true }) as Tensor<D>)) as never
}

const extremum =
  (op: "argmax" | "argmin") =>
  <
    D extends RealDType | "bool",
    S extends Shape,
    const A extends number | undefined = undefined,
    K extends boolean = false
  >(
    x: Tensor<D, S>,
    axis?: A,
    options?: ReduceOptions<K>
  ): Tensor<"i32", Reduced<S, A, K>> => {
    const value = axis === undefined ? valueOf(reshape(x, [-1])) : valueOf(x)
    const plain = axis === undefined ? 0 : plainAxis(op, axis, x)
    const result = apply1(op, { axis: plain, dtype: "i32" }, value)
    if (options?.keepDims !== true) return tensorOf(result)
    const shape = x.shape.map((dim, i) => (axis === undefined || i === plain ? 1 : dim))
    return tensorOf(apply1("reshape", { shape }, result))
  }

/** The index of the greatest element along an axis, or in row-major order of all; the first of equal ones, NaN greatest. */
export const argmax = extremum("argmax")
/** The index of the least element along an axis, or in row-major order of all; the first of equal ones, NaN least. */
export const argmin = extremum("argmin")
