import { type Aval, show } from "../../dsl/shape.ts"
import { decodeArray } from "./host.ts"
import { nest, showNested } from "./layout.ts"

/** How many elements of an array are shown. */
const most = 1000

/** What `debugPrint` says of an array: `next: f32[3] 1 2 3`, a matrix with a row on each line. */
export const printed = (label: string, aval: Aval, bytes: Uint8Array<ArrayBuffer>): string => {
  const array = decodeArray(aval.dtype, bytes)
  const count = aval.shape.reduce((product, dim) => product * dim, 1)
  if (count > most) return `${label}: ${show(aval)} of ${count} elements, too many to print`
  const lines = showNested(nest(aval.dtype, aval.shape, array))
  const head = `${label}: ${show(aval)}`
  return lines.length === 1 ? `${head} ${lines[0]}` : [head, ...lines.map((line) => `  ${line}`)].join("\n")
}

export const toStandardError = (text: string): void => {
  process.stderr.write(`${text}\n`)
}
