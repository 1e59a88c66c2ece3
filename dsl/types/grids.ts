import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { AtMost, Minus, Plus, Quotient, Times } from "./arithmetic.ts"
import type { LengthOf, Without } from "./axes.ts"
import type { Repeated } from "./lengths.ts"

/** The shapes of diagonals and of grids of coordinates. */

export type Least<A extends number, B extends number> = number extends A | B
  ? number
  : [A, B] extends [B, A]
    ? A
    : AtMost<A, B> extends true
      ? A
      : B

type NotNegative<N> = [[N]] extends [[never]] ? 0 : N & number

type Above<
  N extends number,
  M extends number,
  K extends number
> = `${K}` extends `-${infer Below extends number}`
  ? Least<NotNegative<Minus<N, Below>>, M>
  : Least<N, NotNegative<Minus<M, K>>>

/** The length of a diagonal K above the main one, of N rows and M columns. */
export type DiagonalLength<N extends number, M extends number, K extends number> = K extends 0
  ? [N, M] extends [M, N]
    ? N
    : Least<N, M>
  : number extends K
    ? number
    : Above<N, M, K>

type Size<K extends number> = `${K}` extends `-${infer Below extends number}` ? Below : K

type Beside<N extends number, K extends number> = K extends 0
  ? N
  : number extends K
    ? number
    : Plus<N, Size<K>>

/** The matrix of a diagonal, or the diagonal of a matrix. */
export type Diag<S extends Shape, K extends number> = S extends readonly [infer N extends number]
  ? readonly [Beside<N, K>, Beside<N, K>]
  : S extends readonly [infer N extends number, infer M extends number]
    ? readonly [DiagonalLength<N, M, K>]
    : Shape

/** The shape without two axes, whose diagonal is its last. */
export type Diagonal<S extends Shape, K extends number, A extends number, B extends number> = number extends
  | S["length"]
  | A
  | B
  ? Shape
  : [S["length"], A, B] extends [2, 0, 1]
    ? readonly [DiagonalLength<S[0], S[1], K>]
    : readonly [...Without<S, A | B>, DiagonalLength<LengthOf<S, A>, LengthOf<S, B>, K>]

/** A list of vectors of one length; of any number where that is not known. */
export type VectorsOf<N extends number, R extends number> = number extends R
  ? ReadonlyArray<Tensor<"i32", readonly [N]>>
  : Repeated<Tensor<"i32", readonly [N]>, R>

/** How many elements a triangle of a square matrix has; not known where options say another. */
export type TriangleLength<N extends number, O> = [O] extends [undefined]
  ? Quotient<Times<N, Plus<N, 1>>, 2>
  : number

type Vectors = ReadonlyArray<Tensor<Tensor["dtype"], readonly [number]>>

type Swapped<L extends Vectors> = L extends readonly [infer A, infer B, ...infer Rest]
  ? readonly [B, A, ...Rest]
  : L

type LengthsOf<L> = {
  readonly [K in keyof L]: L[K] extends Tensor<infer _, readonly [infer N extends number]> ? N : number
}

/** The places of a list at which a vector lies in the grid, where the first two axes are turned. */
interface TurnedPlaces {
  readonly 0: "1"
  readonly 1: "0"
}

type PlaceOf<K, Turned> = Turned extends true
  ? K extends `${keyof TurnedPlaces}`
    ? TurnedPlaces[K extends "0" ? 0 : 1]
    : K
  : K

type Alone<S extends Shape, K> = { readonly [P in keyof S]: P extends K ? S[P] : 1 }

/** The arrays of a grid of vectors; of a sparse one each has length 1 on the others' axes. */
export type Grids<L extends Vectors, Indexing, Sparse> = number extends L["length"]
  ? ReadonlyArray<Tensor<L[number]["dtype"]>>
  : GridsOf<
      L,
      LengthsOf<Indexing extends "xy" ? Swapped<L> : L> & Shape,
      L["length"] extends 1 ? false : Indexing extends "xy" ? true : false,
      Sparse
    >

type GridsOf<L extends Vectors, S extends Shape, Turned, Sparse> = {
  readonly [K in keyof L]: Tensor<
    L[K]["dtype"],
    Sparse extends true ? Alone<S, PlaceOf<K, Turned>> & Shape : S
  >
}

/** How many edges so many parts have, or a vector of edges. */
export type EdgeCount<B> = B extends number
  ? Plus<B, 1>
  : B extends Tensor<infer _, readonly [infer N extends number]>
    ? N
    : number

/** How many parts lie between so many edges. */
export type BinCount<B> = B extends number
  ? B
  : B extends Tensor<infer _, readonly [infer N extends number]>
    ? NotNegative<Minus<N, 1>>
    : number
