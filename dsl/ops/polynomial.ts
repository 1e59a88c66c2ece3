import { named, shapeError } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { numeric, requireKind, requireSameDType } from "../primitives/rule.ts"
import { requireDim, requireFlag, requireOneOf, requireOptions, requireTensor } from "../required.ts"
import { broadcastShapes, type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { Rest } from "../types/axes.ts"
import type { ConvolvedLength } from "../types/layouts.ts"
import type { Broadcast, NumericDType } from "../types.ts"
import {
  add,
  binary,
  broadcast,
  conjugate,
  convert,
  filled,
  iota,
  mul,
  partAt,
  range,
  reshape,
  sub,
  zeros
} from "../values.ts"
import { broadcastValue } from "./operand.ts"

const refuse = (op: string, message: string, hint: string) => shapeError(op, `${op}: ${message}`, hint)

/**
 * Gives the values of a polynomial by Horner's rule. The coefficients lie along the first axis of `p`, that of the highest
 * power first; its other axes and those of `x` broadcast. Takes floats, integers and complex numbers of one dtype. Fails with
 * a `ShapeError` where the shapes do not fit or `p` is a scalar, and a `DTypeError` where dtypes differ.
 *
 * @example polyval(constant([2, 0, 1], "f32"), constant([1, 3], "f32")) // [3, 19]
 */
export const polyval = named(
  "polyval",
  <D extends NumericDType, P extends Shape, S extends Shape>(
    p: Tensor<D, P>,
    x: Tensor<NoInfer<D>, S>
  ): Tensor<D, Broadcast<Rest<P, 1>, S>> => {
    const op = "polyval"
    const [coefficients, value] = [requireTensor(op, "p", p), requireTensor(op, "x", x)]
    requireSameDType(op, coefficients, value)
    requireKind(op, value, numeric)
    const [length, ...own] = coefficients.shape
    if (length === undefined) throw refuse(op, `p is ${show(coefficients)}, a scalar`, "give a vector")
    const shape = broadcastShapes(own, value.shape)
    if (shape === undefined)
      throw refuse(
        op,
        `shapes do not broadcast: ${show(coefficients)} and ${show(value)}`,
        "axes are matched from the last"
      )
    const at = broadcastValue(op, value, shape)
    const rows = range(length).map((i) => broadcastValue(op, partAt(coefficients, 0, i), shape))
    return tensorOf(rows.reduce((total, row) => add(mul(total, at), row), zeros(at)))
  }
)

/** How many powers, and which comes first. */
export interface VanderOptions<N extends number = number> {
  /** How many (as many as elements). */
  readonly columns?: N
  /** The lowest power first (false). */
  readonly increasing?: boolean
}

/**
 * Makes a matrix of powers of a vector's elements, a row for each: the highest power first, down to 0. Takes floats, integers
 * and complex numbers. Fails with a `ShapeError` for what is no vector or no length, and a `DTypeError` for booleans.
 *
 * @example vander(constant([2, 3], "f32"), { columns: 3 }) // [[4, 2, 1], [9, 3, 1]]
 */
export const vander = named(
  "vander",
  <D extends NumericDType, M extends number, const N extends number = M>(
    x: Tensor<D, readonly [M]>,
    options?: VanderOptions<N>
  ): Tensor<D, readonly [M, NoInfer<N>]> => {
    const op = "vander"
    const value = requireTensor(op, "x", x)
    requireKind(op, value, numeric)
    if (value.shape.length !== 1) throw refuse(op, `${show(value)} is no vector`, "ravel(x) makes one")
    const given = requireOptions<VanderOptions>(op, options, ["columns", "increasing"])
    const columns = requireDim(op, "columns", given.columns ?? value.shape[0]!)
    const shape = [value.shape[0]!, columns]
    const up = iota(shape, 1)
    const power = requireFlag(op, "increasing", given.increasing) ? up : sub(filled(up, columns - 1), up)
    return tensorOf(binary("pow", broadcast(value, shape, [0]), convert(power, value.dtype)))
  }
)

/** Which places of a convolution are given. */
export interface ConvolveOptions<M extends "full" | "same" | "valid" = "full" | "same" | "valid"> {
  /** `"full"`: all. `"same"`: as many as the longer vector has, in the middle. `"valid"`: those where both lie wholly. */
  readonly mode?: M
}

type Mode = NonNullable<ConvolveOptions["mode"]>

const reversed = (x: Value): Value => apply1("reverse", { axes: [0] }, x)

/** The longer vector, over which the shorter one slides. */
const slid = (long: Value, short: Value, mode: Mode): Value => {
  const [length, window] = [long.shape[0]!, short.shape[0]!]
  const half = Math.floor(window / 2)
  const padding: Readonly<Record<Mode, readonly [number, number]>> = {
    full: [window - 1, window - 1],
    same: [half, window - half - 1],
    valid: [0, 0]
  }
  const made = apply1(
    "conv",
    {
      strides: [1],
      padding: [padding[mode]],
      inputDilation: [1],
      kernelDilation: [1],
      featureGroups: 1,
      batchGroups: 1
    },
    reshape(long, [1, 1, length]),
    reshape(short, [1, 1, window])
  )
  return reshape(made, [made.shape[2]!])
}

type Convolve<Default extends Mode> = <
  D extends NumericDType,
  N extends number,
  M extends number,
  const K extends Mode = Default
>(
  a: Tensor<D, readonly [N]>,
  v: Tensor<NoInfer<D>, readonly [M]>,
  options?: ConvolveOptions<K>
) => Tensor<D, readonly [ConvolvedLength<N, M, NoInfer<K>>]>

const sliding = <Default extends Mode>(
  op: string,
  otherwise: Default,
  make: (a: Value, v: Value, isShorter: boolean, mode: Mode) => Value
): Convolve<Default> =>
  named(op, (a: Tensor, v: Tensor, options?: ConvolveOptions) => {
    const [left, right] = [requireTensor(op, "a", a), requireTensor(op, "v", v)]
    requireSameDType(op, left, right)
    requireKind(op, left, numeric)
    for (const each of [left, right])
      if (each.shape.length !== 1 || each.shape[0] === 0)
        throw refuse(op, `${show(each)} is no vector with elements`, "give two vectors that are not empty")
    const given = requireOptions<ConvolveOptions>(op, options, ["mode"])
    const mode = requireOneOf<Mode>(op, "mode", given.mode ?? otherwise, ["full", "same", "valid"])
    return tensorOf<never, never>(make(left, right, left.shape[0]! < right.shape[0]!, mode))
  }) as Convolve<Default>

/**
 * Convolves two vectors: element `k` sums `a[i] v[k - i]`. Gives all places ("full"), or as `mode` says. The dtype stays. Fails
 * with a `ShapeError` for what is no vector and empty ones, a `ValueError` for another mode, and a `DTypeError` where dtypes
 * differ and for booleans.
 *
 * @example convolve(constant([1, 2, 3], "f32"), constant([1, 10], "f32")) // [1, 12, 23, 30]
 */
export const convolve = sliding("convolve", "full", (a, v, isShorter, mode) =>
  isShorter ? slid(v, reversed(a), mode) : slid(a, reversed(v), mode)
)

/**
 * Correlates two vectors: element `k` sums `a[i + k] v[i]`, those of `v` conjugated where they are complex. Gives the places
 * where both lie wholly ("valid"), or as `mode` says. The dtype stays. Fails with a `ShapeError` for what is no vector and
 * empty ones, a `ValueError` for another mode, and a `DTypeError` where dtypes differ and for booleans.
 *
 * @example correlate(constant([1, 2, 3], "f32"), constant([1, 10], "f32")) // [21, 32]
 */
export const correlate = sliding("correlate", "valid", (a, v, isShorter, mode) =>
  isShorter ? reversed(slid(conjugate(v), a, mode)) : slid(a, conjugate(v), mode)
)
