import type { FloatDType } from "../dtype.ts"
import { named, valueError } from "../errors.ts"
import { requireKind } from "../primitives/rule.ts"
import { plainAxes, requireNumber, requireOptions, requireTensor, shown } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { AsFirst, Whole } from "../types/whole.ts"
import {
  add,
  broadcast,
  convert,
  div,
  filled,
  inWorking,
  mul,
  plus,
  range,
  sub,
  sum,
  unary
} from "../values.ts"
import { parameterOf } from "./activation.ts"

/** Along which axes numbers are normalized, and how. */
export interface NormalizeOptions {
  /** The axis, or several (-1). */
  readonly axes?: number | ReadonlyArray<number>
  /** What is added under the root (1e-5). */
  readonly epsilon?: number
}

/** How `standardize` works: its mean and variance may be given. */
export interface StandardizeOptions<D extends FloatDType = FloatDType> extends NormalizeOptions {
  /** A number, or a tensor that broadcasts to `x`; by default that of `x`. */
  readonly mean?: number | Tensor<NoInfer<D>>
  /** A number, or a tensor that broadcasts to `x`; by default that of `x`. */
  readonly variance?: number | Tensor<NoInfer<D>>
}

const square = (x: Value): Value => mul(x, x)

/** The mean over axes, at each element. */
const meanOver = (x: Value, axes: ReadonlyArray<number>): Value => {
  const total = sum(x, axes)
  const count = axes.reduce((n, axis) => n * x.shape[axis]!, 1)
  const others = range(x.shape.length).filter((axis) => !axes.includes(axis))
  return broadcast(div(total, filled(total, count)), x.shape, others)
}

/** What is common to all norms. Half floats are worked out in f32, and the result is rounded once. */
const normalized = (
  op: string,
  x: Tensor,
  options: NormalizeOptions,
  work: (x: Value, axes: ReadonlyArray<number>, epsilon: number) => Value
): never => {
  const value = requireTensor(op, "x", x)
  requireKind(op, value, ["float"])
  const axes = plainAxes(op, options.axes ?? -1, value)
  const epsilon = requireNumber(op, "epsilon", options.epsilon ?? 1e-5)
  if (epsilon < 0) throw valueError(op, `${op}: epsilon is ${shown(epsilon)}`, "give a number from 0")
  return tensorOf(inWorking(value, (wide) => work(wide, axes, epsilon))) as never
}

/** A number or tensor for each element of x, in the dtype that is worked in. */
const operand = (op: string, what: string, given: number | Tensor, x: Tensor, wide: Value): Value =>
  convert(parameterOf(op, what, given, valueOf(x)), wide.dtype)

interface Standardize extends Whole<AsFirst> {
  <D extends FloatDType, S extends Shape>(x: Tensor<D, S>, options?: StandardizeOptions<D>): Tensor<D, S>
}

/**
 * Shifts and scales numbers to mean 0 and variance 1 along an axis (the last), or several. `mean` and `variance` may be
 * given. The variance is the mean squared distance from the mean, where `jax.nn` subtracts squares, which loses digits.
 * Takes f16, bf16, f32 and f64; dtype and shape stay. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where
 * an operand or option does not fit.
 *
 * @example standardize(constant([1, 3], "f32"), { epsilon: 0 }) // [-1, 1]
 */
export const standardize: Standardize = named("standardize", (x, options) => {
  const op = "standardize"
  const given = requireOptions<StandardizeOptions>(op, options as StandardizeOptions | undefined, [
    "axes",
    "epsilon",
    "mean",
    "variance"
  ])
  return normalized(op, x, given, (wide, axes, epsilon) => {
    const middle = given.mean === undefined ? meanOver(wide, axes) : operand(op, "mean", given.mean, x, wide)
    const low = sub(wide, middle)
    const spread =
      given.variance === undefined
        ? meanOver(square(low), axes)
        : operand(op, "variance", given.variance, x, wide)
    return mul(low, unary("rsqrt", plus(spread, epsilon)))
  })
})

/** Times the scale, plus the bias, where there are such. */
const affine = (op: string, x: Tensor, y: Value, scale: Tensor | null, bias: Tensor | null): Value => {
  const wide = (what: string, given: Tensor): Value =>
    operand(op, what, tensorOf(requireTensor(op, what, given)), x, y)
  const scaled = scale === null ? y : mul(y, wide("scale", scale))
  return bias === null ? scaled : add(scaled, wide("bias", bias))
}

interface LayerNorm extends Whole<AsFirst> {
  <D extends FloatDType, S extends Shape>(
    x: Tensor<D, S>,
    scale?: Tensor<NoInfer<D>> | null,
    bias?: Tensor<NoInfer<D>> | null,
    options?: NormalizeOptions
  ): Tensor<D, S>
}

/**
 * Standardizes along an axis (the last), or several, then multiplies by `scale` and adds `bias`. Both broadcast to `x`,
 * and may be left out or null. Half floats are worked out in f32. Takes f16, bf16, f32 and f64; dtype and shape stay.
 * Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand or option does not fit.
 *
 * @example layerNorm(constant([1, 3], "f32"), constant([10, 20], "f32"), null, { epsilon: 0 }) // [-10, 20]
 */
export const layerNorm: LayerNorm = named(
  "layerNorm",
  (x, scale: Tensor | null = null, bias: Tensor | null = null, options?: NormalizeOptions) => {
    const op = "layerNorm"
    return normalized(op, x, requireOptions(op, options, ["axes", "epsilon"]), (wide, axes, epsilon) => {
      const low = sub(wide, meanOver(wide, axes))
      const unit = mul(low, unary("rsqrt", plus(meanOver(square(low), axes), epsilon)))
      return affine(op, x, unit, scale, bias)
    })
  }
)

interface RmsNorm extends Whole<AsFirst> {
  <D extends FloatDType, S extends Shape>(
    x: Tensor<D, S>,
    scale?: Tensor<NoInfer<D>> | null,
    options?: NormalizeOptions
  ): Tensor<D, S>
}

/**
 * Divides by the root of the mean square along an axis (the last), or several, then multiplies by `scale`, which
 * broadcasts to `x` and may be left out or null. Half floats are worked out in f32. Takes f16, bf16, f32 and f64; dtype
 * and shape stay. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand or option does not fit.
 *
 * @example rmsNorm(constant([1, 7], "f32")) // [0.2, 1.4]
 */
export const rmsNorm: RmsNorm = named(
  "rmsNorm",
  (x, scale: Tensor | null = null, options?: NormalizeOptions) => {
    const op = "rmsNorm"
    return normalized(op, x, requireOptions(op, options, ["axes", "epsilon"]), (wide, axes, epsilon) =>
      affine(op, x, mul(wide, unary("rsqrt", plus(meanOver(square(wide), axes), epsilon))), scale, null)
    )
  }
)
