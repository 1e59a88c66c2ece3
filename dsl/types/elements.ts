import type { DType } from "../dtype.ts"
import type { Refused } from "../types.ts"
import type { Among, Plain } from "./operands.ts"

/** Numbers in nested lists, and whether a dtype holds them. */

interface Endless extends ReadonlyArray<Endless> {}

/** (The guard is for lists of lists without end, which is what the checker takes where there are none.) */
type Elements<V> = [Endless] extends [V] ? never : V extends ReadonlyArray<infer Each> ? Elements<Each> : V

/** (Of a dtype that is a type parameter, all is fine: see `PairCheck`.) */
type Verdict<Op extends string, N, D extends DType> = N extends unknown
  ? [unknown] extends [Among<Op, N>[D]]
    ? "fine"
    : "odd"
  : never

/** Never where an element may be one that the dtype does not hold. */
type Fit<Op extends string, N, D extends DType> = [N] extends [Plain[D]]
  ? true
  : [Verdict<Op, N, D>] extends ["fine"]
    ? true
    : never

/** The first element that is refused; of a union, one that is held is enough. */
type FirstFault<Op extends string, V, D extends DType> = V extends readonly [infer First, ...infer Rest]
  ? (
      First extends ReadonlyArray<unknown>
        ? FirstFault<Op, First, D>
        : Among<Op, First>[D]
    ) extends infer Found
    ? [Found] extends [Refused<string>]
      ? [Found] extends [never]
        ? FirstFault<Op, Rest, D>
        : Found
      : FirstFault<Op, Rest, D>
    : never
  : never

type Refusal<Fault> = [Fault] extends [never] ? unknown : Fault

/** What nested lists must be besides: the message, where an element is a literal that the dtype does not hold. */
export type AreHeld<Op extends string, V, D extends DType> = [Fit<Op, Elements<V>, D>] extends [never]
  ? Refusal<V extends ReadonlyArray<unknown> ? FirstFault<Op, V, D> : Among<Op, V>[D]>
  : unknown
