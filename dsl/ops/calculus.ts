import type { FloatDType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { apply } from "../primitives/index.ts"
import { requireSameDType } from "../primitives/rule.ts"
import {
  isList,
  plainAxes,
  plainAxis,
  requireNumber,
  requireOptions,
  requireTensor,
  requireTensors
} from "../required.ts"
import { type Shape, sameShape, show, sizeOf } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { IsAxis, Reduced } from "../types/axes.ts"
import type { Gradients, Neighbours } from "../types/layouts.ts"
import type { NumericDType } from "../types.ts"
import {
  add,
  binary,
  broadcast,
  compare,
  convert,
  div,
  filled,
  inWorking,
  moveAxis,
  mul,
  reshape,
  scale,
  select,
  sliceAxis,
  sub,
  sum,
  unary,
  zeros
} from "../values.ts"
import { mod } from "./division.ts"
import { requireFloats } from "./moments.ts"
import { splat } from "./operand.ts"
import type { Axes } from "./sums.ts"

const refuse = (op: string, message: string, hint: string) => shapeError(op, `${op}: ${message}`, hint)

/** A number, or a scalar of the dtype. */
type Step<D extends FloatDType> = number | Tensor<D, readonly []>

/** The differences of neighbours along an axis. */
const steps = (x: Value, axis: number): Value => {
  const length = x.shape[axis]!
  return sub(sliceAxis(x, axis, 1, length), sliceAxis(x, axis, 0, length - 1))
}

const requireStep = (op: string, what: string, step: number | Tensor, x: Value): Value => {
  if (!isTensor(step)) return splat(op, requireNumber(op, what, step), x.dtype, [])
  const value = valueOf(step)
  requireSameDType(op, x, value)
  return value
}

/** Where a function was sampled. */
export interface TrapezoidOptions<D extends FloatDType = FloatDType> {
  /** The places: a vector along the axis, or an array of the samples' shape. */
  readonly x?: Tensor<D>
  /** How far samples lie apart, where no places are given (1). */
  readonly dx?: Step<D>
}

/** Places as an array of the samples' shape, whose last axis is integrated over. */
const placesOf = (places: Tensor, samples: Value, axis: number): Value => {
  const value = requireTensor("trapezoid", "x", places)
  requireSameDType("trapezoid", samples, value)
  const last = samples.shape.length - 1
  if (sameShape(value.shape, samples.shape)) return moveAxis(value, axis, last)
  const moved = moveAxis(samples, axis, last).shape
  if (value.shape.length === 1 && value.shape[0] === moved[last]) return broadcast(value, moved, [last])
  throw refuse(
    "trapezoid",
    `places of ${show(value)} do not fit ${show(samples)}`,
    "give a vector along the axis, or an array of the samples' shape"
  )
}

/**
 * Integrates samples along an axis (the last) by the trapezoidal rule: 1 apart, `dx` apart, or at the places `x`. Takes f16,
 * bf16, f32 and f64. Fails with a `ShapeError` for places that do not fit, no samples and an axis that the array does not
 * have, and a `DTypeError` for another dtype.
 *
 * @example trapezoid(constant([1, 2, 4], "f32")) // 4.5
 */
export const trapezoid = named(
  "trapezoid",
  <D extends FloatDType, S extends Shape, const A extends number = -1>(
    y: Tensor<D, S>,
    axis: A & IsAxis<"trapezoid", D, S, A> = -1 as never,
    options?: TrapezoidOptions<NoInfer<D>>
  ): Tensor<D, Reduced<S, NoInfer<A>, false>> => {
    const op = "trapezoid"
    const value = requireFloats(op, y)
    const along = plainAxis(op, axis, value)
    const last = value.shape.length - 1
    const length = value.shape[along]!
    if (length === 0) throw refuse(op, `axis ${along} of ${show(value)} is empty`, "give at least one sample")
    const { x, dx = 1 } = requireOptions<TrapezoidOptions>(op, options, ["x", "dx"])
    const places = x === undefined ? undefined : placesOf(x, value, along)
    const step = requireStep(op, "dx", dx, value)
    if (step.shape.length > 0) throw refuse(op, `dx is ${show(step)}, not a scalar`, "give places as x")
    return tensorOf(
      inWorking(value, (wide) => {
        const samples = moveAxis(wide, along, last)
        const part = (from: number, to: number) => sliceAxis(samples, last, from, to)
        if (places !== undefined) {
          const widths = steps(convert(places, samples.dtype), last)
          const heights = add(part(1, length), part(0, length - 1))
          return scale(sum(mul(widths, heights), [last]), 0.5)
        }
        const ends = sum(add(part(0, 1), part(length - 1, length)), [last])
        const total = sub(sum(samples, [last]), scale(ends, 0.5))
        return mul(total, broadcast(convert(step, total.dtype), total.shape, []))
      })
    )
  }
)

/** How far samples lie apart along an axis: a step, or the place of each. */
type Spacing<D extends FloatDType> = number | Tensor<D, readonly []> | Tensor<D, readonly [number]>

/** How far samples lie apart. */
export interface GradientOptions<D extends FloatDType = FloatDType> {
  /** A step, or a vector of places; one for all axes, or a list with one for each (1). */
  readonly spacing?: Spacing<D> | ReadonlyArray<Spacing<D>>
}

const slopes = (x: Value, axis: number, spacing: Value): Value => {
  const length = x.shape[axis]!
  const part = (from: number, to: number) => sliceAxis(x, axis, from, to)
  const inner = (y: Value, from: number) => sliceAxis(y, axis, from, length - 2 + from)
  const differences = steps(x, axis)
  const first = sliceAxis(differences, axis, 0, 1)
  const last = sliceAxis(differences, axis, length - 2, length - 1)
  const joined = (a: Value, b: Value, c: Value) => apply("concatenate", { axis }, [a, b, c])[0]!
  if (spacing.shape.length === 0) {
    const by = (y: Value) => div(y, broadcast(spacing, y.shape, []))
    return joined(by(first), by(scale(sub(part(2, length), part(0, length - 2)), 0.5)), by(last))
  }
  if (spacing.shape.length > 1 || spacing.shape[0] !== length)
    throw refuse(
      "gradient",
      `spacing of ${show(spacing)} for axis ${axis} of ${show(x)}`,
      "give a step, or a vector with one place for each element"
    )
  const gaps = broadcast(
    steps(spacing, 0),
    x.shape.map((dim, i) => (i === axis ? length - 1 : dim)),
    [axis]
  )
  const rate = div(differences, gaps)
  const [before, after] = [sliceAxis(gaps, axis, 0, length - 2), sliceAxis(gaps, axis, 1, length - 1)]
  const total = add(before, after)
  const a = unary("neg", div(after, mul(before, total)))
  const b = div(sub(after, before), mul(before, after))
  const c = div(before, mul(after, total))
  const middle = add(add(mul(a, inner(x, 0)), mul(b, inner(x, 1))), mul(c, inner(x, 2)))
  return joined(sliceAxis(rate, axis, 0, 1), middle, sliceAxis(rate, axis, length - 2, length - 1))
}

/**
 * Gives the slopes along axes (all) by central differences, at the ends by one-sided ones: an array for one axis, or for an
 * array of one, else a list of arrays. `spacing` says how far samples lie apart. Takes f16, bf16, f32 and f64. Fails with a
 * `ShapeError` for an axis shorter than 2 and a spacing that does not fit, and a `DTypeError` for another dtype.
 *
 * @example gradient(constant([1, 2, 4], "f32")) // [1, 1.5, 2]
 */
export const gradient = named(
  "gradient",
  <D extends FloatDType, S extends Shape, const A extends Axes = undefined>(
    x: Tensor<D, S>,
    axes?: A & IsAxis<"gradient", D, S, A>,
    options?: GradientOptions<NoInfer<D>>
  ): Gradients<Tensor<D, S>, NoInfer<A>> => {
    const op = "gradient"
    const value = requireFloats(op, x)
    const over = plainAxes(op, axes, value)
    const { spacing = 1 } = requireOptions<GradientOptions>(op, options, ["spacing"])
    const list = isList(spacing) ? spacing : over.map(() => spacing)
    if (list.length !== over.length)
      throw refuse(op, `${list.length} spacings for ${over.length} axes`, "give one for each")
    const found = over.map((axis, i) => {
      if (value.shape[axis]! < 2)
        throw refuse(op, `axis ${axis} of ${show(value)} is shorter than 2`, "slopes need two elements")
      const step = requireStep(op, "spacing", list[i] as number | Tensor, value)
      return tensorOf<D, S>(slopes(value, axis, step))
    })
    return (found.length === 1 ? found[0] : found) as never
  }
)

/** What stands before and after differences. */
export interface DifferenceEnds<D extends NumericDType = NumericDType> {
  /** What comes before them (nothing). */
  readonly toBegin?: Tensor<D>
  /** What comes after them (nothing). */
  readonly toEnd?: Tensor<D>
}

/**
 * Gives the differences of neighbours among all elements in a row: a vector. `toBegin` and `toEnd` are put before and after
 * it. Takes floats, integers and complex numbers. Fails with a `DTypeError` where dtypes differ, and for booleans.
 *
 * @example ediff1d(constant([1, 4, 9], "f32")) // [3, 5]
 */
export const ediff1d = named(
  "ediff1d",
  <
    D extends NumericDType,
    S extends Shape,
    const O extends DifferenceEnds<NoInfer<D>> | undefined = undefined
  >(
    x: Tensor<D, S>,
    options?: O
  ): Tensor<D, Neighbours<S, NoInfer<O>>> => {
    const op = "ediff1d"
    const value = requireTensor(op, "x", x)
    const { toBegin, toEnd } = requireOptions<DifferenceEnds>(op, options, ["toBegin", "toEnd"])
    const row = (each: Value): Value => reshape(each, [sizeOf(each.shape)])
    const flat = row(value)
    const between = flat.shape[0] === 0 ? binary("sub", flat, flat) : steps(flat, 0)
    const given = [toBegin ?? [], tensorOf(between), toEnd ?? []].flat() as ReadonlyArray<Tensor>
    const parts = requireTensors(op, "ends", given, "give tensors").map(row)
    for (const part of parts) requireSameDType(op, flat, part)
    return tensorOf(apply("concatenate", { axis: 0 }, parts)[0]!)
  }
)

/** What counts as a jump. */
export interface UnwrapOptions {
  /** After how much values are the same (2 pi). */
  readonly period?: number
  /** From which difference on it is a jump (half the period). */
  readonly discont?: number
}

/**
 * Takes jumps out of angles along an axis (the last): each difference of neighbours becomes less than half a period, by whole
 * periods. Takes f16, bf16, f32 and f64. Fails with a `ShapeError` for an axis that the array does not have, a `ValueError`
 * for what is no number, and a `DTypeError` for another dtype.
 *
 * @example unwrap(constant([0, 2, 4, 0], "f32"), -1, { period: 6 }) // [0, 2, 4, 6]
 */
export const unwrap = named(
  "unwrap",
  <D extends FloatDType, S extends Shape, const A extends number = -1>(
    x: Tensor<D, S>,
    axis: A & IsAxis<"unwrap", D, S, A> = -1 as never,
    options?: UnwrapOptions
  ): Tensor<D, S> => {
    const op = "unwrap"
    const value = requireFloats(op, x)
    const at = plainAxis(op, axis, value)
    const given = requireOptions<UnwrapOptions>(op, options, ["period", "discont"])
    const period = requireNumber(op, "period", given.period ?? 2 * Math.PI)
    const jump = requireNumber(op, "discont", given.discont ?? period / 2)
    const length = value.shape[at]!
    if (length < 2) return tensorOf(value)
    const difference = steps(value, at)
    const half = filled(difference, period / 2)
    const turned = valueOf(mod(tensorOf<"f32", Shape>(add(difference, half)), period))
    const within = sub(turned, half)
    const isEnd = binary(
      "and",
      compare("eq", within, unary("neg", half)),
      compare("gt", difference, zeros(half))
    )
    const short = sub(select(isEnd, half, within), difference)
    const isSmall = compare("lt", unary("abs", difference), filled(difference, jump))
    const correction = inWorking(select(isSmall, zeros(short), short), (wide) => {
      const params = { axis: at, reverse: false }
      return apply("cumsum", params, [wide])[0]!
    })
    const rest = add(sliceAxis(value, at, 1, length), correction)
    return tensorOf(apply("concatenate", { axis: at }, [sliceAxis(value, at, 0, 1), rest])[0]!)
  }
)
