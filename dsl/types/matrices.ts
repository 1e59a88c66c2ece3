import type { ComplexDType, DType, FloatDType } from "../dtype.ts"
import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Check, Guarded, Lengths, SameDType, Show } from "../types.ts"
import type { IsKind } from "./operands.ts"

/** What operands of linear algebra must be besides: matrices, square ones, and of which dtypes. */

type MatrixFault<Op extends string, T extends Tensor> = T["shape"]["length"] extends 0 | 1
  ? Say<"matrices", { op: Op; a: Show<T> }>
  : never

type SquareFault<Op extends string, T extends Tensor> = T["shape"] extends readonly [
  ...Shape,
  infer M extends number,
  infer N extends number
]
  ? [M, N] extends [N, M]
    ? never
    : Say<"square", { op: Op; a: Show<T> }>
  : Say<"square", { op: Op; a: Show<T> }>

/** What a batch of matrices must be besides: the message, where it has too few axes. */
export type AreMatrices<Op extends string, D extends DType, S extends Shape> = Guarded<
  Check<MatrixFault<Op, Tensor<D, S>>>
>[Lengths<S>]

/** What a batch of square matrices must be besides: the message, where they are not square. */
export type AreSquare<Op extends string, D extends DType, S extends Shape> = Guarded<
  Check<SquareFault<Op, Tensor<D, S>>>
>[Lengths<S>]

/** (A table, not a condition, for dtypes that are type parameters.) */
type NotHalf<Op extends string, T extends Tensor> = {
  readonly [K in DType]: K extends "f16" | "bf16"
    ? Say<"dtypeKind", { op: Op; wanted: "f32, f64, c64 or c128"; a: Show<T> }>
    : unknown
}

/** What an operand of a decomposition or a transform must be besides: of a dtype that every plugin has. */
export type IsWide<
  Op extends string,
  D extends DType,
  S extends Shape,
  Allowed extends DType = FloatDType | ComplexDType
> = IsKind<Op, Allowed, D, S> & NotHalf<Op, Tensor<D, S>>[D]

/** Whether two shapes that are known have as many axes, the same batch, and as many rows as there are unknowns. */
type TriangularFit<A extends Shape, B extends Shape, Left> = A extends readonly [
  ...infer P extends Shape,
  infer N,
  unknown
]
  ? B extends readonly [...infer Q extends Shape, infer M, infer K]
    ? [[P, N], [Q, Left extends false ? K : M]] extends [[Q, Left extends false ? K : M], [P, N]]
      ? true
      : false
    : false
  : false

type TriangularFault<A extends Tensor, B extends Tensor, Left> =
  SameDType<A, B> extends false
    ? Say<"dtypes", { op: "triangularSolve"; a: Show<A>; b: Show<B> }>
    : boolean extends Left
      ? never
      : TriangularFit<A["shape"], B["shape"], Left> extends false
        ? Say<"fitBeside", { op: "triangularSolve"; a: Show<A>; b: Show<B> }>
        : never

/** What the right-hand side of a triangular system must be besides: the message, where it does not fit. */
export type FitsTriangular<A extends Tensor, D extends DType, S extends Shape, Left> = Guarded<
  Check<TriangularFault<A, Tensor<D, S>, Left>>
>[Lengths<readonly [...A["shape"], ...S]>]
