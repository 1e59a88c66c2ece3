import type { ComplexDType, DType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { plainAxes, requireDim, requireList, requireOptions } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { Numbers } from "../types/lengths.ts"
import type { IsKind } from "../types/operands.ts"
import type { AlongSeveral, Spectrum } from "../types/spectra.ts"
import type { RealOf } from "../types.ts"
import { range } from "../values.ts"
import { type Extent, type FftKind, type FftNorm, fourier, requireNorm, requireSpectrum } from "./fft.ts"

/** The axes and the lengths of a Fourier transform over several axes. */
export interface FftnOptions<
  A extends Numbers | undefined = Numbers | undefined,
  N extends Numbers | undefined = Numbers | undefined
> {
  /** (all axes; the last ones, where `s` is shorter) */
  readonly axes?: A
  /** The length along each of the axes, to which they are cropped or padded with zeros; of the result, where it is real. */
  readonly s?: N
  /** ("backward") */
  readonly norm?: FftNorm
}

/** The axes and the lengths of a Fourier transform over two axes. */
export interface Fft2Options<
  A extends Numbers | undefined = Numbers | undefined,
  N extends Numbers | undefined = Numbers | undefined
> extends FftnOptions<A, N> {
  /** ([-2, -1]) */
  readonly axes?: A
}

const extentOf = (op: string, x: Value, options: FftnOptions, defaults: Numbers | undefined): Extent => {
  const given = requireOptions<FftnOptions>(op, options, ["axes", "s", "norm"])
  const lengths =
    given.s === undefined
      ? undefined
      : requireList<number>(op, "s", given.s, "give a length for each axis").map((each) =>
          requireDim(op, "s", each, 1)
        )
  const axes =
    given.axes === undefined ? defaults : requireList(op, "axes", given.axes, "give a list of axes")
  const rank = x.shape.length
  const over =
    axes === undefined
      ? range(Math.min(lengths?.length ?? rank, rank), Math.max(rank - (lengths?.length ?? rank), 0))
      : axes.map((axis) => plainAxes(op, axis, x)[0]!)
  if (over.length === 0 || new Set(over).size < over.length)
    throw shapeError(
      op,
      `${op}: the axes [${(axes ?? over).join(", ")}] of ${show(x)} are ${over.length === 0 ? "none" : "named twice"}`,
      "name each axis once, and one at least"
    )
  if (lengths !== undefined && lengths.length !== over.length)
    throw shapeError(
      op,
      `${op}: ${lengths.length} lengths for ${over.length} axes of ${show(x)}`,
      "give a length for each axis"
    )
  return { axes: over, lengths: lengths ?? over.map(() => undefined), norm: requireNorm(op, given.norm) }
}

const several = (op: string, kind: FftKind, defaults?: Numbers) =>
  named(op, (x: Tensor, options?: FftnOptions) => {
    const value = requireSpectrum(op, kind, x)
    return tensorOf<never, never>(fourier(op, kind, value, extentOf(op, value, options ?? {}, defaults)))
  })

type Given<A, Defaults> = [A] extends [undefined] ? Defaults : A

type OfComplex<Op extends string, K extends Spectrum, Defaults> = <
  D extends DType,
  S extends Shape,
  const A extends Numbers | undefined = undefined,
  const N extends Numbers | undefined = undefined
>(
  x: Tensor<D, S> & IsKind<Op, ComplexDType, D, S>,
  options?: FftnOptions<A, N>
) => Tensor<
  K extends "inverseReal" ? RealOf<D> : D,
  AlongSeveral<K, S, Given<NoInfer<A>, Defaults>, NoInfer<N>>
>

type OfReal<Defaults> = <
  D extends "f32" | "f64",
  S extends Shape,
  const A extends Numbers | undefined = undefined,
  const N extends Numbers | undefined = undefined
>(
  x: Tensor<D, S>,
  options?: FftnOptions<A, N>
) => Tensor<
  D extends "f32" ? "c64" : "c128",
  AlongSeveral<"real", S, Given<NoInfer<A>, Defaults>, NoInfer<N>>
>

type LastTwo = readonly [-2, -1]
const lastTwo: LastTwo = [-2, -1]

/**
 * Gives the discrete Fourier transform over all axes, or those that the options name. The dtype stays. Fails with a
 * `DTypeError` for what is not complex, and a `ShapeError` for axes or lengths that do not fit.
 *
 * @example
 * const x = complex(ones([2, 2], "f32"), 0)
 * fftn(x) // [[[4, 0], [0, 0]], [[0, 0], [0, 0]]]
 * fftn(x, { axes: [0], s: [3] }) // c64[3,2]
 */
export const fftn: OfComplex<"fftn", "complex", undefined> = several("fftn", "fft") as never

/**
 * Gives the inverse of `fftn`. The dtype stays. Fails with a `DTypeError` for what is not complex, and a `ShapeError` for
 * axes or lengths that do not fit.
 *
 * @example ifftn(complex(ones([2, 2], "f32"), 0)) // [[[1, 0], [0, 0]], [[0, 0], [0, 0]]]
 */
export const ifftn: OfComplex<"ifftn", "complex", undefined> = several("ifftn", "ifft") as never

/**
 * Transforms real numbers over all axes, or those that the options name: f32 gives c64, f64 gives c128. The last of the
 * axes has half the frequencies, as `rfft` gives them. Fails with a `DTypeError` for another dtype, and a `ShapeError` for
 * axes or lengths that do not fit.
 *
 * @example rfftn(ones([2, 4], "f32")) // c64[2,3]
 */
export const rfftn: OfReal<undefined> = several("rfftn", "rfft") as never

/**
 * Gives the inverse of `rfftn`: c64 gives f32, c128 gives f64. Fails with a `DTypeError` for what is not complex, and a
 * `ShapeError` for axes or lengths that do not fit.
 *
 * @example irfftn(rfftn(ones([2, 4], "f32"))) // [[1, 1, 1, 1], [1, 1, 1, 1]]
 */
export const irfftn: OfComplex<"irfftn", "inverseReal", undefined> = several("irfftn", "irfft") as never

/**
 * Gives the discrete Fourier transform over the last two axes, or those that the options name. The dtype stays. Fails with
 * a `DTypeError` for what is not complex, and a `ShapeError` for axes or lengths that do not fit.
 *
 * @example fft2(complex(ones([2, 2], "f32"), 0)) // [[[4, 0], [0, 0]], [[0, 0], [0, 0]]]
 */
export const fft2: OfComplex<"fft2", "complex", LastTwo> = several("fft2", "fft", lastTwo) as never

/**
 * Gives the inverse of `fft2`. The dtype stays. Fails with a `DTypeError` for what is not complex, and a `ShapeError` for
 * axes or lengths that do not fit.
 *
 * @example ifft2(complex(ones([2, 2], "f32"), 0)) // [[[1, 0], [0, 0]], [[0, 0], [0, 0]]]
 */
export const ifft2: OfComplex<"ifft2", "complex", LastTwo> = several("ifft2", "ifft", lastTwo) as never

/**
 * Transforms real numbers over the last two axes, or those that the options name: f32 gives c64, f64 gives c128. The last
 * of the axes has half the frequencies, as `rfft` gives them. Fails with a `DTypeError` for another dtype, and a
 * `ShapeError` for axes or lengths that do not fit.
 *
 * @example rfft2(ones([5, 2, 4], "f32")) // c64[5,2,3]
 */
export const rfft2: OfReal<LastTwo> = several("rfft2", "rfft", lastTwo) as never

/**
 * Gives the inverse of `rfft2`: c64 gives f32, c128 gives f64. Fails with a `DTypeError` for what is not complex, and a
 * `ShapeError` for axes or lengths that do not fit.
 *
 * @example irfft2(rfft2(ones([2, 4], "f32"))) // [[1, 1, 1, 1], [1, 1, 1, 1]]
 */
export const irfft2: OfComplex<"irfft2", "inverseReal", LastTwo> = several(
  "irfft2",
  "irfft",
  lastTwo
) as never
