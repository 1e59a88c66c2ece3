import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Lengths, Refused } from "../types.ts"

/** Literals that are no lengths or counts: negative ones, and fractions. */

type Odd = `-${string}` | `${string}.${string}` | `${string}e-${string}`

/** It distributes, so that a type parameter, and a union of which one is a length, is fine. */
type Verdict<N extends number> = N extends unknown ? (`${N}` extends Odd ? "odd" : "fine") : never

interface ByVerdict<Op extends string, What extends string, N extends number> {
  readonly fine: unknown
  readonly odd: Refused<Say<"size", { op: Op; what: What; n: `${N}` }>>
}

/** What a length or a count must be besides: the message for a literal that is none. */
export type IsSize<Op extends string, What extends string, N extends number> = ByVerdict<
  Op,
  What,
  N
>[Verdict<N>]

/** Never for a literal that is none. */
export type SizeFit<N extends number> = [N] extends [never]
  ? true
  : ["fine"] extends [Verdict<N>]
    ? true
    : never

type FirstOdd<S extends Shape> = S extends readonly [infer N extends number, ...infer Rest extends Shape]
  ? [SizeFit<N>] extends [never]
    ? N
    : FirstOdd<Rest>
  : 0

type Found<Op extends string, S extends Shape> = [SizeFit<FirstOdd<S>>] extends [never]
  ? Refused<Say<"size", { op: Op; what: "a dimension"; n: `${FirstOdd<S>}` }>>
  : unknown

/** Shapes are many: whether one has such a literal, the checker sees without a walk along its axes. */
interface ByLengths<S extends Shape> {
  readonly open: "fine"
  readonly known: [`${S[number]}` & Odd] extends [never] ? "fine" : "odd"
}

interface OfShape<Op extends string, S extends Shape> {
  readonly fine: unknown
  readonly odd: Found<Op, S>
}

/** What a shape must be besides: the message, where all its lengths are known and one is no length. */
export type AreSizes<Op extends string, S extends Shape> = OfShape<Op, S>[ByLengths<S>[Lengths<S>]]
