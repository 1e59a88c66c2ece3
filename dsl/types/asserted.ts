import type { DType } from "../dtype.ts"
import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Check, Guarded, Lengths, Show } from "../types.ts"
import type { Alike } from "./joins.ts"

/** The types of `shaped`. */

type Dims = ReadonlyArray<number | null>

/** The shape that is said; where null is, the length that is known. */
export type Asserted<S extends Shape, T extends Dims> = {
  readonly [K in keyof T]: T[K] extends number ? T[K] : K extends keyof S ? S[K] & number : number
}

type Fault<D extends DType, S extends Shape, T extends Shape> =
  Alike<S, T> extends false
    ? Say<"shaped", { op: "shaped"; a: Show<Tensor<D, S>>; b: Show<Tensor<D, T>> }>
    : never

type Open<T extends Dims> = { readonly [K in keyof T]: [T[K]] extends [null] ? number : T[K] & number }

/** What a shape that is said must be besides: the message, where another is known. */
export type IsShaped<D extends DType, S extends Shape, T extends Dims> = Guarded<
  Check<Fault<D, S, Open<T>>>
>[number extends S["length"] ? "open" : Lengths<Known<S, T>>]

/** Generic lengths alone are open here; `number`s are compared as far as they are known. */
type Known<S extends Shape, T extends Dims> = number extends T["length"]
  ? Shape
  : readonly [...Literal<S>, ...Literal<T>]
type Literal<S extends Dims> = { readonly [K in keyof S]: LiteralDim<S[K]> }
type LiteralDim<N> = [N] extends [null] ? 0 : number extends N ? 0 : N & number
