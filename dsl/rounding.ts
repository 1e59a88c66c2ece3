interface Format {
  /** Bits of the significand, the leading one counted. */
  readonly precision: number
  /** Exponents of the least normal and the greatest numbers (IEEE 754's emin and emax). */
  readonly least: number
  readonly greatest: number
}

/** The floats of the language. */
export type FloatDType = "f16" | "bf16" | "f32" | "f64"

const formats: { readonly [D in FloatDType]: Format } = {
  f16: { precision: 11, least: -14, greatest: 15 },
  bf16: { precision: 8, least: -126, greatest: 127 },
  f32: { precision: 24, least: -126, greatest: 127 },
  f64: { precision: 53, least: -1022, greatest: 1023 }
}

/** How many bits there are after the point of a number from 1 to 2. */
export const mantissaBits = (dtype: FloatDType): number => formats[dtype].precision - 1

/** The greatest finite number of a float dtype. */
export const greatestFloat = (dtype: FloatDType): number => {
  const { precision, greatest } = formats[dtype]
  return (2 - 2 ** (1 - precision)) * 2 ** greatest
}

const view = new DataView(new ArrayBuffer(8))

/** floor(log2(value)) of a positive number, but for f64's subnormal ones, whose exponent is less. */
const exponentOf = (value: number): number => {
  view.setFloat64(0, value)
  return (view.getUint16(0) >> 4) - 1023
}

const ofNumber = (value: number, { precision, least, greatest }: Format): number => {
  if (value === 0 || Number.isNaN(value)) return value
  const size = Math.abs(value)
  const beyond = 2 ** (greatest + 1)
  if (size >= beyond) return Math.sign(value) * Number.POSITIVE_INFINITY
  // Beside a number whose last bit is the wanted unit, addition rounds to that unit, ties to even.
  const beside = 2 ** (Math.max(exponentOf(size), least) - precision + 1 + 52)
  const rounded = size + beside - beside
  return Math.sign(value) * (rounded < beyond ? rounded : Number.POSITIVE_INFINITY)
}

const ofInteger = (value: bigint, { precision, greatest }: Format): number => {
  const size = value < 0n ? -value : value
  const length = size.toString(2).length
  if (length > greatest + 1) return value < 0n ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (length <= precision) return Number(value)
  const places = BigInt(length - precision)
  const [whole, rest] = [size >> places, size & ((1n << places) - 1n)]
  const half = 1n << (places - 1n)
  const up = rest > half || (rest === half && (whole & 1n) === 1n)
  const rounded = Number(up ? whole + 1n : whole) * 2 ** Number(places)
  return (value < 0n ? -1 : 1) * (rounded < 2 ** (greatest + 1) ? rounded : Number.POSITIVE_INFINITY)
}

/**
 * The nearest number of a float dtype, ties to even, rounded once from any source. A number that reaches bf16 through
 * f32 may be rounded twice, and so may a bigint converted to a number first.
 */
export const roundFloat = (value: number | bigint, dtype: FloatDType): number => {
  if (typeof value === "bigint") return ofInteger(value, formats[dtype])
  return dtype === "f64" ? value : dtype === "f32" ? Math.fround(value) : ofNumber(value, formats[dtype])
}

/**
 * A number in decimal. JavaScript writes the shortest decimal that reads back as the same double, and fills it with
 * zeros: 2^60 ends in 847000, which is another integer. All digits of an integer are written.
 */
export const decimal = (value: number | bigint | boolean): string =>
  typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 1e21
    ? Object.is(value, -0)
      ? "-0"
      : String(BigInt(value))
    : String(value)
