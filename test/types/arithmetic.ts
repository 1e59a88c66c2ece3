/** Numbers that the type checker counts. This file compiles, or the type check fails. */
import { expectTypeOf } from "vitest"
import type {
  AtMost,
  CeilQuotient,
  Divide,
  Minus,
  Negated,
  Plus,
  Quotient,
  SignedPlus,
  Times
} from "../../dsl/types/arithmetic.ts"

expectTypeOf<
  [Plus<0, 0>, Plus<1, 9>, Plus<99, 1>, Plus<1, 99>, Plus<784, 216>, Plus<1_048_576, 68_719_476_736>]
>().toEqualTypeOf<[0, 10, 100, 100, 1000, 68_720_525_312]>()
expectTypeOf<[Plus<number, 1>, Plus<1, number>, Plus<3 | 4, 1>]>().toEqualTypeOf<[number, number, 4 | 5]>()
expectTypeOf<[Minus<10, 1>, Minus<1000, 999>, Minus<7, 7>, Minus<784, 28>, Minus<number, 1>]>().toEqualTypeOf<
  [9, 1, 0, 756, number]
>()
expectTypeOf<Minus<3, 4>>().toEqualTypeOf<never>()
expectTypeOf<Minus<3, 100>>().toEqualTypeOf<never>()
expectTypeOf<Minus<19, 119>>().toEqualTypeOf<never>()
expectTypeOf<[Times<0, 7>, Times<12, 12>, Times<99, 99>, Times<1024, 1000>, Times<28, 28>]>().toEqualTypeOf<
  [0, 144, 9801, 1_024_000, 784]
>()
expectTypeOf<
  [Divide<784, 28>, Divide<7, 2>, Divide<3, 5>, Divide<1_000_003, 1000>, Divide<5, 0>]
>().toEqualTypeOf<[[28, 0], [3, 1], [0, 3], [1000, 3], [number, number]]>()
expectTypeOf<[Quotient<9, 4>, CeilQuotient<9, 4>, CeilQuotient<8, 4>, CeilQuotient<0, 4>]>().toEqualTypeOf<
  [2, 3, 2, 0]
>()
expectTypeOf<[AtMost<3, 3>, AtMost<9, 10>, AtMost<10, 9>, AtMost<number, 9>]>().toEqualTypeOf<
  [true, true, false, boolean]
>()
expectTypeOf<[SignedPlus<5, -7>, SignedPlus<-5, 7>, SignedPlus<-5, -7>, SignedPlus<-5, 5>]>().toEqualTypeOf<
  [-2, 2, -12, 0]
>()
expectTypeOf<[Negated<5>, Negated<-5>, Negated<0>]>().toEqualTypeOf<[-5, 5, 0]>()
