import type { ComplexDType, DType } from "../dtype.ts"
import { isComplex } from "../dtype.ts"
import { shapeError, valueError } from "../errors.ts"
import type { TriangularParams } from "../params.ts"
import { apply1 } from "../primitives/index.ts"
import { requireSquare } from "../primitives/linalg.ts"
import { requireDim } from "../primitives/rule.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { RealOf, Unknown } from "../types.ts"
import { add, compare, convert, div, filled, flip, iota, scale, zeros as zerosLike } from "../values.ts"
import { requireDType } from "./constant.ts"
import { conj } from "./elementwise.ts"

type WideDType = "f32" | "f64" | ComplexDType

/** The identity matrix. */
export const eye = <const N extends number, D extends DType>(n: N, dtype: D): Tensor<D, readonly [N, N]> => {
  requireDType("eye", dtype)
  requireDim("eye", n, "the size")
  return tensorOf(convert(compare("eq", iota([n, n], 0), iota([n, n], 1)), dtype))
}

/** `count` numbers from `start` to `stop`, both among them, equally far apart. */
export const linspace = <const N extends number, D extends "f16" | "bf16" | "f32" | "f64" = "f32">(
  start: number,
  stop: number,
  count: N,
  dtype: D = "f32" as D
): Tensor<D, readonly [N]> => {
  requireDType("linspace", dtype)
  requireDim("linspace", count, "the count")
  if (!Number.isFinite(start) || !Number.isFinite(stop))
    throw valueError("linspace", `linspace: from ${start} to ${stop}`, "give finite numbers")
  const shape = [count]
  if (count === 1) return tensorOf(filled({ dtype, shape }, start))
  // start (1 - t) + stop t is exact at both ends.
  const t = div(convert(iota(shape, 0), dtype), filled({ dtype, shape }, count - 1))
  const rest = apply1("sub", {}, filled(t, 1), t)
  return tensorOf(add(scale(rest, start), scale(t, stop)))
}

/** The conjugate transpose of the last two axes. */
const adjoint = (x: Value): Value =>
  flip(isComplex(x.dtype) ? valueOf(conj(tensorOf<ComplexDType, Shape>(x))) : x)

/**
 * The lower triangular L with `a = L L^H`, for the last two axes of positive definite matrices; NaN where one is not.
 * The two halves of `a` are averaged first, as JAX does.
 */
export const cholesky = <D extends WideDType, S extends Shape>(a: Tensor<D, S>): Tensor<D, S> => {
  const value = valueOf(a)
  requireSquare("cholesky", value)
  return tensorOf(apply1("cholesky", {}, scale(add(value, adjoint(value)), 0.5)))
}

export interface TriangularOptions {
  /** Whether a is on the left of the unknown (true). */
  readonly leftSide?: boolean
  /** Whether the lower triangle is used (true), else the upper. */
  readonly lower?: boolean
  /** Take the diagonal for ones. */
  readonly unitDiagonal?: boolean
  /** Which form of a ("none"). */
  readonly transpose?: TriangularParams["transpose"]
}

/** Solves `op(a) x = b` for x, or `x op(a) = b`, a being triangular in its last two axes. */
export const triangularSolve = <D extends WideDType, S extends Shape>(
  a: Tensor<D>,
  b: Tensor<D, S>,
  { leftSide = true, lower = true, unitDiagonal = false, transpose = "none" }: TriangularOptions = {}
): Tensor<D, S> =>
  tensorOf(apply1("triangularSolve", { leftSide, lower, unitDiagonal, transpose }, valueOf(a), valueOf(b)))

const band = (op: "tril" | "triu") => {
  const direction = op === "tril" ? "ge" : "le"
  return <D extends DType, S extends Shape>(x: Tensor<D, S>, diagonal = 0): Tensor<D, S> => {
    const rank = x.shape.length
    if (rank < 2) throw shapeError(op, `${op}: ${show(x)} holds no matrices`, "it needs at least two axes")
    const row = iota(x.shape, rank - 2)
    const column = iota(x.shape, rank - 1)
    const holds = compare(direction, add(row, filled(row, diagonal)), column)
    return tensorOf(apply1("select", {}, holds, valueOf(x), zerosLike(valueOf(x))))
  }
}

/** The lower triangle of the last two axes, zeros above; `diagonal` moves the border. */
export const tril = band("tril")
/** The upper triangle of the last two axes, zeros below. */
export const triu = band("triu")

type FftAxes = 1 | 2 | 3

/** The lengths of the last axes, as many as there are to be. */
const lastLengths = (kind: string, x: Tensor, axes: FftAxes): Shape => {
  const rank = x.shape.length
  if (Number.isInteger(axes) && axes >= 1 && axes <= Math.min(rank, 3)) return x.shape.slice(rank - axes)
  throw shapeError(
    kind,
    `${kind}: ${axes} axes of ${show(x)}`,
    "it goes over the last one, two or three axes"
  )
}

const fourier = (kind: "fft" | "ifft" | "rfft", x: Tensor, axes: FftAxes): Value =>
  apply1("fft", { kind, lengths: lastLengths(kind, x, axes) }, valueOf(x))

/** The discrete Fourier transform over the last axis, or the last two or three. */
export const fft = <D extends ComplexDType, S extends Shape>(
  x: Tensor<D, S>,
  axes: FftAxes = 1
): Tensor<D, S> => tensorOf(fourier("fft", x, axes))

/** The inverse of `fft`, scaled by one over the number of elements. */
export const ifft = <D extends ComplexDType, S extends Shape>(
  x: Tensor<D, S>,
  axes: FftAxes = 1
): Tensor<D, S> => tensorOf(fourier("ifft", x, axes))

/** The transform of real numbers: of n frequencies on the last axis the first n/2 + 1, which say the rest. */
export const rfft = <D extends "f32" | "f64", S extends Shape>(
  x: Tensor<D, S>,
  axes: FftAxes = 1
): Tensor<D extends "f32" ? "c64" : "c128", Unknown<S>> => tensorOf(fourier("rfft", x, axes))

/** The inverse of `rfft`; `length` is that of the last axis of the result (2 (m - 1)). */
export const irfft = <D extends ComplexDType, S extends Shape>(
  x: Tensor<D, S>,
  length: number = 2 * ((x.shape.at(-1) ?? 1) - 1),
  axes: FftAxes = 1
): Tensor<RealOf<D>, Unknown<S>> =>
  tensorOf(
    apply1(
      "fft",
      { kind: "irfft", lengths: [...lastLengths("irfft", x, axes).slice(0, -1), length] },
      valueOf(x)
    )
  )
