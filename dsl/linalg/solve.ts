import { defineComposite } from "../composites.ts"
import { named } from "../errors.ts"
import { neg } from "../ops/elementwise.ts"
import { type TriangularOptions, triangularSolve } from "../ops/linalg.ts"
import { argsort } from "../ops/sort.ts"
import { stopGradient } from "../ops/stop-gradient.ts"
import { reshape } from "../ops/structure.ts"
import { apply1 } from "../primitives/index.ts"
import { type Shape, sizeOf } from "../shape.ts"
import { type Tensor, valueOf } from "../tensor.ts"
import { addMaybe, moveAxis } from "../values.ts"
import { factored } from "./lu.ts"
import {
  broadcastBatch,
  identities,
  type Numbers,
  numbersOf,
  type Places,
  placesOf,
  product,
  rowsAt,
  transposed
} from "./matrices.ts"
import { requireRight, requireSquares } from "./requirements.ts"
import type { AreSquare, FitsBeside, Solved, WideDType } from "./types.ts"

type Form = NonNullable<TriangularOptions["transpose"]>

/** The solution of p l u x = b, or of its transpose or adjoint, for matrices b. */
export const byFactors = (packed: Numbers, order: Places, b: Numbers, transpose: Form): Numbers => {
  if (transpose === "none") {
    const first = triangularSolve(packed, rowsAt(b, order), { unitDiagonal: true })
    return triangularSolve(packed, first, { lower: false })
  }
  const first = triangularSolve(packed, b, { lower: false, transpose })
  const moved = triangularSolve(packed, first, { unitDiagonal: true, transpose })
  return rowsAt(moved, argsort(order))
}

/**
 * The solution of a x = b, or of its transpose, by factors of a that are at hand. The derivative by `a` is that of the
 * equations, so that the factors serve it too.
 */
const solveBy = (a: Numbers, packed: Numbers, order: Places, b: Numbers, turned: boolean): Numbers =>
  numbersOf(
    apply1(
      "composite",
      { name: "luSolve", options: { turned } },
      ...[a, packed, order, b].map((each) => valueOf(each))
    )
  )

defineComposite("luSolve", {
  infer: ([, , , b]) => [b!],
  body: ([, packed, order, b], { turned }) => [
    valueOf(
      byFactors(numbersOf(packed!), placesOf(order!), numbersOf(b!), turned === true ? "transpose" : "none")
    )
  ],
  push: ({ inputs, outputs: [x], options: { turned } }, [da, , , db]) => {
    const [a, packed] = inputs.map(numbersOf) as [Numbers, Numbers]
    const solution = numbersOf(x!)
    const change = da && neg(product(turned === true ? transposed(numbersOf(da)) : numbersOf(da), solution))
    const right = addMaybe(change && valueOf(change), db)
    return [right && valueOf(solveBy(a, packed, placesOf(inputs[2]!), numbersOf(right), turned === true))]
  },
  pull: ({ inputs, outputs: [x], options: { turned } }, [ct]) => {
    if (ct === undefined) return []
    const [a, packed] = inputs.map(numbersOf) as [Numbers, Numbers]
    const solution = numbersOf(x!)
    const right = solveBy(a, packed, placesOf(inputs[2]!), numbersOf(ct), turned !== true)
    const matrix =
      turned === true ? product(solution, transposed(right)) : product(right, transposed(solution))
    return [valueOf(neg(matrix)), undefined, undefined, valueOf(right)]
  }
})

/** Several right-hand sides of one matrix, as columns of one, and back. */
const asColumns = (b: Numbers, solve: (columns: Numbers) => Numbers): Numbers => {
  const [n, k] = b.shape.slice(-2) as [number, number]
  const batch = b.shape.slice(0, -2)
  const flat = moveAxis(valueOf(reshape(b, [sizeOf(batch), n, k])), 0, 1)
  const columns = solve(reshape(numbersOf(flat), [n, sizeOf(batch) * k]))
  const back = moveAxis(valueOf(reshape(columns, [n, sizeOf(batch), k])), 1, 0)
  return reshape(numbersOf(back), b.shape)
}

/** The solution for a right-hand side that fits, by a function of matrices of the same batch. */
export const solveRight = (
  op: string,
  a: Numbers,
  b: Tensor,
  parts: ReadonlyArray<readonly [part: Tensor, rank: number]>,
  solve: (parts: ReadonlyArray<Tensor>, b: Numbers) => Numbers
): Numbers => {
  const { right, vector, batch } = requireRight(op, a, b)
  const own = parts.map(([part]) => part)
  if (a.shape.length === 2 && !vector && right.shape.length > 2)
    return asColumns(right, (columns) => solve(own, columns))
  const wide = parts.map(([part, rank]) => broadcastBatch(part, batch, rank))
  const matrix = vector ? reshape(right, [right.shape[0]!, 1]) : right
  const solution = solve(wide, broadcastBatch(matrix, batch, 2))
  return vector ? reshape(solution, [...batch, a.shape.at(-1)!]) : solution
}

/**
 * Solves `a x = b` by LU factors with partial pivoting. `b` is a vector, or matrices whose batch broadcasts with that
 * of `a`. A singular matrix gives infinities or NaN. Takes f32, f64, c64 and c128. Fails with a `ShapeError` where `a`
 * is not square or `b` does not fit, and a `DTypeError` for other dtypes.
 *
 * @example solve(constant([[2, 1], [1, 3]], "f32"), constant([3, 5], "f32")) // f32[2]: [0.8, 1.4]
 */
export const solve = named(
  "solve",
  <D extends WideDType, S extends Shape, T extends Shape>(
    a: Tensor<D, S> & AreSquare<"solve", D, S>,
    b: Tensor<NoInfer<D>, T> & FitsBeside<"solve", Tensor<D, S>, D, T>
  ): Tensor<D, Solved<S, T>> => {
    const matrix = requireSquares("solve", "a", a)
    const [packed, , order] = factored(matrix)
    const parts = [
      [matrix, 2],
      [stopGradient(packed), 2],
      [order, 1]
    ] as const
    return solveRight("solve", matrix, b, parts, ([each, factors, places], right) =>
      solveBy(each as Numbers, factors as Numbers, places as Places, right, false)
    ) as never
  }
)

/**
 * Inverts square matrices. A singular matrix gives infinities or NaN. `solve(a, b)` is faster and more exact than
 * `matmul(inv(a), b)`. Takes f32, f64, c64 and c128. Fails with a `ShapeError` for what is not square, and a
 * `DTypeError` for another dtype.
 *
 * @example inv(constant([[2, 0], [0, 4]], "f32")) // [[0.5, 0], [0, 0.25]]
 */
export const inv = named(
  "inv",
  <D extends WideDType, S extends Shape>(a: Tensor<D, S> & AreSquare<"inv", D, S>): Tensor<D, S> => {
    const matrix = requireSquares("inv", "a", a)
    const batch = a.shape.slice(0, -2)
    return solve(matrix, identities(batch, a.shape.at(-1)!, a.dtype)) as never
  }
)
