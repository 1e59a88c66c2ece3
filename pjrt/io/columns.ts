import { type DType, type IntegerDType, integerRange } from "../../dsl/dtype.ts"
import { type HostArrays, hostArrays } from "../../dsl/host-value.ts"
import { isRecord, shown } from "../../dsl/required.ts"
import { ArgumentError } from "../backend/errors.ts"
import { FormatError } from "./errors.ts"

/** What a column of a table holds. */
export type ColumnKind = Exclude<DType, "f16" | "bf16" | "c64" | "c128"> | "string"

/** The columns that are read, by name. */
export type ColumnKinds = Readonly<Record<string, ColumnKind>>

/** A typed array for each column, and a list for one of texts. */
export type Columns<C extends ColumnKinds> = {
  readonly [K in keyof C]: C[K] extends DType ? HostArrays[C[K]] : ReadonlyArray<string>
}

/**
 * What becomes of a row that lacks a value. `"refuse"`: it is an error that names the row and the column. `"drop"`: the
 * row is left out. Values by column: these stand for what is missing there, and other columns refuse.
 */
export type Missing<C extends ColumnKinds> =
  | "refuse"
  | "drop"
  | {
      readonly [K in keyof C]?: C[K] extends "string"
        ? string
        : C[K] extends "bool"
          ? boolean
          : C[K] extends "i64" | "u64"
            ? number | bigint
            : number
    }

const kinds: ReadonlySet<unknown> = new Set(
  Object.keys(hostArrays)
    .filter((dtype) => !["f16", "bf16", "c64", "c128"].includes(dtype))
    .concat("string")
)

const words: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY
}

const readFloat = (text: string, kind: "f32" | "f64"): number | string => {
  const [, sign, word] = /^([+-]?)(nan|inf|infinity)$/i.exec(text) ?? []
  if (word !== undefined) return words[word.toLowerCase()]! * (sign === "-" ? -1 : 1)
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return `is no ${kind}`
  const value = Number(text)
  const fits = Number.isFinite(kind === "f32" ? Math.fround(value) : value)
  return fits ? value : `is out of range for ${kind}`
}

const readInteger = (text: string, kind: IntegerDType): number | bigint | string => {
  if (!/^[+-]?\d{1,40}$/.test(text)) return `is no ${kind}`
  const value = BigInt(text.replace(/^\+/, ""))
  const [least, most] = integerRange(kind)
  if (value < least || value > most) return `is out of range for ${kind}, which has ${least} to ${most}`
  return kind === "i64" || kind === "u64" ? value : Number(value)
}

/** An element of a text, or why it is none. */
const readElement = (text: string, kind: Exclude<ColumnKind, "string">): number | bigint | string => {
  if (kind === "f32" || kind === "f64") return readFloat(text, kind)
  if (kind !== "bool") return readInteger(text, kind)
  if (/^(?:true|1)$/i.test(text)) return 1
  return /^(?:false|0)$/i.test(text) ? 0 : "is no bool: true, false, 1 or 0"
}

/** A column that grows. */
class Column {
  readonly kind: ColumnKind
  readonly #texts: Array<string> = []
  #elements: HostArrays[DType]
  #length = 0

  constructor(kind: ColumnKind) {
    this.kind = kind
    this.#elements = kind === "string" ? new Uint8Array(0) : new hostArrays[kind](16)
  }

  push(value: number | bigint | string): void {
    if (typeof value === "string") {
      this.#texts.push(value)
      return
    }
    if (this.#length === this.#elements.length) {
      const more = new hostArrays[this.kind as DType](2 * this.#length)
      more.set(this.#elements as never)
      this.#elements = more
    }
    ;(this.#elements as Float64Array)[this.#length++] = value as number
  }

  get values(): HostArrays[DType] | ReadonlyArray<string> {
    return this.kind === "string" ? this.#texts : this.#elements.slice(0, this.#length)
  }
}

/** A cell of a row: a text, undefined where it is missing, or why it is none of this kind. */
export type Cell = string | undefined | { readonly fault: string }

const argument = (path: string, message: string, hint: string): ArgumentError =>
  new ArgumentError({ path, message: `${path} ${message}`, hint })

/** The columns of a table that is being read. */
export class Table {
  readonly #file: string
  readonly #columns: ReadonlyMap<string, Column>
  readonly #fills: ReadonlyMap<string, number | bigint | string>
  readonly #drops: boolean

  /** Throws an ArgumentError for kinds and fills that are none. */
  constructor(file: string, operation: string, wanted: unknown, missing: unknown) {
    this.#file = file
    const hint = `say what each column holds: ${operation}("FILE", { columns: { t: "f32" } })`
    if (!isRecord(wanted) || Object.keys(wanted).length === 0)
      throw argument("columns", `is ${shown(wanted)}, not a record of kinds`, hint)
    for (const [name, kind] of Object.entries(wanted))
      if (!kinds.has(kind))
        throw argument(
          `columns.${name}`,
          `is ${shown(kind)}, which no column holds`,
          `kinds are ${[...kinds].join(", ")}`
        )
    this.#columns = new Map(
      Object.entries(wanted).map(([name, kind]) => [name, new Column(kind as ColumnKind)])
    )
    this.#drops = missing === "drop"
    const fills = missing === undefined || missing === "refuse" || missing === "drop" ? {} : missing
    if (!isRecord(fills))
      throw argument(
        "missing",
        `is ${shown(missing)}`,
        'give "refuse", "drop", or values by column: { t: 0 }'
      )
    this.#fills = new Map(Object.entries(fills).map(([name, fill]) => [name, this.#fill(name, fill)]))
  }

  get names(): ReadonlyArray<string> {
    return [...this.#columns.keys()]
  }

  kindOf(name: string): ColumnKind {
    return this.#columns.get(name)!.kind
  }

  #fill(name: string, fill: unknown): number | bigint | string {
    const column = this.#columns.get(name)
    const path = `missing.${name}`
    if (column === undefined) throw argument(path, "is for no column that is read", "name one of the columns")
    const wrong = argument(
      path,
      `is ${shown(fill)}, which ${column.kind} does not have`,
      "give a value of the column's kind"
    )
    if (column.kind === "string") {
      if (typeof fill !== "string") throw wrong
      return fill
    }
    const isBoolean = column.kind === "bool"
    if (isBoolean ? typeof fill !== "boolean" : typeof fill !== "number" && typeof fill !== "bigint")
      throw wrong
    const value = readElement(String(fill), column.kind)
    if (typeof value === "string") throw wrong
    return value
  }

  fault(line: number, column: string | undefined, why: string, hint: string): FormatError {
    const place = column === undefined ? `line ${line}` : `line ${line}, column ${JSON.stringify(column)}`
    return new FormatError({
      file: this.#file,
      line,
      ...(column === undefined ? {} : { column }),
      message: `${this.#file}: ${place}: ${why}`,
      hint
    })
  }

  /** Adds a row. Throws a FormatError where a cell does not fit. */
  add(line: number, cellOf: (name: string) => Cell): void {
    const values: Array<number | bigint | string> = []
    for (const [name, { kind }] of this.#columns) {
      const cell = cellOf(name)
      if (cell === undefined) {
        if (this.#drops) return
        const fill = this.#fills.get(name)
        if (fill === undefined)
          throw this.fault(
            line,
            name,
            "a value is missing",
            'say what stands for it, missing: { … }, or missing: "drop"'
          )
        values.push(fill)
        continue
      }
      if (typeof cell === "object")
        throw this.fault(line, name, cell.fault, "mend the row, or read the column as another kind")
      const value = kind === "string" ? cell : readElement(cell, kind)
      if (typeof value === "string" && kind !== "string")
        throw this.fault(
          line,
          name,
          `${shown(cell)} ${value}`,
          "mend the row, or read the column as another kind"
        )
      values.push(value)
    }
    let next = 0
    for (const column of this.#columns.values()) column.push(values[next++]!)
  }

  get columns(): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...this.#columns].map(([name, column]) => [name, column.values]))
  }
}
