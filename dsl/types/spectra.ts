import type { Shape } from "../shape.ts"
import type { LengthOf, Replaced } from "./axes.ts"
import type { Half, Numbers, Whole } from "./lengths.ts"

/** The shapes of Fourier transforms. */

/** Whether the result has half the frequencies, or the numbers that half the frequencies determine. */
export type Spectrum = "complex" | "real" | "inverseReal"

/** Along one axis; `N` is the length that was asked for. */
export type AlongOne<K extends Spectrum, S extends Shape, A extends number, N> = [N] extends [undefined]
  ? K extends "complex"
    ? S
    : Replaced<S, A, K extends "real" ? Half<LengthOf<S, A>> : Whole<LengthOf<S, A>>>
  : Replaced<S, A, K extends "real" ? Half<N & number> : N & number>

/** The last axes, as many as there are lengths. */
type LastAxes<N> = N extends Numbers ? (number extends N["length"] ? Numbers : LastOf<N["length"]>) : Numbers

type LastOf<Rank extends number, Out extends Numbers = readonly []> = Out["length"] extends 8
  ? Numbers
  : Out["length"] extends Rank
    ? Negative<Out>
    : LastOf<Rank, readonly [...Out, 0]>

/** -n to -1, for n items. */
type Negative<L extends Numbers, Out extends Numbers = readonly []> = L extends readonly [
  number,
  ...infer Rest extends Numbers
]
  ? `-${L["length"]}` extends `${infer N extends number}`
    ? Negative<Rest, readonly [...Out, N]>
    : Numbers
  : Out

type LastItem<L extends Numbers> = L extends readonly [...Numbers, infer A extends number] ? A : number

type EachReplaced<S extends Shape, A extends Numbers, N> = N extends Numbers
  ? A extends readonly [infer Axis extends number, ...infer Axes extends Numbers]
    ? N extends readonly [infer Length extends number, ...infer Lengths extends Numbers]
      ? EachReplaced<Replaced<S, Axis, Length>, Axes, Lengths>
      : Shape
    : S
  : S

type Along<K extends Spectrum, S extends Shape, A extends Numbers, N> = number extends A["length"]
  ? Shape
  : K extends "complex"
    ? EachReplaced<S, A, N>
    : K extends "inverseReal"
      ? N extends Numbers
        ? EachReplaced<S, A, N>
        : Replaced<S, LastItem<A>, Whole<LengthOf<S, LastItem<A>>>>
      : Replaced<EachReplaced<S, A, N>, LastItem<A>, Half<LengthOf<EachReplaced<S, A, N>, LastItem<A>>>>

/** Along several axes; `N` are the lengths that were asked for, and `A` the axes. */
export type AlongSeveral<K extends Spectrum, S extends Shape, A, N> = [K, N] extends ["complex", undefined]
  ? S
  : number extends S["length"]
    ? Shape
    : Along<
          K,
          S,
          A extends Numbers ? A : [N] extends [undefined] ? readonly [-1] : LastAxes<N>,
          N
        > extends infer Made extends Shape
      ? Made
      : Shape
