import { isFloat } from "../../dtype.ts"
import type { Aval } from "../../shape.ts"
import { tensorType, type Writer } from "../text.ts"
import { compareText, type Site } from "./lowering.ts"

/** Integers of a float's width: what they are, the greatest and the least, and the place of the sign. */
const integers = {
  f32: { dtype: "i32", greatest: 2 ** 31 - 1, least: -(2 ** 31), sign: 31 },
  f64: { dtype: "i64", greatest: "9223372036854775807", least: "-9223372036854775808", sign: 63 }
} as const

/** A float array as the float whose bits are taken, and as integers. */
const formsOf = ({ dtype, shape }: Aval) => {
  const width = dtype === "f64" ? "f64" : "f32"
  return { width, float: { dtype: width, shape }, integer: { dtype: integers[width].dtype, shape } } as const
}

const named = (writer: Writer, op: string, operands: ReadonlyArray<string>, aval: Aval): string =>
  writer.assign(`stablehlo.${op} ${operands.join(", ")} : ${tensorType(aval)}`)

const changed = (writer: Writer, op: string, name: string, from: Aval, to: Aval): string =>
  from.dtype === to.dtype
    ? name
    : writer.assign(`stablehlo.${op} ${name} : (${tensorType(from)}) -> ${tensorType(to)}`)

const splat = (writer: Writer, value: number | string, aval: Aval): string =>
  writer.assign(`stablehlo.constant dense<${value}> : ${tensorType(aval)}`)

/** Turns the bits of negative floats over, so that integers have the order of the floats; or turns them back. */
const turned = (writer: Writer, bits: string, aval: Aval, width: "f32" | "f64"): string => {
  const { sign, greatest } = integers[width]
  const negative = named(writer, "shift_right_arithmetic", [bits, splat(writer, sign, aval)], aval)
  const mask = named(writer, "and", [negative, splat(writer, greatest, aval)], aval)
  return named(writer, "xor", [bits, mask], aval)
}

const encoded = (writer: Writer, op: "max" | "min", name: string, given: Aval): string => {
  const { width, float, integer } = formsOf(given)
  const x = changed(writer, "convert", name, given, float)
  const key = turned(writer, changed(writer, "bitcast_convert", x, float, integer), integer, width)
  const nan = compareText(writer, "NE", [x, x], float)
  const beyond = splat(writer, integers[width][op === "max" ? "greatest" : "least"], integer)
  const flags = tensorType({ dtype: "bool", shape: given.shape })
  return writer.assign(`stablehlo.select ${nan}, ${beyond}, ${key} : ${flags}, ${tensorType(integer)}`)
}

const decoded = (writer: Writer, name: string, wanted: Aval): string => {
  const { width, float, integer } = formsOf(wanted)
  const bits = turned(writer, name, integer, width)
  return changed(writer, "convert", changed(writer, "bitcast_convert", bits, integer, float), float, wanted)
}

/**
 * A maximum or minimum across devices, computed on integers that have the order of the floats. In that order -0 is less
 * than 0, and NaN is beyond all numbers, so that it wins. The collectives of XLA's CPU client (std::max) and of NCCL
 * drop NaN, and take either zero. NCCL has no 16-bit integers, so half floats go as f32.
 */
export const asOrdered = (
  site: Site,
  op: "max" | "min",
  write: (site: Site) => ReadonlyArray<string>
): ReadonlyArray<string> => {
  const { writer, operands, inputs, outputs } = site
  const floats = (aval: Aval) => isFloat(aval.dtype)
  if (!floats(outputs[0]!)) return write(site)
  const integer = (aval: Aval) => (floats(aval) ? formsOf(aval).integer : aval)
  const results = write({
    ...site,
    operands: operands.map((name, i) => (floats(inputs[i]!) ? encoded(writer, op, name, inputs[i]!) : name)),
    inputs: inputs.map(integer),
    outputs: outputs.map(integer)
  })
  return results.map((name, i) => decoded(writer, name, outputs[i]!))
}
