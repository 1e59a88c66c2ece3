import type { ComplexDType, DType } from "../dtype.ts"
import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { AtMost } from "../types/arithmetic.ts"
import type { Broadcast, BroadcastFit, Check, Guarded, Lengths, SameDType, Show } from "../types.ts"

/** The dtypes that decompositions take. */
export type WideDType = "f32" | "f64" | ComplexDType

/** The axes before the last two. */
export type BatchOf<S extends Shape> = number extends S["length"]
  ? Shape
  : S extends readonly [...infer B extends Shape, infer _M, infer _N]
    ? readonly [...B]
    : Shape

/** The last but one length. */
export type RowsOf<S extends Shape> = number extends S["length"]
  ? number
  : S extends readonly [...infer _B extends Shape, infer M extends number, infer _N]
    ? M
    : number

/** The last length. */
export type ColumnsOf<S extends Shape> = number extends S["length"]
  ? number
  : S extends readonly [...infer _B extends Shape, infer N extends number]
    ? N
    : number

/** The lesser of two lengths. */
export type Least<A extends number, B extends number> = [A, B] extends [B, A]
  ? A
  : number extends A | B
    ? number
    : AtMost<A, B> extends infer Is
      ? Is extends true
        ? A
        : Is extends false
          ? B
          : number
      : number

export type RankOf<S extends Shape> = Least<RowsOf<S>, ColumnsOf<S>>

/** The same batch of other matrices. */
export type Matrices<S extends Shape, M extends number, N extends number> = number extends S["length"]
  ? Shape
  : readonly [...BatchOf<S>, M, N]

/** A vector for each matrix. */
export type Vectors<S extends Shape, N extends number> = number extends S["length"]
  ? Shape
  : readonly [...BatchOf<S>, N]

export type { AreMatrices, AreSquare } from "../types/matrices.ts"

/** The shape of the solution of equations whose right-hand side is a vector, or a batch of matrices. */
export type Solved<A extends Shape, B extends Shape> = number extends A["length"] | B["length"]
  ? Shape
  : B["length"] extends 1
    ? Vectors<A, ColumnsOf<A>>
    : readonly [...Broadcast<BatchOf<A>, BatchOf<B>>, ColumnsOf<A>, ColumnsOf<B>]

type Fit<A extends Shape, B extends Shape> = B["length"] extends 0
  ? false
  : [RowsOf<A>, B["length"] extends 1 ? B[0] : RowsOf<B>] extends [
        B["length"] extends 1 ? B[0] : RowsOf<B>,
        RowsOf<A>
      ]
    ? B["length"] extends 1
      ? true
      : [BroadcastFit<BatchOf<A>, BatchOf<B>>] extends [never]
        ? false
        : true
    : false

type SolveFault<Op extends string, A extends Tensor, B extends Tensor> =
  SameDType<A, B> extends false
    ? Say<"dtypes", { op: Op; a: Show<A>; b: Show<B> }>
    : Fit<A["shape"], B["shape"]> extends false
      ? Say<"fitBeside", { op: Op; a: Show<A>; b: Show<B> }>
      : never

/** What a right-hand side must be besides: the message, where it does not fit the matrices. */
export type FitsBeside<Op extends string, A extends Tensor, D extends DType, S extends Shape> = Guarded<
  Check<SolveFault<Op, A, Tensor<D, S>>>
>[Lengths<A["shape"] | S>]
