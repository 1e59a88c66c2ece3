import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Broadcast, JoinedAll, Unknown } from "../types.ts"
import type { AtMost, CeilQuotient, Minus, Plus, Times } from "./arithmetic.ts"
import type { LengthOf, PlainAxis, Reduced, Replaced } from "./axes.ts"
import type { Least } from "./grids.ts"
import type { Concatenated, Stacked } from "./joins.ts"
import type { Axis, Numbers, Repeated, SizeOf, Total } from "./lengths.ts"

/** The shapes of rearranged arrays. */

type NotNegative<N> = [[N]] extends [[never]] ? 0 : N & number

export type Flat<S extends Shape> = Axis<SizeOf<S>>

type Copies<N extends number, R> = R extends number ? Times<N, R> : R extends Numbers ? Total<R> : number

/** The shape of an array whose elements are repeated along an axis, or of all of them in a row. */
export type RepeatedAlong<S extends Shape, R, A> = A extends number
  ? Replaced<S, A, Copies<LengthOf<S, A>, R>>
  : Axis<Copies<SizeOf<S>, R>>

/** The parts of an array along an axis, which then is gone. */
export type Unstacked<T extends Tensor, A extends number> =
  number extends LengthOf<T["shape"], A>
    ? ReadonlyArray<Tensor<T["dtype"], Reduced<T["shape"], A, false>>>
    : Repeated<Tensor<T["dtype"], Reduced<T["shape"], A, false>>, LengthOf<T["shape"], A>>

/** The shape with two axes in each other's place. */
export type Exchanged<S extends Shape, A extends number, B extends number> = number extends S["length"]
  ? Shape
  : number extends A | B
    ? Unknown<S>
    : {
        readonly [K in keyof S]: K extends `${PlainAxis<S, A>}`
          ? S[PlainAxis<S, B>]
          : K extends `${PlainAxis<S, B>}`
            ? S[PlainAxis<S, A>]
            : S[K]
      }

type Tensors = ReadonlyArray<Tensor>
type FirstShape<L extends Tensors> = L[0]["shape"]

export type SideBySide<L extends Tensors> = number extends L["length"] | FirstShape<L>["length"]
  ? Shape
  : FirstShape<L>["length"] extends 0
    ? readonly [L["length"]]
    : FirstShape<L>["length"] extends 1
      ? Concatenated<L, 0>
      : Concatenated<L, 1>

export type OnTop<L extends Tensors> = number extends L["length"] | FirstShape<L>["length"]
  ? Shape
  : FirstShape<L>["length"] extends 0
    ? readonly [L["length"], 1]
    : FirstShape<L>["length"] extends 1
      ? Stacked<L, 0>
      : Concatenated<L, 0>

export type InDepth<L extends Tensors> = number extends L["length"] | FirstShape<L>["length"]
  ? Shape
  : FirstShape<L>["length"] extends 0
    ? readonly [1, 1, L["length"]]
    : FirstShape<L>["length"] extends 1
      ? readonly [1, ...Stacked<L, 1>]
      : FirstShape<L>["length"] extends 2
        ? Stacked<L, 2>
        : Concatenated<L, 2>

/** Arrays broadcast to one shape. */
export type BroadcastEach<L extends Tensors> = number extends L["length"]
  ? ReadonlyArray<Tensor<L[number]["dtype"]>>
  : { readonly [K in keyof L]: Tensor<L[K]["dtype"], JoinedAll<readonly [], L>> }

/** The shape that arrays of some shapes broadcast to. */
export type BroadcastShapes<L, Out extends Shape = readonly []> = L extends readonly [
  infer First extends Shape,
  ...infer Rest
]
  ? BroadcastShapes<Rest, Broadcast<Out, First>>
  : L extends readonly []
    ? Out
    : Shape

/** A vector as a column; a scalar as a matrix of one element. */
type AsColumn<S extends Shape> = S extends readonly []
  ? readonly [1, 1]
  : S extends readonly [infer N extends number]
    ? readonly [N, 1]
    : S

/** Arrays beside one another along the second axis, vectors as columns. */
export type Columns<L extends Tensors> = number extends L["length"]
  ? Shape
  : Concatenated<{ readonly [K in keyof L]: Tensor<L[K]["dtype"], AsColumn<L[K]["shape"]>> }, 1>

/** Matrices along a diagonal, from the first corner to the last. */
export type BlockDiagonal<L, N extends number = 0, M extends number = 0> = L extends readonly [
  infer First extends Tensor,
  ...infer Rest
]
  ? AtLeast2<First["shape"]> extends readonly [infer P extends number, infer Q extends number]
    ? BlockDiagonal<Rest, Plus<N, P>, Plus<M, Q>>
    : readonly [number, number]
  : L extends readonly []
    ? readonly [N, M]
    : readonly [number, number]

/** Blocks as they are nested. */
export type Blocks = Tensor | ReadonlyArray<Blocks>

type LeastRank<T extends Tensor, Depth> = Depth extends 1 ? AtLeast1<T["shape"]> : AtLeast2<T["shape"]>
type Ranked<L extends Tensors, Depth> = {
  readonly [K in keyof L]: Tensor<L[K]["dtype"], LeastRank<L[K], Depth>>
}

/** Arrays of one rank beside one another along the last axis or the last but one; of several ranks, nothing is known. */
type Beside<L extends Tensors, A extends number> = number extends L["length"] | L[0]["shape"]["length"]
  ? Shape
  : [L[number]["shape"]["length"]] extends [L[0]["shape"]["length"]]
    ? Concatenated<L, A>
    : Shape

type RowOfBlocks<R> = R extends Tensors ? Tensor<R[number]["dtype"], Beside<Ranked<R, 2>, -1>> : Tensor

/** The shape of nested blocks: of a list, or of a list of lists. */
export type Blocked<B> = B extends Tensor
  ? B["shape"]
  : B extends Tensors
    ? Beside<Ranked<B, 1>, -1>
    : B extends ReadonlyArray<Tensors>
      ? Beside<{ readonly [K in keyof B]: RowOfBlocks<B[K]> }, -2>
      : Shape

/** The dtype of nested blocks; of lists in lists in lists, any. */
export type BlockDType<B> = B extends Tensor
  ? B["dtype"]
  : B extends Tensors
    ? B[number]["dtype"]
    : B extends ReadonlyArray<Tensors>
      ? B[number][number]["dtype"]
      : Tensor["dtype"]

export type AtLeast1<S extends Shape> = S extends readonly [] ? readonly [1] : S

export type AtLeast2<S extends Shape> = S extends readonly []
  ? readonly [1, 1]
  : S extends readonly [infer N extends number]
    ? readonly [1, N]
    : S

type Turns = { 0: false; 2: false; 4: false; [-2]: false; 1: true; 3: true; [-1]: true; [-3]: true }

/** The shape after K quarter turns of the first two axes. */
export type Turned<S extends Shape, K extends number> = K extends keyof Turns
  ? Turns[K] extends true
    ? Exchanged<S, 0, 1>
    : S
  : Unknown<S>

/** The shape with an axis that is N shorter. */
export type Shorter<S extends Shape, A extends number, N extends number> = Replaced<
  S,
  A,
  NotNegative<Minus<LengthOf<S, A>, N>>
>

/** The differences of neighbours among all elements; with what comes before or after, not known. */
export type Neighbours<S extends Shape, O> = readonly [
  [O] extends [undefined] ? NotNegative<Minus<SizeOf<S>, 1>> : number
]

/** Slopes: one array for one axis, else a list. */
export type Gradients<T extends Tensor, A> = [A] extends [undefined]
  ? EachSlope<T, T["shape"]>
  : A extends Numbers
    ? EachSlope<T, A>
    : T
type EachSlope<T extends Tensor, L extends Numbers> = number extends L["length"]
  ? T | ReadonlyArray<T>
  : L["length"] extends 1
    ? T
    : { readonly [K in keyof L]: T }

type Most<A extends number, B extends number> = number extends A | B
  ? number
  : AtMost<A, B> extends true
    ? B
    : A

/** How long the convolution of two vectors is. */
export type ConvolvedLength<N extends number, M extends number, Mode> = Mode extends "same"
  ? Most<N, M>
  : Mode extends "full"
    ? NotNegative<Minus<Plus<N, M>, 1>>
    : NotNegative<Minus<Plus<Most<N, M>, 1>, Least<N, M>>>

/** Some of the elements of an axis, as Python's `start:stop:step`. */
export interface Slice {
  /** The first; from the end where negative (0, or the last for a negative step). */
  readonly start?: number
  /** The end, which is left out; from the end where negative (all). */
  readonly stop?: number
  /** How far to go each time; back where negative (1). */
  readonly step?: number
}

type Edge<N extends number, B, Otherwise extends number> = B extends number
  ? number extends B | N
    ? number
    : `${B}` extends `-${infer Back extends number}`
      ? NotNegative<Minus<N, Back>>
      : Least<B, N>
  : Otherwise

type Field<L, K extends keyof Slice> = L extends { readonly [P in K]: infer B extends number } ? B : undefined

type Step<L> = Field<L, "step"> extends infer By extends number ? By : 1

/** How many elements a slice takes of N. */
export type SliceLength<N extends number, L> = `${Step<L>}` extends `-${string}`
  ? number
  : CeilQuotient<NotNegative<Minus<Edge<N, Field<L, "stop">, N>, Edge<N, Field<L, "start">, 0>>>, Step<L>>

/** The shape that numbers and slices of the first axes leave. */
export type Cut<S extends Shape, I, Out extends Shape = readonly []> = I extends readonly [
  infer First,
  ...infer More
]
  ? S extends readonly [infer N extends number, ...infer Rest extends Shape]
    ? Cut<Rest, More, First extends number ? Out : readonly [...Out, SliceLength<N, First>]>
    : Shape
  : readonly [...Out, ...S]
