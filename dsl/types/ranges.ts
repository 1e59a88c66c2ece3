import type { IntegerDType } from "../dtype.ts"
import type { Say } from "../messages.ts"
import type { RealDType, Refused } from "../types.ts"
import type { SignedPlus } from "./arithmetic.ts"
import type { Counted } from "./lengths.ts"
import type { Among, OrElse } from "./operands.ts"

/** Whether a dtype counts from one bound to another. Literals alone are looked at. */

export type Bound = number | bigint

type Fraction<N extends Bound> = `${N}` extends `${string}.${string}` | `${string}e-${string}` ? true : false

/** JAX's default dtype, where the editor knows whether the numbers have fractions. */
export type DefaultDType<N extends Bound> = number extends N
  ? "i32" | "f32"
  : true extends (N extends unknown ? Fraction<N> : never)
    ? "f32"
    : "i32"

type FractionFault<Name extends string, N extends Bound, D extends IntegerDType> =
  Fraction<N> extends true ? Say<"fractionBound", { name: Name; n: `${N}`; dtype: D }> : never

type Last<N extends Bound> = N extends number ? SignedPlus<N, -1> : number

type Holds<N, D extends IntegerDType> = [unknown] extends [Among<"arange", N>[D]] ? true : false

type Steps<N> = N extends 1 ? "1 step" : `${N & number} steps`

/** Why an integer dtype does not hold numbers that are one apart. */
type UnheldFault<A extends Bound, N extends Bound, D extends IntegerDType> =
  Counted<A & number, N & number, 1> extends infer Count
    ? Count extends 0
      ? never
      : number extends Count
        ? never
        : Holds<A, D> | Holds<Last<N>, D> extends true
          ? never
          : Say<"rangeUnheld", { steps: Steps<Count>; from: `${A}`; to: `${Last<N>}`; dtype: D }>
    : never

type IntegerFault<A extends Bound, N extends Bound, By extends Bound, D extends IntegerDType> = OrElse<
  FractionFault<"start", A, D>,
  OrElse<
    FractionFault<"stop", N, D>,
    OrElse<FractionFault<"step", By, D>, By extends 1 ? UnheldFault<A, N, D> : never>
  >
>

/** What a dtype says of bounds; it distributes over them, so that of a union one that is right is enough. */
type FaultOf<A extends Bound, N extends Bound, By extends Bound, D> = A extends unknown
  ? N extends unknown
    ? By extends unknown
      ? By extends 0
        ? "arange: the step is 0"
        : D extends IntegerDType
          ? [IntegerFault<A, N, By, D>] extends [never]
            ? "fine"
            : IntegerFault<A, N, By, D>
          : "fine"
      : never
    : never
  : never

type Faults<A extends Bound, N extends Bound, By extends Bound> = {
  readonly [D in RealDType]: FaultOf<A, N, By, D>
}

/** (Of bounds and a dtype that are type parameters, all is fine: see `PairCheck`.) */
type Fit<Fault> = ["fine"] extends [Fault] ? true : never

type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9"

/** What every dtype counts to, which is seen at once. */
type Short = Digit | `${Digit}${Digit}`

/** What the last bound must be besides: nothing where the dtype counts so. */
export type IsCounted<A extends Bound, N extends Bound, By extends Bound, D extends RealDType> = [
  `${A}`,
  `${N}`,
  `${By}`
] extends [Short, Short, "1"]
  ? unknown
  : [Fit<Faults<A, N, By>[D]>] extends [never]
    ? never
    : unknown

type Other = "arange: bounds are numbers, or integer scalars of the program"

type Counting<A extends Bound, N extends Bound, By extends Bound, D extends RealDType> =
  FaultOf<A, N, By, D> extends infer Fault extends string ? (Fault extends "fine" ? Other : Fault) : Other

/** Why bounds, and what stands after them, make no range. */
export type RangeRefused<B> = Refused<
  B extends readonly [infer N extends Bound, infer D extends RealDType]
    ? Counting<0, N, 1, D>
    : B extends readonly [infer N extends Bound]
      ? Counting<0, N, 1, DefaultDType<N>>
      : B extends readonly [infer A extends Bound, infer N extends Bound]
        ? Counting<A, N, 1, DefaultDType<A | N>>
        : B extends readonly [infer A extends Bound, infer N extends Bound, infer D extends RealDType]
          ? Counting<A, N, 1, D>
          : B extends readonly [infer A extends Bound, infer N extends Bound, infer By extends Bound]
            ? Counting<A, N, By, DefaultDType<A | N | By>>
            : B extends readonly [
                  infer A extends Bound,
                  infer N extends Bound,
                  infer By extends Bound,
                  infer D extends RealDType
                ]
              ? Counting<A, N, By, D>
              : Other
>
