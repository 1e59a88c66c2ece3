import type { DType } from "./dtype.ts"
import type { Shape } from "./shape.ts"
import type { Tensor } from "./tensor.ts"

/** A shape may be written without `readonly`. */
type Of<D extends DType, S extends Shape> = Tensor<D, Readonly<S>>

/** A tensor of 16-bit floats: `F16<[3, 4]>` is a matrix, and `F16` a scalar. */
export type F16<S extends Shape = readonly []> = Of<"f16", S>
/** A tensor of bfloat16 numbers: `BF16<[3, 4]>` is a matrix, and `BF16` a scalar. */
export type BF16<S extends Shape = readonly []> = Of<"bf16", S>
/** A tensor of 32-bit floats: `F32<[3, 4]>` is a matrix, and `F32` a scalar. */
export type F32<S extends Shape = readonly []> = Of<"f32", S>
/** A tensor of 64-bit floats: `F64<[3, 4]>` is a matrix, and `F64` a scalar. */
export type F64<S extends Shape = readonly []> = Of<"f64", S>
/** A tensor of signed 8-bit integers: `I8<[3, 4]>` is a matrix, and `I8` a scalar. */
export type I8<S extends Shape = readonly []> = Of<"i8", S>
/** A tensor of signed 16-bit integers: `I16<[3, 4]>` is a matrix, and `I16` a scalar. */
export type I16<S extends Shape = readonly []> = Of<"i16", S>
/** A tensor of signed 32-bit integers: `I32<[3, 4]>` is a matrix, and `I32` a scalar. */
export type I32<S extends Shape = readonly []> = Of<"i32", S>
/** A tensor of signed 64-bit integers: `I64<[3, 4]>` is a matrix, and `I64` a scalar. */
export type I64<S extends Shape = readonly []> = Of<"i64", S>
/** A tensor of unsigned 8-bit integers: `U8<[3, 4]>` is a matrix, and `U8` a scalar. */
export type U8<S extends Shape = readonly []> = Of<"u8", S>
/** A tensor of unsigned 16-bit integers: `U16<[3, 4]>` is a matrix, and `U16` a scalar. */
export type U16<S extends Shape = readonly []> = Of<"u16", S>
/** A tensor of unsigned 32-bit integers: `U32<[3, 4]>` is a matrix, and `U32` a scalar. */
export type U32<S extends Shape = readonly []> = Of<"u32", S>
/** A tensor of unsigned 64-bit integers: `U64<[3, 4]>` is a matrix, and `U64` a scalar. */
export type U64<S extends Shape = readonly []> = Of<"u64", S>
/** A tensor of booleans: `Bool<[3, 4]>` is a matrix, and `Bool` a scalar. */
export type Bool<S extends Shape = readonly []> = Of<"bool", S>
/** A tensor of complex numbers of two 32-bit floats: `C64<[3, 4]>` is a matrix, and `C64` a scalar. */
export type C64<S extends Shape = readonly []> = Of<"c64", S>
/** A tensor of complex numbers of two 64-bit floats: `C128<[3, 4]>` is a matrix, and `C128` a scalar. */
export type C128<S extends Shape = readonly []> = Of<"c128", S>
