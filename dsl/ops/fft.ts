import type { ComplexDType, DType, FloatDType } from "../dtype.ts"
import { named, shapeError, valueError } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { requireKind } from "../primitives/rule.ts"
import type { Params } from "../program.ts"
import {
  isObject,
  plainAxis,
  requireDim,
  requireOneOf,
  requireOptions,
  requireTensor,
  requireWhole
} from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { IsWide } from "../types/matrices.ts"
import type { IsKind } from "../types/operands.ts"
import type { AlongOne } from "../types/spectra.ts"
import type { RealOf } from "../types.ts"
import { range, scale, sliceAxis, transpose } from "../values.ts"

export type FftKind = Params["fft"]["kind"]

/** How many of the last axes a transform goes over. */
type FftAxes = 1 | 2 | 3

/**
 * By what a transform is multiplied: "backward" divides the inverse by the number of elements, "forward" the transform,
 * and "ortho" each by the root of it.
 */
export type FftNorm = "backward" | "ortho" | "forward"

/** The axis and the length of a Fourier transform. */
export interface FftOptions<A extends number = number, N extends number | undefined = number | undefined> {
  /** (-1) */
  readonly axis?: A
  /** The length along the axis, to which it is cropped or padded with zeros; of the result, where that is real. */
  readonly n?: N
  /** ("backward") */
  readonly norm?: FftNorm
}

/** What a transform goes over: axes from the first, and the lengths along them. */
export interface Extent {
  readonly axes: ReadonlyArray<number>
  readonly lengths: ReadonlyArray<number | undefined>
  readonly norm: FftNorm | undefined
}

const padded = (x: Value, axis: number, length: number): Value => {
  const own = x.shape[axis]!
  if (length <= own) return length === own ? x : sliceAxis(x, axis, 0, length)
  const none = x.shape.map(() => 0)
  const filler = apply1("constant", { aval: { dtype: x.dtype, shape: [] }, value: 0 })
  return apply1("pad", { low: none, high: none.with(axis, length - own), interior: none }, x, filler)
}

const half = (length: number): number => Math.floor(length / 2) + 1

/** Over the last axes, at most three of them at a time. */
const overLast = (kind: FftKind, x: Value, lengths: Shape): Value => {
  if (lengths.length <= 3) return apply1("fft", { kind, lengths }, x)
  const few = lengths.length === 4 ? 2 : 3
  const rank = x.shape.length
  const first = rank - lengths.length
  const outer = range(lengths.length - few, first)
  const inner = range(few, rank - few)
  const turned = [...range(first), ...inner, ...outer]
  const own = (y: Value): Value => apply1("fft", { kind, lengths: lengths.slice(-few) }, y)
  const rest = (of: "fft" | "ifft", y: Value): Value => {
    const done = overLast(of, transpose(y, turned), lengths.slice(0, -few))
    return transpose(
      done,
      turned.map((_, i) => turned.indexOf(i))
    )
  }
  return kind === "fft" || kind === "rfft" ? rest("fft", own(x)) : own(rest("ifft", x))
}

const factor = (inverse: boolean, norm: FftNorm, lengths: Shape): number => {
  const size = lengths.reduce((a, b) => a * b, 1)
  if (norm === "ortho") return inverse ? Math.sqrt(size) : 1 / Math.sqrt(size)
  return inverse ? size : 1 / size
}

/** A Fourier transform over any axes. */
export const fourier = (op: string, kind: FftKind, x: Value, { axes, lengths, norm }: Extent): Value => {
  const others = range(x.shape.length).filter((axis) => !axes.includes(axis))
  const order = [...others, ...axes]
  const isInverse = kind === "irfft" || kind === "ifft"
  let value = transpose(x, order)
  const wanted = axes.map((_, i) => {
    const axis = others.length + i
    const [given, own] = [lengths[i], value.shape[axis]!]
    const isHalved = kind === "irfft" && i === axes.length - 1
    if (given === undefined) return isHalved ? 2 * (own - 1) : own
    value = padded(value, axis, isHalved ? half(requireDim(op, "the length", given, 1)) : given)
    return given
  })
  const made = overLast(kind, value, wanted)
  const sized =
    norm === undefined || norm === "backward" ? made : scale(made, factor(isInverse, norm, wanted))
  return transpose(
    sized,
    order.map((_, i) => order.indexOf(i))
  )
}

/** What a transform is told: its norm, where it is none of those there are. */
export const requireNorm = (op: string, norm: FftNorm | undefined): FftNorm =>
  requireOneOf(op, "norm", norm ?? "backward", ["backward", "ortho", "forward"])

/** Refuses what a transform does not take before its axes are moved. */
export const requireSpectrum = (op: string, kind: FftKind, x: Tensor): Value => {
  const value = requireTensor(op, "x", x)
  requireKind(op, value, kind === "rfft" ? ["float"] : ["complex"])
  return value
}

const overAxes = (kind: FftKind, x: Value, axes: number, length?: number): Extent => {
  const wanted = requireWhole(kind, "the number of axes", axes)
  if (!(wanted >= 1 && wanted <= Math.min(x.shape.length, 3)))
    throw shapeError(
      kind,
      `${kind}: ${wanted} axes of ${show(x)}`,
      "it goes over the last one, two or three axes"
    )
  const over = range(wanted, x.shape.length - wanted)
  return { axes: over, lengths: over.map((_, i) => (i === wanted - 1 ? length : undefined)), norm: undefined }
}

/** What is read of options for one axis. */
export const overOne = (op: string, x: Value, options: FftOptions | undefined): Extent => {
  const { axis = -1, n, norm } = requireOptions<FftOptions>(op, options, ["axis", "n", "norm"])
  const length = n === undefined ? undefined : requireDim(op, "n", n, 1)
  return { axes: [plainAxis(op, axis, x)], lengths: [length], norm: requireNorm(op, norm) }
}

const transformed = (kind: FftKind, x: Tensor, given: number | FftOptions = 1): Value =>
  named(kind, () => {
    const value = requireSpectrum(kind, kind, x)
    return fourier(
      kind,
      kind,
      value,
      isObject(given) ? overOne(kind, value, given) : overAxes(kind, value, given)
    )
  })()

/**
 * Gives the discrete Fourier transform over the last axis, or the last two or three, of the same dtype and shape. With
 * options it goes over another axis, of another length, or with another norm. Fails with a `DTypeError` for what is not
 * complex, and a `ShapeError` for too few axes.
 *
 * @example
 * const x = constant([1, 0], "f32")
 * fft(complex(x, 0)) // [[1, 0], [1, 0]]
 * fft(complex(x, 0), { n: 3, norm: "forward" }) // c64[3]: [[0.333, 0], [0.333, 0], [0.333, 0]]
 */
export const fft = <
  D extends DType,
  S extends Shape,
  const A extends number = -1,
  const N extends number | undefined = undefined
>(
  x: Tensor<D, S> & IsKind<"fft", ComplexDType, D, S>,
  axes: FftAxes | FftOptions<A, N> = 1
): Tensor<D, AlongOne<"complex", S, NoInfer<A>, NoInfer<N>>> => tensorOf(transformed("fft", x, axes))

/**
 * Gives the inverse of `fft`, scaled by one over the number of elements, of the same dtype and shape. Fails as `fft`:
 * with a `DTypeError` or a `ShapeError`.
 *
 * @example
 * const x = constant([1, 1], "f32")
 * ifft(complex(x, 0)) // [[1, 0], [0, 0]]
 */
export const ifft = <
  D extends DType,
  S extends Shape,
  const A extends number = -1,
  const N extends number | undefined = undefined
>(
  x: Tensor<D, S> & IsKind<"ifft", ComplexDType, D, S>,
  axes: FftAxes | FftOptions<A, N> = 1
): Tensor<D, AlongOne<"complex", S, NoInfer<A>, NoInfer<N>>> => tensorOf(transformed("ifft", x, axes))

/**
 * Transforms real numbers: f32 gives c64, f64 gives c128. Of n frequencies on the last axis it gives the first n/2 +
 * 1, which determine the rest. Takes the options of `fft`. Fails with a `DTypeError` for another dtype, and a
 * `ShapeError` for too few axes.
 *
 * @example
 * rfft(constant([1, 0, 0, 0], "f32")) // c64[3]: [[1, 0], [1, 0], [1, 0]]
 * rfft(ones([8, 3], "f32"), { axis: 0 }) // c64[5,3]
 */
export const rfft = <
  D extends DType,
  S extends Shape,
  const A extends number = -1,
  const N extends number | undefined = undefined
>(
  x: Tensor<D, S> & IsWide<"rfft", D, S, FloatDType>,
  axes: FftAxes | FftOptions<A, N> = 1
): Tensor<D extends "f32" ? "c64" : "c128", AlongOne<"real", S, NoInfer<A>, NoInfer<N>>> =>
  tensorOf(transformed("rfft", x, axes))

interface InverseOfReal {
  <D extends DType, S extends Shape, const N extends number | undefined = undefined>(
    x: Tensor<D, S> & IsKind<"irfft", ComplexDType, D, S>,
    length?: N,
    axes?: FftAxes
  ): Tensor<RealOf<D>, AlongOne<"inverseReal", S, -1, NoInfer<N>>>
  <
    D extends DType,
    S extends Shape,
    const A extends number = -1,
    const N extends number | undefined = undefined
  >(
    x: Tensor<D, S> & IsKind<"irfft", ComplexDType, D, S>,
    options: FftOptions<A, N>
  ): Tensor<RealOf<D>, AlongOne<"inverseReal", S, NoInfer<A>, NoInfer<N>>>
}

/**
 * Gives the inverse of `rfft`: c64 gives f32, c128 gives f64. `length` is that of the result's last axis (2 (m - 1)).
 * In its place it takes the options of `fft`. Fails with a `DTypeError` for what is not complex, and a `ShapeError` for a
 * length that does not fit.
 *
 * @example
 * irfft(rfft(constant([1, 2, 3, 4], "f32"))) // f32[4]: [1, 2, 3, 4]
 * irfft(rfft(constant([1, 2, 3], "f32")), { n: 3 }) // f32[3]: [1, 2, 3]
 */
export const irfft: InverseOfReal = named(
  "irfft",
  (x: Tensor, given?: number | FftOptions, axes: FftAxes = 1) => {
    const value = requireSpectrum("irfft", "irfft", x)
    const isOptions = isObject(given)
    if (isOptions && axes !== 1)
      throw valueError("irfft", "irfft: options and a number of axes", "irfftn goes over several axes")
    const extent = isOptions ? overOne("irfft", value, given) : overAxes("irfft", value, axes, given)
    return tensorOf<never, never>(fourier("irfft", "irfft", value, extent))
  }
)
