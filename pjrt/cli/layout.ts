import { type DType, kindOf } from "../../dsl/dtype.ts"
import type { Shape } from "../../dsl/shape.ts"
import type { HostArrays } from "../host.ts"

/** A value as people read it: numbers with six significant digits, arrays as rows. */
const showNumber = (value: unknown): string => {
  if (typeof value !== "number") return String(value)
  if (Object.is(value, -0)) return "-0"
  return Number.isInteger(value) || !Number.isFinite(value)
    ? String(value)
    : String(Number(value.toPrecision(6)))
}

/** Lines of a nested list: innermost lists are rows. */
export const showNested = (value: unknown): ReadonlyArray<string> => {
  if (!Array.isArray(value)) return [showNumber(value)]
  if (value.length === 0) return ["[]"]
  if (value.every((item) => !Array.isArray(item))) return [value.map(showNumber).join(" ")]
  return value.flatMap(showNested)
}

/** One element of a flat array that was read. */
const elementAt = (dtype: DType, array: HostArrays[DType], index: number): unknown => {
  if (kindOf(dtype) === "complex") return [array[2 * index], array[2 * index + 1]]
  return dtype === "bool" ? array[index] !== 0 : array[index]
}

/** A flat array as nested lists. */
export const nest = (dtype: DType, shape: Shape, array: HostArrays[DType]): unknown => {
  const build = (axis: number, from: number, size: number): unknown => {
    if (axis === shape.length) return elementAt(dtype, array, from)
    const count = shape[axis]!
    const step = count === 0 ? 0 : size / count
    return Array.from({ length: count }, (_, i) => build(axis + 1, from + i * step, step))
  }
  return build(
    0,
    0,
    shape.reduce((product, dim) => product * dim, 1)
  )
}

/** A value as JSON holds it: NaN, infinities and integers beyond 2^53 as strings. */
export const toJson = (value: unknown): unknown => {
  if (typeof value === "bigint") {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
      ? Number(value)
      : String(value)
  }
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value)
  if (Array.isArray(value)) return value.map(toJson)
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as Iterable<unknown>, toJson)
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]))
  }
  return value
}

/** A document as JSON text; JSON.stringify writes -0 as 0, though JSON has it. */
export const jsonText = (value: unknown): string => {
  if (Array.isArray(value)) {
    const plain = !value.some((item) => Object.is(item, -0) || typeof item === "object")
    return plain ? JSON.stringify(value) : `[${value.map(jsonText).join(",")}]`
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`).join(",")}}`
  }
  return Object.is(value, -0) ? "-0" : (JSON.stringify(value) ?? "null")
}

/** An array as the contract's JSON: dtype, shape, and its elements flat and row-major. */
export const arrayJson = (dtype: DType, shape: Shape, array: HostArrays[DType]) => ({
  dtype,
  shape,
  data: Array.from({ length: shape.reduce((product, dim) => product * dim, 1) }, (_, i) =>
    toJson(elementAt(dtype, array, i))
  )
})

/** A label with its lines beside it. */
export const labelled = (label: string, lines: ReadonlyArray<string>, width: number): string =>
  lines.map((line, i) => `  ${(i === 0 ? label : "").padEnd(width)}  ${line}`.trimEnd()).join("\n")
