import type { DType } from "./dtype.ts"
import type { Shape } from "./shape.ts"

/** What a dtype's elements are in JavaScript. f16 and bf16 widen to f32 without loss; complex ones interleave re and im. */
export interface HostArrays {
  readonly f16: Float32Array
  readonly bf16: Float32Array
  readonly f32: Float32Array
  readonly f64: Float64Array
  readonly i8: Int8Array
  readonly i16: Int16Array
  readonly i32: Int32Array
  readonly i64: BigInt64Array
  readonly u8: Uint8Array
  readonly u16: Uint16Array
  readonly u32: Uint32Array
  readonly u64: BigUint64Array
  readonly bool: Uint8Array
  readonly c64: Float32Array
  readonly c128: Float64Array
}

export type HostScalar<D extends DType> = D extends "bool"
  ? boolean
  : D extends "i64" | "u64"
    ? bigint
    : D extends "c64" | "c128"
      ? readonly [number, number]
      : number

/** What reading gives: a number for a scalar, else a typed array, flat and row-major. */
export type HostValue<D extends DType = DType, S extends Shape = Shape> = S extends readonly []
  ? HostScalar<D>
  : number extends S["length"]
    ? HostScalar<D> | HostArrays[D]
    : HostArrays[D]

/** The typed array of each dtype. */
export const hostArrays = {
  f16: Float32Array,
  bf16: Float32Array,
  f32: Float32Array,
  f64: Float64Array,
  i8: Int8Array,
  i16: Int16Array,
  i32: Int32Array,
  i64: BigInt64Array,
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  u64: BigUint64Array,
  bool: Uint8Array,
  c64: Float32Array,
  c128: Float64Array
} as const satisfies { readonly [D in DType]: new (length: number) => HostArrays[D] }
