import { type DType, dtypes, isComplex, isFloat } from "../dtype.ts"
import type { Element } from "./array.ts"
import { type Complex, complex } from "./complex.ts"
import { wrapped } from "./number.ts"

const view = new DataView(new ArrayBuffer(8))

const f32Bits = (value: number): bigint => {
  view.setFloat32(0, value)
  return BigInt(view.getUint32(0))
}

/** The bits of a number that an f16 holds exactly. */
const f16Bits = (value: number): bigint => {
  if (Number.isNaN(value)) return 0x7e00n
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  if (size === Number.POSITIVE_INFINITY) return BigInt(sign | 0x7c00)
  if (size < 2 ** -14) return BigInt(sign | (size * 2 ** 24))
  const exponent = Math.floor(Math.log2(size))
  return BigInt(sign | ((exponent + 15) << 10) | (size / 2 ** (exponent - 10) - 1024))
}

const f16Value = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const rest = bits & 1023
  if (exponent === 31) return rest === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (exponent === 0 ? rest * 2 ** -24 : (rest + 1024) * 2 ** (exponent - 25))
}

/** An element's bits as an unsigned number. */
export const bitsOf = (value: Element, dtype: DType): bigint => {
  if (isComplex(dtype)) {
    const { re, im } = value as Complex
    return dtype === "c64" ? f32Bits(re) | (f32Bits(im) << 32n) : 0n
  }
  switch (dtype) {
    case "f64":
      view.setFloat64(0, value as number)
      return view.getBigUint64(0)
    case "f32":
      return f32Bits(value as number)
    case "bf16":
      return f32Bits(value as number) >> 16n
    case "f16":
      return f16Bits(value as number)
    default:
      return BigInt.asUintN(dtypes[dtype].bytes * 8, BigInt(value as number))
  }
}

const f32Value = (bits: bigint): number => {
  view.setUint32(0, Number(bits & 0xffffffffn))
  return view.getFloat32(0)
}

/** The element that has these bits. */
export const fromBits = (bits: bigint, dtype: DType): Element => {
  if (!isFloat(dtype))
    return isComplex(dtype) ? complex(f32Value(bits), f32Value(bits >> 32n)) : wrapped(bits, dtype)
  if (dtype === "f64") {
    view.setBigUint64(0, BigInt.asUintN(64, bits))
    return view.getFloat64(0)
  }
  if (dtype === "f16") return f16Value(Number(bits))
  return f32Value(dtype === "bf16" ? bits << 16n : bits)
}
