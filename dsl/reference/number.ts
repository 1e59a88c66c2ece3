import {
  type DType,
  type FloatDType,
  integerRange,
  isComplex,
  isFloat,
  isInteger,
  kindOf,
  realPart,
  wrapInteger
} from "../dtype.ts"
import { roundFloat } from "../rounding.ts"
import type { Element } from "./array.ts"
import { type Complex, complex } from "./complex.ts"

/** A number as the float dtype, or the parts of the complex dtype, hold it. */
export const rounded = (value: number | bigint, dtype: DType): number =>
  roundFloat(value, realPart(dtype) as FloatDType)

const isWide = (dtype: DType): boolean => dtype === "i64" || dtype === "u64"

/** A whole number as an element of an integer dtype: wrapped, and a bigint only where it may need to be. */
export const wrapped = (value: bigint, dtype: DType): Element => {
  const whole = wrapInteger(value, dtype as never)
  return isWide(dtype) ? whole : Number(whole)
}

export const roundedComplex = (z: Complex, dtype: DType): Complex =>
  complex(rounded(z.re, dtype), rounded(z.im, dtype))

/** Floats become integers by dropping the fraction; what is out of range goes to the nearest, NaN to zero. */
const truncated = (value: number, dtype: DType): Element => {
  const [least, greatest] = integerRange(dtype as never)
  if (Number.isNaN(value)) return wrapped(0n, dtype)
  if (value <= Number(least)) return wrapped(least, dtype)
  if (value >= Number(greatest)) return wrapped(greatest, dtype)
  return wrapped(BigInt(Math.trunc(value)), dtype)
}

/** One element in another dtype. */
export const converted = (value: Element, from: DType, to: DType): Element => {
  if (isComplex(from)) return roundedComplex(value as Complex, to)
  const real = typeof value === "bigint" ? value : Number(value)
  if (isComplex(to)) return complex(rounded(real, to), 0)
  if (to === "bool") return kindOf(from) === "bool" ? value : Number(value) !== 0
  if (isFloat(to)) return rounded(real, to)
  if (isInteger(from) || from === "bool") return wrapped(BigInt(value as number), to)
  return truncated(value as number, to)
}

/** A plain number as an element. */
export const elementOf = (value: number | bigint | boolean, dtype: DType): Element => {
  if (dtype === "bool") return Boolean(value)
  const real = typeof value === "boolean" ? Number(value) : value
  if (isComplex(dtype)) return complex(rounded(real, dtype), 0)
  if (isFloat(dtype)) return rounded(real, dtype)
  return wrapped(BigInt(value), dtype)
}

export const zeroOf = (dtype: DType): Element => elementOf(dtype === "bool" ? false : 0, dtype)
