import type { DType } from "../dtype.ts"
import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Tree } from "../tree.ts"
import type { IsTree } from "../tree-types.ts"
import type { SizeFit } from "../types/sizes.ts"
import type { IsUnion, OneOf } from "../types/unions.ts"
import type { Refused, Show } from "../types.ts"
import type { Range } from "./arange.ts"

/** Whether xs say how many steps a scan has. Literal lengths alone are looked at. */

/** The first length; of a union nothing is known. */
type Head<S extends Shape> = number extends S["length"]
  ? number
  : S extends readonly [infer N extends number, ...infer _]
    ? true extends IsUnion<N>
      ? number
      : N
    : "none"

/** The first lengths of all leaves. A leaf without axes has none. */
type Heads<X> = [Tree] extends [X]
  ? number
  : X extends Tensor<DType, infer S>
    ? Head<S>
    : X extends null
      ? never
      : X extends Range
        ? number
        : X extends ReadonlyArray<unknown>
          ? Heads<X[number]>
          : Heads<X[keyof X]>

/** (Fits are `true` of wildcards: see `PairCheck`.) */
type RowsFit<H> = [H] extends [number] ? true : never
type AlikeFit<H> = [H] extends [never] ? true : [H] extends [number] ? OneOf<H> : true
type StepsFit<X, O> = [X] extends [object]
  ? true
  : [X] extends [null]
    ? "length" extends keyof O
      ? true
      : never
    : true

type ScalarFault<Op extends string, Path extends string, X> = [Tree] extends [X]
  ? never
  : X extends Tensor<DType, infer S>
    ? S extends readonly []
      ? Say<"noRows", { op: Op; path: Path; a: Show<X> }>
      : never
    : X extends null | Range
      ? never
      : X extends ReadonlyArray<unknown>
        ? { [K in keyof X]: ScalarFault<Op, `${Path}[${K & string}]`, X[K]> }[number]
        : { [K in keyof X & string]: ScalarFault<Op, `${Path}.${K}`, X[K]> }[keyof X & string]

type NoRange<X> = X extends Range ? null : X

/** What xs must be besides: the message, where they are neither a range nor a tree, such as an interface. */
export type IsXs<Op extends string, X> = IsTree<Op, "xs", NoRange<X>> & HaveRows<Op, X>

/** What xs must be besides: the message, where one of their leaves has no rows. */
type HaveRows<Op extends string, X> = [RowsFit<Heads<X>>] extends [never]
  ? Refused<ScalarFault<Op, "xs", X>>
  : unknown

/**
 * What a body must be besides: the message, where xs do not say one number of steps, and no option does. (Of null and a
 * message nothing would be left to show; of xs that are refused, the body would get rows that it cannot take apart.)
 */
export type HasSteps<Op extends string, X, O> = [AlikeFit<Heads<X>>] extends [never]
  ? Refused<Say<"differentRows", { op: Op }>>
  : [StepsFit<X, O>] extends [never]
    ? Refused<Say<"noSteps", { op: Op }>>
    : unknown

type LengthOf<O> = O extends { readonly length: infer N extends number } ? N : never

type SameFit<H, N> = [N] extends [never]
  ? true
  : [H] extends [never]
    ? true
    : [H & N] extends [never]
      ? never
      : true

type Rows<N> = N extends 1 ? "1 row" : `${N & number} rows`

/** What the options of a scan must be besides: the message, where the length is none, or not that of xs. */
export type AgreesWith<X, O> = [SameFit<Heads<X>, LengthOf<O>>] extends [never]
  ? Refused<Say<"rowsAndLength", { op: "scan"; rows: Rows<Heads<X>>; n: `${LengthOf<O>}` }>>
  : [SizeFit<LengthOf<O>>] extends [never]
    ? Refused<Say<"size", { op: "scan"; what: "the length"; n: `${LengthOf<O>}` }>>
    : unknown
