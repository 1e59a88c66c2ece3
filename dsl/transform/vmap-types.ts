import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Tree, TreeOf } from "../tree.ts"
import type { LengthOf, Reduced } from "../types/axes.ts"
import type { OneOf } from "../types/unions.ts"
import type { Mapping, ResultFor, Rule, Whole, WholeFunction } from "../types/whole.ts"

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

/** A tree of which nothing is known but its leaves. */
type AnyTree<L extends Tensor> = [L] extends [never] ? Tree : TreeOf<Tensor<L["dtype"]>>

/** The two sides of a function. Arguments may be readonly, and results may be written to. */
type Side = 0 | 1

/** A tree whose leaves have one more axis. */
type WithAxis<T, Ax, N extends number, On extends Side> = [Ax] extends [null]
  ? T
  : [TreeOf<never>] extends [T]
    ? AnyTree<Extract<T, Tensor>>
    : T extends Tensor<infer D, infer S>
      ? [Ax] extends [number]
        ? Tensor<D, Inserted<S, Ax, N>>
        : Tensor<D>
      : T extends null
        ? null
        : On extends 0
          ? { readonly [K in keyof T]: WithAxis<T[K], AxisAt<Ax, K>, N, On> }
          : { -readonly [K in keyof T]: WithAxis<T[K], AxisAt<Ax, K>, N, On> }

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
export interface OfBatch<K extends Rule, I extends Axes, O extends Axes> extends Rule {
  readonly result: WithAxis<ResultFor<K, WithoutAxes<this["args"], I>>, O, MappedLength<this["args"], I>, 1>
}

/** The axes of one vmap: in arguments, and in results. */
type Map = readonly [in_: Axes, out: Axes]

/** What a function of one's own does to a batch, and to batches of it: its maps, from the inmost. */
interface OfMaps<A, R, Maps extends ReadonlyArray<Map>> extends Mapping {
  readonly maps: readonly [A, R, Maps]
}

/** A tree whose leaves have an axis more for each map. */
type WithAxes<
  T,
  Maps extends ReadonlyArray<Map>,
  On extends Side,
  Ns extends ReadonlyArray<number>
> = Maps extends readonly [infer First extends Map, ...infer Rest extends ReadonlyArray<Map>]
  ? Ns extends readonly [infer N extends number, ...infer More extends ReadonlyArray<number>]
    ? WithAxes<WithAxis<T, First[On], N, On>, Rest, On, More>
    : WithAxes<WithAxis<T, First[On], number, On>, Rest, On, readonly []>
  : T

/** The function of a batch. */
export interface MappedOnce<A, R, Maps extends ReadonlyArray<Map>> extends Whole<OfMaps<A, R, Maps>> {
  <N extends number>(
    ...args: WithAxes<A, Maps, 0, readonly [N]> & ReadonlyArray<unknown> & SameLength<N>
  ): WithAxes<R, Maps, 1, readonly [N]>
}

/** The function of a batch of batches. */
export interface MappedTwice<A, R, Maps extends ReadonlyArray<Map>> extends Whole<OfMaps<A, R, Maps>> {
  <N extends number, M extends number>(
    ...args: WithAxes<A, Maps, 0, readonly [N, M]> & ReadonlyArray<unknown> & SameLength<N> & SameLength<M>
  ): WithAxes<R, Maps, 1, readonly [N, M]>
}

/** The function of batches three deep; of what is deeper, the outer lengths are not known. */
export interface MappedOften<A, R, Maps extends ReadonlyArray<Map>> extends Whole<OfMaps<A, R, Maps>> {
  <N extends number, M extends number, L extends number>(
    ...args: WithAxes<A, Maps, 0, readonly [N, M, L]> &
      ReadonlyArray<unknown> &
      SameLength<N> &
      SameLength<M> &
      SameLength<L>
  ): WithAxes<R, Maps, 1, readonly [N, M, L]>
}

type Mapped<A, R, Maps extends ReadonlyArray<Map>> = Maps["length"] extends 1
  ? MappedOnce<A, R, Maps>
  : Maps["length"] extends 2
    ? MappedTwice<A, R, Maps>
    : MappedOften<A, R, Maps>

/** The function of a batch. */
export type Batched<
  A extends ReadonlyArray<unknown>,
  R,
  I extends Axes,
  O extends Axes,
  K extends Rule | Mapping | null
> = [K] extends [OfMaps<infer B, infer Q, infer Maps>]
  ? Mapped<B, Q, readonly [...Maps, readonly [I, O]]>
  : [K] extends [Rule]
    ? WholeFunction<OfBatch<K, I, O>>
    : Mapped<A, R, readonly [readonly [I, O]]>

/** Refuses mapped axes of different lengths, which the checker infers as a union of them. */
type SameLength<N extends number> = [OneOf<N>] extends [never]
  ? "vmap: mapped axes have different lengths"
  : unknown
