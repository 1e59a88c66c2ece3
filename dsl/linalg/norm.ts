import type { ComplexDType, FloatDType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { and, div, eq, mul, ne, pow, sqrt } from "../ops/elementwise.ts"
import { convert, reshape, where } from "../ops/structure.ts"
import { any, max, min, sum } from "../ops/sums.ts"
import { requireWide } from "../primitives/linalg.ts"
import { requireKind } from "../primitives/rule.ts"
import { plainAxes, requireFlag, requireOneOf, requireOptions, requireTensor } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { IsAxis, Reduced } from "../types/axes.ts"
import type { RealOf } from "../types.ts"
import { moveAxis, range } from "../values.ts"
import { absolute, along, type Numbers, numbersOf, squared, zerosOf } from "./matrices.ts"
import { requireMatrices } from "./requirements.ts"
import { inv } from "./solve.ts"
import { singularValues } from "./svd.ts"
import type { AreMatrices, BatchOf, WideDType } from "./types.ts"

/** Which norm: of vectors any number p, of matrices 1, 2, Infinity, their negatives, `"fro"` or `"nuc"`. */
export type NormOrder = number | "fro" | "nuc"

/** Which norm `norm` gives, over which axes. */
export interface NormOptions<A = number | ReadonlyArray<number> | undefined, K extends boolean = boolean> {
  /** Left out: the square root of the sum of squares. */
  readonly ord?: NormOrder
  /** One axis for norms of vectors, two for norms of matrices; all, where it is left out. */
  readonly axis?: A
  /** Keep the reduced axes, with length 1. */
  readonly keepDims?: K
}

const euclidean = (x: Numbers, axes: ReadonlyArray<number>): Numbers => sqrt(sum(squared(x), axes) as Numbers)

const none = (x: Numbers, axes: ReadonlyArray<number>): boolean => axes.some((axis) => x.shape[axis] === 0)

/** The greatest over axes; 0 of nothing. */
const greatest = (x: Numbers, axis: number): Numbers =>
  none(x, [axis]) ? zerosOf(x.dtype, x.shape.toSpliced(axis, 1)) : (max(x, axis as never) as Numbers)

const ofVectors = (x: Numbers, axis: number, ord: NormOrder): Numbers => {
  const size = absolute(x)
  const over = (y: Numbers): Numbers => sum(y, axis as never) as Numbers
  switch (ord) {
    case Number.POSITIVE_INFINITY:
      return greatest(size, axis)
    case Number.NEGATIVE_INFINITY:
      return min(size, axis as never) as Numbers
    case 0:
      return over(convert(ne(x, 0), size.dtype))
    case 1:
      return over(size)
    case 2:
      return euclidean(x, [axis])
    default: {
      const p = Number(ord)
      return pow(over(pow(size, p)), 1 / p)
    }
  }
}

const ofMatrices = (x: Numbers, [rows, columns]: readonly [number, number], ord: NormOrder): Numbers => {
  // Sums over one of the two axes; the other has then moved down if it came after.
  const sums = (axis: number): Numbers => sum(absolute(x), axis as never) as Numbers
  const other = (axis: number, gone: number): number => (axis > gone ? axis - 1 : axis)
  switch (ord) {
    case "fro":
      return euclidean(x, [rows, columns])
    case 1:
      return greatest(sums(rows), other(columns, rows))
    case -1:
      return min(sums(rows), other(columns, rows) as never) as Numbers
    case Number.POSITIVE_INFINITY:
      return greatest(sums(columns), other(rows, columns))
    case Number.NEGATIVE_INFINITY:
      return min(sums(columns), other(rows, columns) as never) as Numbers
  }
  requireWide("norm", x)
  const rank = x.shape.length
  const last = moveAxis(valueOf(x), rows, rank - 1)
  const s = singularValues(numbersOf(moveAxis(last, other(columns, rows), rank - 1)))
  const axis = s.shape.length - 1
  if (ord === 2) return greatest(s, axis)
  return (ord === -2 ? min(s, axis as never) : sum(s, axis as never)) as Numbers
}

const refuse = (x: Value, message: string) =>
  shapeError(
    "norm",
    `norm: ${message} of ${show(x)}`,
    "name one axis for norms of vectors, or two for norms of matrices: { axis: -1 }"
  )

const normOf = (
  x: Numbers,
  ord: NormOrder | undefined,
  axes: ReadonlyArray<number>,
  all: boolean
): Numbers => {
  if (ord === undefined && (all || axes.length <= 2)) return euclidean(x, axes)
  const [first, second, ...rest] = axes
  if (first === undefined || rest.length > 0) throw refuse(valueOf(x), `${axes.length} axes`)
  if (second === undefined) {
    requireOneOf("norm", "ord", typeof ord === "number" && !Number.isNaN(ord) ? 2 : ord!, [2])
    return ofVectors(x, first, ord!)
  }
  const known = ["fro", "nuc", 1, -1, 2, -2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const
  return ofMatrices(x, [first, second], requireOneOf<NormOrder>("norm", "ord", ord!, known))
}

/**
 * Gives norms: of vectors along one axis, of matrices over two, or of all elements. Without `ord` it is the square root
 * of the sum of squares. Of vectors, `ord` is any p: the p-th root of the sum of p-th powers of sizes, the greatest for
 * Infinity, and for 0 how many are not zero. Of matrices it is the greatest sum of sizes of a column (1) or a row
 * (Infinity), the greatest singular value (2), their sum (`"nuc"`), or `"fro"`. Takes floats and complex numbers; the
 * result is real. Fails with a `ShapeError` for axes that do not fit, a `DTypeError` for other dtypes, and a
 * `ValueError` for an `ord` that there is not.
 *
 * @example
 * norm(constant([3, 4], "f32")) // f32[]: 5
 * norm(constant([[1, -2], [3, 4]], "f32"), { ord: 1 }) // 6
 * norm(constant([[3, 4], [6, 8]], "f32"), { axis: 1 }) // [5, 10]
 */
export const norm = named(
  "norm",
  <
    D extends FloatDType | ComplexDType,
    S extends Shape,
    const A extends number | ReadonlyArray<number> | undefined = undefined,
    K extends boolean = false
  >(
    x: Tensor<D, S>,
    options?: NormOptions<A & IsAxis<"norm", D, S, A>, K>
  ): Tensor<RealOf<D>, Reduced<S, NoInfer<A>, NoInfer<K>>> => {
    const value = requireTensor("norm", "x", x)
    requireKind("norm", value, ["float", "complex"])
    const { ord, axis, keepDims } = requireOptions<NormOptions>("norm", options)
    const axes = plainAxes("norm", axis, value)
    if (new Set(axes).size < axes.length) throw refuse(value, "an axis is named twice")
    const result = normOf(numbersOf(value), ord, axes, axis === undefined)
    if (!requireFlag("norm", "keepDims", keepDims)) return tensorOf(valueOf(result))
    return reshape(
      result,
      value.shape.map((dim, i) => (axes.includes(i) ? 1 : dim))
    ) as never
  }
)

/** Whether a NaN is among the elements of each matrix. */
const hasNaN = (x: Numbers): Tensor<"bool"> =>
  any(ne(x, x), range(2, x.shape.length - 2) as never) as Tensor<"bool">

/**
 * Gives the condition numbers of matrices: the norm times that of the inverse. For `ord` 2, which it is where it is
 * left out, that is the greatest singular value over the least; for others the matrices must be square. A singular
 * matrix gives Infinity. Takes f32, f64, c64 and c128; the result is real. Fails with a `ShapeError` for empty or too
 * few axes, a `DTypeError` for another dtype, and a `ValueError` for an `ord` that there is not.
 *
 * @example cond(constant([[2, 1], [1, 2]], "f32")) // f32[]: 3
 */
export const cond = named(
  "cond",
  <D extends WideDType, S extends Shape>(
    a: Tensor<D, S> & AreMatrices<"cond", D, S>,
    options?: Pick<NormOptions, "ord">
  ): Tensor<RealOf<D>, BatchOf<S>> => {
    const matrix = requireMatrices("cond", "a", a)
    const ord = requireOptions<NormOptions>("cond", options).ord ?? 2
    if (a.shape.slice(-2).includes(0))
      throw shapeError(
        "cond",
        `cond: ${show(matrix)} holds empty matrices`,
        "an empty matrix has no condition"
      )
    if (ord === 2 || ord === -2) {
      const s = singularValues(matrix)
      const [rank, k] = [s.shape.length, s.shape.at(-1)!]
      const [first, last] = [along(s, rank - 1, 0, 1), along(s, rank - 1, k - 1, k)]
      const ratio = ord === 2 ? div(first, last) : div(last, first)
      return finished(reshape(ratio, a.shape.slice(0, -2)), matrix) as never
    }
    const axis = [-2, -1] as const
    const [own, inverse] = [matrix, inv(matrix) as Numbers].map(
      (each) => norm(each, { ord, axis }) as Numbers
    ) as [Numbers, Numbers]
    return finished(mul(own, inverse), matrix) as never
  }
)

/** What is no number is infinite, unless the matrix had NaN. */
const finished = (ratio: Numbers, matrix: Numbers): Numbers =>
  where(and(ne(ratio, ratio), eq(hasNaN(matrix), false)), Number.POSITIVE_INFINITY, ratio)
