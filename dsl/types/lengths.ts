import type { DType } from "../dtype.ts"
import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Guarded, Lengths, Show } from "../types.ts"
import type {
  AtMost,
  CeilQuotient,
  Divide,
  IsSame,
  Minus,
  Negated,
  Plus,
  Quotient,
  SignedPlus,
  Times
} from "./arithmetic.ts"
import type { ByWhole, LengthOf, PlainAxis, Replaced } from "./axes.ts"
import type { Listed } from "./permutations.ts"

/** Lengths that structure operations give, and why they refuse. What is no literal is `number`. */

export type Numbers = ReadonlyArray<number>

/** A length that was computed; `number` where it could not be. */
type Computed<N> = [[N]] extends [[never]] ? number : N & number

export type Nth<L, K> = K extends keyof L ? L[K] & number : number

// slice

export type Sliced<S extends Shape, From extends Numbers, To extends Numbers, By> = {
  readonly [K in keyof S]: By extends Numbers
    ? CeilQuotient<Less<Nth<To, K>, Nth<From, K>>, Nth<By, K>>
    : Less<Nth<To, K>, Nth<From, K>>
}

/** a - b; `number` where that is negative. */
type Less<A extends number, B extends number> = {
  readonly [K in "same" | "other" as IsSame<K, 0>]: K extends "same" ? A : Computed<Minus<A, B>>
}[B]

type Within<From extends number, To extends number, Length extends number> = `${From}` extends `-${string}`
  ? false
  : AtMost<From, To> extends false
    ? false
    : AtMost<To, Length>

/** Why a slice takes what is not there, axis by axis. */
export type SliceFault<T extends Tensor, From extends Numbers, To extends Numbers> = [
  EachLimit<T["shape"], From["length"]>,
  EachLimit<T["shape"], To["length"]>
] extends [true, true]
  ? BoundsFault<T, From, To, T["shape"], readonly []>
  : Say<"eachLimit", { op: "slice"; a: Show<T> }>

type EachLimit<S extends Shape, N extends number> = number extends N
  ? true
  : N extends S["length"]
    ? true
    : false

type BoundsFault<
  T extends Tensor,
  From extends Numbers,
  To extends Numbers,
  S extends Shape,
  At extends Shape
> = S extends readonly [infer Length extends number, ...infer Rest extends Shape]
  ? From extends readonly [infer A extends number, ...infer As extends Numbers]
    ? To extends readonly [infer B extends number, ...infer Bs extends Numbers]
      ? Within<A, B, Length> extends false
        ? Say<"bounds", { op: "slice"; from: `${A}`; to: `${B}`; axis: `${At["length"]}`; a: Show<T> }>
        : BoundsFault<T, As, Bs, Rest, readonly [...At, Length]>
      : never
    : never
  : never

// pad

type Both<W, K> = W extends number
  ? SignedPlus<W, W>
  : K extends keyof W
    ? W[K] extends readonly [infer Low extends number, infer High extends number]
      ? SignedPlus<Low, High>
      : number
    : number

/** The length of an axis whose elements are `By` apart. */
export type Dilated<N extends number, By> = [By] extends [1]
  ? N
  : By extends number
    ? N extends 0
      ? 0
      : Plus<Times<Computed<Minus<N, 1>>, By>, 1>
    : number

export type Padded<S extends Shape, W, Interior> = {
  readonly [K in keyof S]: Wider<
    Interior extends readonly [] ? S[K] : Dilated<S[K], Plus<Nth<Interior, K>, 1>>,
    Both<W, K>
  >
}

type Wider<N extends number, By extends number> = By extends 0 ? N : NotNegative<SignedPlus<N, By>>

type NotNegative<N extends number> = `${N}` extends `-${string}` ? number : N

// tile and split

export type Tiled<S extends Shape, R extends Numbers> = { readonly [K in keyof S]: Times<S[K], Nth<R, K>> }

/** More parts than these are a list. */
type Most = 64

export type Repeated<
  T,
  N extends number,
  Out extends ReadonlyArray<T> = readonly []
> = Out["length"] extends N
  ? Out
  : Out["length"] extends Most
    ? ReadonlyArray<T>
    : Repeated<T, N, readonly [...Out, T]>

type Part<T extends Tensor, A extends number, N> = N extends number
  ? Tensor<T["dtype"], Replaced<T["shape"], A, N>>
  : never

export type Parts<T extends Tensor, P, A extends number> = P extends number
  ? number extends P
    ? ReadonlyArray<Tensor<T["dtype"], Replaced<T["shape"], A, number>>>
    : Repeated<Tensor<T["dtype"], Replaced<T["shape"], A, Quotient<LengthOf<T["shape"], A>, P>>>, P>
  : P extends Numbers
    ? { readonly [K in keyof P]: Part<T, A, P[K]> }
    : ReadonlyArray<Tensor<T["dtype"]>>

export type Total<P extends Numbers, Sum extends number = 0> = P extends readonly [
  infer Head extends number,
  ...infer Rest extends Numbers
]
  ? Total<Rest, Plus<Sum, Head>>
  : number extends P["length"]
    ? number
    : Sum

type Differ<A extends number, B extends number> = number extends A | B
  ? false
  : [A, B] extends [B, A]
    ? false
    : true

export type SplitFault<T extends Tensor, P, A extends number> = P extends number
  ? Divide<LengthOf<T["shape"], A>, P>[1] extends 0
    ? never
    : number extends Divide<LengthOf<T["shape"], A>, P>[1]
      ? never
      : Say<"divide", { op: "split"; axis: `${PlainAxis<T["shape"], A>}`; a: Show<T>; parts: `${P}` }>
  : P extends Numbers
    ? Differ<Total<P>, LengthOf<T["shape"], A>> extends true
      ? Say<"parts", { op: "split"; total: `${Total<P>}`; axis: `${PlainAxis<T["shape"], A>}`; a: Show<T> }>
      : never
    : never

// reshape

/** The number of elements; `number` where a length is not known. */
export type SizeOf<S extends Shape, Out extends number = 1> = number extends S["length"]
  ? number
  : S extends readonly [infer Head extends number, ...infer Rest extends Shape]
    ? SizeOf<Rest, Times<Out, Head>>
    : Out

type IsWild<K> = K extends "wild" ? -1 : number

/** A table by a dimension of a new shape: -1 stands for what is left. (A type parameter is taken for a length.) */
export type Dims<N extends number, Left> = {
  readonly [K in "wild" | "length" as IsWild<K>]: K extends "wild" ? Left : N
}

type HasWild<To extends Shape> = [Dims<never, true>[To[number]]] extends [never] ? false : true

/** Shapes of one and two axes. (Lengths that are given to these are computed first, with type parameters in them.) */
export type Axis<N extends number> = readonly [N]
export type Matrix<N extends number, M extends number> = readonly [N, M]

/** (A shape that is a type parameter is given back as it is.) */
export type Reshaped<From extends Shape, To extends Shape> = ByWhole<To["length"], To, Filled<From, To>>

type Filled<From extends Shape, To extends Shape> = {
  readonly [K in keyof To]: Dims<To[K], Left<From, To>>[To[K]]
}

/** What is left for -1: axes that both begin with, and those after it that both have, need no division. */
type Left<From extends Shape, To extends Shape> = From extends readonly [
  infer A extends number,
  ...infer As extends Shape
]
  ? To extends readonly [infer B extends number, ...infer Bs extends Shape]
    ? {
        readonly [K in "wild" | "length" as IsWild<K>]: K extends "wild"
          ? IfSame<SizeOf<As>, SizeOf<Bs>, A, Rest<From, To>>
          : IfSame<A, B, Left<As, Bs>, Rest<From, To>>
      }[B]
    : never
  : Rest<From, To>

type Rest<From extends Shape, To extends Shape> = Quotient<SizeOf<From>, SizeOf<WithoutWild<To>>>
type KnownFit<N extends number> = [number extends N ? "open" : "known"] extends ["known"] ? true : never
type Known<N extends number> = [KnownFit<N>] extends [never] ? never : N

/** Whether two lengths are known to be the same: literals or type parameters. (Fits: see `PairCheck`.) */
type IfSame<A extends number, B extends number, Then, Else> = [[A]] extends [[Known<B>]] ? Then : Else

type WithoutWild<To extends Shape> = { readonly [K in keyof To]: Dims<To[K], 1>[To[K]] }

type Elements<N extends number> = N extends 1 ? "1 element" : `${N} elements`

/** How two counts of elements go together; it distributes, so a type parameter counts as not known. */
type Sizes<A extends number, B extends number> = A extends unknown
  ? B extends unknown
    ? number extends A | B
      ? "open"
      : [A, B] extends [B, A]
        ? "fit"
        : "differ"
    : never
  : never

type Remainder<A extends number, B extends number> = Sizes<
  Divide<A, B>[1] extends infer R extends number ? R : number,
  0
>

/** What a tensor's new shape must be besides, by how the counts go together. */
interface BySizes<T extends Tensor, To extends Shape> {
  readonly open: unknown
  readonly fit: unknown
  readonly differ: HasWild<To> extends true
    ? Say<"fit", { op: "reshape"; a: Show<T>; shape: Commas<To> }>
    : Say<
        "elements",
        {
          op: "reshape"
          a: Show<T>
          have: Elements<SizeOf<T["shape"]>>
          b: Show<Tensor<T["dtype"], To>>
          want: `${SizeOf<To>}`
        }
      >
}

/** What a tensor's new shape must be besides: the message, where the elements do not fit. */
export type Fits<D extends DType, S extends Shape, To extends Shape> = Guarded<
  BySizes<Tensor<D, S>, To>[HasWild<To> extends true
    ? Remainder<SizeOf<S>, SizeOf<WithoutWild<To>>>
    : Sizes<SizeOf<S>, SizeOf<To>>]
>[Lengths<S> | Lengths<To>]

type Commas<S extends Shape> = Listed<S> extends infer T extends string ? WithoutSpaces<T> : never
type WithoutSpaces<T extends string> = T extends `${infer A}, ${infer B}` ? WithoutSpaces<`${A},${B}`> : T

// arange

/** The count from `From` to before `To` by steps of `By`, of whole numbers. */
export type Counted<From extends number, To extends number, By extends number> = number extends From | To | By
  ? number
  : true extends Fractional<From | To | By>
    ? number
    : [From, By] extends [0, 1]
      ? `${To}` extends `-${string}`
        ? 0
        : To
      : `${By}` extends `-${infer Down extends number}`
        ? Steps<SignedPlus<From, Negated<To>>, Down>
        : Steps<SignedPlus<To, Negated<From>>, By>

type Fractional<N extends number> = N extends unknown
  ? `${N}` extends `${string}${"." | "e"}${string}`
    ? true
    : false
  : never

type Steps<Gap extends number, By extends number> = `${Gap}` extends `-${string}`
  ? 0
  : By extends 0
    ? number
    : CeilQuotient<Gap, By>

// fft

/** The frequencies that determine those of n real numbers. */
export type Half<N extends number> = Plus<Quotient<N, 2>, 1>
/** How many real numbers n frequencies determine, where they are even in number. */
export type Whole<N extends number> = Times<Computed<Minus<N, 1>>, 2>
