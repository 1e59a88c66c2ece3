import { isComplex, isFloat } from "../../dtype.ts"
import type { BinaryPrimitive, Comparison, UnaryPrimitive } from "../../program.ts"
import type { Aval } from "../../shape.ts"
import { tensorType, type Writer } from "../text.ts"
import { complexCosine, complexSine } from "./complex.ts"
import { compareText, general, type Lowering, type Lowerings, type Site, types } from "./lowering.ts"
import { threefryLowering } from "./threefry.ts"

/** Operations whose operands and result have one type. */
const uniform =
  (op: string): Lowering<UnaryPrimitive | BinaryPrimitive | "clamp"> =>
  (site) => [
    site.writer.assign(`stablehlo.${op} ${site.operands.join(", ")} : ${tensorType(site.outputs[0]!)}`)
  ]

/**
 * What picks one of its operands. Where all of them are constants, one is behind a barrier: StableHLO's own folder, in
 * plugins of PJRT 0.81, does not pick NaN.
 */
const picking =
  (op: string): Lowering<"maximum" | "minimum" | "clamp"> =>
  (site) => {
    const { writer, operands, inputs } = site
    if (!isFloat(inputs[0]!.dtype) || !operands.every((name) => writer.known.has(name)))
      return uniform(op)(site, {})
    const hidden = writer.assign(`stablehlo.optimization_barrier ${operands[0]} : ${tensorType(inputs[0]!)}`)
    return uniform(op)({ ...site, operands: [hidden, ...operands.slice(1)] }, {})
  }

/** Operations of the CHLO dialect, which every plugin lowers by itself. */
const chlo =
  (op: string): Lowering<UnaryPrimitive | BinaryPrimitive> =>
  ({ writer, operands, inputs, outputs }) => [
    writer.assign(`chlo.${op} ${operands.join(", ")} : ${types(inputs)} -> ${tensorType(outputs[0]!)}`)
  ]

const compare =
  (direction: string): Lowering<Comparison> =>
  ({ writer, operands, inputs }) => [
    compareText(writer, direction, operands as unknown as [string, string], inputs[0]!)
  ]

/** The poles at zero have a value of their own in some versions of XLA, and none in JAX. */
const withoutZero =
  (op: string, isPole: (site: Site, writer: Writer) => string): Lowering<UnaryPrimitive | BinaryPrimitive> =>
  (site, params) => {
    const { writer, outputs } = site
    const type = tensorType(outputs[0]!)
    const value = chlo(op)(site, params)[0]!
    const pole = isPole(site, writer)
    const none = writer.constant(Number.NaN, outputs[0]!)
    const predicate = tensorType({ dtype: "bool", shape: outputs[0]!.shape })
    return [writer.assign(`stablehlo.select ${pole}, ${none}, ${value} : ${predicate}, ${type}`)]
  }

const isZero = (writer: Writer, name: string, aval: Aval): string =>
  compareText(writer, "EQ", [name, writer.constant(0, aval)], aval)

export const elementwiseLowerings: Lowerings<
  UnaryPrimitive | BinaryPrimitive | Comparison | "select" | "clamp" | "convert" | "bitcast" | "threefry"
> = {
  threefry: threefryLowering,
  neg: uniform("negate"),
  abs: (site) =>
    site.inputs[0]!.dtype === site.outputs[0]!.dtype ? uniform("abs")(site, {}) : general(site, "abs"),
  sign: uniform("sign"),
  floor: uniform("floor"),
  ceil: uniform("ceil"),
  round: uniform("round_nearest_even"),
  exp: uniform("exponential"),
  expm1: uniform("exponential_minus_one"),
  log: uniform("log"),
  log1p: uniform("log_plus_one"),
  sqrt: uniform("sqrt"),
  rsqrt: uniform("rsqrt"),
  cbrt: uniform("cbrt"),
  sin: (site, params) =>
    isComplex(site.inputs[0]!.dtype) ? complexSine(site) : uniform("sine")(site, params),
  cos: (site, params) =>
    isComplex(site.inputs[0]!.dtype) ? complexCosine(site) : uniform("cosine")(site, params),
  tan: uniform("tan"),
  tanh: uniform("tanh"),
  logistic: uniform("logistic"),
  asin: chlo("asin"),
  acos: chlo("acos"),
  atan: chlo("atan"),
  sinh: chlo("sinh"),
  cosh: chlo("cosh"),
  asinh: chlo("asinh"),
  acosh: chlo("acosh"),
  atanh: chlo("atanh"),
  erf: chlo("erf"),
  erfc: chlo("erfc"),
  erfInv: chlo("erf_inv"),
  lgamma: chlo("lgamma"),
  digamma: withoutZero("digamma", ({ operands, inputs }, writer) => isZero(writer, operands[0]!, inputs[0]!)),
  not: uniform("not"),
  popcount: uniform("popcnt"),
  countLeadingZeros: uniform("count_leading_zeros"),
  isFinite: (site) => general(site, "is_finite"),
  real: (site) => general(site, "real"),
  imag: (site) => general(site, "imag"),
  stopGradient: (site) => site.operands,
  add: uniform("add"),
  sub: uniform("subtract"),
  mul: uniform("multiply"),
  div: uniform("divide"),
  rem: uniform("remainder"),
  pow: uniform("power"),
  atan2: uniform("atan2"),
  maximum: picking("maximum"),
  minimum: picking("minimum"),
  and: uniform("and"),
  or: uniform("or"),
  xor: uniform("xor"),
  shiftLeft: uniform("shift_left"),
  shiftRightLogical: uniform("shift_right_logical"),
  shiftRightArithmetic: uniform("shift_right_arithmetic"),
  nextAfter: chlo("next_after"),
  polygamma: withoutZero("polygamma", ({ operands, inputs, outputs }, writer) => {
    const [order, place] = operands.map((name, i) => isZero(writer, name, inputs[i]!))
    return writer.assign(
      `stablehlo.and ${order}, ${place} : ${tensorType({ dtype: "bool", shape: outputs[0]!.shape })}`
    )
  }),
  complex: uniform("complex"),
  eq: compare("EQ"),
  ne: compare("NE"),
  lt: compare("LT"),
  le: compare("LE"),
  gt: compare("GT"),
  ge: compare("GE"),
  select: ({ writer, operands, inputs, outputs }) => [
    writer.assign(
      `stablehlo.select ${operands.join(", ")} : ${tensorType(inputs[0]!)}, ${tensorType(outputs[0]!)}`
    )
  ],
  clamp: picking("clamp"),
  convert: (site) => general(site, "convert"),
  bitcast: (site) => general(site, "bitcast_convert")
}
