import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { JoinedAll, Unknown } from "../types.ts"
import type { CeilQuotient, Minus, Times } from "./arithmetic.ts"
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
