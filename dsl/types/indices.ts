import type { DType, IntegerDType } from "../dtype.ts"
import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { AnyTensor, Refused, Show } from "../types.ts"
import type { AtMost } from "./arithmetic.ts"
import type { LengthOf, PlainAxis } from "./axes.ts"

/** Indices along axes: which are in range, and of which dtypes. */

type WithinLength<I extends number, N extends number> = N extends unknown
  ? number extends I | N
    ? "open"
    : `${I}` extends `-${infer Back extends number}`
      ? AtMost<Back, N> extends false
        ? "out"
        : "open"
      : AtMost<N, I> extends true
        ? "out"
        : "open"
  : never

interface ByIndex<Op extends string, D extends DType, S extends Shape, I, A extends number> {
  readonly open: unknown
  readonly kind: Refused<Say<"dtypeKind", { op: Op; wanted: "integer indices"; a: Show<I> }>>
  readonly out: Refused<
    Say<"index", { op: Op; index: `${I & number}`; axis: `${PlainAxis<S, A>}`; a: Show<Tensor<D, S>> }>
  >
}

/** The dtypes of indices. (A table, not a condition, for dtypes that are type parameters.) */
type ByDType = { readonly [K in DType]: K extends IntegerDType ? "open" : "kind" }

type Verdict<I, N extends number> = I extends number
  ? WithinLength<I, N>
  : I extends AnyTensor
    ? ByDType[I["dtype"]]
    : "open"

/**
 * What an index along an axis must be besides: the message, where a plain one is out of range, or a tensor holds no
 * integers.
 */
export type IsIndex<Op extends string, D extends DType, S extends Shape, I, A extends number> = ByIndex<
  Op,
  D,
  S,
  I,
  A
>[Verdict<I, LengthOf<S, A>>]

/** What tensors of indices must be besides: the message, where one holds no integers. */
export type AreIntegers<Op extends string, L extends ReadonlyArray<unknown>> = {
  readonly [K in keyof L]: ByIndex<Op, DType, Shape, L[K], number>[Verdict<L[K], number>]
}
