import type { ComplexDType, DType, FloatDType, IntegerDType } from "./dtype.ts"
import type { Say } from "./messages.ts"
import type { Shape } from "./shape.ts"
import type { Tensor } from "./tensor.ts"

/** Shapes and complaints computed by the type checker. Run time computes them again and has the last word. */

export type RealDType = FloatDType | IntegerDType
export type NumericDType = Exclude<DType, "bool">

/** The dtypes whose sums keep them. */
type Kept = FloatDType | ComplexDType | "i32" | "i64" | "u32" | "u64"

interface Widened extends Readonly<Record<Kept, never>> {
  readonly bool: "i32"
  readonly i8: "i32"
  readonly i16: "i32"
  readonly u8: "u32"
  readonly u16: "u32"
}

/**
 * The dtype of sums and products: integers of fewer than 32 bits become 32 bits wide. (A union of what stays and what
 * becomes wider: where D is a type parameter among the wide ones, it is D to the checker.)
 */
export type Summed<D extends DType> = (D & Kept) | Widened[D]

/** The dtype of a number's modulus. */
export type RealOf<D extends DType> = D extends "c64" ? "f32" : D extends "c128" ? "f64" : D

/** A tensor among operands, told by its dtype alone: of a shape with type parameters the checker decides nothing. */
export type AnyTensor = { readonly dtype: DType }

/** A number written among tensors takes the other operand's dtype, and is refused where that cannot hold it. */
export type Weak = number | bigint
export type Operand = Tensor | Weak | boolean

/** Where a check fails, the parameter's type is the message, which the editor then shows. */
export type Check<Message extends string> = [Message] extends [never] ? unknown : Message

/** The message of a parameter that is a number: of a number and a text nothing would be left to show. */
export interface Refused<Message extends string> {
  readonly refused: Message
}

/** As Check, for what may be a number. */
export type CheckNumber<T, Message extends string> = [Message] extends [never]
  ? unknown
  : [T] extends [object]
    ? Message
    : Refused<Message>

/** Whether all lengths of a shape are known. It distributes, so that a type parameter counts as not known. */
export type Lengths<S extends Shape> = S extends unknown
  ? number extends S["length"]
    ? "open"
    : S extends readonly [infer Head extends number, ...infer Rest extends Shape]
      ? OfLength<Head, Rest>
      : "known"
  : never
type OfLength<N extends number, Rest extends Shape> = N extends unknown
  ? number extends N
    ? "open"
    : Lengths<Rest>
  : never

/** A check that holds once lengths are known. (A table, not a condition: what is open passes.) */
export interface Guarded<T> {
  readonly open: unknown
  readonly known: T
}

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

/** (Where one is a type parameter and the other 1, each side that is possible is that type parameter.) */
type BroadcastDim<A extends number, B extends number> = [[A], [B]] extends [[B], [A]]
  ? A & B
  : [[A]] extends [[1]]
    ? [[B]] extends [[1]]
      ? A & B
      : B
    : [[B]] extends [[1]]
      ? A
      : number extends A
        ? B
        : number extends B
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
    : number extends A["length"] | B["length"]
      ? [A, B] extends [B, A]
        ? A
        : Shape
      : BroadcastTuple<A, B>

/**
 * Never where two dimensions do not broadcast. A union with 1, or with a length that is not known, has 1 in it. (One
 * comparison says both, so that TypeScript decides it where the other dimension is a type parameter.)
 */
type DimFit<A extends number, B extends number> = [1, [A, B]] extends [A | B, unknown] | [unknown, [B, A]]
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

/** Never where shapes do not broadcast. The first comparison is that of dimensions, for whole shapes. */
export type BroadcastFit<A extends Shape, B extends Shape> = [readonly [], [A, B]] extends
  | [A | B, unknown]
  | [unknown, [B, A]]
  ? true
  : [number] extends [A["length"] | B["length"]]
    ? true
    : TupleFit<A, B>

// biome-ignore lint/suspicious/noExplicitAny: what is any stays so
type Loose = any

/** (Of lengths that are type parameters, the checker knows no shape: so any is asked for.) */
type AnyShaped = { readonly dtype: DType; readonly shape: Loose }

/** What is `any` stays so. */
export type ShapeOf<T> = 0 extends 1 & T ? Loose : T extends AnyShaped ? T["shape"] : readonly []
export type DTypeOf<T> = 0 extends 1 & T
  ? Loose
  : T extends { readonly dtype: infer D extends DType }
    ? D
    : never

/** The shape of any number of operands, numbers among them, and of S. */
export type JoinedAll<S extends Shape, Operands> = 0 extends 1 & Operands
  ? Loose
  : Operands extends readonly [infer First, ...infer Rest]
    ? JoinedAll<First extends AnyTensor ? Broadcast<S, ShapeOf<First>> : S, Rest>
    : number extends (Operands & ReadonlyArray<unknown>)["length"]
      ? Shape
      : S

export type SameDType<A, B> = [DTypeOf<A>] extends [never]
  ? true
  : [DTypeOf<B>] extends [never]
    ? true
    : [DTypeOf<A>, DTypeOf<B>] extends [DTypeOf<B>, DTypeOf<A>]
      ? true
      : false

/** Why a tensor does not become a larger one. */
export type ExpandFault<Op extends string, T extends Tensor, To extends Shape> = number extends
  | T["shape"]["length"]
  | To["length"]
  ? never
  : Expands<T["shape"], To> extends false
    ? Say<"expand", { op: Op; a: Show<T>; shape: Dims<To> }>
    : never

type Expands<S extends Shape, To extends Shape> = S extends readonly [
  ...infer Rest extends Shape,
  infer N extends number
]
  ? To extends readonly [...infer Wide extends Shape, infer M extends number]
    ? number extends N | M
      ? Expands<Rest, Wide>
      : N extends 1 | M
        ? Expands<Rest, Wide>
        : false
    : false
  : true

/** The same rank, its dimensions known only while tracing. */
export type Unknown<S extends Shape> = { readonly [K in keyof S]: number }

export type Reversed<S extends Shape> = number extends S["length"]
  ? Shape
  : S extends readonly [infer Head extends number, ...infer Rest extends Shape]
    ? readonly [...Reversed<Rest>, Head]
    : readonly []

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
  ? ["f32" | "f64"] extends [DTypeOf<B>]
    ? unknown
    : ProductFault<A, B>
  : unknown

/** The length of an axis that is counted from the front. (An intersection, not a condition, so that a type parameter stays.) */
export type LengthAt<S extends Shape, A extends number> = number extends A
  ? number
  : `${A}` extends keyof S
    ? S[A] & number
    : number
