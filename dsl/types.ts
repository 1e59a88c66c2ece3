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
    ? BroadcastTuple<AHead, BHead, readonly [BroadcastDim<ALast, BLast>, ...Out]>
    : readonly [...A, ...Out]
  : readonly [...B, ...Out]

/** NumPy broadcasting of shapes that fit; a plain Shape where a rank is unknown. */
export type Broadcast<A extends Shape, B extends Shape> = [A] extends [readonly []]
  ? B
  : [B] extends [readonly []]
    ? A
    : [A, B] extends [B, A]
      ? A
      : number extends A["length"] | B["length"]
        ? Shape
        : BroadcastTuple<A, B>

/** Never where two dimensions do not broadcast. */
type DimFit<A extends number, B extends number> = [number] extends [A | B]
  ? true
  : [A] extends [1]
    ? true
    : [B] extends [1]
      ? true
      : [A, B] extends [B, A]
        ? true
        : never

type TupleFit<A extends Shape, B extends Shape> = A extends readonly [
  ...infer AHead extends Shape,
  infer ALast extends number
]
  ? B extends readonly [...infer BHead extends Shape, infer BLast extends number]
    ? [DimFit<ALast, BLast>] extends [never]
      ? never
      : TupleFit<AHead, BHead>
    : true
  : true

/** Never where shapes do not broadcast. */
type BroadcastFit<A extends Shape, B extends Shape> = [number] extends [A["length"] | B["length"]]
  ? true
  : TupleFit<A, B>

type ShapeOf<T> = T extends Tensor<DType, infer S> ? S : readonly []
type DTypeOf<T> = T extends Tensor<infer D, Shape> ? D : never

/** The result of broadcasting operands, numbers among them. */
export type Broadcasted<A, B, D extends DType = DTypeOf<A> | DTypeOf<B>> = Tensor<
  D,
  Broadcast<ShapeOf<A>, ShapeOf<B>>
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

/** Never where two operands cannot be combined. */
type PairFit<A, B> = SameDType<A, B> extends false ? never : BroadcastFit<ShapeOf<A>, ShapeOf<B>>

/** Why two operands cannot be combined. */
type PairFault<Op extends string, A, B> = Say<
  SameDType<A, B> extends false ? "dtypes" : "broadcast",
  { op: Op; a: Show<A>; b: Show<B> }
>

/**
 * A check of two operands, which may be generic: the message where they cannot be combined. Of an open conditional type,
 * a value must suit each side that is possible. TypeScript decides that with a wildcard for each type parameter: where
 * the fit is `true` of wildcards, the message is impossible. So fits compare in tuples (`[A] extends [B]`), since a
 * wildcard alone makes a conditional type a wildcard. A call with literals makes the check anew.
 */
export type PairCheck<Op extends string, A, B> = [PairFit<A, B>] extends [never]
  ? PairFault<Op, A, B>
  : unknown

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

/** The shape of a matrix product of what fits: batch axes are broadcast. */
export type Product<A extends Shape, B extends Shape> = number extends A["length"] | B["length"]
  ? Shape
  : A extends readonly [...infer P extends Shape, infer M extends number, infer _K]
    ? B extends readonly [...infer Q extends Shape, infer _K, infer N extends number]
      ? readonly [...Broadcast<P, Q>, M, N]
      : readonly [...P, M]
    : B extends readonly [...infer Q extends Shape, infer _K, infer N extends number]
      ? readonly [...Q, N]
      : readonly []

type HasAxes<S extends Shape> = [number] extends [S["length"]]
  ? true
  : [S["length"]] extends [0]
    ? never
    : true

/** The axis of the right operand that is summed over. */
type InnerRight<S extends Shape> = S extends readonly [infer K]
  ? K
  : S extends readonly [...infer _Batch, infer K, infer _N]
    ? K
    : number

type InnerFit<A extends Shape, B extends Shape> = A extends readonly [...infer _Rest, infer K]
  ? [number] extends [K | InnerRight<B>]
    ? true
    : [K, InnerRight<B>] extends [InnerRight<B>, K]
      ? true
      : never
  : true

type BatchFit<A extends Shape, B extends Shape> = A extends readonly [
  ...infer P extends Shape,
  infer _M,
  infer _K
]
  ? B extends readonly [...infer Q extends Shape, infer _K, infer _N]
    ? TupleFit<P, Q>
    : true
  : true

/** Never where two shapes cannot be multiplied as matrices and vectors. */
type ShapesFit<A extends Shape, B extends Shape> = [HasAxes<A> & HasAxes<B>] extends [never]
  ? never
  : [number] extends [A["length"] | B["length"]]
    ? true
    : [InnerFit<A, B>] extends [never]
      ? never
      : BatchFit<A, B>

/** Never where two operands cannot be multiplied as matrices and vectors. */
type ProductFit<A extends Tensor, B extends Tensor> =
  SameDType<A, B> extends false ? never : ShapesFit<A["shape"], B["shape"]>

/** Why two operands cannot be multiplied. */
type ProductFault<A extends Tensor, B extends Tensor> = Say<
  SameDType<A, B> extends false
    ? "dtypes"
    : [HasAxes<A["shape"]> & HasAxes<B["shape"]>] extends [never]
      ? "matmulRank"
      : [BatchFit<A["shape"], B["shape"]>] extends [never]
        ? "matmulBatch"
        : "matmulInner",
  { op: "matmul"; a: Show<A>; b: Show<B> }
>

/** A check of a matrix product, as `PairCheck`. */
export type ProductCheck<A extends Tensor, B extends Tensor> = [ProductFit<A, B>] extends [never]
  ? ProductFault<A, B>
  : unknown
