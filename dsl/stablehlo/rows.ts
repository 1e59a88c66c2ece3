import { type DType, integerRange, isFloat, isInteger, kindOf } from "../dtype.ts"
import type { BinaryPrimitive, Comparison, Primitive, Reduction, Scalar, UnaryPrimitive } from "../program.ts"
import type { Aval } from "../shape.ts"
import { arangeRow } from "./arange.ts"
import type { Row, Rows, Site } from "./row.ts"
import { scanRow } from "./scan.ts"
import { tensorType } from "./text.ts"

const list = (items: ReadonlyArray<number>): string => `[${items.join(", ")}]`
const types = (avals: ReadonlyArray<Aval>): string => avals.map(tensorType).join(", ")

/** `op operands attributes : (operand types) -> result type` */
const general = (site: Site, op: string, attributes = ""): ReadonlyArray<string> => [
  site.writer.assign(
    `stablehlo.${op} ${site.operands.join(", ")}${attributes} : (${types(site.inputs)}) -> ${tensorType(site.outputs[0]!)}`
  )
]

/** Operations whose operands and result have one type. */
const uniform =
  (op: string): Row<UnaryPrimitive | BinaryPrimitive | "clamp"> =>
  (site) => [
    site.writer.assign(`stablehlo.${op} ${site.operands.join(", ")} : ${tensorType(site.outputs[0]!)}`)
  ]

const compare =
  (direction: string): Row<Comparison> =>
  ({ writer, operands, inputs, outputs }) => {
    const kind = kindOf(inputs[0]!.dtype)
    const how = kind === "float" || kind === "complex" ? "FLOAT" : kind === "signed" ? "SIGNED" : "UNSIGNED"
    return [
      writer.assign(
        `stablehlo.compare ${direction}, ${operands.join(", ")}, ${how} : (${types(inputs)}) -> ${tensorType(outputs[0]!)}`
      )
    ]
  }

/** The value that leaves others unchanged: what a reduction of nothing gives. */
const neutral = (op: Reduction, dtype: DType): Scalar => {
  switch (op) {
    case "sum":
      return 0
    case "prod":
      return 1
    case "all":
      return true
    case "any":
      return false
    default: {
      const greatest = op === "min"
      if (isFloat(dtype)) return greatest ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
      if (isInteger(dtype)) return integerRange(dtype)[greatest ? 1 : 0]
      return greatest
    }
  }
}

const reduce =
  (op: Reduction, combine: string): Row<Reduction> =>
  ({ writer, operands, inputs, outputs }, { axes }) => {
    const { dtype } = inputs[0]!
    const start = { dtype, shape: [] }
    const initial = writer.constant(neutral(op, dtype), start)
    return [
      writer.assign(
        `stablehlo.reduce(${operands[0]} init: ${initial}) applies stablehlo.${combine} across dimensions = ${list(axes)} : (${tensorType(inputs[0]!)}, ${tensorType(start)}) -> ${tensorType(outputs[0]!)}`
      )
    ]
  }

export const rows: Rows<Primitive> = {
  neg: uniform("negate"),
  abs: uniform("abs"),
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
  sin: uniform("sine"),
  cos: uniform("cosine"),
  tan: uniform("tan"),
  tanh: uniform("tanh"),
  logistic: uniform("logistic"),
  not: uniform("not"),
  isFinite: (site) => general(site, "is_finite"),
  add: uniform("add"),
  sub: uniform("subtract"),
  mul: uniform("multiply"),
  div: uniform("divide"),
  rem: uniform("remainder"),
  pow: uniform("power"),
  atan2: uniform("atan2"),
  maximum: uniform("maximum"),
  minimum: uniform("minimum"),
  and: uniform("and"),
  or: uniform("or"),
  xor: uniform("xor"),
  eq: compare("EQ"),
  ne: compare("NE"),
  lt: compare("LT"),
  le: compare("LE"),
  gt: compare("GT"),
  ge: compare("GE"),
  sum: reduce("sum", "add"),
  prod: reduce("prod", "multiply"),
  max: reduce("max", "maximum"),
  min: reduce("min", "minimum"),
  all: reduce("all", "and"),
  any: reduce("any", "or"),
  select: ({ writer, operands, inputs, outputs }) => [
    writer.assign(
      `stablehlo.select ${operands.join(", ")} : ${tensorType(inputs[0]!)}, ${tensorType(outputs[0]!)}`
    )
  ],
  clamp: uniform("clamp"),
  convert: (site) => general(site, "convert"),
  reshape: (site) => general(site, "reshape"),
  broadcast: (site, { axes }) => general(site, "broadcast_in_dim", `, dims = ${list(axes)}`),
  transpose: (site, { permutation }) => general(site, "transpose", `, dims = ${list(permutation)}`),
  slice: (site, { start, limit, strides }) => {
    const ranges = start.map((from, i) => `${from}:${limit[i]}${strides[i] === 1 ? "" : `:${strides[i]}`}`)
    return general(site, "slice", ` [${ranges.join(", ")}]`)
  },
  concatenate: (site, { axis }) => general(site, "concatenate", `, dim = ${axis}`),
  dot: (site, { contracting, batch }) => {
    const pairs = (sides: readonly [ReadonlyArray<number>, ReadonlyArray<number>]) =>
      sides.map(list).join(" x ")
    const batching = batch[0].length === 0 ? "" : `, batching_dims = ${pairs(batch)}`
    return general(site, "dot_general", `${batching}, contracting_dims = ${pairs(contracting)}`)
  },
  constant: ({ writer }, { aval, value }) => [writer.constant(value, aval)],
  arange: arangeRow,
  scan: scanRow
}
