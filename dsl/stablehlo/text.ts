import { type DType, dtypes, type FloatDType, isFloat, isInteger, kindOf, realPart } from "../dtype.ts"
import type { Mesh } from "../mesh.ts"
import type { Scalar } from "../program.ts"
import { roundFloat } from "../rounding.ts"
import type { Aval } from "../shape.ts"

/** `tensor<3x4xf32>` */
export const tensorType = (aval: Aval): string =>
  `tensor<${[...aval.shape, dtypes[aval.dtype].mlir].join("x")}>`

/** IEEE bits of a float that decimal notation cannot write, as MLIR takes them: a hexadecimal integer. */
const specialBits: {
  readonly [D in FloatDType]: { readonly nan: string; readonly infinity: string; readonly negative: string }
} = {
  f16: { nan: "0x7E00", infinity: "0x7C00", negative: "0xFC00" },
  bf16: { nan: "0x7FC0", infinity: "0x7F80", negative: "0xFF80" },
  f32: { nan: "0x7FC00000", infinity: "0x7F800000", negative: "0xFF800000" },
  f64: { nan: "0x7FF8000000000000", infinity: "0x7FF0000000000000", negative: "0xFFF0000000000000" }
}

const float = (given: Scalar, dtype: FloatDType): string => {
  const special = specialBits[dtype]
  const value = typeof given === "bigint" ? roundFloat(given, dtype) : Number(given)
  if (Number.isNaN(value)) return special.nan
  if (value === Number.POSITIVE_INFINITY) return special.infinity
  if (value === Number.NEGATIVE_INFINITY) return special.negative
  // MLIR wants a decimal point. It reads a double, which JavaScript's shortest decimal gives back, and rounds it once.
  const text = Object.is(value, -0) ? "-0" : String(value)
  const [mantissa, exponent] = text.split("e") as [string, string?]
  const pointed = mantissa.includes(".") ? mantissa : `${mantissa}.0`
  return exponent === undefined ? pointed : `${pointed}E${exponent}`
}

/** One element, as written in `dense<...>`. */
export const element = (value: Scalar, dtype: DType): string => {
  if (isFloat(dtype)) return float(value, dtype)
  if (kindOf(dtype) === "complex") {
    const part = realPart(dtype) as FloatDType
    return `(${float(value, part)}, ${float(0, part)})`
  }
  return isInteger(dtype) ? String(BigInt(value)) : String(value)
}

/** `dense<...>` with the nesting of the shape. */
export const dense = (aval: Aval, value: Scalar | ReadonlyArray<Scalar>): string => {
  if (!Array.isArray(value)) return `dense<${element(value as Scalar, aval.dtype)}>`
  if (value.length === 0) return "dense<>"
  const nest = (axis: number, from: number, size: number): string => {
    if (axis === aval.shape.length) return element(value[from]!, aval.dtype)
    const count = aval.shape[axis]!
    const step = size / count
    return `[${Array.from({ length: count }, (_, i) => nest(axis + 1, from + i * step, step)).join(", ")}]`
  }
  return `dense<${nest(0, 0, value.length)}>`
}

/** A text as MLIR writes it: what is not plain ASCII as its bytes in hexadecimal. */
export const quoted = (text: string): string =>
  `"${Array.from(new TextEncoder().encode(text), (byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c
      ? `\\${byte.toString(16).toUpperCase().padStart(2, "0")}`
      : String.fromCharCode(byte)
  ).join("")}"`

/** A place as a location of MLIR's. */
const location = (place: string | undefined): string => {
  const parts = place === undefined ? null : /^(.*):(\d+):(\d+)$/.exec(place)
  return parts === null ? "" : ` loc(${quoted(parts[1]!)}:${parts[2]}:${parts[3]})`
}

/** Collects the lines of one function, naming values %0, %1, … in order. */
export class Writer {
  /** The mesh of a program of several devices, outside of what each of them runs by itself. */
  mesh: Mesh | undefined
  /** Names of values that depend on no parameter: a compiler may work them out ahead. */
  readonly known = new Set<string>()
  readonly lines: Array<string> = []
  /** Where the user wrote what is written now, as `file:line:column`. */
  place: string | undefined
  /** How many operations, one after another, a value of a name needs. */
  readonly depths = new Map<string, number>()
  /** How many operations stand before, in the region that is being written. */
  operations = 0
  #indent = 2
  #values = 0
  #channels = 0

  /** A fresh name; `count` results share it as `%n#0`, `%n#1`, …. */
  fresh(): string {
    return `%${this.#values++}`
  }

  /** A number for a collective, of which each has its own. */
  channel(): number {
    return ++this.#channels
  }

  line(text: string): void {
    this.lines.push("  ".repeat(this.#indent) + text)
  }

  /** Writes the last line of an operation, with its source position. */
  end(text: string): void {
    this.line(`${text}${location(this.place)}`)
  }

  /** Writes `%n = text` and gives the name. */
  assign(text: string): string {
    const name = this.fresh()
    this.operations++
    this.end(`${name} = ${text}`)
    return name
  }

  /** Writes what each device of the mesh runs by itself. */
  byDevice(body: () => void): void {
    const { mesh } = this
    this.mesh = undefined
    body()
    this.mesh = mesh
  }

  indented(body: () => void): void {
    const { operations } = this
    this.#indent++
    body()
    this.#indent--
    this.operations = operations
  }

  /** The depth of the deepest of some values. */
  deepest(names: Iterable<string>): number {
    let most = 0
    for (const name of names) most = Math.max(most, this.depths.get(name) ?? 0)
    return most
  }

  constant(value: Scalar | ReadonlyArray<Scalar>, aval: Aval): string {
    const name = this.assign(`stablehlo.constant ${dense(aval, value)} : ${tensorType(aval)}`)
    this.known.add(name)
    return name
  }
}
