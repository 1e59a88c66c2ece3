import type { DType } from "../dtype.ts"
import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Show } from "../types.ts"

/** The types of `shaped`. */

type Dims = ReadonlyArray<number | null>

/** The shape that is said; where null is, the length that is known. */
export type Asserted<S extends Shape, T extends Dims> = {
  readonly [K in keyof T]: T[K] extends number ? T[K] : K extends keyof S ? S[K] & number : number
}

type Open<T extends Dims> = { readonly [K in keyof T]: [T[K]] extends [null] ? number : T[K] & number }

type DimFit<N, M> = [number] extends [N | M]
  ? true
  : [null] extends [M]
    ? true
    : [N] extends [M]
      ? true
      : [M] extends [N]
        ? true
        : never

type DimsFit<S, T> = S extends readonly [infer N, ...infer Ns]
  ? T extends readonly [infer M, ...infer Ms]
    ? [DimFit<N, M>] extends [never]
      ? never
      : DimsFit<Ns, Ms>
    : never
  : T extends readonly []
    ? true
    : never

/** Never where the lengths that are known differ. (Fits are `true` of wildcards: see `PairCheck`.) */
type ShapedFit<S extends Shape, T extends Dims> = [number] extends [S["length"] | T["length"]]
  ? true
  : DimsFit<S, T>

/** What a shape that is said must be besides: the message, where another is known. */
export type IsShaped<D extends DType, S extends Shape, T extends Dims> = [ShapedFit<S, T>] extends [never]
  ? Say<"shaped", { op: "shaped"; a: Show<Tensor<D, S>>; b: Show<Tensor<D, Open<T>>> }>
  : unknown
