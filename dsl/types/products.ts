import type { Shape } from "../shape.ts"
import type { Times } from "./arithmetic.ts"
import type { Rest, Without } from "./axes.ts"
import type { Matrix, Numbers, SizeOf } from "./lengths.ts"

/** The shapes of products. */

type Front<S extends Shape> = S extends readonly [...infer Head extends Shape, infer _] ? Head : Shape

type Known<S extends Shape, T extends Shape> = number extends S["length"] | T["length"] ? false : true

export type Outer<S extends Shape, T extends Shape> = Matrix<SizeOf<S>, SizeOf<T>>

/** The axes of both without the last of each. */
export type Inner<S extends Shape, T extends Shape> =
  Known<S, T> extends true
    ? S extends readonly []
      ? T
      : T extends readonly []
        ? S
        : readonly [...Front<S>, ...Front<T>]
    : Shape

/** The axes of both without the last of the left and the last but one of the right. */
export type Dot<S extends Shape, T extends Shape> =
  Known<S, T> extends true
    ? S extends readonly []
      ? T
      : T extends readonly []
        ? S
        : T extends readonly [...infer Batch extends Shape, infer _K, infer N extends number]
          ? readonly [...Front<S>, ...Batch, N]
          : Front<S>
    : Shape

/** The axes of both without those that are summed over: the last of the left, the first of the right, or as listed. */
export type Tensordot<S extends Shape, T extends Shape, A> =
  Known<S, T> extends true
    ? A extends number
      ? number extends A
        ? Shape
        : readonly [...WithoutLast<S, A>, ...Rest<T, A>]
      : A extends readonly [infer X extends Numbers, infer Y extends Numbers]
        ? number extends (X | Y)[number]
          ? Shape
          : readonly [...Without<S, X[number]>, ...Without<T, Y[number]>]
        : Shape
    : Shape

type WithoutLast<
  S extends Shape,
  N extends number,
  Gone extends Shape = readonly []
> = Gone["length"] extends N
  ? S
  : S extends readonly [...infer Head extends Shape, infer Last extends number]
    ? WithoutLast<Head, N, readonly [Last, ...Gone]>
    : Shape

/** Both shapes multiplied, axis by axis from the last. */
export type Kronecker<S extends Shape, T extends Shape, Out extends Shape = readonly []> =
  Known<S, T> extends true
    ? S extends readonly [...infer Head extends Shape, infer N extends number]
      ? T extends readonly [...infer Front extends Shape, infer M extends number]
        ? Kronecker<Head, Front, readonly [Times<N, M>, ...Out]>
        : readonly [...S, ...Out]
      : readonly [...T, ...Out]
    : Shape
