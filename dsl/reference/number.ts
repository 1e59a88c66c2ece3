import {
  type DType,
  integerRange,
  isComplex,
  isFloat,
  isInteger,
  kindOf,
  largestFinite,
  wrapInteger
} from "../dtype.ts"
import type { Element } from "./array.ts"
import { type Complex, complex } from "./complex.ts"

/** Rounds to a float of so many mantissa bits and so small an exponent, ties to even. */
const roundTo = (value: number, mantissa: number, least: number, greatest: number): number => {
  if (value === 0 || !Number.isFinite(value)) return value
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), least)
  const unit = 2 ** (exponent - mantissa)
  const scaled = value / unit
  const floor = Math.floor(scaled)
  const rest = scaled - floor
  const whole = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor
  const rounded = whole * unit
  return Math.abs(rounded) > greatest ? Math.sign(value) * Number.POSITIVE_INFINITY : rounded
}

/** A number as the dtype holds it. */
export const rounded = (value: number, dtype: DType): number => {
  switch (dtype) {
    case "f32":
    case "c64":
      return Math.fround(value)
    case "f16":
      return roundTo(value, 10, -14, largestFinite.f16)
    case "bf16":
      return roundTo(Math.fround(value), 7, -126, largestFinite.bf16)
    default:
      return value
  }
}

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
  if (isComplex(to)) return complex(rounded(Number(value), to), 0)
  if (to === "bool") return kindOf(from) === "bool" ? value : Number(value) !== 0
  if (isFloat(to)) return rounded(Number(value), to)
  if (isInteger(from) || from === "bool") return wrapped(BigInt(value as number), to)
  return truncated(value as number, to)
}

/** A plain number as an element. */
export const elementOf = (value: number | bigint | boolean, dtype: DType): Element => {
  if (dtype === "bool") return Boolean(value)
  if (isComplex(dtype)) return complex(rounded(Number(value), dtype), 0)
  if (isFloat(dtype)) return rounded(Number(value), dtype)
  return wrapped(BigInt(value), dtype)
}

export const zeroOf = (dtype: DType): Element => elementOf(dtype === "bool" ? false : 0, dtype)
