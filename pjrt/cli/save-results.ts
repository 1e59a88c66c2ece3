import * as Effect from "effect/Effect"
import { keyPath } from "../../dsl/tree.ts"
import { writeThrough } from "../../native/write-through.ts"
import { jsonText } from "../array/layout.ts"
import type { HostArray } from "../backend/backend.ts"
import { writeNpz } from "../formats/npz.ts"
import { UsageError } from "./errors.ts"
import type { Report } from "./report.ts"
import type { Found } from "./results.ts"

const endings = [".json", ".npz"]

/** Refuses a file whose ending says no format, before anything runs. */
export const requireOut = (file: string | undefined): Effect.Effect<void, UsageError> =>
  file === undefined || endings.some((ending) => file.endsWith(ending))
    ? Effect.void
    : Effect.fail(
        new UsageError({
          message: `--out ${file} ends in neither ${endings.join(" nor ")}`,
          hint: "the ending says the format: --out results.npz"
        })
      )

const floats = (numbers: ReadonlyArray<number>, shape: ReadonlyArray<number>): HostArray => {
  const bytes = new Uint8Array(Float64Array.from(numbers).buffer)
  return { dtype: "f64", shape, bytes }
}

const isNumbers = (values: ArrayLike<unknown>): values is ArrayLike<number> =>
  Array.prototype.every.call(values, (value) => typeof value === "number")

/** The arrays of what was found by their paths, and the paths of what is no array. */
const arraysOf = (
  path: string,
  found: Found,
  arrays: Array<readonly [string, HostArray]>,
  others: Array<string>
): void => {
  switch (found.kind) {
    case "array":
      arrays.push([path, { dtype: found.of.dtype, shape: found.of.shape, bytes: found.bytes! }])
      return
    case "numbers":
      if (isNumbers(found.values))
        arrays.push([path, floats(Array.from(found.values), [found.values.length])])
      else others.push(path)
      return
    case "scalar":
      if (typeof found.value === "number") arrays.push([path, floats([found.value], [])])
      else others.push(path)
      return
    case "list": {
      const numbers = found.items.flatMap((item) =>
        item.kind === "scalar" && typeof item.value === "number" ? [item.value] : []
      )
      if (numbers.length === found.items.length) arrays.push([path, floats(numbers, [numbers.length])])
      else for (const [i, item] of found.items.entries()) arraysOf(`${path}[${i}]`, item, arrays, others)
      return
    }
    case "record":
      for (const [key, item] of found.entries) arraysOf(keyPath(path, key), item, arrays, others)
  }
}

const npzOf = (
  reports: ReadonlyArray<Report>
): { readonly bytes: Uint8Array; readonly others: ReadonlyArray<string> } => {
  const arrays: Array<readonly [string, HostArray]> = []
  const others: Array<string> = []
  for (const { experiment, results } of reports)
    for (const [name, found] of results)
      arraysOf(reports.length === 1 ? name : `${experiment}.${name}`, found, arrays, others)
  return { bytes: writeNpz(Object.fromEntries(arrays)), others }
}

/** Writes what was found to the file that `--out` names: the document as JSON, or the arrays as npz. */
export const saveResults = (
  file: string,
  reports: ReadonlyArray<Report>,
  document: unknown
): Effect.Effect<void, UsageError> =>
  Effect.try({
    try: () => {
      if (file.endsWith(".json")) return writeThrough(file, `${jsonText(document)}\n`)
      const { bytes, others } = npzOf(reports)
      writeThrough(file, bytes)
      if (others.length > 0)
        process.stderr.write(`loopcarry: an .npz file holds arrays: ${others.join(", ")} not written\n`)
    },
    catch: (error) =>
      new UsageError({
        message: `${file} cannot be written: ${(error as Error).message}`,
        hint: "give --out another path"
      })
  })
