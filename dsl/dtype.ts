import { say } from "./messages.ts"
import { decimal, type FloatDType, roundFloat } from "./rounding.ts"

/** Element types, by the names used everywhere: in types, printed programs, errors and command output. */
export type { FloatDType }
/** The signed integer dtypes. */
export type SignedDType = "i8" | "i16" | "i32" | "i64"
/** The unsigned integer dtypes. */
export type UnsignedDType = "u8" | "u16" | "u32" | "u64"
/** The integer dtypes. */
export type IntegerDType = SignedDType | UnsignedDType
/** The complex dtypes: c64 has two f32, c128 two f64. */
export type ComplexDType = "c64" | "c128"
/** The element types, by the names used everywhere: in types, printed programs, errors and command output. */
export type DType = FloatDType | IntegerDType | ComplexDType | "bool"

export type DTypeKind = "float" | "signed" | "unsigned" | "complex" | "bool"

interface DTypeFacts {
  readonly kind: DTypeKind
  /** Bytes of one element. */
  readonly bytes: number
  /** StableHLO's spelling of the element type. */
  readonly mlir: string
}

const fact = (kind: DTypeKind, bytes: number, mlir: string): DTypeFacts => ({ kind, bytes, mlir })

export const dtypes: { readonly [D in DType]: DTypeFacts } = {
  f16: fact("float", 2, "f16"),
  bf16: fact("float", 2, "bf16"),
  f32: fact("float", 4, "f32"),
  f64: fact("float", 8, "f64"),
  i8: fact("signed", 1, "i8"),
  i16: fact("signed", 2, "i16"),
  i32: fact("signed", 4, "i32"),
  i64: fact("signed", 8, "i64"),
  u8: fact("unsigned", 1, "ui8"),
  u16: fact("unsigned", 2, "ui16"),
  u32: fact("unsigned", 4, "ui32"),
  u64: fact("unsigned", 8, "ui64"),
  bool: fact("bool", 1, "i1"),
  c64: fact("complex", 8, "complex<f32>"),
  c128: fact("complex", 16, "complex<f64>")
}

export const isDType = (name: unknown): name is DType =>
  typeof name === "string" && Object.hasOwn(dtypes, name)

export const kindOf = (dtype: DType): DTypeKind => dtypes[dtype].kind
export const isFloat = (dtype: DType): dtype is FloatDType => kindOf(dtype) === "float"
export const isInteger = (dtype: DType): dtype is IntegerDType =>
  kindOf(dtype) === "signed" || kindOf(dtype) === "unsigned"

export const isComplex = (dtype: DType): dtype is ComplexDType => kindOf(dtype) === "complex"
/** Whether arithmetic of the dtype rounds. */
export const isInexact = (dtype: DType): dtype is FloatDType | ComplexDType =>
  isFloat(dtype) || isComplex(dtype)

/** Whether values of the dtype have derivatives. */
export const isDifferentiable = isInexact

/** The dtype of a complex number's parts, and of a real number itself. */
export const realPart = <D extends DType>(dtype: D): D extends "c64" ? "f32" : D extends "c128" ? "f64" : D =>
  (dtype === "c64" ? "f32" : dtype === "c128" ? "f64" : dtype) as never

/** The dtype in which sums and products are computed before they are rounded once: f32 for half floats. */
export const workingDType = (dtype: DType): DType => (dtype === "f16" || dtype === "bf16" ? "f32" : dtype)

/** Least and greatest value of an integer dtype. */
export const integerRange = (dtype: IntegerDType): readonly [bigint, bigint] => {
  const bits = BigInt(dtypes[dtype].bytes * 8)
  return kindOf(dtype) === "signed"
    ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n]
    : [0n, (1n << bits) - 1n]
}

/** The value modulo the dtype's range, as integer arithmetic on a device wraps. */
export const wrapInteger = (value: number | bigint, dtype: IntegerDType): bigint => {
  const bits = dtypes[dtype].bytes * 8
  return kindOf(dtype) === "signed" ? BigInt.asIntN(bits, BigInt(value)) : BigInt.asUintN(bits, BigInt(value))
}

/** Greatest finite value of a float dtype. */
export const largestFinite: { readonly [D in FloatDType]: number } = {
  f16: 65504,
  bf16: 3.3895313892515355e38,
  f32: 3.4028234663852886e38,
  f64: Number.MAX_VALUE
}

/** What is wrong with a JavaScript number as a value of `dtype`, or undefined where it can stand for one. */
export const numberFault = (value: number | bigint | boolean, dtype: DType): string | undefined => {
  if (typeof value === "boolean")
    return dtype === "bool" ? undefined : say("noNumber", { n: `${value}`, dtype })
  if (typeof value !== "number" && typeof value !== "bigint")
    return `${value === null || value === undefined ? value : `${typeof value === "object" ? "an" : "a"} ${typeof value}`} is no number`
  if (dtype === "bool") return say("noBool", { n: `${value}` })
  if (!isInteger(dtype)) {
    if (typeof value === "number" && !Number.isFinite(value)) return undefined
    // Numbers that round to the largest finite value are fine; what would become an infinity is not.
    const fits = Number.isFinite(roundFloat(value, realPart(dtype) as FloatDType))
    return fits ? undefined : `${decimal(value)} is out of range for ${dtype}`
  }
  if (typeof value === "number" && !Number.isInteger(value)) return say("fraction", { n: `${value}` })
  const [least, greatest] = integerRange(dtype)
  const exact = BigInt(value)
  return exact < least || exact > greatest
    ? say("range", { n: decimal(value), dtype, least: `${least}`, most: `${greatest}` })
    : undefined
}
