import type { ComplexDType, DType } from "../dtype.ts"
import { isComplex } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import type { TriangularParams } from "../params.ts"
import { apply1 } from "../primitives/index.ts"
import { requireSquare, requireWide } from "../primitives/linalg.ts"
import { requireKind } from "../primitives/rule.ts"
import type { Params } from "../program.ts"
import {
  requireDim,
  requireDType,
  requireFlag,
  requireNumber,
  requireOneOf,
  requireOptions,
  requireTensor,
  requireWhole
} from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { RealOf, Unknown } from "../types.ts"
import { add, compare, convert, div, filled, flip, iota, scale, zeros as zerosLike } from "../values.ts"
import { conj } from "./elementwise.ts"

type WideDType = "f32" | "f64" | ComplexDType

/** The identity matrix. */
export const eye = named(
  "eye",
  <const N extends number, D extends DType>(n: N, dtype: D): Tensor<D, readonly [N, N]> => {
    requireDType("eye", dtype)
    requireDim("eye", "the size", n)
    return tensorOf(convert(compare("eq", iota([n, n], 0), iota([n, n], 1)), dtype))
  }
)

/** `length` numbers from `start` to `stop`, both among them, equally far apart. */
export const linspace = named(
  "linspace",
  <const N extends number, D extends "f16" | "bf16" | "f32" | "f64" = "f32">(
    start: number,
    stop: number,
    length: N,
    dtype: D = "f32" as D
  ): Tensor<D, readonly [N]> => {
    requireKind("linspace", { dtype: requireDType("linspace", dtype), shape: [] }, ["float"])
    requireDim("linspace", "the count", length)
    requireNumber("linspace", "start", start)
    requireNumber("linspace", "stop", stop)
    const shape = [length]
    if (length === 1) return tensorOf(filled({ dtype, shape }, start))
    // start (1 - t) + stop t is exact at both ends.
    const t = div(convert(iota(shape, 0), dtype), filled({ dtype, shape }, length - 1))
    const rest = apply1("sub", {}, filled(t, 1), t)
    return tensorOf(add(scale(rest, start), scale(t, stop)))
  }
)

/** The conjugate transpose of the last two axes. */
const adjoint = (x: Value): Value =>
  flip(isComplex(x.dtype) ? valueOf(conj(tensorOf<ComplexDType, Shape>(x))) : x)

/**
 * The lower triangular L with `a = L L^H`, for the last two axes of positive definite matrices; NaN where one is not.
 * The two halves of `a` are averaged first, as JAX does.
 */
export const cholesky = named(
  "cholesky",
  <D extends WideDType, S extends Shape>(a: Tensor<D, S>): Tensor<D, S> => {
    const value = requireTensor("cholesky", "a", a)
    requireWide("cholesky", value)
    requireSquare("cholesky", value)
    return tensorOf(apply1("cholesky", {}, scale(add(value, adjoint(value)), 0.5)))
  }
)

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
  options?: TriangularOptions
): Tensor<D, S> => {
  const op = "triangularSolve"
  const [left, right] = [requireTensor(op, "a", a), requireTensor(op, "b", b)]
  const given = requireOptions(op, options)
  const params = {
    leftSide: requireFlag(op, "leftSide", given.leftSide, true),
    lower: requireFlag(op, "lower", given.lower, true),
    unitDiagonal: requireFlag(op, "unitDiagonal", given.unitDiagonal),
    transpose: requireOneOf(op, "transpose", given.transpose ?? "none", ["none", "transpose", "adjoint"])
  }
  return tensorOf(apply1(op, params, left, right))
}

const band = (op: "tril" | "triu") => {
  const direction = op === "tril" ? "ge" : "le"
  return named(op, <D extends DType, S extends Shape>(x: Tensor<D, S>, diagonal = 0): Tensor<D, S> => {
    const value = requireTensor(op, "x", x)
    requireWhole(op, "diagonal", diagonal)
    const rank = x.shape.length
    if (rank < 2) throw shapeError(op, `${op}: ${show(x)} holds no matrices`, "it needs at least two axes")
    const row = iota(x.shape, rank - 2)
    const column = iota(x.shape, rank - 1)
    const holds = compare(direction, add(row, filled(row, diagonal)), column)
    return tensorOf(apply1("select", {}, holds, value, zerosLike(value)))
  })
}

/** The lower triangle of the last two axes, zeros above; `diagonal` moves the border. */
export const tril = band("tril")
/** The upper triangle of the last two axes, zeros below. */
export const triu = band("triu")

type FftAxes = 1 | 2 | 3

type FftKind = Params["fft"]["kind"]

/** A transform over the last axes; `length` is that of the last axis of the result, where the operand does not say it. */
const fourier = (kind: FftKind, x: Tensor, axes: FftAxes, length?: number): Value =>
  named(kind, () => {
    const value = requireTensor(kind, "x", x)
    const wanted = requireWhole(kind, "the number of axes", axes)
    if (!(wanted >= 1 && wanted <= Math.min(value.shape.length, 3)))
      throw shapeError(
        kind,
        `${kind}: ${wanted} axes of ${show(value)}`,
        "it goes over the last one, two or three axes"
      )
    const lengths = value.shape.slice(-axes)
    const own = lengths.at(-1)!
    const last = kind === "irfft" ? (length ?? 2 * (own - 1)) : own
    return apply1("fft", { kind, lengths: [...lengths.slice(0, -1), last] }, value)
  })()

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
  length?: number,
  axes: FftAxes = 1
): Tensor<RealOf<D>, Unknown<S>> => tensorOf(fourier("irfft", x, axes, length))
