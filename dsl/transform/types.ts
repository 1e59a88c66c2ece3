import type { DType, FloatDType } from "../dtype.ts"
import type { Running } from "../late.ts"
import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Tree } from "../tree.ts"
import type { IsTree } from "../tree-types.ts"
import type { Show } from "../types.ts"
import type { ArgNums, Chosen, Smooth } from "./argnums.ts"

/** The types of what transforms take and return, computed from the function's type. */

export type ScalarLoss = Tensor<FloatDType, readonly []>

/** Never where a result is no scalar loss; of what is no function, it is unknown. As all fits it compares in tuples, for results with type parameters. */
type LossFit<R> = [R] extends [ScalarLoss]
  ? true
  : [unknown] extends [R]
    ? true
    : [R] extends [Tensor<infer D, infer S>]
      ? [Extract<D, FloatDType>] extends [never]
        ? never
        : [number] extends [S["length"]]
          ? true
          : [S] extends [readonly []]
            ? true
            : never
      : never

/** A check that a result, which may be generic, is a scalar loss: unknown where it is, else the message. */
export type LossCheck<Op extends string, R> = [LossFit<R>] extends [never] ? LossFault<Op, R> : unknown

/** As LossCheck; with aux, of the first of two results. */
export type LossOrAuxCheck<Op extends string, R, Aux extends boolean> = [Aux] extends [true]
  ? R extends readonly [infer L, infer X]
    ? readonly [LossCheck<Op, L>, IsTree<Op, "aux", X>]
    : Say<"noAux", { op: Op; what: "the loss" }>
  : LossCheck<Op, R>

/** A check that a result is a tree; with aux, the first of two results and the second. */
export type ResultOrAuxCheck<Op extends string, R, Aux extends boolean> = [Aux] extends [true]
  ? R extends readonly [infer L, infer X]
    ? readonly [IsTree<Op, "the result", L>, IsTree<Op, "aux", X>]
    : Say<"noAux", { op: Op; what: "the result" }>
  : IsTree<Op, "the result", R>

/** Why a function's result is no scalar loss. */
type LossFault<Op extends string, R> = [R] extends [ScalarLoss]
  ? never
  : R extends Tensor<infer D, infer S>
    ? [Extract<D, FloatDType>] extends [never]
      ? Say<"lossDType", { op: Op; a: Show<R> }>
      : [S] extends [readonly []]
        ? never
        : number extends S["length"]
          ? never
          : Say<"lossShape", { op: Op; a: Show<R> }>
    : R extends PromiseLike<unknown>
      ? Say<"async", { op: Op }>
      : R extends Running
        ? Say<"effect", { op: Op }>
        : Say<"lossShape", { op: Op; a: "a tree" }>

/** Tangents or cotangents of a tree: null for what has none, such as integers. */
export type Tangents<T> = [Tree] extends [T]
  ? Tree
  : T extends Tensor<infer D, infer S>
    ? [D] extends [Smooth]
      ? Tensor<D, S>
      : [Extract<D, Smooth>] extends [never]
        ? null
        : Tensor<Extract<D, Smooth>, S> | null
    : T extends null
      ? null
      : { -readonly [K in keyof T]: Tangents<T[K]> }

/** Tangents as they may be given: null, too, for a zero. */
export type GivenTangents<T> = [Tree] extends [T]
  ? Tree
  : T extends Tensor<infer D, infer S>
    ? [Extract<D, Smooth>] extends [never]
      ? null
      : Tensor<Extract<D, Smooth>, S> | null
    : T extends null
      ? null
      : { readonly [K in keyof T]: GivenTangents<T[K]> }

/** For each leaf of the result a tree like the argument, with the result's axes before the argument's. */
export type Jacobian<R, X> = [Tree] extends [R]
  ? Tree
  : R extends Tensor<infer D, infer S>
    ? JacobianRow<D, S, X>
    : R extends null
      ? null
      : { -readonly [K in keyof R]: Jacobian<R[K], X> }

type JacobianRow<D extends DType, S extends Shape, X> = [Tree] extends [X]
  ? Tree
  : X extends Tensor<DType, infer T>
    ? Tensor<D, readonly [...S, ...T]>
    : X extends null
      ? null
      : { -readonly [K in keyof X]: JacobianRow<D, S, X[K]> }

/** The Jacobian of a function with respect to the chosen arguments. */
export type JacobianOf<R, A extends ReadonlyArray<unknown>, N> = Jacobian<R, Chosen<A, N>>

/** What is differentiated of what a function gives: with aux, the first of two. */
export type ResultOf<R, Aux> = [Aux] extends [true] ? (R extends readonly [infer L, unknown] ? L : never) : R

/** A derivative; with aux, that too. */
export type WithAux<Made, R, Aux> = [Aux] extends [true]
  ? [Made, R extends readonly [unknown, infer X] ? X : never]
  : Made

/** Whether a function gives more than what is differentiated. */
export interface AuxOptions<Aux extends boolean> {
  /** Whether the function gives `[result, aux]`, aux being handed through. */
  readonly hasAux?: Aux
}

/** By which arguments to differentiate, and whether the function gives more than its result. */
export interface GradOptions<N extends ArgNums, Aux extends boolean> extends AuxOptions<Aux> {
  /** The arguments to differentiate by: a position, or several (0). */
  readonly argnums?: N
}
