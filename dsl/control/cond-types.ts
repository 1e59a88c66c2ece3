import type { DType } from "../dtype.ts"
import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Tree } from "../tree.ts"
import type { Primitive } from "../tree-types.ts"
import type { Refused, Show } from "../types.ts"
import type { Keys, Outline } from "./scan-types.ts"

type Differ<Op extends string, A, B> = Say<"branches", { op: Op; a: Outline<A>; b: Outline<B> }>

/** Why two branches do not go together; never where they do. */
export type BranchFault<Op extends string, A, B> = [Tree] extends [A]
  ? never
  : [A] extends [Tensor | null]
    ? [A] extends [B]
      ? never
      : [B] extends [A]
        ? never
        : Differ<Op, A, B>
    : [B] extends [Tensor | null]
      ? Differ<Op, A, B>
      : [A] extends [ReadonlyArray<unknown>]
        ? ListFault<Op, A, B>
        : RecordFault<Op, A, B>

type ListFault<Op extends string, A extends ReadonlyArray<unknown>, B> = [B] extends [ReadonlyArray<unknown>]
  ? [number] extends [A["length"] | B["length"]]
    ? BranchFault<Op, A[number], B[number]>
    : [A["length"], B["length"]] extends [B["length"], A["length"]]
      ? { [K in Keys<A> & `${number}`]: BranchFault<Op, A[K], B[K & keyof B]> }[Keys<A> & `${number}`]
      : `${Op}: one branch gives ${A["length"]} elements but another gives ${B["length"]}`
  : Differ<Op, A, B>

type RecordFault<Op extends string, A, B> = [B] extends [ReadonlyArray<unknown>]
  ? Differ<Op, A, B>
  : [Exclude<Keys<A>, keyof B> | Exclude<Keys<B>, keyof A>] extends [never]
    ? { [K in Keys<A>]: BranchFault<Op, A[K], B[K & keyof B]> }[Keys<A>]
    : `${Op}: one branch gives ${Exclude<Keys<A>, keyof B> | Exclude<Keys<B>, keyof A>}, and another does not`

/** A check of two branches, which may be generic: unknown where they go together, else the message. */
export type BranchCheck<Op extends string, A, B> = [
  [BranchFault<string, A, B>] extends [never] ? true : never
] extends [never]
  ? [unknown] extends [B]
    ? unknown
    : [B] extends [Primitive]
      ? Refused<Differ<Op, A, B>>
      : BranchFault<Op, A, B>
  : unknown

type PredicateFit<D extends DType, S extends Shape> = [Extract<D, "bool">] extends [never]
  ? never
  : number extends S["length"]
    ? true
    : S["length"] extends 0
      ? true
      : never

/** A check of what must be bool[]: the message where the editor knows that it is not. */
export type IsPredicate<Op extends string, What extends string, D extends DType, S extends Shape> = [
  PredicateFit<D, S>
] extends [never]
  ? Say<"predicate", { op: Op; what: What; a: Show<Tensor<D, S>> }>
  : unknown
