import type { DType, FloatDType } from "../dtype.ts"
import { named, valueError } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { requireKind } from "../primitives/rule.ts"
import { plainAxes, requireDim, requireDType, requireNumber, requireTensor } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { IsAxis } from "../types/axes.ts"
import type { Half, Numbers } from "../types/lengths.ts"
import { compare, convert, div, filled, iota, plus, select, sliceAxis } from "../values.ts"

/** The whole numbers as floats, by the length of the signal. */
const divided = (
  op: string,
  n: number,
  d: number,
  dtype: FloatDType,
  wholes: (n: number) => Value
): Value => {
  requireKind(op, { dtype: requireDType(op, dtype), shape: [] }, ["float"])
  requireDim(op, "the length", n, 1)
  if (requireNumber(op, "the spacing", d) === 0)
    throw valueError(op, `${op}: the spacing is 0`, "give the time from one sample to the next")
  const found = convert(wholes(n), dtype)
  return div(found, filled(found, d * n))
}

/**
 * Gives the frequency of each element of `fft` of n samples that are `d` (1) apart: 0 and those above, then those below.
 * Fails with a `ShapeError` for what is no length, a `DTypeError` for a dtype that is no float, and a `ValueError` for a
 * spacing of 0.
 *
 * @example fftfreq(4) // f32[4]: [0, 0.25, -0.5, -0.25]
 */
export const fftfreq = named(
  "fftfreq",
  <const N extends number, D extends FloatDType = "f32">(
    n: N,
    d = 1,
    dtype: D = "f32" as D
  ): Tensor<NoInfer<D>, readonly [N]> =>
    tensorOf(
      divided("fftfreq", n, d, dtype, (length) => {
        const i = iota([length], 0)
        const above = compare("lt", i, filled(i, Math.ceil(length / 2)))
        return select(above, i, plus(i, -length))
      })
    )
)

/**
 * Gives the frequency of each element of `rfft` of n samples that are `d` (1) apart. Fails with a `ShapeError` for what is
 * no length, a `DTypeError` for a dtype that is no float, and a `ValueError` for a spacing of 0.
 *
 * @example rfftfreq(4) // f32[3]: [0, 0.25, 0.5]
 */
export const rfftfreq = named(
  "rfftfreq",
  <const N extends number, D extends FloatDType = "f32">(
    n: N,
    d = 1,
    dtype: D = "f32" as D
  ): Tensor<NoInfer<D>, readonly [Half<N>]> =>
    tensorOf(divided("rfftfreq", n, d, dtype, (length) => iota([Math.floor(length / 2) + 1], 0)))
)

/** Moves the elements of an axis so many places on; those that leave at the end come in at the start. */
const rolled = (x: Value, axis: number, places: number): Value => {
  const length = x.shape[axis]!
  if (places === 0 || length === 0) return x
  const cut = length - places
  return apply1("concatenate", { axis }, sliceAxis(x, axis, cut, length), sliceAxis(x, axis, 0, cut))
}

type Shift<Op extends string> = <
  D extends DType,
  S extends Shape,
  const A extends number | Numbers | undefined = undefined
>(
  x: Tensor<D, S>,
  axes?: A & IsAxis<Op, D, S, A>
) => Tensor<D, S>

const shifted = <Op extends string>(op: Op, places: (length: number) => number): Shift<Op> =>
  named(op, (x: Tensor, axes?: number | Numbers) => {
    const value = requireTensor(op, "x", x)
    return tensorOf<never, never>(
      plainAxes(op, axes, value).reduce((each, axis) => rolled(each, axis, places(each.shape[axis]!)), value)
    )
  }) as Shift<Op>

/**
 * Puts frequency 0 into the middle, along the axes or along all. The dtype and shape stay. Fails with a `ShapeError` for
 * an axis that the array does not have.
 *
 * @example fftshift(constant([0, 1, 2, -2, -1], "f32")) // [-2, -1, 0, 1, 2]
 */
export const fftshift = shifted("fftshift", (length) => Math.floor(length / 2))

/**
 * Gives the inverse of `fftshift`: frequency 0 comes first. The dtype and shape stay. Fails with a `ShapeError` for an
 * axis that the array does not have.
 *
 * @example ifftshift(constant([-2, -1, 0, 1, 2], "f32")) // [0, 1, 2, -2, -1]
 */
export const ifftshift = shifted("ifftshift", (length) => Math.ceil(length / 2))
