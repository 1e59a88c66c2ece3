import type { ComplexDType, DType, FloatDType } from "../dtype.ts"
import { named } from "../errors.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"
import type { IsWide } from "../types/matrices.ts"
import type { IsKind } from "../types/operands.ts"
import type { AlongOne } from "../types/spectra.ts"
import type { RealOf } from "../types.ts"
import { conjugate } from "../values.ts"
import {
  type Extent,
  type FftKind,
  type FftNorm,
  type FftOptions,
  fourier,
  overOne,
  requireSpectrum
} from "./fft.ts"

/** The norm of the transform that goes the other way, which has the same factor. */
const swapped: Readonly<Record<FftNorm, FftNorm>> = {
  backward: "forward",
  ortho: "ortho",
  forward: "backward"
}

const turned = (op: string, kind: FftKind, x: Tensor, options: FftOptions | undefined) => {
  const value = requireSpectrum(op, kind, x)
  const extent: Extent = overOne(op, value, options)
  return { value, extent: { ...extent, norm: swapped[extent.norm ?? "backward"] } }
}

/**
 * Transforms what has Hermitian symmetry, of which the first half is given: its spectrum is real. c64 gives f32, c128
 * gives f64. Of m elements along the axis it gives 2 (m - 1), or `n`. Norms are NumPy's. Fails with a `DTypeError` for
 * what is not complex, a `ShapeError` for an axis or a length that does not fit, and a `ValueError` for another norm.
 *
 * @example
 * const x = complex(constant([1, 2, 3], "f32"), 0)
 * hfft(x) // f32[4]: [8, -2, 0, -2]
 */
export const hfft = named(
  "hfft",
  <
    D extends DType,
    S extends Shape,
    const A extends number = -1,
    const N extends number | undefined = undefined
  >(
    x: Tensor<D, S> & IsKind<"hfft", ComplexDType, D, S>,
    options?: FftOptions<A, N>
  ): Tensor<RealOf<D>, AlongOne<"inverseReal", S, NoInfer<A>, NoInfer<N>>> => {
    const { value, extent } = turned("hfft", "irfft", x, options)
    return tensorOf(fourier("hfft", "irfft", conjugate(value), extent))
  }
)

/**
 * Gives the inverse of `hfft`: of a real spectrum the first half of what it belongs to. f32 gives c64, f64 gives c128. Of
 * n elements along the axis it gives n/2 + 1. Norms are NumPy's. Fails with a `DTypeError` for another dtype, a
 * `ShapeError` for an axis or a length that does not fit, and a `ValueError` for another norm.
 *
 * @example ihfft(constant([8, -2, 0, -2], "f32")) // c64[3]: [[1, 0], [2, 0], [3, 0]]
 */
export const ihfft = named(
  "ihfft",
  <
    D extends DType,
    S extends Shape,
    const A extends number = -1,
    const N extends number | undefined = undefined
  >(
    x: Tensor<D, S> & IsWide<"ihfft", D, S, FloatDType>,
    options?: FftOptions<A, N>
  ): Tensor<D extends "f32" ? "c64" : "c128", AlongOne<"real", S, NoInfer<A>, NoInfer<N>>> => {
    const { value, extent } = turned("ihfft", "rfft", x, options)
    return tensorOf(conjugate(fourier("ihfft", "rfft", value, extent)))
  }
)
