import type { DType } from "../../dsl/dtype.ts"
import { enums } from "../../native/abi.gen.ts"

const { Buffer_Type: types } = enums

/** PJRT's number for each dtype. */
export const elementType: { readonly [D in DType]: number } = {
  f16: types.F16,
  bf16: types.BF16,
  f32: types.F32,
  f64: types.F64,
  i8: types.S8,
  i16: types.S16,
  i32: types.S32,
  i64: types.S64,
  u8: types.U8,
  u16: types.U16,
  u32: types.U32,
  u64: types.U64,
  bool: types.PRED,
  c64: types.C64,
  c128: types.C128
}

const byNumber = new Map<number, DType>(Object.entries(elementType).map(([d, n]) => [n, d as DType]))
const names = new Map<number, string>(Object.entries(types).map(([name, n]) => [n, name]))

export const dtypeOfElement = (type: number): DType | undefined => byNumber.get(type)

/**
 * The dtype of an element type as XLA itself numbers it (PrimitiveType of xla/xla_data.proto), and its FFI
 * (XLA_FFI_DataType of xla/ffi/api/c_api.h): other numbers than PJRT's.
 */
export const dtypeOfXla = (type: number): DType | undefined => xla[type]

const xla: Readonly<Record<number, DType>> = {
  1: "bool",
  2: "i8",
  3: "i16",
  4: "i32",
  5: "i64",
  6: "u8",
  7: "u16",
  8: "u32",
  9: "u64",
  10: "f16",
  11: "f32",
  12: "f64",
  15: "c64",
  16: "bf16",
  18: "c128"
}

/** XLA's own numbers of those that have no dtype here, by PJRT's names. */
const xlaNames: Readonly<Record<number, string>> = {
  13: "TUPLE",
  14: "OPAQUE",
  17: "TOKEN",
  19: "F8E5M2",
  20: "F8E4M3FN",
  21: "S4",
  22: "U4",
  23: "F8E4M3B11FNUZ",
  24: "F8E5M2FNUZ",
  25: "F8E4M3FNUZ",
  26: "S2",
  27: "U2",
  28: "F8E4M3",
  29: "F8E3M4",
  30: "S1",
  31: "U1",
  32: "F4E2M1FN",
  33: "F8E8M0FNU"
}

export const xlaName = (type: number): string => xlaNames[type] ?? `element type ${type}`

/** What to do about an element type that has no dtype here. */
export const elementHint = (name: string, direction: "to" | "from"): string => {
  if (name === "TOKEN")
    return "tokens order effects, such as jax.debug.print(ordered=True) and io_callback(ordered=True): export the program without them"
  if (name === "TUPLE") return "give @main a parameter for each element of the tuple"
  return `convert it ${direction} one of f16 bf16 f32 f64 i8-i64 u8-u64 bool c64 c128 inside the program`
}

/** XLA's name of an element type, for those that have no dtype here. */
export const elementName = (type: number): string => names.get(type) ?? `element type ${type}`
