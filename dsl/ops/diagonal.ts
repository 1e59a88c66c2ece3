import type { DType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { apply1 } from "../primitives/index.ts"
import { requireDistinct } from "../primitives/rule.ts"
import { plainAxis, requireOptions, requireTensor, requireWhole } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { Reduced } from "../types/axes.ts"
import type { Diag, Diagonal } from "../types/grids.ts"
import type { AreMatrices } from "../types/matrices.ts"
import type { NumericDType, Summed } from "../types.ts"
import { range, reshape, transpose, zeros } from "../values.ts"
import { sum } from "./sums.ts"

/** Which diagonal, and of which axes. */
export interface DiagonalOptions<
  K extends number = number,
  A extends number = number,
  B extends number = number
> {
  /** How far above the main diagonal it lies; below it where negative (0). */
  readonly offset?: K
  /** The axis of the rows (0). */
  readonly axis1?: A
  /** The axis of the columns (1). */
  readonly axis2?: B
}

/** How many rows go up to where the diagonal begins, and how long it is. */
const line = (
  rows: number,
  columns: number,
  offset: number
): { readonly start: number; readonly length: number } => {
  const length = Math.max(
    0,
    offset >= 0 ? Math.min(rows, columns - offset) : Math.min(rows + offset, columns)
  )
  return { start: offset >= 0 ? offset : -offset * columns, length }
}

/** The diagonal of the last two axes: each place is one row and one column after that before. */
const ofLast = (x: Value, offset: number): Value => {
  const [rows, columns] = x.shape.slice(-2) as [number, number]
  const batch = x.shape.slice(0, -2)
  const { start, length } = line(rows, columns, offset)
  const flat = reshape(x, [...batch, rows * columns])
  if (length === 0) return zeros({ dtype: x.dtype, shape: [...batch, 0] })
  const limit = start + (length - 1) * (columns + 1) + 1
  return apply1(
    "slice",
    {
      start: [...batch.map(() => 0), start],
      limit: [...batch, limit],
      strides: [...batch.map(() => 1), columns + 1]
    },
    flat
  )
}

/** A vector on a diagonal, with zeros beside it: in row-major order its elements are a row and one apart. */
const asMatrix = (x: Value, offset: number): Value => {
  const length = x.shape[0]!
  const size = length + Math.abs(offset)
  if (length === 0) return zeros({ dtype: x.dtype, shape: [size, size] })
  const low = offset >= 0 ? offset : -offset * size
  const high = size * size - (low + (length - 1) * (size + 1) + 1)
  const zero = zeros({ dtype: x.dtype, shape: [] })
  const flat = apply1("pad", { low: [low], high: [high], interior: [size] }, x, zero)
  return reshape(flat, [size, size])
}

const diagonalOf = (op: string, x: Tensor, options: DiagonalOptions | undefined): Value => {
  const value = requireTensor(op, "x", x)
  const { offset = 0, axis1 = 0, axis2 = 1 } = requireOptions(op, options, ["offset", "axis1", "axis2"])
  requireWhole(op, "offset", offset)
  const rank = value.shape.length
  if (rank < 2) throw shapeError(op, say("matrices", { op, a: show(value) }), "it needs at least two axes")
  const axes = [plainAxis(op, axis1, value), plainAxis(op, axis2, value)]
  requireDistinct(op, axes)
  const others = range(rank).filter((axis) => !axes.includes(axis))
  return ofLast(transpose(value, [...others, ...axes]), offset)
}

/**
 * Gives the diagonal of two axes (the first two) as a new last axis. The dtype stays. Fails with a `ShapeError` for
 * fewer than two axes, and an axis that the array does not have.
 *
 * @example
 * const m = constant([[1, 2], [3, 4]], "f32")
 * diagonal(m) // [1, 4]
 * diagonal(m, { offset: 1 }) // [2]
 */
export const diagonal = named(
  "diagonal",
  <
    D extends DType,
    S extends Shape,
    const K extends number = 0,
    const A extends number = 0,
    const B extends number = 1
  >(
    x: Tensor<D, S> & AreMatrices<"diagonal", D, S>,
    options?: DiagonalOptions<K, A, B>
  ): Tensor<D, Diagonal<S, NoInfer<K>, NoInfer<A>, NoInfer<B>>> =>
    tensorOf(diagonalOf("diagonal", x, options))
)

/**
 * Makes a matrix of a vector, with the vector on the diagonal and zeros beside; or gives the diagonal of a matrix.
 * `offset` (0) is how far above the main diagonal it lies. The dtype stays. Fails with a `ShapeError` for another number
 * of axes.
 *
 * @example
 * diag(constant([1, 2], "f32")) // [[1, 0], [0, 2]]
 * diag(constant([[1, 2], [3, 4]], "f32")) // [1, 4]
 */
export const diag = named(
  "diag",
  <D extends DType, S extends Shape, const K extends number = 0>(
    x: Tensor<D, S>,
    offset: K = 0 as K
  ): Tensor<D, Diag<S, NoInfer<K>>> => {
    const value = requireTensor("diag", "x", x)
    requireWhole("diag", "offset", offset)
    if (value.shape.length === 1) return tensorOf(asMatrix(value, offset))
    if (value.shape.length === 2) return tensorOf(ofLast(value, offset))
    throw shapeError(
      "diag",
      `diag: ${show(value)} is no vector and no matrix`,
      "diagonal(x, { axis1, axis2 }) takes more axes"
    )
  }
)

/**
 * Gives the sum of the diagonal of two axes (the first two): the trace of a matrix. Integers of fewer than 32 bits
 * are added as 32 bits, and booleans as i32. Fails with a `ShapeError` for fewer than two axes.
 *
 * @example matrixTrace(constant([[1, 2], [3, 4]], "f32")) // 5
 */
export const matrixTrace = named(
  "matrixTrace",
  <
    D extends NumericDType | "bool",
    S extends Shape,
    const K extends number = 0,
    const A extends number = 0,
    const B extends number = 1
  >(
    x: Tensor<D, S> & AreMatrices<"matrixTrace", D, S>,
    options?: DiagonalOptions<K, A, B>
  ): Tensor<Summed<D>, Reduced<S, NoInfer<readonly [A, B]>, false>> =>
    sum(tensorOf<D, Shape>(diagonalOf("matrixTrace", x, options)), -1) as never
)
