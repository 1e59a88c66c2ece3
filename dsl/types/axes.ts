import type { DType } from "../dtype.ts"
import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Guarded, LengthAt, Lengths, Refused, Show, Unknown } from "../types.ts"
import type { AtMost } from "./arithmetic.ts"

/** Axes of shapes: which there are, and shapes with one gone, come, or of another length. */

/** The axes of a shape by its rank. */
export interface AxesOf {
  0: never
  1: 0 | -1
  2: 0 | 1 | -1 | -2
  3: 0 | 1 | 2 | -1 | -2 | -3
  4: 0 | 1 | 2 | 3 | -1 | -2 | -3 | -4
  5: 0 | 1 | 2 | 3 | 4 | -1 | -2 | -3 | -4 | -5
  6: 0 | 1 | 2 | 3 | 4 | 5 | -1 | -2 | -3 | -4 | -5 | -6
}

type Literal<A> = A extends ReadonlyArray<infer Each> ? Literal<Each> : A extends number ? A : never

/** (An axis that is a type parameter is fine: see `PairCheck`.) */
type AxisFit<A, Axes> = [number] extends [A] ? true : [A] extends [Axes] ? true : never

type OutOf<Op extends string, T, A, Axes> = [AxisFit<Literal<A>, Axes>] extends [never]
  ? Refused<Say<"axis", { op: Op; axis: `${Exclude<Literal<A>, Axes>}`; a: Show<T> }>>
  : unknown

/**
 * By rank what an axis, or a list of them, must be besides. (A table, not a condition: where the shape is a type
 * parameter, its rank is any, and all axes pass.)
 */
interface ByRank<Op extends string, T, A> {
  readonly [rank: number]: unknown
  readonly 0: OutOf<Op, T, A, AxesOf[0]>
  readonly 1: OutOf<Op, T, A, AxesOf[1]>
  readonly 2: OutOf<Op, T, A, AxesOf[2]>
  readonly 3: OutOf<Op, T, A, AxesOf[3]>
  readonly 4: OutOf<Op, T, A, AxesOf[4]>
  readonly 5: OutOf<Op, T, A, AxesOf[5]>
  readonly 6: OutOf<Op, T, A, AxesOf[6]>
}

/** What an axis of a tensor must be besides: the message, where the tensor does not have it. */
export type IsAxis<Op extends string, D extends DType, S extends Shape, A> = ByRank<
  Op,
  Tensor<D, S>,
  A
>[S["length"]]

/** By rank what an axis of the result, which has one more, must be besides. */
interface ByNewRank<Op extends string, T, A> {
  readonly [rank: number]: unknown
  readonly 0: OutOf<Op, T, A, AxesOf[1]>
  readonly 1: OutOf<Op, T, A, AxesOf[2]>
  readonly 2: OutOf<Op, T, A, AxesOf[3]>
  readonly 3: OutOf<Op, T, A, AxesOf[4]>
  readonly 4: OutOf<Op, T, A, AxesOf[5]>
  readonly 5: OutOf<Op, T, A, AxesOf[6]>
}

/** As IsAxis, for an axis of the result, which has one more. */
export type IsNewAxis<Op extends string, D extends DType, S extends Shape, A> = ByNewRank<
  Op,
  Tensor<D, S>,
  A
>[S["length"]]

type FromEnd<S extends Shape, N extends number, Tail extends Shape = readonly []> = Tail["length"] extends N
  ? S["length"]
  : S extends readonly [...infer Head extends Shape, infer Last extends number]
    ? FromEnd<Head, N, readonly [Last, ...Tail]>
    : number

/** An axis from the end made plain: -1 of a matrix is 1. */
export type PlainAxis<S extends Shape, A extends number> = number extends A
  ? number
  : `${A}` extends `-${infer N extends number}`
    ? FromEnd<S, N>
    : A

type EachPlain<S extends Shape, A extends number> = A extends number ? PlainAxis<S, A> : never

type DropAxes<
  S extends Shape,
  Axes extends number,
  Done extends Shape = readonly [],
  Out extends Shape = readonly []
> = S extends readonly [infer Head extends number, ...infer Rest extends Shape]
  ? DropAxes<
      Rest,
      Axes,
      readonly [...Done, Head],
      Done["length"] extends Axes ? Out : readonly [...Out, Head]
    >
  : Out

type FirstsOf<S extends Shape, Out extends Shape = readonly []> = S extends readonly [
  infer _,
  ...infer Rest extends Shape
]
  ? Rest extends readonly []
    ? Out
    : FirstsOf<Rest, readonly [...Out, number]>
  : Shape

/** The shape a reduction over axes leaves. */
export type Reduced<S extends Shape, Axes, Keep extends boolean> = Keep extends true
  ? Kept<S, Axes>
  : [Axes] extends [undefined]
    ? readonly []
    : number extends S["length"]
      ? Shape
      : Axes extends number
        ? number extends Axes
          ? FirstsOf<S>
          : DropAxes<S, EachPlain<S, Axes>>
        : Axes extends ReadonlyArray<number>
          ? number extends Axes[number]
            ? Shape
            : DropAxes<S, EachPlain<S, Axes[number]>>
          : Shape

/** The shape whose axes of these become 1. (Of a shape that is a type parameter, it is known to broadcast to that.) */
type Kept<S extends Shape, Axes> = [Axes] extends [undefined]
  ? OneAt<S, `${number}`>
  : number extends Literal<Axes>
    ? ByWhole<S["length"], Fitting<S>, Unknown<S>>
    : OneAt<S, `${EachPlain<S, Literal<Axes>>}`>

type OneAt<S extends Shape, Keys extends string> = {
  readonly [K in keyof S]: K extends `${number}` ? (K extends Keys ? 1 : S[K]) : 1 | S[K]
}

/** Shapes of the same rank that broadcast to a shape. */
export type Fitting<S extends Shape> = { readonly [K in keyof S]: 1 | S[K] }

type Rank = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12

/** One type where a rank is not known or is that of a type parameter, another where it is known. (A table by rank.) */
export type ByWhole<R extends number, Whole, Each> = {
  readonly [K in "whole" | "each" as K extends "each" ? Rank : number]: K extends "each" ? Each : Whole
}[R]

/** The same shape without its axes of length 1; its rank is not known where a length is not. */
export type Squeezed<S extends Shape, Out extends Shape = readonly []> = number extends
  | S["length"]
  | S[number]
  ? Shape
  : S extends readonly [infer Head extends number, ...infer Rest extends Shape]
    ? Squeezed<Rest, Head extends 1 ? Out : readonly [...Out, Head]>
    : Out

/** The shape with other axes put in at one, or in its place. */
type Spliced<
  S extends Shape,
  A extends number,
  By extends Shape,
  Instead extends boolean,
  Before extends Shape = readonly []
> = Before["length"] extends A
  ? Instead extends true
    ? readonly [...Before, ...By, ...Rest<S, 1>]
    : readonly [...Before, ...By, ...S]
  : S extends readonly [infer Head extends number, ...infer After extends Shape]
    ? Spliced<After, A, By, Instead, readonly [...Before, Head]>
    : Shape

/** The shape with an axis replaced by any number of axes. */
export type ReplacedBy<S extends Shape, A extends number, By extends Shape> = number extends
  | S["length"]
  | By["length"]
  ? Shape
  : number extends A
    ? Unknown<readonly [...By, ...FirstsOf<S>]>
    : Spliced<S, PlainAxis<S, A>, By, true>

/** The shape with an axis of another length. */
export type Replaced<S extends Shape, A extends number, N extends number> = number extends S["length"]
  ? Shape
  : number extends A
    ? Unknown<S>
    : ReplacedBy<S, A, readonly [N]>

/** The shape with a new axis, counted among those of the result. */
export type Inserted<S extends Shape, A extends number, N extends number> = [A] extends [0]
  ? readonly [N, ...S]
  : number extends S["length"]
    ? Shape
    : number extends A
      ? Unknown<readonly [N, ...S]>
      : Spliced<S, PlainAxis<readonly [...S, N], A>, readonly [N], false>

/** The length of an axis. */
export type LengthOf<S extends Shape, A extends number> = number extends S["length"] | A
  ? number
  : LengthAt<S, PlainAxis<S, A>>

/** The shape with one axis at another place. */
export type Moved<S extends Shape, From extends number, To extends number> = number extends S["length"]
  ? Shape
  : number extends From | To
    ? Unknown<S>
    : Inserted<Reduced<S, From, false>, PlainAxis<S, To>, LengthOf<S, From>>

/** The shape with the last axis of another length. */
export type LastReplaced<S extends Shape, K extends number> = S extends readonly [
  ...infer Head extends Shape,
  infer _
]
  ? readonly [...Head, K]
  : Shape

/** The shape without its first axes. */
export type Rest<
  S extends Shape,
  N extends number,
  Gone extends Shape = readonly []
> = Gone["length"] extends N
  ? S
  : S extends readonly [infer Head extends number, ...infer After extends Shape]
    ? Rest<After, N, readonly [...Gone, Head]>
    : Shape

/** The shape without the axes of a list. */
export type Without<S extends Shape, Axes extends number> = [Axes] extends [never]
  ? S
  : DropAxes<S, EachPlain<S, Axes>>

type LongAxis<S extends Shape, A> = A extends number
  ? LengthOf<S, A> extends infer N extends number
    ? number extends N
      ? never
      : N extends 1
        ? never
        : A
    : never
  : never

type LongFault<T extends Tensor, A extends number> = Say<
  "squeeze",
  { op: "squeeze"; axis: `${PlainAxis<T["shape"], A>}`; a: Show<T>; n: `${LengthOf<T["shape"], A>}` }
>

/** What axes that go must be besides: the message, where one is not of length 1. */
export type HasLengthOne<D extends DType, S extends Shape, A> = Guarded<
  [LongAxis<S, Literal<A>>] extends [never]
    ? unknown
    : Refused<LongFault<Tensor<D, S>, LongAxis<S, Literal<A>>>>
>[Lengths<S>]

/** What a count of elements along the last axis must be besides: the message, where there are fewer. */
export type WithinLast<D extends DType, S extends Shape, K extends number> = Guarded<
  AtMost<K, LengthOf<S, -1>> extends false
    ? Refused<Say<"topK", { op: "topK"; k: `${K}`; a: Show<Tensor<D, S>> }>>
    : unknown
>[Lengths<S>]
