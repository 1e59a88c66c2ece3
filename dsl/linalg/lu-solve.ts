import { fori } from "../control/fori.ts"
import { dtypeError, named, shapeError } from "../errors.ts"
import { eq } from "../ops/elementwise.ts"
import type { TriangularOptions } from "../ops/linalg.ts"
import { reshape, where } from "../ops/structure.ts"
import { requireList, requireOneOf, requireOptions, requireTensor } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, valueOf } from "../tensor.ts"
import { blockAt, counted, eachMatrix, type Numbers, type Places, placesOf } from "./matrices.ts"
import { requireSquares } from "./requirements.ts"
import { byFactors, solveRight } from "./solve.ts"
import type { AreSquare, FitsBeside, RankOf, Solved, Vectors, WideDType } from "./types.ts"

/** Which form of the matrix `luSolve` solves for. */
export interface LuSolveOptions {
  /** `"transpose"` and `"adjoint"` solve `a^T x = b` and `a^H x = b` ("none"). */
  readonly transpose?: NonNullable<TriangularOptions["transpose"]>
}

/** The order of rows that swaps make, one after another, of one matrix. */
const swapped = (pivots: Places): Places => {
  const n = pivots.shape[0]!
  const places = counted(n)
  const step = (k: Places, order: Places): Places => {
    const at = (x: Places, place: Places): Places => reshape(blockAt(x, [place], [1]), [])
    const other = at(pivots, k)
    return where(eq(places, k), at(order, other), where(eq(places, other), at(order, k), order))
  }
  return fori(0, n, step as never, places as never) as Places
}

const orderOf = (pivots: Places): Places =>
  placesOf(eachMatrix((each) => [swapped(each as Places)], [valueOf(pivots)], [1])[0]!)

/**
 * Solves `a x = b` by the factors that `luFactor` gives of `a`, for any number of right-hand sides. `b` is a vector, or
 * matrices whose batch broadcasts with that of the factors. `transpose` solves for another form of `a`. Takes f32, f64,
 * c64 and c128. Fails with a `ShapeError` where the factors are not square or what is given does not fit, a
 * `DTypeError` for other dtypes, and a `ValueError` for a form that there is not.
 *
 * @example
 * const factors = luFactor(constant([[2, 1], [1, 3]], "f32"))
 * luSolve(factors, constant([3, 5], "f32")) // f32[2]: [0.8, 1.4]
 */
export const luSolve = named(
  "luSolve",
  <D extends WideDType, S extends Shape, T extends Shape>(
    factors: readonly [
      lu: Tensor<D, S> & AreSquare<"luSolve", D, S>,
      pivots: Tensor<"i32", Vectors<S, RankOf<S>>>
    ],
    b: Tensor<NoInfer<D>, T> & FitsBeside<"luSolve", Tensor<D, S>, D, T>,
    options?: LuSolveOptions
  ): Tensor<D, Solved<S, T>> => {
    const [first, second] = requireList("luSolve", "factors", factors as ReadonlyArray<Tensor>, hint)
    const packed = requireSquares("luSolve", "the factors", first!)
    const pivots = requireTensor("luSolve", "the pivots", second!)
    if (pivots.dtype !== "i32")
      throw dtypeError("luSolve", `luSolve: takes i32 pivots, not ${show(pivots)}`, hint)
    if (pivots.shape.join() !== packed.shape.slice(0, -1).join())
      throw shapeError("luSolve", `luSolve: pivots of ${show(pivots)} do not fit ${show(packed)}`, hint)
    const transpose = requireOneOf(
      "luSolve",
      "transpose",
      requireOptions("luSolve", options).transpose ?? "none",
      ["none", "transpose", "adjoint"]
    )
    const order = packed.shape.includes(0) ? placesOf(pivots) : orderOf(placesOf(pivots))
    return solveRight(
      "luSolve",
      packed,
      b,
      [
        [packed, 2],
        [order, 1]
      ],
      ([lu, rows], right) => byFactors(lu as Numbers, rows as Places, right, transpose)
    ) as never
  }
)

const hint = "give what luFactor gives: the factors, and the row swaps"
