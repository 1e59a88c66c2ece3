import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { AxesOf } from "../types/axes.ts"
import type { Refused, Show } from "../types.ts"

/** Whether the axes of `vmap` are there: for each argument one, and each in range. Literal axes alone are looked at. */

type Args = ReadonlyArray<unknown>

/** The axes of a tensor that has one more. */
type NewAxes<T> = T extends { readonly shape: infer S extends Shape }
  ? (readonly [...S, 1])["length"] extends infer Rank extends keyof AxesOf
    ? AxesOf[Rank]
    : number
  : number

/** (A type parameter, and a union of which one is an axis, is fine: see `PairCheck`.) */
type Verdict<T, Ax> = [Ax] extends [number] ? ([Ax & NewAxes<T>] extends [never] ? "odd" : "fine") : "fine"

type AxisAt<I, K> = I extends number | null ? I : K extends keyof I ? I[K] : null

type Verdicts<A extends Args, I> = { readonly [K in keyof A]-?: Verdict<A[K], AxisAt<I, K>> }[number]

/** Whatever has a batch has its first and its last axis. */
type RangeFit<Axes, V> = [Axes] extends [0 | -1 | null] ? true : [V] extends ["fine"] ? true : never

/** Never where a list has not one axis for each argument. */
type CountFit<A extends Args, I> = [I] extends [ReadonlyArray<unknown>]
  ? [number] extends [A["length"] | I["length"]]
    ? true
    : [A["length"] & I["length"]] extends [never]
      ? never
      : true
  : true

type OutOfRange<T, Ax> = Say<"axis", { op: "vmap"; axis: `${Ax & number}`; a: Show<T> }>

type InFault<A extends Args, I> = {
  readonly [K in keyof A]-?: Verdict<A[K], AxisAt<I, K>> extends "odd"
    ? OutOfRange<A[K], AxisAt<I, K>>
    : never
}[number]

type CountFault<A extends Args, I extends Args> = Say<
  "axesOfArguments",
  {
    n: I["length"] extends 1 ? "1 entry" : `${I["length"]} entries`
    count: A["length"] extends 1 ? "1 argument" : `${A["length"]} arguments`
  }
>

/** What the options of `vmap` must be besides: the message, where an axis is missing, too many, or out of range. */
export type HaveAxes<A extends Args, R, I, O> = [CountFit<A, I>] extends [never]
  ? Refused<CountFault<A, I & Args>>
  : [RangeFit<I, Verdicts<A, I>>] extends [never]
    ? Refused<InFault<A, I>>
    : [RangeFit<O, Verdict<R, O>>] extends [never]
      ? Refused<OutOfRange<R, O>>
      : unknown

/** The same of a library function that is given whole, of whose arguments nothing is known. */
export type IfOwn<K, Check> = [K] extends [null] ? Check : unknown
