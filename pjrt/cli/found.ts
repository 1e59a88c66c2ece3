import { show, sizeOf } from "../../dsl/shape.ts"
import { keyPath } from "../../dsl/tree.ts"
import type { DeviceArray } from "../array/array.ts"
import { decode, type HostValue } from "../array/host.ts"
import { arrayJson, axisItems, ellipsis, mostShown, nest, showNested, toJson } from "../array/layout.ts"
import type { Found } from "./results.ts"

/** What was found as JSON holds it: arrays of a device with dtype and shape, other lists of numbers as lists. */
export const jsonOf = (found: Found): unknown => {
  switch (found.kind) {
    case "scalar":
      return toJson(found.value)
    case "numbers":
      return Array.from(found.values, toJson)
    case "array":
      return arrayJson(found.of.dtype, found.of.shape, found.elements!)
    case "list":
      return found.items.map(jsonOf)
    case "record":
      return Object.fromEntries(found.entries.map(([key, item]) => [key, jsonOf(item)]))
  }
}

/** Results as another script gets them: device arrays read, in the trees that they came in. */
export type ReadResults<T> = unknown extends T
  ? Readonly<Record<string, unknown>>
  : T extends DeviceArray<infer D, infer S>
    ? HostValue<D, S>
    : T extends ArrayBufferView
      ? T
      : T extends ReadonlyArray<unknown> | Readonly<Record<string, unknown>>
        ? { readonly [K in keyof T]: ReadResults<T[K]> }
        : T

const plainOf = (found: Found): unknown => {
  switch (found.kind) {
    case "scalar":
      return found.value
    case "numbers":
      return found.values
    case "array":
      return decode(found.of.dtype, found.of.shape, found.bytes!)
    case "list":
      return found.items.map(plainOf)
    case "record":
      return plainResults(found.entries)
  }
}

export const plainResults = (
  found: ReadonlyArray<readonly [string, Found]>
): Readonly<Record<string, unknown>> => Object.fromEntries(found.map(([name, one]) => [name, plainOf(one)]))

/** How many of the values that it holds are shown one by one. */
const countOf = (found: Found): number => {
  switch (found.kind) {
    case "scalar":
      return 1
    case "numbers":
      return found.values.length
    case "array":
      return sizeOf(found.of.shape)
    case "list":
      return found.items.reduce((sum, item) => sum + countOf(item), 0)
    case "record":
      return found.entries.reduce((sum, [, item]) => sum + countOf(item), 0)
  }
}

/** Whether it can stand among numbers in a row, or is such a row. */
const inRows = (found: Found): boolean =>
  found.kind === "list"
    ? found.items.every(inRows)
    : found.kind === "array"
      ? found.of.shape.length === 0
      : found.kind !== "record"

const nestedOf = (found: Found, short: boolean): unknown => {
  switch (found.kind) {
    case "scalar":
      return found.value
    case "numbers":
      return axisItems(found.values.length, short, (i) => found.values[i])
    case "array":
      return nest(found.of.dtype, found.of.shape, found.elements!, short)
    case "list":
      return axisItems(found.items.length, short, (i) => nestedOf(found.items[i]!, short))
    case "record":
      return undefined
  }
}

/** As rows of numbers; what is large by its ends, with a last line that says what it is. */
const rowsOf = (found: Found): ReadonlyArray<string> => {
  const count = countOf(found)
  if (found.kind === "scalar" && typeof found.value === "string") return shortText(found.value).split("\n")
  const short = count > mostShown
  const rows = showNested(nestedOf(found, short))
  const lines = rows.length === 0 ? ["[]"] : rows
  if (!short) return lines
  const what = found.kind === "array" ? show(found.of) : `${count} values`
  return [...lines, `(${what}, shortened; --json has all)`]
}

const shortText = (text: string): string =>
  text.length <= mostShown ? text : `${text.slice(0, mostShown)}${ellipsis}`

/** More parts than these are shortened. */
const mostParts = 100

/** What was found as people read it: each part with its path and its lines. */
export const linesOf = (
  path: string,
  found: Found
): ReadonlyArray<readonly [label: string, lines: ReadonlyArray<string>]> => {
  if (inRows(found)) return [[path, rowsOf(found)]]
  const parts: ReadonlyArray<readonly [string, Found]> =
    found.kind === "record"
      ? found.entries.map(([key, item]) => [keyPath(path, key), item])
      : found.kind === "list"
        ? found.items.map((item, i) => [`${path}[${i}]`, item])
        : []
  if (found.kind === "array") return [[path, rowsOf(found)]]
  if (parts.length === 0) return [[path, ["{}"]]]
  return axisItems(parts.length, parts.length > mostParts, (i) => linesOf(...parts[i]!)).flatMap((shown) =>
    typeof shown === "string" ? [[path, [shown]] as const] : shown
  )
}
