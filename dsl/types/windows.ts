import type { DType } from "../dtype.ts"
import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Guarded, Lengths, Show } from "../types.ts"
import type { CeilQuotient, Divide, Minus, Plus, Quotient, SignedPlus, Times } from "./arithmetic.ts"
import type { Dilated, Nth } from "./lengths.ts"

/** How often windows fit, as convolutions and reductions over windows count it. */

type On<Option, K> = Option extends number ? Option : Nth<Option, K>

type Fits<Length extends number, Window extends number, By extends number> = `${Length}` extends `-${string}`
  ? 0
  : [Minus<Length, Window>] extends [never]
    ? 0
    : Plus<Quotient<Minus<Length, Window>, By>, 1>

type Around<Padding, K> = K extends keyof Padding
  ? Padding[K] extends readonly [infer Low extends number, infer High extends number]
    ? SignedPlus<Low, High>
    : number
  : number

type Count<
  Length extends number,
  Window extends number,
  By extends number,
  Padding,
  K
> = Padding extends "same"
  ? CeilQuotient<Length, By>
  : Padding extends "valid"
    ? [Window, By] extends [1, 1]
      ? Length
      : Fits<Length, Window, By>
    : Padding extends string
      ? number
      : Fits<SignedPlus<Length, Around<Padding, K>>, Window, By>

/** How often a window fits along each axis; `Spread` and `Apart` say how far elements lie from one another. */
export type Windows<S extends Shape, W, By, Padding, Spread, Apart> = {
  readonly [K in keyof S]: Count<
    Dilated<S[K], On<Spread, K>>,
    Dilated<On<W, K>, On<Apart, K>>,
    On<By, K>,
    Padding,
    K
  >
}

/** The shape of a convolution of `[batch, features, ...]` with a kernel `[outputs, features, ...]`. */
export type Convolved<S extends Shape, W extends Shape, By, Padding, Spread, Apart> = S extends readonly [
  infer Batch extends number,
  number,
  ...infer Spatial extends Shape
]
  ? W extends readonly [infer Outputs extends number, number, ...infer Kernel extends Shape]
    ? readonly [Batch, Outputs, ...Windows<Spatial, Kernel, By, Padding, Spread, Apart>]
    : Shape
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
export type FitsInput<D extends DType, S extends Shape, K extends Shape, G extends number> = Guarded<
  ByVerdict<Tensor<D, S>, Tensor<D, K>, G>[Verdict<S, K, G>]
>[Lengths<readonly [...S, ...K, G]>]
