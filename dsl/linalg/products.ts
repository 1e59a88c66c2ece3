import type { DType } from "../dtype.ts"
import { named, shapeError, valueError } from "../errors.ts"
import { say } from "../messages.ts"
import { matmul } from "../ops/dot.ts"
import { eq } from "../ops/elementwise.ts"
import { triangularSolve } from "../ops/linalg.ts"
import { where } from "../ops/structure.ts"
import { sum } from "../ops/sums.ts"
import { requireSquare } from "../primitives/linalg.ts"
import { requireKind, requireSameDType } from "../primitives/rule.ts"
import { requireFlag, requireOptions, requireTensor, requireTensors, requireWhole } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { NumericDType } from "../types.ts"
import { iota, plus } from "../values.ts"
import { identities, type Numbers, numbersOf, placesOf } from "./matrices.ts"
import { requireAxes, requireSquares } from "./requirements.ts"
import { inv, solveRight } from "./solve.ts"
import type { AreMatrices, AreSquare, BatchOf, FitsBeside, Solved, WideDType } from "./types.ts"

/** Which diagonal `trace` adds up. */
export interface TraceOptions {
  /** How far it lies above the main one (0). */
  readonly offset?: number
}

/**
 * Adds up the diagonals of matrices: f32[...,m,n] gives f32[...]. Takes all dtypes but bool, and keeps them. Fails with
 * a `ShapeError` for fewer than two axes, and a `DTypeError` for booleans. (`trace` of `loopcarry` records a program.)
 *
 * @example trace(constant([[1, 2], [3, 4]], "f32")) // f32[]: 5
 */
export const trace = named(
  "trace",
  <D extends NumericDType, S extends Shape>(
    a: Tensor<D, S> & AreMatrices<"trace", D, S>,
    options?: TraceOptions
  ): Tensor<D, BatchOf<S>> => {
    const value = requireTensor("trace", "a", a)
    requireKind("trace", value, ["float", "signed", "unsigned", "complex"])
    requireAxes("trace", value)
    const offset = requireWhole("trace", "offset", requireOptions("trace", options).offset ?? 0)
    const rank = value.shape.length
    const rows = placesOf(plus(iota(value.shape, rank - 2), offset))
    const on = eq(rows, placesOf(iota(value.shape, rank - 1)))
    return sum(where(on, numbersOf(value), 0), [rank - 2, rank - 1]) as never
  }
)

/**
 * Multiplies square matrices with themselves: `a` to the power of a whole number, by repeated squaring. A negative
 * power is one of the inverse, and then takes f32, f64, c64 and c128 alone. Fails with a `ShapeError` for what is not
 * square or a power that is no whole number, and a `DTypeError` for another dtype.
 *
 * @example matrixPower(constant([[1, 1], [0, 1]], "f32"), 5) // [[1, 5], [0, 1]]
 */
export const matrixPower = named(
  "matrixPower",
  <D extends NumericDType, S extends Shape>(
    a: Tensor<D, S> & AreSquare<"matrixPower", D, S>,
    power: number
  ): Tensor<D, S> => {
    const value = requireTensor("matrixPower", "a", a)
    requireKind("matrixPower", value, ["float", "signed", "unsigned", "complex"])
    requireSquare("matrixPower", value)
    const wanted = requireWhole("matrixPower", "the power", power)
    const base = wanted < 0 ? (inv(numbersOf(value)) as Numbers) : numbersOf(value)
    if (wanted === 0)
      return identities(value.shape.slice(0, -2), value.shape.at(-1)!, value.dtype as DType) as never
    let result: Numbers | undefined
    let square = base
    for (let rest = Math.abs(wanted); ; ) {
      if (rest % 2 === 1) result = result === undefined ? square : (matmul(result, square) as Numbers)
      rest = Math.floor(rest / 2)
      if (rest === 0) return result as never
      square = matmul(square, square) as Numbers
    }
  }
)

/** Which factor `choleskySolve` is given. */
export interface CholeskySolveOptions {
  /** Whether it is the lower triangular L of `a = L L^H` (true), or the upper U of `a = U^H U`. */
  readonly lower?: boolean
}

/**
 * Solves `a x = b` for a positive definite `a`, by its factor that `cholesky` gives. `b` is a vector, or matrices whose
 * batch broadcasts with that of the factor. Takes f32, f64, c64 and c128. Fails with a `ShapeError` where the factor is
 * not square or `b` does not fit, and a `DTypeError` for other dtypes.
 *
 * @example
 * const l = cholesky(constant([[4, 0], [0, 9]], "f32"))
 * choleskySolve(l, constant([8, 9], "f32")) // f32[2]: [2, 1]
 */
export const choleskySolve = named(
  "choleskySolve",
  <D extends WideDType, S extends Shape, T extends Shape>(
    factor: Tensor<D, S> & AreSquare<"choleskySolve", D, S>,
    b: Tensor<NoInfer<D>, T> & FitsBeside<"choleskySolve", Tensor<D, S>, D, T>,
    options?: CholeskySolveOptions
  ): Tensor<D, Solved<S, T>> => {
    const matrix = requireSquares("choleskySolve", "the factor", factor)
    const lower = requireFlag("choleskySolve", "lower", requireOptions("choleskySolve", options).lower, true)
    const forms = lower ? (["none", "adjoint"] as const) : (["adjoint", "none"] as const)
    return solveRight("choleskySolve", matrix, b, [[matrix, 2]], ([each], right) =>
      forms.reduce((x, transpose) => triangularSolve(each as Numbers, x, { lower, transpose }), right)
    ) as never
  }
)

/** The cheapest order of products of a chain of matrices of these sizes: for each part where it is cut. */
const cutsOf = (sizes: ReadonlyArray<number>): ReadonlyArray<ReadonlyArray<number>> => {
  const n = sizes.length - 1
  const cost = Array.from({ length: n }, () => new Array<number>(n).fill(0))
  const cuts = Array.from({ length: n }, () => new Array<number>(n).fill(0))
  for (let length = 2; length <= n; length++)
    for (let i = 0; i + length <= n; i++) {
      const j = i + length - 1
      cost[i]![j] = Number.POSITIVE_INFINITY
      for (let k = i; k < j; k++) {
        const total = cost[i]![k]! + cost[k + 1]![j]! + sizes[i]! * sizes[k + 1]! * sizes[j + 1]!
        if (total >= cost[i]![j]!) continue
        cost[i]![j] = total
        cuts[i]![j] = k
      }
    }
  return cuts
}

type Ends<T extends ReadonlyArray<Tensor>> = T extends readonly [
  infer First extends Tensor,
  ...ReadonlyArray<Tensor>,
  infer Last extends Tensor
]
  ? readonly [...Outer<First["shape"], 0>, ...Outer<Last["shape"], 1>]
  : Shape

type Outer<S extends Shape, At extends 0 | 1> = number extends S["length"]
  ? Shape
  : S["length"] extends 1
    ? readonly []
    : readonly [S[At]]

/**
 * Multiplies several matrices in the order that takes the fewest multiplications. The first and the last may be
 * vectors: a row and a column. Fails with a `ShapeError` for fewer than two, for other ranks and for inner lengths that
 * differ, and a `DTypeError` where the dtypes do.
 *
 * @example multiDot([ones([2, 3], "f32"), ones([3, 4], "f32"), ones([4], "f32")]) // f32[2]: [12, 12]
 */
export const multiDot = named(
  "multiDot",
  <const T extends ReadonlyArray<Tensor<NumericDType>>>(
    matrices: T
  ): Tensor<T[0] extends Tensor<infer D> ? D : DType, Ends<T>> => {
    const values = requireTensors("multiDot", "matrices", matrices, "give a list of matrices")
    if (values.length < 2)
      throw valueError(
        "multiDot",
        `multiDot: ${values.length === 0 ? "nothing" : "one matrix"} to multiply`,
        "give two matrices or more"
      )
    values.forEach((value, i) => {
      const before = values[i - 1]
      if (before !== undefined) requireSameDType("multiDot", before, value)
      const outer = i === 0 || i === values.length - 1
      const { length } = value.shape
      if (length !== 2 && !(outer && length === 1))
        throw shapeError(
          "multiDot",
          `multiDot: matrices[${i}] is ${show(value)}`,
          "all are matrices; the first and the last may be vectors"
        )
      if (before !== undefined && before.shape.at(-1) !== value.shape[0])
        throw shapeError(
          "multiDot",
          say("matmulInner", { op: "multiDot", a: show(before), b: show(value) }),
          "the last axis of each must be as long as the first of the next"
        )
    })
    const sizes = [
      values[0]!.shape.length === 1 ? 1 : values[0]!.shape[0]!,
      ...values.map(({ shape }, i) => (i > 0 && shape.length === 1 ? 1 : shape.at(-1)!))
    ]
    const cuts = cutsOf(sizes)
    const between = (i: number, j: number): Numbers =>
      i === j
        ? numbersOf(values[i]!)
        : (matmul(between(i, cuts[i]![j]!), between(cuts[i]![j]! + 1, j)) as Numbers)
    return between(0, values.length - 1) as never
  }
)
