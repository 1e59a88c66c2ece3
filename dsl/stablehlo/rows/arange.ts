import { isInteger, workingDType, wrapInteger } from "../../dtype.ts"
import type { Aval } from "../../shape.ts"
import { tensorType, type Writer } from "../text.ts"
import type { Row } from "./row.ts"

/** `start + step * i` for a vector of counters or, in a loop, one counter `i` of the range's dtype. */
export const arangeElement = (
  writer: Writer,
  counter: string,
  aval: Aval,
  start: string | number | bigint,
  step: number | bigint
): string => {
  const type = tensorType(aval)
  // A step need not fit the dtype where the values do (-1 in u8, 200 in i8): wrapping arithmetic still meets them.
  const by = isInteger(aval.dtype) ? wrapInteger(step, aval.dtype) : step
  const scaled =
    Number(step) === 1
      ? counter
      : writer.assign(`stablehlo.multiply ${counter}, ${writer.constant(by, aval)} : ${type}`)
  if (typeof start !== "string" && Number(start) === 0) return scaled
  const from = typeof start === "string" ? start : writer.constant(start, aval)
  return writer.assign(`stablehlo.add ${from}, ${scaled} : ${type}`)
}

export const convertText = (writer: Writer, operand: string, from: Aval, to: Aval): string =>
  from.dtype === to.dtype
    ? operand
    : writer.assign(`stablehlo.convert ${operand} : (${tensorType(from)}) -> ${tensorType(to)}`)

const spread = (writer: Writer, scalar: string, from: Aval, to: Aval): string => {
  const working = { dtype: to.dtype, shape: [] }
  const converted = convertText(writer, scalar, from, working)
  return writer.assign(
    `stablehlo.broadcast_in_dim ${converted}, dims = [] : (${tensorType(working)}) -> ${tensorType(to)}`
  )
}

/** An arange that is used as an array. */
export const arangeRow: Row<"arange"> = ({ writer, operands, outputs }, { dtype, start, step }) => {
  const result = outputs[0]!
  const working = { ...result, dtype: workingDType(dtype) }
  const counter = writer.assign(`stablehlo.iota dim = 0 : ${tensorType(working)}`)
  const from = start ?? spread(writer, operands[0]!, { dtype, shape: [] }, working)
  return [convertText(writer, arangeElement(writer, counter, working, from, step), working, result)]
}
