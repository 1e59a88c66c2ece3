import type { DType, FloatDType, IntegerDType } from "./dtype.ts"
import type { Say } from "./messages.ts"
import type { Shape } from "./shape.ts"
import type { Tensor } from "./tensor.ts"

/** Shapes and complaints computed by the type checker. Run time computes them again and has the last word. */

export type RealDType = FloatDType | IntegerDType
export type NumericDType = Exclude<DType, "bool">

/** The dtype of a number's modulus. */
export type RealOf<D extends DType> = D extends "c64" ? "f32" : D extends "c128" ? "f64" : D

/** A number written among tensors takes the other operand's dtype, and is refused where that cannot hold it. */
export type Weak = number | bigint
export type Operand = Tensor | Weak | boolean

/** Where a check fails, the parameter's type is the message, which the editor then shows. */
export type Check<Message extends string> = [Message] extends [never] ? unknown : Message

type Dim<N extends number> = number extends N ? "?" : `${N}`
type Dims<S extends Shape> = number extends S["length"]
  ? "..."
  : S extends readonly [infer Only extends number]
    ? Dim<Only>
    : S extends readonly [infer Head extends number, ...infer Rest extends Shape]
      ? `${Dim<Head>},${Dims<Rest>}`
      : ""

/** `f32[3,4]`; an unknown dimension is `?`. */
export type Show<T> =
  T extends Tensor<infer D, infer S> ? `${D}[${Dims<S>}]` : T extends Weak ? "a number" : "?"

type BroadcastDim<A extends number, B extends number> = A extends 1
  ? B
  : B extends 1
    ? A
    : number extends A
      ? B
      : number extends B
        ? A
        : [A, B] extends [B, A]
          ? A
          : never

type BroadcastTuple<A extends Shape, B extends Shape, Out extends Shape = readonly []> = A extends readonly [
  ...infer AHead extends Shape,
  infer ALast extends number
]
  ? B extends readonly [...infer BHead extends Shape, infer BLast extends number]
    ? [BroadcastDim<ALast, BLast>] extends [never]
      ? never
      : BroadcastTuple<AHead, BHead, readonly [BroadcastDim<ALast, BLast>, ...Out]>
    : readonly [...A, ...Out]
  : readonly [...B, ...Out]

/** NumPy broadcasting; never where the shapes do not broadcast, a plain Shape where a rank is unknown. */
export type Broadcast<A extends Shape, B extends Shape> = [A] extends [readonly []]
  ? B
  : [B] extends [readonly []]
    ? A
    : [A, B] extends [B, A]
      ? A
      : number extends A["length"] | B["length"]
        ? Shape
        : BroadcastTuple<A, B>

type ShapeOf<T> = T extends Tensor<DType, infer S> ? S : readonly []
type DTypeOf<T> = T extends Tensor<infer D, Shape> ? D : never

/** The result of broadcasting operands, numbers among them. */
export type Broadcasted<A, B, D extends DType = DTypeOf<A> | DTypeOf<B>> = Tensor<
  D,
  [Broadcast<ShapeOf<A>, ShapeOf<B>>] extends [never] ? Shape : Broadcast<ShapeOf<A>, ShapeOf<B>>
>

/** As Broadcasted, for any number of operands more. */
export type BroadcastAll<A, More extends ReadonlyArray<unknown>> = More extends readonly [
  infer B,
  ...infer Rest
]
  ? BroadcastAll<Broadcasted<A, B>, Rest>
  : A

type SameDType<A, B> = [DTypeOf<A>] extends [never]
  ? true
  : [DTypeOf<B>] extends [never]
    ? true
    : [DTypeOf<A>, DTypeOf<B>] extends [DTypeOf<B>, DTypeOf<A>]
      ? true
      : false

/** Why two operands cannot be combined. */
export type PairFault<Op extends string, A, B> =
  SameDType<A, B> extends false
    ? Say<"dtypes", { op: Op; a: Show<A>; b: Show<B> }>
    : [Broadcast<ShapeOf<A>, ShapeOf<B>>] extends [never]
      ? Say<"broadcast", { op: Op; a: Show<A>; b: Show<B> }>
      : never

/** Axis numbers from the end made plain: -1 of a matrix is 1. */
type PlainAxis<S extends Shape, A extends number> = `${A}` extends `-${infer N extends number}`
  ? FromEnd<S, N>
  : A
type FromEnd<S extends Shape, N extends number, Tail extends Shape = readonly []> = Tail["length"] extends N
  ? S["length"]
  : S extends readonly [...infer Head extends Shape, infer Last extends number]
    ? FromEnd<Head, N, readonly [Last, ...Tail]>
    : number

type DropAxes<
  S extends Shape,
  Axes extends number,
  Keep extends boolean,
  Done extends Shape = readonly [],
  Out extends Shape = readonly []
> = S extends readonly [infer Head extends number, ...infer Rest extends Shape]
  ? Done["length"] extends Axes
    ? DropAxes<Rest, Axes, Keep, readonly [...Done, Head], Keep extends true ? readonly [...Out, 1] : Out>
    : DropAxes<Rest, Axes, Keep, readonly [...Done, Head], readonly [...Out, Head]>
  : Out

type Plain<S extends Shape, A extends number> = A extends number ? PlainAxis<S, A> : never

/** The shape a reduction over axes leaves. */
export type Reduced<S extends Shape, Axes, Keep extends boolean> = [Axes] extends [undefined]
  ? Keep extends true
    ? number extends S["length"]
      ? Shape
      : { readonly [K in keyof S]: 1 }
    : readonly []
  : number extends S["length"]
    ? Shape
    : Axes extends number
      ? number extends Axes
        ? Shape
        : DropAxes<S, Plain<S, Axes>, Keep>
      : Axes extends ReadonlyArray<number>
        ? number extends Axes[number]
          ? Shape
          : DropAxes<S, Plain<S, Axes[number]>, Keep>
        : Shape

/** The same rank, its dimensions known only while tracing. */
export type Unknown<S extends Shape> = { readonly [K in keyof S]: number }

export type Reversed<S extends Shape> = number extends S["length"]
  ? Shape
  : S extends readonly [infer Head extends number, ...infer Rest extends Shape]
    ? readonly [...Reversed<Rest>, Head]
    : readonly []

export type Permuted<S extends Shape, P extends ReadonlyArray<number>> = number extends P["length"]
  ? Shape
  : { readonly [K in keyof P]: number extends P[K] ? number : S[P[K] & keyof S] & number }

type Inner<A extends number, B extends number> = number extends A | B
  ? true
  : [A, B] extends [B, A]
    ? true
    : false

type LastTwo<S extends Shape> = S extends readonly [
  ...infer Batch extends Shape,
  infer A extends number,
  infer B extends number
]
  ? { readonly batch: Batch; readonly a: A; readonly b: B }
  : never

/** Batches of matrices: batch axes are broadcast. */
type BatchProduct<A extends Shape, B extends Shape> = A extends readonly [infer K extends number]
  ? LastTwo<B> extends {
      batch: infer Batch extends Shape
      a: infer L extends number
      b: infer N extends number
    }
    ? Inner<K, L> extends true
      ? readonly [...Batch, N]
      : never
    : never
  : B extends readonly [infer L extends number]
    ? LastTwo<A> extends {
        batch: infer Batch extends Shape
        a: infer M extends number
        b: infer K extends number
      }
      ? Inner<K, L> extends true
        ? readonly [...Batch, M]
        : never
      : never
    : LastTwo<A> extends {
          batch: infer P extends Shape
          a: infer M extends number
          b: infer K extends number
        }
      ? LastTwo<B> extends {
          batch: infer Q extends Shape
          a: infer L extends number
          b: infer N extends number
        }
        ? Inner<K, L> extends true
          ? [Broadcast<P, Q>] extends [never]
            ? never
            : readonly [...Broadcast<P, Q>, M, N]
          : never
        : never
      : never

/** The shape of a matrix product, or never where inner dimensions or batches do not fit or an operand is a scalar. */
export type Product<A extends Shape, B extends Shape> = number extends A["length"] | B["length"]
  ? Shape
  : A extends readonly [infer K extends number]
    ? B extends readonly [infer L extends number]
      ? Inner<K, L> extends true
        ? readonly []
        : never
      : BatchProduct<A, B>
    : BatchProduct<A, B>

type HasAxes<S extends Shape> = number extends S["length"] ? true : S["length"] extends 0 ? false : true

type BatchFits<A extends Shape, B extends Shape> =
  LastTwo<A> extends { batch: infer P extends Shape }
    ? LastTwo<B> extends { batch: infer Q extends Shape }
      ? [Broadcast<P, Q>] extends [never]
        ? false
        : true
      : true
    : true

export type ProductFault<A extends Tensor, B extends Tensor> =
  SameDType<A, B> extends false
    ? Say<"dtypes", { op: "matmul"; a: Show<A>; b: Show<B> }>
    : [HasAxes<A["shape"]>, HasAxes<B["shape"]>] extends [true, true]
      ? [Product<A["shape"], B["shape"]>] extends [never]
        ? Say<
            BatchFits<A["shape"], B["shape"]> extends false ? "matmulBatch" : "matmulInner",
            { op: "matmul"; a: Show<A>; b: Show<B> }
          >
        : never
      : Say<"matmulRank", { op: "matmul"; a: Show<A>; b: Show<B> }>
