import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { DTypeOf, SameDType, Show } from "../types.ts"
import type { Plus } from "./arithmetic.ts"
import type { Inserted, IsNewAxis, LengthOf, PlainAxis, Replaced } from "./axes.ts"

/** The shapes of arrays that are joined or stacked, and why they are not. */

type LengthsAt<L, A extends number, Sum extends number = 0> = L extends readonly [
  infer First extends Tensor,
  ...infer Rest
]
  ? LengthsAt<Rest, A, Plus<Sum, LengthOf<First["shape"], A>>>
  : Sum

type Known<A extends Shape, B extends Shape> = {
  readonly [K in keyof A]: number extends A[K] ? (K extends keyof B ? B[K] & number : number) : A[K]
}

/** What is known of a shape that all arrays of a list have. */
type Common<L, S extends Shape> = number extends S["length"]
  ? L extends readonly [infer First extends Tensor, ...infer Rest]
    ? Common<Rest, First["shape"]>
    : S
  : number extends S[number]
    ? L extends readonly [infer First extends Tensor, ...infer Rest]
      ? Common<Rest, number extends First["shape"]["length"] ? S : Known<S, First["shape"]>>
      : S
    : S

export type Concatenated<L extends ReadonlyArray<Tensor>, A extends number> = number extends L["length"]
  ? Replaced<L[number]["shape"], A, number>
  : CommonOf<L, L[0]["shape"], A> extends infer S extends Shape
    ? Replaced<S, A, LengthsAt<L, A>>
    : never

export type Stacked<L extends ReadonlyArray<Tensor>, A extends number> = number extends L["length"]
  ? Inserted<L[number]["shape"], A, number>
  : Inserted<CommonOf<L, L[0]["shape"], null>, A, L["length"]>

/** As `Common`, and S where all arrays have that shape beside the axis A, whatever it is made of. */
type CommonOf<L, S extends Shape, A extends number | null> = Either<Same<L, Beside<S, A>, A>, S, Common<L, S>>
type Either<IsOne, S extends Shape, Else extends Shape> = [IsOne] extends [true] ? S : Else
type Beside<S extends Shape, A> = A extends number ? Replaced<S, A, 1> : S
type Same<L, S, A> = L extends readonly [infer First extends Tensor, ...infer Rest]
  ? IfTrue<IsSame<Beside<First["shape"], A>, S>, Same<Rest, S, A>, false>
  : true
type IsSame<A, B> = [[A], [B]] extends [[B], [A]] ? true : false
type IfTrue<T, Then, Else> = [T] extends [true] ? Then : Else

/** Whether two shapes may be the same. */
export type Alike<A extends Shape, B extends Shape> = [[A], [B]] extends [[B], [A]]
  ? true
  : number extends A["length"] | B["length"]
    ? true
    : A extends readonly [infer X extends number, ...infer As extends Shape]
      ? B extends readonly [infer Y extends number, ...infer Bs extends Shape]
        ? readonly [X, Y] extends readonly [Y, X]
          ? Alike<As, Bs>
          : number extends X | Y
            ? Alike<As, Bs>
            : false
        : false
      : B extends readonly []
        ? true
        : false

/** Why arrays cannot be joined along an axis: the first that does not go with the first of all. */
export type ConcatenateFault<L, A extends number> = L extends readonly [
  infer First extends Tensor,
  infer Next extends Tensor,
  ...infer Rest
]
  ? SameDType<First, Next> extends false
    ? Say<"dtypes", { op: "concatenate"; a: Show<First>; b: Show<Next> }>
    : number extends A
      ? never
      : Alike<Replaced<First["shape"], A, 1>, Replaced<Next["shape"], A, 1>> extends true
        ? ConcatenateFault<readonly [First, ...Rest], A>
        : Say<
            "differBeside",
            { op: "concatenate"; a: Show<First>; b: Show<Next>; axis: `${PlainAxis<First["shape"], A>}` }
          >
  : never

/** Why arrays cannot be stacked. */
export type StackFault<L> = L extends readonly [
  infer First extends Tensor,
  infer Next extends Tensor,
  ...infer Rest
]
  ? IfTrue<
      SameDType<First, Next> | Alike<First["shape"], Next["shape"]>,
      StackFault<readonly [First, ...Rest]>,
      Say<"differ", { op: "stack"; a: Show<First>; b: Show<Next> }>
    >
  : never

export type FirstOf<L extends ReadonlyArray<Tensor>> = L extends readonly [
  infer First extends Tensor,
  ...infer _
]
  ? First
  : Tensor<DTypeOf<L[number]>, L[number]["shape"]>

export type IsStackAxis<L extends ReadonlyArray<Tensor>, A> = IsNewAxis<
  "stack",
  FirstOf<L>["dtype"],
  FirstOf<L>["shape"],
  A
>
