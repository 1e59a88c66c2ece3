import { escapeHtml } from "../../dsl/display.ts"
import { type Aval, sizeOf } from "../../dsl/shape.ts"
import { decodeArray } from "./host.ts"
import { mostShown, nest, showNested, showNumber } from "./layout.ts"
import { statistics } from "./statistics.ts"

/** What there is to show of an array without waiting for its device. */
export interface Shown extends Aval {
  /** Its type and place: `f32[3] on cpu:0`. */
  readonly head: string
  /** The elements, where they can be had at once. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined
  /** Why it holds nothing any more: `released`. */
  readonly gone: string | undefined
}

const rowsOf = ({ dtype, shape }: Aval, bytes: Uint8Array<ArrayBuffer>): ReadonlyArray<string> =>
  showNested(nest(dtype, shape, decodeArray(dtype, bytes)))

/** What is said of an array in place of its elements; undefined where they are to be shown. */
const summary = ({ dtype, shape, bytes, gone }: Shown): string | undefined => {
  if (gone !== undefined) return `, ${gone}`
  if (bytes === undefined) return ""
  if (sizeOf(shape) <= mostShown) return undefined
  return `: ${statistics(dtype, decodeArray(dtype, bytes))}`
}

/** An array as text: its elements where they are few, else statistics; its type and place where they must be waited for. */
export const arrayText = (array: Shown, brief: boolean): string => {
  const instead = brief ? "" : summary(array)
  if (instead !== undefined) return `${array.head}${instead}`
  const lines = rowsOf(array, array.bytes!)
  return lines.length === 1
    ? `${array.head}: ${lines[0]}`
    : [array.head, ...lines.map((line) => `  ${line}`)].join("\n")
}

const cell = (value: unknown): string =>
  `<td>${escapeHtml(Array.isArray(value) ? value.map(showNumber).join(" ") : showNumber(value))}</td>`

/** The same for notebooks: vectors and matrices as a table. */
export const arrayHtml = (array: Shown): string => {
  const { dtype, shape, bytes, head } = array
  if (summary(array) !== undefined || shape.length === 0 || shape.length > 2 || sizeOf(shape) === 0)
    return `<pre>${escapeHtml(arrayText(array, false))}</pre>`
  const values = nest(dtype, shape, decodeArray(dtype, bytes!)) as ReadonlyArray<unknown>
  const rows = shape.length === 1 ? [values] : (values as ReadonlyArray<ReadonlyArray<unknown>>)
  const body = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("")
  return `<table><caption>${escapeHtml(head)}</caption><tbody>${body}</tbody></table>`
}
