import { readFileSync } from "node:fs"
import type { Measured } from "./benchmarks.ts"
import { writeBetween } from "./document-table.ts"

const show = (microseconds: number): string =>
  microseconds < 1000
    ? `${microseconds.toFixed(1)} µs`
    : microseconds < 100_000
      ? `${(microseconds / 1000).toFixed(0)} ms`
      : `${(microseconds / 1_000_000).toFixed(2)} s`

/** The table of figures: what `loopcarry bench --json` measured, beside what `bench-jax.py` did, in microseconds. */
const figuresTable = (measured: ReadonlyArray<Measured>, jax: Readonly<Record<string, number>>): string =>
  [
    "| work | here | aim | JAX, same minutes |",
    "|---|---|---|---|",
    ...measured.map(({ name, microseconds, aim }) => {
      const other = jax[name]
      return `| ${name} | ${show(microseconds)} | ${show(aim)} | ${other === undefined ? "" : show(other)} |`
    })
  ].join("\n")

/** Puts the figures of two JSON files into docs/performance.md. */
export const main = ([ours, jax]: ReadonlyArray<string>): void => {
  if (ours === undefined || jax === undefined) throw new Error("give the files of both benchmarks")
  const table = figuresTable(
    JSON.parse(readFileSync(ours, "utf8")).measured,
    JSON.parse(readFileSync(jax, "utf8"))
  )
  writeBetween("docs/performance.md", "figures", table)
}
