import type { DType } from "../dtype.ts"
import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Guarded, Lengths, Show } from "../types.ts"
import type { AtMost, Divide, Minus, Plus, Times } from "./arithmetic.ts"
import type { Dilated, Nth, Numbers } from "./lengths.ts"
import type { Windows } from "./windows.ts"

/** The shapes of convolutions, in any order of their axes. */

/**
 * What the axes of the input, of the kernel and of the result are, as JAX writes them: N is the batch, C the features, O
 * and I the outputs and inputs of the kernel, and other letters are spatial axes.
 */
export type DimensionNumbers = readonly [input: string, kernel: string, output: string]

type Letters<T extends string> = T extends `${infer Head}${infer Rest}`
  ? readonly [Head, ...Letters<Rest>]
  : readonly []

type Spatial<L extends ReadonlyArray<string>> = L extends readonly [
  infer Head extends string,
  ...infer Rest extends ReadonlyArray<string>
]
  ? Head extends "O" | "I"
    ? Spatial<Rest>
    : readonly [Head, ...Spatial<Rest>]
  : readonly []

type LengthAt<S extends Shape, L extends ReadonlyArray<string>, Letter extends string> = L extends readonly [
  infer Head,
  ...infer Letters extends ReadonlyArray<string>
]
  ? S extends readonly [infer Length extends number, ...infer Rest extends Shape]
    ? Head extends Letter
      ? Length
      : LengthAt<Rest, Letters, Letter>
    : number
  : number

/** The lengths of axes in another order of their letters. */
type Ordered<
  S extends Shape,
  From extends ReadonlyArray<string>,
  To extends ReadonlyArray<string>
> = To extends readonly [infer Head extends string, ...infer Rest extends ReadonlyArray<string>]
  ? readonly [LengthAt<S, From, Head>, ...Ordered<S, From, Rest>]
  : readonly []

/** A batch of features first, as convolutions work on them, from what the letters say. */
interface Canonical<L extends DimensionNumbers> {
  readonly features: readonly ["N", "C", ...Spatial<Letters<L[1]>>]
  readonly kernel: readonly ["O", "I", ...Spatial<Letters<L[1]>>]
}

type InLetters<S extends Shape, W extends Shape, L extends DimensionNumbers, Made extends HowMany> = Ordered<
  Joined<
    Ordered<S, Letters<L[0]>, Canonical<L>["features"]>,
    Ordered<W, Letters<L[1]>, Canonical<L>["kernel"]>,
    Made
  >,
  Canonical<L>["features"],
  Letters<L[2]>
>

/** What says how many windows there are: the options of a convolution, or of its transpose. */
interface HowMany {
  readonly padding: unknown
  readonly strides: unknown
  readonly kernelDilation: unknown
  readonly inputDilation?: unknown
  /** Into how many groups the batch is divided (1). */
  readonly batchGroups: unknown
  /** Which axis of the kernel has the outputs, where it is the transpose of a convolution. */
  readonly transposed?: "O" | "I" | "unknown"
}

/** Which axis of the kernel has the outputs, by whether it is that of the convolution. */
export type OutputsOf<T extends boolean> = [T] extends [true] ? "I" : [T] extends [false] ? "O" : "unknown"

type Counts<S extends Shape, W extends Shape, Made extends HowMany> = Made extends {
  readonly transposed: string
}
  ? Transposed<S, W, Made["strides"], Made["padding"], Made["kernelDilation"]>
  : Windows<S, W, Made["strides"], Made["padding"], Made["inputDilation"], Made["kernelDilation"]>

type Joined<S extends Shape, W extends Shape, Made extends HowMany> = S extends readonly [
  infer Batch extends number,
  infer _ extends number,
  ...infer Spaces extends Shape
]
  ? W extends readonly [infer O extends number, infer I extends number, ...infer Kernel extends Shape]
    ? readonly [
        Made["batchGroups"] extends 1 ? Batch : number,
        Made["transposed"] extends "I" ? I : Made["transposed"] extends "unknown" ? number : O,
        ...Counts<Spaces, Kernel, Made>
      ]
    : Shape
  : Shape

/** The shape of a convolution, or of its transpose. */
export type Convolved<S extends Shape, W extends Shape, L, Made extends HowMany> = [L] extends [undefined]
  ? Joined<S, W, Made>
  : number extends S["length"] | W["length"]
    ? Shape
    : L extends DimensionNumbers
      ? string extends L[number]
        ? Shape
        : InLetters<S, W, L, Made>
      : Shape

type Option<O, K> = O extends number ? O : Nth<O, K>

type Spread<Length extends number, Window extends number, By extends number, Padding> = Length extends 0
  ? number
  : Padding extends "same"
    ? Times<Length, By>
    : AtMost<Window, By> extends infer Within
      ? boolean extends Within
        ? number
        : Within extends true
          ? Times<Length, By>
          : Plus<Times<Length, By>, Minus<Window, By> & number>
      : number

type Transposed<S extends Shape, W extends Shape, By, Padding, Apart> = Padding extends "same" | "valid"
  ? { readonly [K in keyof S]: Spread<S[K], Dilated<Option<W, K>, Option<Apart, K>>, Option<By, K>, Padding> }
  : Padding extends string
    ? { readonly [K in keyof S]: number }
    : Windows<S, W, 1, Padding, By, Apart>

/** The shape of pooled windows over the last axes, or over those before the last. */
export type Pooled<S extends Shape, W extends Numbers, By, Padding, Features> = number extends
  | S["length"]
  | W["length"]
  ? Shape
  : Features extends "first"
    ? OverLast<S, W, By, Padding>
    : Features extends "last"
      ? S extends readonly [...infer Front extends Shape, infer Last extends number]
        ? readonly [...OverLast<Front, W, By, Padding>, Last]
        : Shape
      : Shape

type OverLast<
  S extends Shape,
  W extends Numbers,
  By,
  Padding,
  Tail extends Shape = readonly []
> = Tail["length"] extends W["length"]
  ? readonly [...S, ...Windows<Tail, W, By, Padding, 1, 1>]
  : S extends readonly [...infer Front extends Shape, infer Last extends number]
    ? OverLast<Front, W, By, Padding, readonly [Last, ...Tail]>
    : Shape

/** (It distributes: of unions, one that fits is enough.) */
type ByGroups<
  Features extends number,
  Inputs extends number,
  Outputs extends number,
  G extends number
> = Features extends unknown
  ? Inputs extends unknown
    ? Outputs extends unknown
      ? [Times<Inputs, G>, Divide<Outputs, G>[1]] extends [Features, 0]
        ? "fit"
        : "features"
      : never
    : never
  : never

/** How the features of two shapes that are known go together. */
type Verdict<S extends Shape, K extends Shape, G extends number> = S extends readonly [
  number,
  infer Features extends number,
  ...Shape
]
  ? K extends readonly [infer Outputs extends number, infer Inputs extends number, ...Shape]
    ? [K["length"], S["length"]] extends [S["length"], K["length"]]
      ? ByGroups<Features, Inputs, Outputs, G>
      : "rank"
    : "rank"
  : "rank"

interface ByVerdict<X, K, G extends number> {
  readonly fit: unknown
  readonly rank: Say<"kernel", { a: Show<X>; b: Show<K> }>
  readonly features: Say<
    "features",
    { a: Show<X>; b: Show<K>; groups: G extends 1 ? "1 group" : `${G} groups` }
  >
}

/** What a kernel must be besides: the message, where it does not fit what is convolved. */
export type FitsInput<D extends DType, S extends Shape, K extends Shape, G extends number, L> = [L] extends [
  undefined
]
  ? Guarded<ByVerdict<Tensor<D, S>, Tensor<D, K>, G>[Verdict<S, K, G>]>[Lengths<readonly [...S, ...K, G]>]
  : unknown
