import { showBytes } from "../../pjrt/backend/size.ts"
import { aimOf, meanAims, misses, reasons } from "./aims.ts"
import type { CallCompared } from "./calls.ts"
import type { Compared } from "./compare-row.ts"
import type { MemoryCompared } from "./memory.ts"
import { showRatio, showTime } from "./show.ts"
import type { Comparison, Means } from "./side-by-side.ts"
import type { Times } from "./statistics.ts"

const showTimes = (times: Times | undefined): string =>
  times === undefined
    ? ""
    : `${showTime(times.best)} (${showTime(times.median)}, ${(100 * times.spread).toFixed(0)}%)`

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")

/** What both sides take, the ratio, bold where it misses its aim, and the aim. */
const timesCells = ({ name, loopcarry, jax }: CallCompared): ReadonlyArray<string> => {
  const ratio = showRatio(loopcarry.best, jax?.best)
  const missed = jax !== undefined && misses(name, loopcarry.best / jax.best)
  return [name, showTimes(loopcarry), showTimes(jax), missed ? `**${ratio}**` : ratio, `${aimOf(name)}`]
}

const rowCells = (row: Compared): ReadonlyArray<string> => [
  ...timesCells(row),
  showRatio(row.asWritten?.best, row.jax?.best),
  row.alternative === undefined ? "" : `${showTime(row.alternative.best)}, ${row.alternative.how}`,
  showRatio(row.lower.loopcarry, row.lower.jax),
  showRatio(row.compile.loopcarry, row.compile.jax)
]

const rowTable = (what: string, rows: ReadonlyArray<Compared>): string =>
  rows.length === 0
    ? ""
    : table(
        [what, "loopcarry", "JAX", "ratio", "aim", "as written", "JAX otherwise", "lower", "compile"],
        rows.map(rowCells)
      )

const missedReasons = (all: ReadonlyArray<CallCompared>): ReadonlyArray<string> =>
  all.flatMap(({ name, loopcarry, jax }) => {
    const reason = reasons[name]
    return jax === undefined || reason === undefined || !misses(name, loopcarry.best / jax.best)
      ? []
      : [`- ${name}: ${reason}`]
  })

const meanRows = ({ run, asWritten, lower, compile }: Means) =>
  (
    [
      ["run", run, meanAims.run],
      ["run, as written", asWritten, undefined],
      ["trace + lower", lower, meanAims.lower],
      ["compile", compile, meanAims.compile]
    ] as const
  ).flatMap(([name, value, aim]) =>
    value === undefined ? [] : [[name, value.toFixed(2), aim === undefined ? "" : `${aim}`]]
  )

const bytes = (count: number | null): string => (count === null ? "" : showBytes(count))

const memoryCells = ({ name, loopcarry, stated, jax }: MemoryCompared): ReadonlyArray<string> => [
  name.replace("gradient memory ", ""),
  bytes(loopcarry),
  bytes(jax),
  bytes(stated)
]

const where = ({ processor, device, node, jax, load, rounds }: Comparison): string =>
  `${processor}, ${device}, Node ${node}, JAX ${jax ?? "not here"}; ${rounds} rounds; load ${load.map((each) => each.toFixed(1)).join(" before, ")} after.`

/** The tables of a comparison. */
export const comparisonTables = (all: Comparison): string => {
  const of = (wanted: Compared["kind"]) => all.rows.filter(({ kind }) => kind === wanted)
  const parts = [
    where(all),
    rowTable("program", of("scan")),
    rowTable("operation", of("operation")),
    missedReasons([...all.rows, ...all.calls]).join("\n"),
    table(["geometric mean of the programs' ratios", "", "aim"], meanRows(all.means)),
    table(["beside the programs", "loopcarry", "JAX", "ratio", "aim"], all.calls.map(timesCells)),
    table(["what a gradient keeps", "loopcarry", "JAX", "peak by `memoryOf`"], all.memory.map(memoryCells))
  ]
  return parts.filter((part) => part !== "").join("\n\n")
}
