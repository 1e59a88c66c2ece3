import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Show, Unknown } from "../types.ts"
import type { AxesOf, LengthOf, PlainAxis } from "./axes.ts"

/** Axes in another order, and why a list is none. */

/** The shape with axes in another order. */
export type Permuted<S extends Shape, P extends ReadonlyArray<number>> = number extends P["length"]
  ? number extends S["length"]
    ? Shape
    : Unknown<S>
  : { readonly [K in keyof P]: LengthOf<S, P[K]> }

type Joining<P extends ReadonlyArray<number>, Out extends string = ""> = P extends readonly [
  infer Head extends number,
  ...infer Rest extends ReadonlyArray<number>
]
  ? Joining<Rest, Out extends "" ? `${Head}` : `${Out}, ${Head}`>
  : Out

/** A list as messages show it. */
export type Listed<P extends ReadonlyArray<number>> = Joining<P>

/** The first axis that a list names twice, if one is. */
type Twice<S extends Shape, P extends ReadonlyArray<number>, Seen = never> = P extends readonly [
  infer Head extends number,
  ...infer Rest extends ReadonlyArray<number>
]
  ? PlainAxis<S, Head> extends Seen
    ? true
    : Twice<S, Rest, Seen | PlainAxis<S, Head>>
  : false

/** Whether a shape has all axes of a list. */
type HasAll<S extends Shape, Axes> = S["length"] extends keyof AxesOf
  ? [Axes] extends [AxesOf[S["length"]]]
    ? true
    : false
  : true

/** Why a list is no order of all axes; never where the shape has not all of them, which `IsAxis` says. */
export type PermutationFault<T extends Tensor, P extends ReadonlyArray<number>> = number extends
  | P["length"]
  | T["shape"]["length"]
  | P[number]
  ? never
  : HasAll<T["shape"], P[number]> extends false
    ? never
    : Twice<T["shape"], P> extends true
      ? Say<"axisTwice", { op: "transpose"; axes: Listed<P> }>
      : P["length"] extends T["shape"]["length"]
        ? never
        : Say<"eachAxis", { op: "transpose"; axes: Listed<P>; a: Show<T> }>
