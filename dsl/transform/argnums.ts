import type { ComplexDType, FloatDType } from "../dtype.ts"
import type { Say } from "../messages.ts"
import type { Tensor } from "../tensor.ts"
import type { DTypeFault } from "../tree-types.ts"
import type { PlainAxis } from "../types/axes.ts"
import type { Check } from "../types.ts"

/** The arguments that a derivative is taken by: which there are, and whether they have gradients. */

/** The positions of the chosen arguments: one, or several. */
export type ArgNums = number | ReadonlyArray<number>

/** The dtypes that have derivatives. */
export type Smooth = FloatDType | ComplexDType

type Args = ReadonlyArray<unknown>

/** A position from the front. */
type Plain<A extends Args, N extends number> = PlainAxis<{ readonly [K in keyof A]-?: 0 }, N>

/** The argument at a position, which may count from the end. */
export type ArgAt<A extends Args, N> = N extends number
  ? `${N}` extends `-${string}`
    ? A[Plain<A, N>]
    : A[N]
  : never

/** The chosen argument, or a list of the chosen ones. */
export type Chosen<A extends Args, N> = N extends number
  ? ArgAt<A, N>
  : N extends ReadonlyArray<number>
    ? { -readonly [K in keyof N]: ArgAt<A, N[K]> }
    : never

type Below<N extends number> = `-${N}` extends `${infer M extends number}` ? M : never

/** All positions of arguments, from the front and from the end. */
type Positions<A extends Args> = number extends A["length"]
  ? number
  : A extends readonly [unknown, ...infer Rest]
    ? Rest["length"] | Below<A["length"]> | Positions<Rest>
    : never

type Each<N> = N extends ReadonlyArray<infer M> ? M : N

type EachPlain<A extends Args, N> = N extends number ? Plain<A, N> : never

/** Never where a position is named twice. */
type OnceFit<A extends Args, N> = [N] extends [number]
  ? true
  : N extends readonly [infer First, ...infer Rest]
    ? [EachPlain<A, First>] extends [EachPlain<A, Rest[number]>]
      ? never
      : OnceFit<A, Rest>
    : true

/** Never where there is no such argument. (Fits are `true` of wildcards: see `PairCheck`.) */
type PositionFit<A extends Args, N> = [Each<N>] extends [Positions<A>]
  ? true
  : [number] extends [Each<N>]
    ? true
    : never

type ArgnumsFault<Op extends string, A extends Args, N> = [PositionFit<Required<A>, N>] extends [never]
  ? Say<
      "argnums",
      {
        op: Op
        n: `${Exclude<Each<N>, Positions<Required<A>>> & number}`
        count: `${Required<A>["length"]}`
      }
    >
  : Say<"argnumsTwice", { op: Op }>

/** A check that the chosen arguments are there, each named once. */
export type ArgnumsCheck<Op extends string, A extends Args, N> = [
  PositionFit<Required<A>, N> & OnceFit<A, N>
] extends [never]
  ? ArgnumsFault<Op, A, N>
  : unknown

/** Trees whose tangents are like themselves. */
export type SmoothTree =
  | Tensor<Smooth>
  | null
  | ReadonlyArray<SmoothTree>
  | { readonly [key: string]: SmoothTree }

/** Why a part of an argument has no gradient. */
type GradientFault<Op extends string, Path extends string, T> = DTypeFault<
  "integerGradient",
  Smooth,
  SmoothTree,
  Op,
  Path,
  T
>

type FaultOf<Op extends string, A extends Args, N> = N extends number
  ? GradientFault<Op, `args[${Plain<A, N>}]`, ArgAt<A, N>>
  : never

type GradientFit<A extends Args, N> = [Chosen<A, N>] extends [SmoothTree]
  ? true
  : [FaultOf<string, A, Each<N>>] extends [never]
    ? true
    : never

/** A check that the chosen arguments, which may be generic, have gradients. */
export type GradientCheck<Op extends string, A extends Args, N> = [GradientFit<A, N>] extends [never]
  ? Check<FaultOf<Op, A, Each<N>>>
  : unknown
