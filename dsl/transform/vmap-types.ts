import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Tree } from "../tree.ts"
import type { LengthOf, Reduced } from "../types/axes.ts"
import type { ResultFor, Rule, WholeFunction } from "../types/whole.ts"

/** Axes for a tree: one for all its leaves, null for none, or a tree of such. */
export type Axes = number | null | ReadonlyArray<Axes> | { readonly [key: string]: Axes }

/** Where the batch is in arguments and results. */
export interface VmapOptions<I extends Axes, O extends Axes> {
  /** Which axis of each argument is mapped over; null for what every call shares (0 for all). */
  readonly in?: I
  /** Where the new axis of the results goes (0). */
  readonly out?: O
}

/** A shape with one more axis. */
type Inserted<S extends Shape, At extends number, N extends number> = At extends 0
  ? readonly [N, ...S]
  : At extends 1
    ? S extends readonly [infer A extends number, ...infer Rest extends Shape]
      ? readonly [A, N, ...Rest]
      : Shape
    : At extends -1
      ? readonly [...S, N]
      : Shape

/** A tree whose leaves have one more axis. */
type WithAxis<T, Ax, N extends number> = [Tree] extends [T]
  ? Tree
  : [Ax] extends [null]
    ? T
    : T extends Tensor<infer D, infer S>
      ? [Ax] extends [number]
        ? Tensor<D, Inserted<S, Ax, N>>
        : Tensor<D>
      : T extends null
        ? null
        : { readonly [K in keyof T]: WithAxis<T[K], AxisAt<Ax, K>, N> }

type AxisAt<Ax, K> = [Ax] extends [number] ? Ax : K extends keyof Ax ? Ax[K] : Axes

type WithoutAxis<T, Ax> =
  T extends Tensor<infer D, infer S> ? ([Ax] extends [number] ? Tensor<D, Reduced<S, Ax, false>> : T) : T

type WithoutAxes<Args, I> = { readonly [P in keyof Args]: WithoutAxis<Args[P], AxisAt<I, P>> }

/** The length of the first mapped axis. */
type MappedLength<Args, I> = Args extends readonly [Tensor<infer _, infer S>, ...infer Rest]
  ? AxisAt<I, 0> extends infer Ax extends number
    ? LengthOf<S, Ax>
    : MappedLength<Rest, I extends readonly [unknown, ...infer More] ? More : I>
  : number

/** What a library function that is given whole does to a batch. */
interface OfBatch<K extends Rule, I extends Axes, O extends Axes> extends Rule {
  readonly result: WithAxis<ResultFor<K, WithoutAxes<this["args"], I>>, O, MappedLength<this["args"], I>>
}

/** The function of a batch. */
export type Batched<
  A extends ReadonlyArray<unknown>,
  R,
  I extends Axes,
  O extends Axes,
  K extends Rule | null
> = [K] extends [Rule]
  ? WholeFunction<OfBatch<K, I, O>>
  : <N extends number>(
      ...args: WithAxis<A, I, N> & ReadonlyArray<unknown> & SameLength<N>
    ) => WithAxis<R, O, N>

type IsUnion<N, All = N> = N extends All ? ([All] extends [N] ? false : true) : never

/** Refuses mapped axes of different lengths, which the checker infers as a union of them. */
type SameLength<N extends number> = [OneLength<N>] extends [never]
  ? "vmap: mapped axes have different lengths"
  : unknown

/** Never for a union. (For a type parameter, `true` is possible: see `PairCheck`.) */
type OneLength<N> = [IsUnion<N>] extends [false] ? true : never
