import type { ComplexDType, DType, FloatDType, IntegerDType } from "../dtype.ts"
import type { HostArrays } from "../host-value.ts"
import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type {
  AnyTensor,
  Broadcast,
  BroadcastFit,
  DTypeOf,
  Refused,
  SameDType,
  ShapeOf,
  Show,
  Weak
} from "../types.ts"
import type { DigitsAtMost } from "./arithmetic.ts"

/** Whether operands go together: their dtypes, their shapes, and the numbers among them. */

interface Limits {
  i8: ["128", "127"]
  i16: ["32768", "32767"]
  i32: ["2147483648", "2147483647"]
  i64: ["9223372036854775808", "9223372036854775807"]
  u8: ["0", "255"]
  u16: ["0", "65535"]
  u32: ["0", "4294967295"]
  u64: ["0", "18446744073709551615"]
}

type Range<Op extends string, Text extends string, D extends IntegerDType> = `${Op}: ${Say<
  "range",
  {
    n: Text
    dtype: D
    least: Limits[D][0] extends "0" ? "0" : `-${Limits[D][0]}`
    most: Limits[D][1]
  }
>}`

type IntegerFault<Op extends string, Text extends string, D extends IntegerDType> = Text extends
  | `${string}.${string}`
  | `${string}e-${string}`
  ? `${Op}: ${Say<"fraction", { n: Text }>}`
  : Text extends `${string}e${string}`
    ? Range<Op, Text, D>
    : Text extends `-${infer Size}`
      ? DigitsAtMost<Size, Limits[D][0]> extends true
        ? never
        : Range<Op, Text, D>
      : DigitsAtMost<Text, Limits[D][1]> extends true
        ? never
        : Range<Op, Text, D>

/** What of a number is no literal holds while the program is traced. */
type InIntegers<Op extends string, N, D extends IntegerDType> = N extends boolean
  ? NotNumber<Op, N, D>
  : N extends Weak
    ? number extends N
      ? unknown
      : bigint extends N
        ? unknown
        : [IntegerFault<Op, `${N}`, D>] extends [never]
          ? unknown
          : Refused<IntegerFault<Op, `${N}`, D>>
    : unknown

type NotNumber<Op extends string, N, D extends DType> = N extends boolean
  ? Refused<`${Op}: ${Say<"noNumber", { n: boolean extends N ? "a boolean" : `${N}`; dtype: D }>}`>
  : unknown

/**
 * By dtype what a number N among tensors of it must be besides. (A table, not a condition: where the dtype is a type
 * parameter, what all dtypes that it may be allow passes.)
 */
export interface Among<Op extends string, N> {
  f16: NotNumber<Op, N, "f16">
  bf16: NotNumber<Op, N, "bf16">
  f32: NotNumber<Op, N, "f32">
  f64: NotNumber<Op, N, "f64">
  c64: NotNumber<Op, N, "c64">
  c128: NotNumber<Op, N, "c128">
  i8: InIntegers<Op, N, "i8">
  i16: InIntegers<Op, N, "i16">
  i32: InIntegers<Op, N, "i32">
  i64: InIntegers<Op, N, "i64">
  u8: InIntegers<Op, N, "u8">
  u16: InIntegers<Op, N, "u16">
  u32: InIntegers<Op, N, "u32">
  u64: InIntegers<Op, N, "u64">
  bool: N extends Weak
    ? Refused<`${Op}: ${Say<"noBool", { n: number extends N ? "a number" : bigint extends N ? "a number" : `${N}` }>}`>
    : unknown
}

/** Typed arrays by the dtype that each says. A dtype without one has none. */
type Own = Pick<HostArrays, "f32" | "f64" | IntegerDType> & {
  readonly [D in "f16" | "bf16" | ComplexDType | "bool"]: never
}

/** What needs no look among tensors: numbers among floats and complex numbers, and typed arrays of the tensors' dtype. */
export type Plain = {
  readonly [D in DType]: Own[D] | (D extends FloatDType | ComplexDType ? Weak : never)
}

type NumberFault<Op extends string, N, D extends DType> = [D] extends [never]
  ? Say<"noTensor", { op: Op }>
  : Among<Op, N>[D] extends Refused<infer Fault>
    ? Fault
    : never

type TensorFault<Op extends string, A, B> =
  SameDType<A, B> extends false
    ? Say<"dtypes", { op: Op; a: Show<A>; b: Show<B> }>
    : [BroadcastFit<ShapeOf<A>, ShapeOf<B>>] extends [never]
      ? Say<"broadcast", { op: Op; a: Show<A>; b: Show<B> }>
      : never

/** Why two operands cannot be combined. */
export type PairFault<Op extends string, A, B> = B extends AnyTensor
  ? A extends AnyTensor
    ? TensorFault<Op, A, B>
    : NumberFault<Op, A, B["dtype"]>
  : NumberFault<Op, B, DTypeOf<A>>

/** Never where two operands cannot be combined. */
type PairFit<A, B> = [PairFault<string, A, B>] extends [never] ? true : never

/**
 * A check of two operands, which may be generic: the message where they cannot be combined. Of an open conditional type,
 * a value must suit each side that is possible. TypeScript decides that with a wildcard for each type parameter: where
 * the fit is `true` of wildcards, the message is impossible. So fits compare in tuples (`[A] extends [B]`), since a
 * wildcard alone makes a conditional type a wildcard. A call with literals makes the check anew. Where no operand was
 * given, B is all that there may be, and the checker says so itself.
 */
export type PairCheck<Op extends string, A, B> = [PairFit<A, B>] extends [never]
  ? [Weak] extends [B]
    ? unknown
    : [B] extends [object]
      ? PairFault<Op, A, B>
      : Refused<PairFault<Op, A, B>>
  : unknown

/** Why one of more operands cannot be combined with those before, whose dtype and shape are D and S. */
export type MoreFault<Op extends string, D extends DType, S extends Shape, More> = More extends readonly [
  infer First,
  ...infer Rest
]
  ? OrElse<
      PairFault<Op, Tensor<D, S>, First>,
      MoreFault<Op, D, First extends AnyTensor ? Broadcast<S, ShapeOf<First>> : S, Rest>
    >
  : never

/** The first fault, or the next. */
export type OrElse<Fault, Next> = [[Fault]] extends [[never]] ? Next : Fault

/** Why `select` cannot pick: its operands do not go together, or the predicate does not go with them. */
export type SelectFault<Op extends string, P extends Shape, A, B> = OrElse<
  PairFault<Op, A, B>,
  PredicateFault<Op, P, DTypeOf<A> | DTypeOf<B>, Broadcast<ShapeOf<A>, ShapeOf<B>>>
>

type PredicateFault<Op extends string, P extends Shape, D extends DType, S extends Shape> = [
  BroadcastFit<P, S>
] extends [never]
  ? Say<"broadcast", { op: Op; a: Show<Tensor<"bool", P>>; b: Show<Tensor<D, S>> }>
  : never

type Words<Allowed extends DType> = readonly [
  ...(["f32"] extends [Allowed] ? readonly ["floats"] : readonly []),
  ...(["i32"] extends [Allowed] ? readonly ["signed integers"] : readonly []),
  ...(["u32"] extends [Allowed] ? readonly ["unsigned integers"] : readonly []),
  ...(["c64"] extends [Allowed] ? readonly ["complex numbers"] : readonly []),
  ...(["bool"] extends [Allowed] ? readonly ["booleans"] : readonly [])
]

type Joined<W> = W extends readonly [infer Word extends string, ...infer Rest]
  ? Rest extends readonly []
    ? Word
    : Rest extends readonly [infer Last extends string]
      ? `${Word} or ${Last}`
      : `${Word}, ${Joined<Rest>}`
  : ""

/** The dtypes that an operation takes, in the words of the run-time message. */
type Taken<Allowed extends DType> = Joined<Words<Allowed>>

interface Takes<Op extends string, Allowed extends DType, T extends Tensor> {
  readonly taken: unknown
  readonly refused: Say<"dtypeKind", { op: Op; wanted: Taken<Allowed>; a: Show<T> }>
}

/**
 * What an operand must be besides: the message, where an operation does not take its dtype. (A table, not a condition:
 * where the dtype is a type parameter, what all dtypes that it may be allow passes.)
 */
export type IsKind<Op extends string, Allowed extends DType, D extends DType, S extends Shape> = {
  readonly [K in DType]: Takes<Op, Allowed, Tensor<D, S>>[K extends Allowed ? "taken" : "refused"]
}[D]

interface Scalars {
  readonly number: unknown
}

/** As IsKind, for one of several operands, which may be a number. */
export type IsKindOf<Op extends string, Allowed extends DType, A> = ({
  readonly [K in DType]: Takes<Op, Allowed, Tensor<DTypeOf<A>, ShapeOf<A>>>[K extends Allowed
    ? "taken"
    : "refused"]
} & Scalars)[A extends AnyTensor ? A["dtype"] : "number"]
