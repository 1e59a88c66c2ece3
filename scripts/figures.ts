import { readFileSync } from "node:fs"
import type { Measured } from "./benchmarks.ts"
import { writeBetween } from "./document-table.ts"

const show = (microseconds: number): string =>
  microseconds < 1000
    ? `${microseconds.toFixed(1)} µs`
    : microseconds < 100_000
      ? `${(microseconds / 1000).toFixed(0)} ms`
      : `${(microseconds / 1_000_000).toFixed(2)} s`

/** The table of figures that `loopcarry bench --json` measured. */
const figuresTable = (measured: ReadonlyArray<Measured>): string =>
  [
    "| work | here | aim |",
    "|---|---|---|",
    ...measured.map(({ name, microseconds, aim }) => `| ${name} | ${show(microseconds)} | ${show(aim)} |`)
  ].join("\n")

/** Puts the figures of a JSON file into docs/performance.md. */
export const main = ([file]: ReadonlyArray<string>): void => {
  if (file === undefined) throw new Error("give the file of the benchmark")
  writeBetween(
    "docs/performance.md",
    "figures",
    figuresTable(JSON.parse(readFileSync(file, "utf8")).measured)
  )
}
