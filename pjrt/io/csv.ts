import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type { CsvError } from "csv-parse"
import * as Effect from "effect/Effect"
import { requireFlag, requireOptions, requireText, shown } from "../../dsl/required.ts"
import { listed } from "../../dsl/tree.ts"
import { ArgumentError, PackageMissing } from "../backend/errors.ts"
import { type ColumnKinds, type Columns, type Missing, Table } from "./columns.ts"
import type { ReadError } from "./errors.ts"
import { openFile, requirePath, working } from "./file.ts"
import { argumentError } from "./save-tree.ts"
import { textOf } from "./text.ts"

/** How a table is read. */
export interface CsvOptions<C extends ColumnKinds> {
  /** The columns that are wanted, and what each holds. Others are passed over. */
  readonly columns: C
  /** What becomes of a row that lacks a value (`"refuse"`). */
  readonly missing?: Missing<C>
  /** Texts that say that a value is missing, beside none at all: `["NA"]`. */
  readonly absent?: ReadonlyArray<string>
  /** Whether the first line has the names; else the columns are those of the file, in order (true). */
  readonly header?: boolean
  /** What stands between values (`","`). */
  readonly delimiter?: string
}

/** No row has more characters. */
const longestRow = 1 << 24

const load = async () => {
  try {
    return (await import("csv-parse")).parse
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!/MODULE_NOT_FOUND$/.test(code ?? "") || !message.includes("csv-parse")) throw error
    throw new PackageMissing({
      package: "csv-parse",
      message: "reading a CSV file takes the package csv-parse, which is not installed",
      hint: "install it beside loopcarry: npm install csv-parse"
    })
  }
}

interface Row {
  readonly record: ReadonlyArray<string>
  readonly info: { readonly lines: number }
}

const names = ["columns", "missing", "absent", "header", "delimiter"]

const readOptions = (name: string, options: unknown) => {
  const given = requireOptions("readCsv", options as CsvOptions<ColumnKinds> | undefined, names as never)
  const { columns, missing, absent = [], header = true, delimiter = "," } = given
  if (!Array.isArray(absent) || !absent.every((text) => typeof text === "string"))
    throw new ArgumentError({
      path: "absent",
      message: `absent is ${shown(absent)}, not a list of texts`,
      hint: 'say what stands for no value: { absent: ["NA"] }'
    })
  if (requireText("readCsv", "delimiter", delimiter).length !== 1)
    throw new ArgumentError({
      path: "delimiter",
      message: `delimiter is ${shown(delimiter)}, not one character`,
      hint: 'give one: { delimiter: ";" }'
    })
  return {
    table: new Table(name, "readCsv", columns, missing),
    absent: new Set<string>(absent),
    header: requireFlag("readCsv", "header", header),
    delimiter
  }
}

type Reading = ReturnType<typeof readOptions>

/** Where each column stands in a row. Throws a FormatError where one is not there, or there twice. */
const placesOf = ({ table, header }: Reading, { record, info }: Row): ReadonlyMap<string, number> => {
  if (!header) {
    if (record.length === table.names.length) return new Map(table.names.map((name, i) => [name, i]))
    throw table.fault(
      info.lines,
      undefined,
      `it has ${record.length} values, but there are ${table.names.length} columns`,
      "name all columns of the file, in order"
    )
  }
  return new Map(
    table.names.map((name) => {
      const at = record.indexOf(name)
      if (at < 0)
        throw table.fault(info.lines, name, "there is no such column", `the file has ${listed(record)}`)
      if (record.indexOf(name, at + 1) >= 0)
        throw table.fault(info.lines, name, "there are two such columns", "give one of them another name")
      return [name, at]
    })
  )
}

const addRow = (reading: Reading, places: ReadonlyMap<string, number>, { record, info }: Row): void => {
  const { table, absent } = reading
  table.add(info.lines, (name) => {
    const raw = record[places.get(name)!]!
    if (absent.has(raw)) return undefined
    if (table.kindOf(name) === "string") return raw
    const text = raw.trim()
    return text === "" || absent.has(text) ? undefined : text
  })
}

/**
 * Reads columns of a CSV file as typed arrays: `{ columns: { t: "f32", n: "i32", kind: "string" } }`. A value that does
 * not fit, a missing one and a row of another length fail with a `FormatError` that names the line and the column. A file
 * that cannot be read fails with a `FileError`, options that are wrong with an `ArgumentError`. Without the optional
 * package csv-parse it fails with a `PackageMissing`.
 *
 * @example
 * const write = (yield* Effect.promise(() => import("node:fs/promises"))).writeFile
 * yield* Effect.promise(() => write("co2.csv", "year,ppm\n1990,354.4\n1991,355.6\n"))
 * const { year, ppm } = yield* readCsv("co2.csv", { columns: { year: "i32", ppm: "f64" } })
 * year // Int32Array [1990, 1991]
 * ppm // Float64Array [354.4, 355.6]
 */
export const readCsv = <const C extends ColumnKinds>(
  path: string,
  options: CsvOptions<C>
): Effect.Effect<Columns<C>, ReadError | ArgumentError | PackageMissing> =>
  Effect.gen(function* () {
    const name = yield* requirePath("readCsv", path)
    const reading = yield* Effect.try({
      try: () => readOptions(name, options),
      catch: (error) => argumentError(error, "options")
    })
    const parse = yield* Effect.tryPromise({ try: load, catch: (error) => error as PackageMissing })
    const file = yield* openFile(name)
    return yield* working<Columns<C>>(name, async () => {
      const { table, delimiter } = reading
      let places: ReadonlyMap<string, number> | undefined
      const parser = parse({
        bom: true,
        delimiter,
        info: true,
        max_record_size: longestRow,
        skip_empty_lines: true
      })
      const take = async (rows: AsyncIterable<Row>) => {
        for await (const row of rows) {
          if (places === undefined) {
            places = placesOf(reading, row)
            if (reading.header) continue
          }
          addRow(reading, places, row)
        }
      }
      // Whoever stops early ends the streams before, and pipeline may tell of that.
      let first: { readonly error: unknown } | undefined
      try {
        await pipeline(Readable.from(textOf(file)), parser, (rows: AsyncIterable<Row>) =>
          take(rows).catch((error) => {
            first = { error }
            throw error
          })
        )
      } catch (thrown) {
        const error = (first === undefined ? thrown : first.error) as CsvError & { readonly lines?: number }
        if (typeof error.code !== "string" || !error.code.startsWith("CSV_")) throw error
        throw table.fault(
          error.lines ?? 1,
          undefined,
          error.message,
          "mend the row, or say how values are divided: { delimiter }"
        )
      }
      if (places === undefined && reading.header)
        throw table.fault(1, undefined, "it has no line of names", "read it without one: { header: false }")
      return table.columns as Columns<C>
    })
  }).pipe(Effect.scoped)
