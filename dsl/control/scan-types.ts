import type { DType } from "../dtype.ts"
import type { Running } from "../late.ts"
import type { Say } from "../messages.ts"
import type { Checkpoint } from "../program.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Tree } from "../tree.ts"
import type { Callable, Kind, Primitive } from "../tree-types.ts"
import type { Refused, Show } from "../types.ts"
import type { Range } from "./arange.ts"

/** What a scan runs over: trees of arrays with equal first axes, a traced range, or nothing. */
export type Xs = Tree | Range

/** No options given. */
export type NoOptions = Readonly<Record<never, never>>

/** How long a scan is, which way it goes, and what reverse mode keeps of it. */
export interface ScanOptions {
  /** How many steps: needed where xs are null. A traced one is cut at the length of xs, or at `max`. */
  readonly length?: number | Tensor<DType, readonly []>
  /** The greatest value a traced `length` may have, where xs do not say it. */
  readonly max?: number
  /** From the last row to the first. */
  readonly reverse?: boolean
  /** How many steps one turn of the compiled loop takes (1). More can be faster, and takes longer to compile. */
  readonly unroll?: number
  /** What reverse mode keeps of the forward run ("all"). */
  readonly checkpoint?: Checkpoint
  /**
   * Whether float sums, products and linear recurrences of the carry may be computed in another order (false). This
   * lets many steps run at once. Results then differ by rounding.
   */
  readonly reassociate?: boolean
}

type Tail<S extends Shape> = S extends readonly [infer _, ...infer Rest extends Shape]
  ? readonly [...Rest]
  : Shape

/** One row of xs. */
export type Row<X> = [Tree] extends [X]
  ? Tree
  : X extends Range<infer D>
    ? Tensor<D, readonly []>
    : X extends Tensor<infer D, infer S>
      ? Tensor<D, Tail<S>>
      : X extends null
        ? null
        : { readonly [K in keyof X]: Row<X[K]> }

/** Outputs stacked along a new first axis. */
export type Stack<Y, N extends number> = [Tree] extends [Y]
  ? Tree
  : Y extends Tensor<infer D, infer S>
    ? Tensor<D, readonly [N, ...S]>
    : Y extends null
      ? null
      : { -readonly [K in keyof Y]: Stack<Y[K], N> }

type Head<S extends Shape> = S extends readonly [infer N extends number, ...infer _] ? N : number

/** The first axis of all leaves; of several different ones nothing is known, and they are checked while tracing. */
type First<X> =
  X extends Tensor<DType, infer S> ? Head<S> : [[Firsts<X>]] extends [[never]] ? number : Agreed<X, Firsts<X>>

type Firsts<X> = [Tree] extends [X]
  ? number
  : X extends Tensor<DType, infer S>
    ? Head<S>
    : X extends null
      ? never
      : X extends ReadonlyArray<unknown>
        ? Firsts<X[number]>
        : Firsts<X[keyof X]>

/** M where N is no other. (Compared in tuples of tuples, in which TypeScript looks at type parameters at once.) */
type IfIs<N, M> = [[N]] extends [[M]] ? M : number

/** N where each leaf has it as its first axis. */
type Agreed<X, N> = [Tree] extends [X]
  ? number
  : X extends Tensor<DType, infer S>
    ? IfIs<N, Head<S>>
    : X extends null
      ? never
      : X extends ReadonlyArray<unknown>
        ? Agreed<X[number], N>
        : Agreed<X[keyof X], N>

/** The rows of a loop whose length is traced: the first `length` count, the rest are zero. */
export type Ragged<V> = {
  readonly values: V
  readonly length: Tensor<"i32", readonly []>
}

type Bounded<X, O> = O extends { readonly max: infer M extends number } ? M : First<X>

/** What a scan's outputs become. */
export type Outputs<Y, X, O> =
  X extends Range<DType, infer Max>
    ? Max extends number
      ? Ragged<Stack<Y, Max>>
      : null
    : O extends { readonly length: infer L }
      ? L extends number
        ? Stack<Y, X extends null ? L : First<X>>
        : Ragged<Stack<Y, Bounded<X, O>>>
      : Stack<Y, First<X>>

/** Why a body may not put anything out: there is no telling how many rows there would be. */
export type UnboundedFault<X, Y> =
  X extends Range<DType, infer Max>
    ? [Max] extends [null]
      ? [Y] extends [null]
        ? never
        : Say<"unbounded", { op: "scan"; a: Outline<Y> }>
      : never
    : never

export type Outline<T> = T extends Tensor
  ? Show<T>
  : T extends null
    ? "null"
    : T extends Primitive | Callable
      ? Kind<T>
      : T extends ReadonlyArray<unknown>
        ? "a list"
        : "a record"

type Differs<Op extends string, Path extends string, A, B> = Say<
  "carryLeaf",
  { op: Op; path: Path; a: Outline<A>; b: Outline<B> }
>

/** The keys of a record, and the places of a tuple. */
export type Keys<T> = keyof T & string

/** Where and how a body's carry differs from the initial one; never where it fits. */
type CarryFault<Op extends string, C, C2, Path extends string = "carry"> = [Tree] extends [C]
  ? never
  : [C, C2] extends [Tensor | null, C]
    ? never
    : [C] extends [Tensor | null]
      ? Differs<Op, Path, C, C2>
      : [C2] extends [Tensor | null]
        ? Differs<Op, Path, C, C2>
        : [C] extends [ReadonlyArray<unknown>]
          ? ListFault<Op, C, C2, Path>
          : RecordFault<Op, C, C2, Path>

type ListFault<Op extends string, C extends ReadonlyArray<unknown>, C2, Path extends string> = [C2] extends [
  ReadonlyArray<unknown>
]
  ? [number] extends [C["length"] | C2["length"]]
    ? CarryFault<Op, C[number], C2[number], `${Path}[…]`>
    : [C["length"], C2["length"]] extends [C2["length"], C["length"]]
      ? { [K in Keys<C> & `${number}`]: CarryFault<Op, C[K], C2[K & keyof C2], `${Path}[${K}]`> }[Keys<C> &
          `${number}`]
      : `${Op}: ${Path} goes in with ${C["length"]} elements but comes out with ${C2["length"]}`
  : Differs<Op, Path, C, C2>

type RecordFault<Op extends string, C, C2, Path extends string> = [C2] extends [ReadonlyArray<unknown>]
  ? Differs<Op, Path, C, C2>
  : [Exclude<Keys<C>, keyof C2>] extends [never]
    ? [Exclude<Keys<C2>, keyof C>] extends [never]
      ? { [K in Keys<C>]: CarryFault<Op, C[K], C2[K & keyof C2], `${Path}.${K}`> }[Keys<C>]
      : `${Op}: ${Path} comes out with ${Exclude<Keys<C2>, keyof C>}, which it does not go in with`
    : `${Op}: ${Path} goes in with ${Exclude<Keys<C>, keyof C2>} but comes out without`

type CarryFit<C, C2> = [CarryFault<string, C, C2>] extends [never] ? true : never

/** A scan's body gives a pair. Whatever else there is, is not this. */
export type NoMore = ReadonlyArray<"scan: the body must give a pair, [carry, y], where y may be null">

/**
 * A check of a body's carry, which may be generic: unknown where it fits, else the message that the editor shows.
 * Where another argument is wrong, the checker has not looked at the body, and its carry is unknown.
 */
export type CarryCheck<Op extends string, C, C2, Path extends string = "carry"> = [CarryFit<C, C2>] extends [
  never
]
  ? [unknown] extends [C2]
    ? unknown
    : [C2] extends [PromiseLike<unknown>]
      ? Say<"async", { op: Op }>
      : [C2] extends [Running]
        ? Say<"effect", { op: Op }>
        : [C2] extends [Primitive]
          ? Refused<Differs<Op, Path, C, C2>>
          : CarryFault<Op, C, C2, Path>
  : unknown
