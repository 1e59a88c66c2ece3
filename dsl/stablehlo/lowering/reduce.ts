import { workingDType } from "../../dtype.ts"
import { neutral } from "../../primitives/neutral.ts"
import type { Reduction } from "../../program.ts"
import type { Aval } from "../../shape.ts"
import { tensorType, type Writer } from "../text.ts"
import { convertText, hidden, type Region, type Site } from "./lowering.ts"

export const combiners: { readonly [R in Reduction]: string } = {
  sum: "add",
  prod: "multiply",
  max: "maximum",
  min: "minimum",
  all: "and",
  any: "or"
}

/** Computes sums and products of half floats in f32, and rounds once, as jax.numpy does. */
export const inWorking = (
  site: Site,
  op: Reduction,
  write: (site: Site) => ReadonlyArray<string>
): ReadonlyArray<string> => {
  const [from, to] = [site.inputs[0]!, site.outputs[0]!]
  const dtype = op === "sum" || op === "prod" ? workingDType(from.dtype) : from.dtype
  const [wide, result] = [
    { ...from, dtype },
    { ...to, dtype }
  ]
  const operand = convertText(site.writer, site.operands[0]!, from, wide)
  const made = write({ ...site, operands: [operand], inputs: [wide], outputs: [result] })
  return [convertText(site.writer, made[0]!, result, to)]
}

/** A region that combines two scalars by one operation. */
export const combineRegion = (writer: Writer, op: string, aval: Aval): Region => ({
  parameters: [aval, aval],
  results: [aval],
  body: ([a, b]) => [writer.assign(`stablehlo.${op} ${a}, ${b} : ${tensorType(aval)}`)]
})

/** How many steps XLA may take as it compiles, of what has no parameters. */
const mostFolded = 2 ** 24

/**
 * An initial value, hidden from the compiler where there is much to reduce. XLA folds constants of any size in windows
 * and in reductions to several results as it compiles. That takes memory for all their elements, and aborts where it
 * runs out.
 */
export const initialOf = (writer: Writer, op: Reduction, aval: Aval, steps: number): string => {
  const plain = writer.constant(neutral(op, aval.dtype), aval)
  return steps <= mostFolded ? plain : hidden(writer, plain, aval)
}
