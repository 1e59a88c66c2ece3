import { defineComposite } from "../composites.ts"
import { named, shapeError, valueError } from "../errors.ts"
import { say } from "../messages.ts"
import { add, div, gt, mul, neg, sub } from "../ops/elementwise.ts"
import { stopGradient } from "../ops/stop-gradient.ts"
import { convert, reshape, where } from "../ops/structure.ts"
import { sum } from "../ops/sums.ts"
import { apply1 } from "../primitives/index.ts"
import { requireSameDType } from "../primitives/rule.ts"
import { requireNumber, requireOptions, requireTensor, shown } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, valueOf } from "../tensor.ts"
import type { RealOf } from "../types.ts"
import {
  adjoint,
  along,
  epsilonOf,
  type Numbers,
  numbersOf,
  product,
  row,
  squared,
  zerosOf
} from "./matrices.ts"
import { requireMatrices } from "./requirements.ts"
import { singular, singularValues } from "./svd.ts"
import type { AreMatrices, BatchOf, ColumnsOf, Matrices, RankOf, RowsOf, WideDType } from "./types.ts"

/** From which size relative to the greatest on a singular value counts. */
export interface ToleranceOptions {
  /** Singular values up to this, relative to the greatest, count as zero. */
  readonly rtol?: number
}

/** What is set as a relative tolerance, or else what rounding leaves of so many terms. */
export const toleranceOf = (
  op: string,
  options: ToleranceOptions | undefined,
  a: Numbers,
  times: number
): number => {
  const given = requireOptions(op, options).rtol
  if (given === undefined) return times * Math.max(...a.shape.slice(-2)) * 2 * epsilonOf(a)
  const rtol = requireNumber(op, "rtol", given)
  if (rtol >= 0) return rtol
  throw valueError(op, `${op}: rtol is ${shown(rtol)}`, "give a number from 0")
}

/** Which singular values count. */
export const counting = (s: Numbers, rtol: number): Tensor<"bool"> => {
  const rank = s.shape.length
  return gt(s, mul(along(s, rank - 1, 0, 1), rtol))
}

// Golub and Pereyra 1973, "The differentiation of pseudo-inverses and nonlinear least squares problems whose variables
// separate".
defineComposite("pinv", {
  infer: ([a]) => {
    const [m, n] = a!.shape.slice(-2) as [number, number]
    return [{ dtype: a!.dtype, shape: [...a!.shape.slice(0, -2), n, m] }]
  },
  body: ([, ...parts], { rtol }) => {
    const [u, s, vh] = parts.map(numbersOf) as [Numbers, Numbers, Numbers]
    const inverse = where(counting(s, Number(rtol)), div(1, s), 0)
    return [valueOf(product(mul(adjoint(vh), row(convert(inverse, u.dtype))), adjoint(u)))]
  },
  push: ({ inputs: [given], outputs: [found] }, [tangent]) => {
    if (tangent === undefined) return [undefined]
    const [a, p, moved] = [given!, found!, tangent].map(numbersOf) as [Numbers, Numbers, Numbers]
    const [m, n] = a.shape.slice(-2) as [number, number]
    const [ph, mh] = [adjoint(p), adjoint(moved)]
    // The order of products that keeps the arrays between them small.
    const tall = m >= n
    const times = (x: Numbers, y: Numbers, z: Numbers): Numbers =>
      tall ? product(product(x, y), z) : product(x, product(y, z))
    const [s, t] = [times(p, ph, mh), times(mh, ph, p)] as [Numbers, Numbers]
    const first = neg(times(p, moved, p))
    const second = sub(s, times(s, a, p))
    const third = sub(t, tall ? product(product(p, a), t) : product(p, product(a, t)))
    return [valueOf(add(first, add(second, third)))]
  }
})

/** The pseudo-inverse, by singular values that are at hand. */
const inverted = (a: Numbers, [u, s, vh]: readonly [Numbers, Numbers, Numbers], rtol: number): Numbers =>
  numbersOf(
    apply1(
      "composite",
      { name: "pinv", options: { rtol } },
      valueOf(a),
      ...[u, s, vh].map((each) => valueOf(stopGradient(each)))
    )
  )

const isEmpty = (a: Numbers): boolean => a.shape.slice(-2).includes(0)

/**
 * Gives the pseudo-inverses of matrices, by singular values: f32[m,n] gives f32[n,m]. Values up to `rtol` of the
 * greatest count as zero; without it, that is 10 max(m, n) times the dtype's precision. The derivative takes the rank
 * as it is. Takes f32, f64, c64 and c128. Fails with a `ShapeError` for fewer than two axes, a `DTypeError` for another
 * dtype, and a `ValueError` for a tolerance below zero.
 *
 * @example pinv(constant([[2, 0], [0, 0]], "f32")) // [[0.5, 0], [0, 0]]
 */
export const pinv = named(
  "pinv",
  <D extends WideDType, S extends Shape>(
    a: Tensor<D, S> & AreMatrices<"pinv", D, S>,
    options?: ToleranceOptions
  ): Tensor<D, Matrices<S, ColumnsOf<S>, RowsOf<S>>> => {
    const matrix = requireMatrices("pinv", "a", a)
    const rtol = toleranceOf("pinv", options, matrix, 10)
    const [m, n] = a.shape.slice(-2) as [number, number]
    if (isEmpty(matrix)) return zerosOf(a.dtype, [...a.shape.slice(0, -2), n, m]) as never
    return inverted(matrix, singular(matrix), rtol) as never
  }
)

/** The solution for a vector or for columns. */
type Solution<A extends Shape, B extends Shape> = B["length"] extends 1
  ? readonly [ColumnsOf<A>]
  : readonly [ColumnsOf<A>, ColumnsOf<B>]

/**
 * Solves `a x = b` as well as it can be: of all x that make the sum of squares of `b - a x` least, it gives the
 * shortest. `a` is f32[m,n], and `b` f32[m] or f32[m,k]. The results are x, the sums of squares, the rank of `a` (i32)
 * and its singular values. Values up to `rtol` of the greatest count as zero; without it, that is max(m, n) times the
 * dtype's precision. Takes f32, f64, c64 and c128. Fails with a `ShapeError` where `a` is no matrix or `b` does not
 * fit, a `DTypeError` for other dtypes, and a `ValueError` for a tolerance below zero.
 *
 * @example
 * const [x, left, rank] = lstsq(constant([[1], [1]], "f32"), constant([1, 3], "f32"))
 * x // f32[1]: [2]
 * left // f32[]: 2
 * rank // 1
 */
export const lstsq = named(
  "lstsq",
  <D extends WideDType, S extends Shape, T extends Shape>(
    a: Tensor<D, S> & AreMatrices<"lstsq", D, S>,
    b: Tensor<NoInfer<D>, T>,
    options?: ToleranceOptions
  ): [
    x: Tensor<D, Solution<S, T>>,
    squares: Tensor<RealOf<D>, T["length"] extends 1 ? readonly [] : readonly [ColumnsOf<T>]>,
    rank: Tensor<"i32", readonly []>,
    s: Tensor<RealOf<D>, readonly [RankOf<S>]>
  ] => {
    const matrix = requireMatrices("lstsq", "a", a)
    const value = requireTensor("lstsq", "b", b)
    requireSameDType("lstsq", matrix, value)
    const { shape } = value
    if (a.shape.length !== 2 || shape.length < 1 || shape.length > 2 || shape[0] !== a.shape[0])
      throw shapeError(
        "lstsq",
        say("fitBeside", { op: "lstsq", a: show(matrix), b: show(value) }),
        "a is one matrix, and b a vector or a matrix of as many rows; vmap goes over several"
      )
    const rtol = toleranceOf("lstsq", options, matrix, 1)
    const [m, n] = matrix.shape as readonly [number, number]
    const right: Numbers = reshape(numbersOf(value), [m, shape[1] ?? 1])
    const parts = singular(matrix)
    const x = isEmpty(matrix)
      ? zerosOf(a.dtype, [n, right.shape[1]!])
      : product(inverted(matrix, parts, rtol), right)
    const left = sum(squared(sub(right, product(matrix, x))), 0)
    const s = parts[1]
    const rank = isEmpty(matrix) ? zerosOf("i32", []) : sum(convert(counting(s, rtol), "i32"))
    const vector = shape.length === 1
    return [vector ? reshape(x, [n]) : x, vector ? reshape(left, []) : left, rank, s] as never
  }
)

/**
 * Counts the singular values of matrices that are not zero (i32). Values up to `rtol` of the greatest count as zero;
 * without it, that is max(m, n) times the dtype's precision. Takes f32, f64, c64 and c128. Fails with a `ShapeError`
 * for fewer than two axes, a `DTypeError` for another dtype, and a `ValueError` for a tolerance below zero.
 *
 * @example matrixRank(constant([[1, 2], [2, 4]], "f32")) // i32[]: 1
 */
export const matrixRank = named(
  "matrixRank",
  <D extends WideDType, S extends Shape>(
    a: Tensor<D, S> & AreMatrices<"matrixRank", D, S>,
    options?: ToleranceOptions
  ): Tensor<"i32", BatchOf<S>> => {
    const matrix = requireMatrices("matrixRank", "a", a)
    const rtol = toleranceOf("matrixRank", options, matrix, 1)
    if (isEmpty(matrix)) return zerosOf("i32", a.shape.slice(0, -2)) as never
    return sum(convert(counting(singularValues(matrix), rtol), "i32"), -1) as never
  }
)
