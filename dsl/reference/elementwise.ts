import { type DType, dtypes, isComplex, isFloat, kindOf } from "../dtype.ts"
import { binaryKinds, comparisonKinds, mapRecord, unaryKinds } from "../primitives/elementwise.ts"
import type { BinaryPrimitive, Comparison, Primitive, UnaryPrimitive } from "../program.ts"
import { arrayOf, type Element, type NdArray } from "./array.ts"
import { bitsOf, fromBits } from "./bits.ts"
import * as cx from "./complex.ts"
import * as inverse from "./complex-inverse.ts"
import type { Evaluate, Evaluates } from "./evaluate.ts"
import { converted, rounded, roundedComplex, wrapped } from "./number.ts"
import * as special from "./special.ts"
import { threefry } from "./threefry.ts"

const toEven = (x: number): number => {
  const below = Math.floor(x)
  const rest = x - below
  const whole = rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below
  return whole === 0 && (x < 0 || Object.is(x, -0)) ? -0 : whole
}

const real: Partial<Record<UnaryPrimitive, (x: number) => number>> = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  round: toEven,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  cbrt: Math.cbrt,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  logistic: (x) => 1 / (1 + Math.exp(-x)),
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  erf: special.erf,
  erfc: special.erfc,
  erfInv: special.erfInv,
  lgamma: special.lgamma,
  digamma: special.digamma
}

const ofComplex: Partial<Record<UnaryPrimitive, (z: cx.Complex) => cx.Complex>> = {
  neg: (z) => cx.complex(-z.re, -z.im),
  exp: cx.exp,
  expm1: cx.expm1,
  log: cx.log,
  log1p: cx.log1p,
  sqrt: cx.sqrt,
  rsqrt: cx.rsqrt,
  sin: cx.sin,
  cos: cx.cos,
  tan: cx.tan,
  tanh: cx.tanh,
  logistic: cx.logistic,
  ...inverse
}

const size = (x: bigint): bigint => (x < 0n ? -x : x)
const bitCount = (bits: bigint): bigint => BigInt(bits.toString(2).replaceAll("0", "").length)

const whole: Partial<Record<UnaryPrimitive, (x: bigint, width: number) => bigint>> = {
  neg: (x) => -x,
  abs: size,
  sign: (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n),
  not: (x) => ~x,
  popcount: (x, width) => bitCount(BigInt.asUintN(width, x)),
  countLeadingZeros: (x, width) => {
    const bits = BigInt.asUintN(width, x)
    return BigInt(bits === 0n ? width : width - bits.toString(2).length)
  }
}

const width = (dtype: DType): number => dtypes[dtype].bytes * 8

const unaryElement = (op: UnaryPrimitive, x: Element, dtype: DType): Element => {
  if (op === "stopGradient") return x
  if (op === "isFinite") return Number.isFinite(x)
  if (op === "real") return (x as cx.Complex).re
  if (op === "imag") return (x as cx.Complex).im
  if (isComplex(dtype)) {
    if (op === "abs") return rounded(cx.modulus(x as cx.Complex), dtype)
    return roundedComplex(ofComplex[op]!(x as cx.Complex), dtype)
  }
  if (isFloat(dtype)) return rounded(real[op]!(x as number), dtype)
  if (dtype === "bool") return !x
  return wrapped(whole[op]!(BigInt(x as number), width(dtype)), dtype)
}

/** The next float after x on the way to y. */
const nextAfter = (x: number, y: number, dtype: DType): number => {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN
  if (x === y) return y
  const bits = bitsOf(x, dtype)
  const negative = 1n << BigInt(width(dtype) - 1)
  if (x === 0) return fromBits(y > 0 ? 1n : negative | 1n, dtype) as number
  return fromBits(x > y === x > 0 ? bits - 1n : bits + 1n, dtype) as number
}

const ofFloats: Partial<Record<BinaryPrimitive, (a: number, b: number, dtype: DType) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  rem: (a, b) => a % b,
  pow: (a, b) => (a === 1 || b === 0 ? 1 : a === -1 && !Number.isFinite(b) && !Number.isNaN(b) ? 1 : a ** b),
  atan2: Math.atan2,
  maximum: (a, b) => (Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Math.max(a, b)),
  minimum: (a, b) => (Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Math.min(a, b)),
  nextAfter,
  polygamma: special.polygamma
}

const shift = (op: "left" | "logical" | "arithmetic", a: bigint, b: bigint, bits: number): bigint => {
  const places = BigInt.asUintN(bits, b)
  const beyond = places >= BigInt(bits)
  if (op === "left") return beyond ? 0n : a << places
  if (op === "logical") return beyond ? 0n : BigInt.asUintN(bits, a) >> places
  return BigInt.asIntN(bits, a) >> (beyond ? BigInt(bits - 1) : places)
}

const wholePower = (a: bigint, b: bigint, bits: number): bigint => {
  if (b < 0n) return a === 1n ? 1n : a === -1n ? (b % 2n === 0n ? 1n : -1n) : 0n
  let [total, base, left] = [1n, a, b]
  for (; left > 0n; left >>= 1n) {
    if (left & 1n) total = BigInt.asIntN(bits + 1, total * base)
    base = BigInt.asIntN(bits + 1, base * base)
  }
  return total
}

const ofIntegers: Partial<Record<BinaryPrimitive, (a: bigint, b: bigint, bits: number) => bigint>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  // As XLA has it: all bits set, and the dividend.
  div: (a, b) => (b === 0n ? -1n : a / b),
  rem: (a, b) => (b === 0n ? a : a % b),
  pow: wholePower,
  maximum: (a, b) => (a > b ? a : b),
  minimum: (a, b) => (a < b ? a : b),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shiftLeft: (a, b, bits) => shift("left", a, b, bits),
  shiftRightLogical: (a, b, bits) => shift("logical", a, b, bits),
  shiftRightArithmetic: (a, b, bits) => shift("arithmetic", a, b, bits)
}

const ofComplexes: Partial<Record<BinaryPrimitive, (a: cx.Complex, b: cx.Complex) => cx.Complex>> = {
  add: cx.add,
  sub: cx.sub,
  mul: cx.mul,
  div: cx.div,
  pow: cx.pow
}

const ofBooleans: Partial<Record<BinaryPrimitive, (a: boolean, b: boolean) => boolean>> = {
  and: (a, b) => a && b,
  or: (a, b) => a || b,
  xor: (a, b) => a !== b,
  maximum: (a, b) => a || b,
  minimum: (a, b) => a && b
}

/** One element of a binary operation, as arithmetic of the dtype. */
export const combine = (op: BinaryPrimitive, a: Element, b: Element, dtype: DType): Element => {
  switch (kindOf(dtype)) {
    case "float":
      if (op === "complex") return cx.complex(a as number, b as number)
      return rounded(ofFloats[op]!(a as number, b as number, dtype), dtype)
    case "complex":
      return roundedComplex(ofComplexes[op]!(a as cx.Complex, b as cx.Complex), dtype)
    case "bool":
      return ofBooleans[op]!(a as boolean, b as boolean)
    default:
      return wrapped(ofIntegers[op]!(BigInt(a as number), BigInt(b as number), width(dtype)), dtype)
  }
}

export const compared = (op: Comparison, a: Element, b: Element): boolean => {
  if (typeof a === "object") {
    const same = a.re === (b as cx.Complex).re && a.im === (b as cx.Complex).im
    return op === "eq" ? same : !same
  }
  switch (op) {
    case "eq":
      return a === b
    case "ne":
      return a !== b
    case "lt":
      return a < b
    case "le":
      return a <= b
    case "gt":
      return a > b
    case "ge":
      return a >= b
  }
}

const each =
  (
    element: (values: ReadonlyArray<Element>, inputs: ReadonlyArray<NdArray>) => Element
  ): Evaluate<Primitive> =>
  ({ inputs, outputs: [output] }) => [
    arrayOf(
      output!,
      inputs[0]!.data.map((_, i) =>
        element(
          inputs.map(({ data }) => data[i]!),
          inputs
        )
      )
    )
  ]

const unaryEvaluate = (op: UnaryPrimitive): Evaluate<Primitive> =>
  each(([x], [array]) => unaryElement(op, x!, array!.dtype))
const binaryEvaluate = (op: BinaryPrimitive): Evaluate<Primitive> =>
  each(([a, b], [array]) => combine(op, a!, b!, array!.dtype))
const compareEvaluate = (op: Comparison): Evaluate<Primitive> => each(([a, b]) => compared(op, a!, b!))

export const elementwiseEvaluates: Evaluates<
  UnaryPrimitive | BinaryPrimitive | Comparison | "select" | "clamp" | "convert" | "bitcast" | "threefry"
> = {
  ...mapRecord(unaryKinds, unaryEvaluate),
  ...mapRecord(binaryKinds, binaryEvaluate),
  ...mapRecord(comparisonKinds, compareEvaluate),
  threefry,
  select: ({ inputs: [predicate, a, b], outputs: [output] }) => {
    const holds = (i: number) => predicate!.data[predicate!.shape.length === 0 ? 0 : i]
    return [
      arrayOf(
        output!,
        a!.data.map((value, i) => (holds(i) ? value : b!.data[i]!))
      )
    ]
  },
  clamp: each(([least, x, most], [array]) =>
    combine("minimum", combine("maximum", x!, least!, array!.dtype), most!, array!.dtype)
  ) as Evaluate<"clamp">,
  convert: ({ inputs: [x], outputs: [output] }) => [
    arrayOf(
      output!,
      x!.data.map((value) => converted(value, x!.dtype, output!.dtype))
    )
  ],
  bitcast: ({ inputs: [x], outputs: [output] }) => [
    arrayOf(
      output!,
      x!.data.map((value) => fromBits(bitsOf(value, x!.dtype), output!.dtype))
    )
  ]
}
