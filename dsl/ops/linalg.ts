import type { DType } from "../dtype.ts"
import { isComplex } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import type { TriangularParams } from "../params.ts"
import { apply1 } from "../primitives/index.ts"
import { requireSquare, requireWide } from "../primitives/linalg.ts"
import { requireKind } from "../primitives/rule.ts"
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
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { AreMatrices, AreSquare, FitsTriangular, IsWide } from "../types/matrices.ts"
import type { IsSize } from "../types/sizes.ts"
import {
  add,
  adjoint,
  broadcast,
  compare,
  convert,
  div,
  filled,
  iota,
  range,
  scale,
  select,
  zeros as zerosLike
} from "../values.ts"

/** The row and the column of each place in the last two axes; the row is moved up by `diagonal`. */
export const diagonalPlaces = (op: string, shape: Shape, diagonal: number): readonly [Value, Value] => {
  requireWhole(op, "diagonal", diagonal)
  const [rows, columns] = shape.slice(-2) as [number, number]
  const row = iota(shape, shape.length - 2)
  // What lies beyond the matrix is all one, and must not wrap around.
  const moved = Math.max(-rows, Math.min(columns, diagonal))
  return [moved === 0 ? row : add(row, filled(row, moved)), iota(shape, shape.length - 1)]
}

/** How many columns a matrix has, and on which diagonal its ones lie. */
export interface EyeOptions<M extends number = number> {
  /** (As many as rows.) */
  readonly columns?: M
  /** How far above the main diagonal the ones lie; below it where negative (0). */
  readonly diagonal?: number
}

type MatrixOfPlaces<Op extends string> = <
  const N extends number,
  D extends DType,
  const M extends number = N
>(
  n: N & IsSize<Op, "the size", N>,
  dtype: D,
  options?: EyeOptions<M>
) => Tensor<D, readonly [N, NoInfer<M>]>

/** A matrix of ones where the row, moved up by the diagonal, compares so with the column, and zeros elsewhere. */
export const onesWhere = <Op extends string>(op: Op, how: "eq" | "ge"): MatrixOfPlaces<Op> =>
  named(op, (n: number, dtype: DType, options?: EyeOptions) => {
    requireDType(op, dtype)
    requireDim(op, "the size", n)
    const { columns = n, diagonal = 0 } = requireOptions<EyeOptions>(op, options, ["columns", "diagonal"])
    const shape = [n, requireDim(op, "columns", columns)]
    const [row, column] = diagonalPlaces(op, shape, diagonal)
    return tensorOf<never, never>(convert(compare(how, row, column), dtype))
  })

/**
 * Makes the identity matrix with `n` rows; or another number of columns, or ones on another diagonal. Fails with a
 * `ShapeError` for what is no size.
 *
 * @example
 * eye(2, "f32") // f32[2,2]: [[1, 0], [0, 1]]
 * eye(2, "f32", { columns: 3, diagonal: 1 }) // f32[2,3]: [[0, 1, 0], [0, 0, 1]]
 */
export const eye = onesWhere("eye", "eq")

/**
 * Makes `length` floats from `start` to `stop`, both included, evenly spaced. Fails with a `DTypeError` for a dtype
 * that is no float, and a `ValueError` for what is no number.
 *
 * @example linspace(0, 1, 5) // f32[5]: [0, 0.25, 0.5, 0.75, 1]
 */
export const linspace = named(
  "linspace",
  <const N extends number, D extends "f16" | "bf16" | "f32" | "f64" = "f32">(
    start: number,
    stop: number,
    length: N & IsSize<"linspace", "the count", N>,
    dtype: D = "f32" as D
  ): Tensor<NoInfer<D>, readonly [N]> => {
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

/** A factor, or NaN in its triangle where a pivot is not above zero. */
const wholeFactor = (factor: Value): Value => {
  const size = isComplex(factor.dtype) ? apply1("real", {}, factor) : factor
  const rank = factor.shape.length
  const [row, column] = diagonalPlaces("cholesky", factor.shape, 0)
  const fine = apply1("or", {}, compare("gt", size, zerosLike(size)), compare("ne", row, column))
  const positive = broadcast(
    apply1("all", { axes: [rank - 2, rank - 1] }, fine),
    factor.shape,
    range(rank - 2)
  )
  const nan = filled(size, Number.NaN)
  const lost = isComplex(factor.dtype) ? apply1("complex", {}, nan, nan) : nan
  return select(apply1("or", {}, positive, compare("lt", row, column)), factor, lost)
}

/**
 * Gives the lower triangular L with `a = L L^H`, for the last two axes of positive definite matrices; NaN where one
 * is not. The two halves of `a` are averaged first, as JAX does. Takes f32, f64, c64 and c128. Fails with a
 * `ShapeError` for what is not square, and a `DTypeError` for another dtype.
 *
 * @example cholesky(constant([[4, 2], [2, 5]], "f32")) // [[2, 0], [1, 2]]
 */
export const cholesky = named(
  "cholesky",
  <D extends DType, S extends Shape>(
    a: Tensor<D, S> & IsWide<"cholesky", D, S> & AreSquare<"cholesky", D, S>
  ): Tensor<D, S> => {
    const value = requireTensor("cholesky", "a", a)
    requireWide("cholesky", value)
    requireSquare("cholesky", value)
    return tensorOf(wholeFactor(apply1("cholesky", {}, scale(add(value, adjoint(value)), 0.5))))
  }
)

/** Which system of equations `triangularSolve` solves. */
export interface TriangularOptions<L extends boolean = boolean> {
  /** Whether a is on the left of the unknown (true). */
  readonly leftSide?: L
  /** Whether the lower triangle is used (true), else the upper. */
  readonly lower?: boolean
  /** Take the diagonal for ones. */
  readonly unitDiagonal?: boolean
  /** Which form of a ("none"). */
  readonly transpose?: TriangularParams["transpose"]
}

/**
 * Solves `op(a) x = b` for x, or `x op(a) = b`, where `a` is triangular in its last two axes. Takes f32, f64, c64 and
 * c128. The result has the type of `b`. Fails with a `ShapeError` where the shapes do not fit, and a `DTypeError`
 * where the dtypes do not.
 *
 * @example triangularSolve(constant([[2, 0], [1, 1]], "f32"), constant([[4], [5]], "f32")) // [[2], [3]]
 */
export const triangularSolve = <
  D extends DType,
  T extends Shape,
  E extends DType,
  S extends Shape,
  const L extends boolean = true
>(
  a: Tensor<D, T> & IsWide<"triangularSolve", D, T> & AreSquare<"triangularSolve", D, T>,
  b: Tensor<E, S> & FitsTriangular<Tensor<D, T>, E, S, NoInfer<L>>,
  options?: TriangularOptions<L>
): Tensor<E, S> => {
  const op = "triangularSolve"
  const [left, right] = [requireTensor(op, "a", a), requireTensor(op, "b", b)]
  const given = requireOptions(op, options, ["leftSide", "lower", "unitDiagonal", "transpose"])
  const params = {
    leftSide: requireFlag(op, "leftSide", given.leftSide, true),
    lower: requireFlag(op, "lower", given.lower, true),
    unitDiagonal: requireFlag(op, "unitDiagonal", given.unitDiagonal),
    transpose: requireOneOf(op, "transpose", given.transpose ?? "none", ["none", "transpose", "adjoint"])
  }
  return tensorOf(apply1(op, params, left, right))
}

const band = <Op extends "tril" | "triu">(op: Op) => {
  const direction = op === "tril" ? "ge" : "le"
  return named(
    op,
    <D extends DType, S extends Shape>(
      x: Tensor<D, S> & AreMatrices<Op, D, S>,
      diagonal = 0
    ): Tensor<D, S> => {
      const value = requireTensor(op, "x", x)
      if (x.shape.length < 2)
        throw shapeError(op, say("matrices", { op, a: show(x) }), "it needs at least two axes")
      const [row, column] = diagonalPlaces(op, x.shape, diagonal)
      const holds = compare(direction, row, column)
      return tensorOf(apply1("select", {}, holds, value, zerosLike(value)))
    }
  )
}

/**
 * Keeps the lower triangle of the last two axes, with zeros above; `diagonal` moves the border up. Fails with a
 * `ShapeError` for fewer than two axes.
 *
 * @example tril(ones([2, 2], "f32")) // [[1, 0], [1, 1]]
 */
export const tril = band("tril")
/**
 * Keeps the upper triangle of the last two axes, with zeros below; `diagonal` moves the border up. Fails with a
 * `ShapeError` for fewer than two axes.
 *
 * @example triu(ones([2, 2], "f32")) // [[1, 1], [0, 1]]
 */
export const triu = band("triu")
