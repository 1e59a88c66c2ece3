import { readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { ratioChart } from "./bench/chart.ts"
import { comparisonTables } from "./bench/markdown.ts"
import type { Comparison } from "./bench/side-by-side.ts"
import { writeBetween } from "./document-table.ts"

const picture = fileURLToPath(new URL("../docs/scans-beside-jax.svg", import.meta.url))

/** Puts what `loopcarry bench --jax --json` has measured into docs/performance.md and the picture beside it. */
export const main = ([file]: ReadonlyArray<string>): void => {
  if (file === undefined) throw new Error("give the file of a comparison")
  const comparison: Comparison = JSON.parse(readFileSync(file, "utf8"))
  if (comparison.jax === null) throw new Error(`${path.basename(file)} was measured without JAX`)
  writeBetween("docs/performance.md", "comparison", comparisonTables(comparison))
  writeFileSync(
    picture,
    ratioChart(
      comparison.rows.filter(({ kind }) => kind === "scan"),
      `loopcarry beside JAX ${comparison.jax}`
    )
  )
}
