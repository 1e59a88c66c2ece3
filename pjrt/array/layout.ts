import { type DType, kindOf } from "../../dsl/dtype.ts"
import { type Shape, sizeOf } from "../../dsl/shape.ts"
import type { HostArrays } from "./host.ts"

/** A value as people read it: numbers with six significant digits, arrays as rows. */
export const showNumber = (value: unknown): string => {
  if (typeof value !== "number") return String(value)
  if (Object.is(value, -0)) return "-0"
  if (Number.isSafeInteger(value) || !Number.isFinite(value)) return String(value)
  // Beyond 2^53 a decimal would show digits that the number does not have.
  const [digits, exponent] = value.toExponential(5).split("e") as [string, string]
  return Math.abs(value) > Number.MAX_SAFE_INTEGER
    ? `${Number(digits)}e${exponent}`
    : String(Number(value.toPrecision(6)))
}

/** An array of more elements is shortened for people. */
export const mostShown = 1000

/** Stands for what is left out. */
export const ellipsis = "…"

/** How many items a shortened axis shows at each end. */
const edge = 3

/** The items of an axis, made by their index; where it is to be `short`, those at its ends. */
export const axisItems = <A>(
  count: number,
  short: boolean,
  item: (i: number) => A
): ReadonlyArray<A | string> =>
  short && count > 2 * edge + 1
    ? [
        ...Array.from({ length: edge }, (_, i) => item(i)),
        ellipsis,
        ...Array.from({ length: edge }, (_, i) => item(count - edge + i))
      ]
    : Array.from({ length: count }, (_, i) => item(i))

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

/** A flat array as nested lists, `short` where only the ends of long axes are to be seen. */
export const nest = (dtype: DType, shape: Shape, array: HostArrays[DType], short = false): unknown => {
  const build = (axis: number, from: number, size: number): unknown => {
    if (axis === shape.length) return elementAt(dtype, array, from)
    const count = shape[axis]!
    const step = count === 0 ? 0 : size / count
    return axisItems(count, short, (i) => build(axis + 1, from + i * step, step))
  }
  return build(0, 0, sizeOf(shape))
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
  return value ?? null
}

/** A document as text. JSON.stringify would lose the sign of -0. */
export const jsonText = (document: unknown): string => {
  if (Object.is(document, -0)) return "-0.0"
  if (Array.isArray(document)) {
    const plain = !document.some((item) => Object.is(item, -0) || typeof item === "object")
    return plain ? JSON.stringify(document) : `[${document.map(jsonText).join(",")}]`
  }
  if (typeof document !== "object" || document === null) return JSON.stringify(document) ?? "null"
  const entries = Object.entries(document).filter(([, value]) => value !== undefined)
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${jsonText(value)}`).join(",")}}`
}

/** An array as the contract's JSON: dtype, shape, and its elements flat and row-major. */
export const arrayJson = (dtype: DType, shape: Shape, array: HostArrays[DType]) => ({
  dtype,
  shape,
  data: Array.from({ length: sizeOf(shape) }, (_, i) => toJson(elementAt(dtype, array, i)))
})

/** A label with its lines beside it. */
export const labelled = (label: string, lines: ReadonlyArray<string>, width: number): string =>
  lines.map((line, i) => `  ${(i === 0 ? label : "").padEnd(width)}  ${line}`.trimEnd()).join("\n")
