import { defineComposite } from "../composites.ts"
import { named } from "../errors.ts"
import { add, eq } from "../ops/elementwise.ts"
import { triangularSolve, tril, triu } from "../ops/linalg.ts"
import { concatenate, convert, reshape, where } from "../ops/structure.ts"
import { apply } from "../primitives/index.ts"
import { requireWide } from "../primitives/linalg.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import { valueOf } from "../tensor.ts"
import { iota, zeros } from "../values.ts"
import { luFactors } from "./lu-factors.ts"
import {
  eachMatrix,
  identities,
  type Numbers,
  numbersOf,
  type Places,
  part,
  placesOf,
  product,
  rowsAt,
  transposed
} from "./matrices.ts"
import { evaluateLu } from "./reference/lu.ts"
import { requireAxes, requireMatrices } from "./requirements.ts"
import type { AreMatrices, ColumnsOf, Matrices, RankOf, RowsOf, Vectors, WideDType } from "./types.ts"

/** The factors of a batch of matrices, and the order of rows that the swaps make. */
export const factored = (a: Numbers): readonly [packed: Numbers, pivots: Places, order: Places] =>
  apply("composite", { name: "lu", options: {} }, [valueOf(a)]) as unknown as readonly [
    Numbers,
    Places,
    Places
  ]

/** A batch of matrices with more rows or columns, which are those of an identity. */
const extended = (x: Numbers, n: number): Numbers => {
  const [rows, columns] = x.shape.slice(-2) as [number, number]
  const batch = x.shape.slice(0, -2)
  const whole = identities(batch, n, x.dtype)
  const rank = x.shape.length
  const right = part(whole, [0, rows], [columns, n])
  const below = part(whole, [rows, n], [0, n])
  return concatenate([concatenate([x, right], rank - 1), below], rank - 2)
}

/** L with ones on its diagonal, m by k, of k pivots. */
const lowerOf = (packed: Numbers): Numbers => {
  const [m, n] = packed.shape.slice(-2) as [number, number]
  const strict = tril(part(packed, [0, m], [0, Math.min(m, n)]), -1)
  const rank = packed.shape.length
  const diagonal = eq(placesOf(iota(strict.shape, rank - 2)), placesOf(iota(strict.shape, rank - 1)))
  return where(diagonal, 1, strict)
}

const upperOf = (packed: Numbers): Numbers => {
  const [m, n] = packed.shape.slice(-2) as [number, number]
  return triu(part(packed, [0, Math.min(m, n)], [0, n]))
}

defineComposite("lu", {
  infer: ([a]) => {
    requireWide("lu", a!)
    requireAxes("lu", a!)
    const [m, n] = a!.shape.slice(-2) as [number, number]
    const batch = a!.shape.slice(0, -2)
    return [a!, { dtype: "i32", shape: [...batch, Math.min(m, n)] }, { dtype: "i32", shape: [...batch, m] }]
  },
  body: ([a]) => {
    const [m, n] = a!.shape.slice(-2) as [number, number]
    if (m === 0 || n === 0) {
      const batch = a!.shape.slice(0, -2)
      return [a!, zeros({ dtype: "i32", shape: [...batch, 0] }), iota([...batch, m], batch.length)]
    }
    return eachMatrix(
      (each) => {
        const { packed, pivots, order } = luFactors(each as Numbers)
        return [packed, pivots, order]
      },
      [a!],
      [2]
    )
  },
  // De Hoog, Anderssen and Lukas 2011, "Differentiation of matrix functionals using triangular factorization".
  push: ({ outputs: [packed, , order] }, [tangent]) => {
    if (tangent === undefined) return [undefined, undefined, undefined]
    const [factors, places] = [numbersOf(packed!), placesOf(order!)]
    const [m, n] = packed!.shape.slice(-2) as [number, number]
    const lower = m > n ? extended(lowerOf(factors), m) : lowerOf(factors)
    const upper = n > m ? extended(upperOf(factors), n) : upperOf(factors)
    const moved = rowsAt(numbersOf(tangent), places)
    const left = triangularSolve(lower, moved, { unitDiagonal: true })
    const both = triangularSolve(upper, left, { leftSide: false, lower: false })
    const change = add(product(lower, tril(both, -1)), product(triu(both), upper))
    return [valueOf(change), undefined, undefined]
  },
  evaluate: evaluateLu
})

/**
 * Factors matrices as `p l u`: a permutation, a lower triangular matrix with ones on its diagonal, and an upper
 * triangular one. Pivots are chosen as LAPACK does: the greatest element of a column, of complex numbers by the sum of
 * the sizes of their parts. f32[...,m,n] gives matrices of m by m, m by k and k by n, with k the lesser of m and n.
 * Takes f32, f64, c64 and c128. Fails with a `DTypeError` for another dtype, and a `ShapeError` for fewer than two
 * axes.
 *
 * @example
 * const [p, l, u] = lu(constant([[1, 2], [4, 6]], "f32"))
 * l // [[1, 0], [0.25, 1]]
 * u // [[4, 6], [0, 0.5]]
 */
export const lu = named(
  "lu",
  <D extends WideDType, S extends Shape>(
    a: Tensor<D, S> & AreMatrices<"lu", D, S>
  ): [
    p: Tensor<D, Matrices<S, RowsOf<S>, RowsOf<S>>>,
    l: Tensor<D, Matrices<S, RowsOf<S>, RankOf<S>>>,
    u: Tensor<D, Matrices<S, RankOf<S>, ColumnsOf<S>>>
  ] => {
    const [packed, , order] = factored(requireMatrices("lu", "a", a))
    const rank = order.shape.length
    const shape = [...order.shape, order.shape.at(-1)!]
    const chosen = eq(placesOf(iota(shape, rank)), reshape(order, [...order.shape, 1]))
    // Row i of l u is row order[i] of a.
    const permutation = transposed(convert(chosen, a.dtype as "f32"))
    return [permutation, lowerOf(packed), upperOf(packed)] as never
  }
)

/**
 * Factors matrices for `luSolve`: l and u in one array, without the ones on the diagonal of l, and the row swaps. Row
 * i was swapped with row pivots[i], first to last. Takes f32, f64, c64 and c128. Fails with a `DTypeError` for another
 * dtype, and a `ShapeError` for fewer than two axes.
 *
 * @example luFactor(constant([[1, 2], [4, 6]], "f32")) // [[[4, 6], [0.25, 0.5]], [1, 1]]
 */
export const luFactor = named(
  "luFactor",
  <D extends WideDType, S extends Shape>(
    a: Tensor<D, S> & AreMatrices<"luFactor", D, S>
  ): [lu: Tensor<D, S>, pivots: Tensor<"i32", Vectors<S, RankOf<S>>>] => {
    const [packed, pivots] = factored(requireMatrices("luFactor", "a", a))
    return [packed, pivots] as never
  }
)
