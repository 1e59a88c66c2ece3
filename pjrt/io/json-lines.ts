import * as Effect from "effect/Effect"
import { isRecord, requireOptions, shown } from "../../dsl/required.ts"
import type { ArgumentError } from "../backend/errors.ts"
import { type Cell, type ColumnKind, type ColumnKinds, type Columns, type Missing, Table } from "./columns.ts"
import type { ReadError } from "./errors.ts"
import { formatError, openFile, requirePath, working } from "./file.ts"
import { argumentError } from "./save-tree.ts"
import { textOf } from "./text.ts"

/** How a table is read. */
export interface JsonLinesOptions<C extends ColumnKinds> {
  /** The columns that are wanted, and what each holds. Others are passed over. */
  readonly columns: C
  /** What becomes of a row that lacks a value, or has null there (`"refuse"`). */
  readonly missing?: Missing<C>
}

/** No line has more characters. */
const longestLine = 1 << 24

async function* linesOf(file: string, parts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ""
  for await (const part of parts) {
    const lines = (rest + part).split("\n")
    rest = lines.pop()!
    if (rest.length > longestLine)
      throw formatError(
        file,
        `a line has more than ${longestLine} characters`,
        "write each record on a line of its own"
      )
    yield* lines
  }
  if (rest !== "") yield rest
}

const isWide = (kind: ColumnKind): boolean => kind === "i64" || kind === "u64"

/** A value of a record as the text of a cell. Numbers come back from their text as they were. */
const cellOf = (value: unknown, kind: ColumnKind): Cell => {
  if (value === undefined || value === null) return undefined
  const isText = typeof value === "string"
  if (kind === "string") return isText ? value : { fault: `${shown(value)} is no text` }
  if (kind === "bool")
    return typeof value === "boolean" ? String(value) : { fault: `${shown(value)} is no bool` }
  if (isText) {
    const plain = isWide(kind) ? /^-?\d+$/ : /^(?:NaN|-?Infinity)$/
    return plain.test(value) ? value : { fault: `${shown(value)} is a text, not a number` }
  }
  if (typeof value !== "number") return { fault: `${shown(value)} is no number` }
  if (isWide(kind) && Number.isInteger(value) && !Number.isSafeInteger(value))
    return { fault: `${value} is beyond 2^53, where JSON's numbers are not exact; write it as a text` }
  return Object.is(value, -0) ? "-0" : String(value)
}

/**
 * Reads columns of a file that has a JSON record on each line. NaN and infinities are texts there, and so are integers
 * beyond 2^53. A value that does not fit, and a missing one, fail with a `FormatError` that names the line and the
 * column. A file that cannot be read fails with a `FileError`, options that are wrong with an `ArgumentError`.
 *
 * @example
 * const write = (yield* Effect.promise(() => import("node:fs/promises"))).writeFile
 * yield* Effect.promise(() => write("log.jsonl", '{"loss":0.5}\n{"loss":null}\n'))
 * const { loss } = yield* readJsonLines("log.jsonl", { columns: { loss: "f32" }, missing: { loss: 0 } })
 * loss // Float32Array [0.5, 0]
 */
export const readJsonLines = <const C extends ColumnKinds>(
  path: string,
  options: JsonLinesOptions<C>
): Effect.Effect<Columns<C>, ReadError | ArgumentError> =>
  Effect.gen(function* () {
    const name = yield* requirePath("readJsonLines", path)
    const table = yield* Effect.try({
      try: () => {
        const { columns, missing } = requireOptions("readJsonLines", options, ["columns", "missing"])
        return new Table(name, "readJsonLines", columns, missing)
      },
      catch: (error) => argumentError(error, "options")
    })
    const file = yield* openFile(name)
    return yield* working<Columns<C>>(name, async () => {
      let line = 0
      for await (const text of linesOf(name, textOf(file))) {
        line++
        if (text.trim() === "") continue
        let row: unknown
        try {
          row = JSON.parse(text)
        } catch {
          throw table.fault(
            line,
            undefined,
            "it is no JSON",
            "write a record on each line, as JSON.stringify does"
          )
        }
        if (!isRecord(row))
          throw table.fault(
            line,
            undefined,
            `it is ${shown(row)}, not a record`,
            "write a record on each line"
          )
        const record = row
        table.add(line, (column) =>
          cellOf(Object.hasOwn(record, column) ? record[column] : undefined, table.kindOf(column))
        )
      }
      return table.columns as Columns<C>
    })
  }).pipe(Effect.scoped)
