import { type DType, type DTypeKind, dtypes, realPart } from "../dtype.ts"
import { dtypeError } from "../errors.ts"
import { say } from "../messages.ts"
import type { BinaryPrimitive, Comparison, UnaryPrimitive } from "../program.ts"
import { show } from "../shape.ts"
import {
  avalOf,
  numeric,
  ordered,
  type Rule,
  type Rules,
  requireKind,
  requireSameDType,
  requireSameShape
} from "./rule.ts"

const float: ReadonlyArray<DTypeKind> = ["float"]
const analytic: ReadonlyArray<DTypeKind> = ["float", "complex"]
const signed: ReadonlyArray<DTypeKind> = ["float", "signed"]
const bits: ReadonlyArray<DTypeKind> = ["signed", "unsigned", "bool"]
const every: ReadonlyArray<DTypeKind> = ["float", "signed", "unsigned", "complex", "bool"]

/** The dtypes that each primitive takes, as StableHLO defines it. */
export const unaryKinds: { readonly [P in UnaryPrimitive]: ReadonlyArray<DTypeKind> } = {
  neg: ["float", "signed", "complex"],
  abs: ["float", "signed", "complex"],
  sign: signed,
  floor: float,
  ceil: float,
  round: float,
  exp: analytic,
  expm1: analytic,
  log: analytic,
  log1p: analytic,
  sqrt: analytic,
  rsqrt: analytic,
  cbrt: float,
  sin: analytic,
  cos: analytic,
  tan: analytic,
  tanh: analytic,
  logistic: analytic,
  asin: analytic,
  acos: analytic,
  atan: analytic,
  sinh: analytic,
  cosh: analytic,
  asinh: analytic,
  acosh: analytic,
  atanh: analytic,
  erf: float,
  erfc: float,
  erfInv: float,
  lgamma: float,
  digamma: float,
  not: bits,
  popcount: ["signed", "unsigned"],
  countLeadingZeros: ["signed", "unsigned"],
  isFinite: float,
  real: ["complex"],
  imag: ["complex"],
  stopGradient: every
}

export const binaryKinds: { readonly [P in BinaryPrimitive]: ReadonlyArray<DTypeKind> } = {
  add: numeric,
  sub: numeric,
  mul: numeric,
  div: numeric,
  rem: ["float", "signed", "unsigned"],
  pow: numeric,
  atan2: float,
  maximum: ordered,
  minimum: ordered,
  and: bits,
  or: bits,
  xor: bits,
  shiftLeft: ["signed", "unsigned"],
  shiftRightLogical: ["signed", "unsigned"],
  shiftRightArithmetic: ["signed", "unsigned"],
  nextAfter: float,
  polygamma: float,
  complex: float
}

export const comparisonKinds: { readonly [P in Comparison]: ReadonlyArray<DTypeKind> } = {
  eq: every,
  ne: every,
  lt: ordered,
  le: ordered,
  gt: ordered,
  ge: ordered
}

/** A record with the same keys. */
export const mapRecord = <K extends string, A, B>(
  record: Readonly<Record<K, A>>,
  f: (key: K, value: A) => B
): { readonly [P in K]: B } =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(key as K, value as A)])) as {
    readonly [P in K]: B
  }

const unaryResult = (op: UnaryPrimitive, dtype: DType): DType => {
  if (op === "isFinite") return "bool"
  return op === "abs" || op === "real" || op === "imag" ? realPart(dtype) : dtype
}

const binaryResult = (op: BinaryPrimitive | Comparison, dtype: DType): DType => {
  if (Object.hasOwn(comparisonKinds, op)) return "bool"
  return op === "complex" ? (dtype === "f64" ? "c128" : "c64") : dtype
}

const unary = (op: UnaryPrimitive, kinds: ReadonlyArray<DTypeKind>): Rule<UnaryPrimitive> => ({
  infer: ([x]) => {
    requireKind(op, x!, kinds)
    return [avalOf(unaryResult(op, x!.dtype), x!.shape)]
  }
})

const pairwise = (
  op: BinaryPrimitive | Comparison,
  kinds: ReadonlyArray<DTypeKind>
): Rule<BinaryPrimitive | Comparison> => ({
  infer: ([a, b]) => {
    requireSameDType(op, a!, b!)
    requireKind(op, a!, kinds)
    requireSameShape(op, a!, b!)
    if (op === "complex" && a!.dtype !== "f32" && a!.dtype !== "f64") {
      throw dtypeError(
        op,
        say("dtypeKind", { op, wanted: "f32 or f64", a: show(a!) }),
        "convert the parts first"
      )
    }
    return [avalOf(binaryResult(op, a!.dtype), a!.shape)]
  }
})

export const elementwiseRules: Rules<
  UnaryPrimitive | BinaryPrimitive | Comparison | "select" | "clamp" | "convert" | "bitcast" | "threefry"
> = {
  ...mapRecord(unaryKinds, unary),
  ...mapRecord(binaryKinds, (op, kinds) => pairwise(op, kinds)),
  ...mapRecord(comparisonKinds, (op, kinds) => pairwise(op, kinds)),
  select: {
    infer: ([predicate, onTrue, onFalse]) => {
      requireKind("select", predicate!, ["bool"])
      requireSameDType("select", onTrue!, onFalse!)
      requireSameShape("select", onTrue!, onFalse!)
      if (predicate!.shape.length > 0) requireSameShape("select", predicate!, onTrue!)
      return [onTrue!]
    }
  },
  clamp: {
    infer: ([least, x, most]) => {
      for (const bound of [least!, most!]) {
        requireSameDType("clamp", x!, bound)
        requireSameShape("clamp", x!, bound)
      }
      requireKind("clamp", x!, ordered)
      return [x!]
    }
  },
  convert: {
    infer: ([x], { dtype }) => {
      const complex = x!.dtype === "c64" || x!.dtype === "c128"
      if (complex && dtype !== "c64" && dtype !== "c128") {
        throw dtypeError(
          "convert",
          say("dtypeKind", { op: "convert", wanted: `a real array to make ${dtype}`, a: show(x!) }),
          "a complex number has no single real value"
        )
      }
      return [avalOf(dtype, x!.shape)]
    }
  },
  bitcast: {
    infer: ([x], { dtype }) => {
      if (dtypes[dtype].bytes !== dtypes[x!.dtype].bytes || dtype === "bool" || x!.dtype === "bool") {
        throw dtypeError(
          "bitcast",
          `bitcast: ${show(x!)} and ${dtype} have elements of different sizes`,
          "choose a dtype with as many bits"
        )
      }
      return [avalOf(dtype, x!.shape)]
    }
  },
  threefry: {
    infer: (inputs) => {
      for (const each of inputs) {
        requireSameShape("threefry", inputs[0]!, each)
        if (each.dtype !== "u32") requireKind("threefry", { ...each, dtype: each.dtype }, ["unsigned"])
      }
      return [inputs[2]!, inputs[3]!]
    }
  }
}
