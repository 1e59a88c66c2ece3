import { showBytes } from "../../pjrt/backend/size.ts"
import { aimOf } from "./aims.ts"
import type { CallCompared } from "./calls.ts"
import type { Compared, Pair } from "./compare-row.ts"
import type { MemoryCompared } from "./memory.ts"
import type { Times } from "./statistics.ts"

/** Three digits and a unit: `8.41 µs`. */
export const showTime = (microseconds: number): string => {
  const [value, unit] =
    microseconds < 1000
      ? [microseconds, "µs"]
      : microseconds < 1e6
        ? [microseconds / 1000, "ms"]
        : [microseconds / 1e6, "s"]
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ${unit}`
}

export const showRatio = (ours: number | undefined, other: number | undefined): string =>
  ours === undefined || other === undefined ? "" : (ours / other).toFixed(2)

const showTimes = (times: Times | undefined): ReadonlyArray<string> =>
  times === undefined
    ? ["", "", ""]
    : [showTime(times.best), showTime(times.median), `${(100 * times.spread).toFixed(0)}%`]

const columns = [
  ["row", -40],
  ["loopcarry", 10],
  ["median", 9],
  ["spread", 7],
  ["JAX", 10],
  ["median", 9],
  ["spread", 7],
  ["ratio", 6],
  ["aim", 6],
  ["as written", 11],
  ["lower", 9],
  ["compile", 9],
  ["  JAX otherwise", -30]
] as const

const line = (cells: ReadonlyArray<string>): string =>
  columns
    .map(([, width], i) => (width < 0 ? cells[i]!.padEnd(-width) : cells[i]!.padStart(width)))
    .join("")
    .trimEnd()

export const tableHead = (): string => line(columns.map(([name]) => name))

/** The ratio, or the time where there is no other. */
const showStage = ({ loopcarry, jax }: Pair): string =>
  jax === undefined ? showTime(loopcarry) : showRatio(loopcarry, jax)

/** One line of the table. The columns after the ratio are ratios too, but the last. */
export const tableLine = (row: Compared): string =>
  line([
    row.name,
    ...showTimes(row.loopcarry),
    ...showTimes(row.jax),
    showRatio(row.loopcarry.best, row.jax?.best),
    row.jax === undefined ? "" : aimOf(row.name).toFixed(2),
    showRatio(row.asWritten?.best, row.jax?.best),
    showStage(row.lower),
    showStage(row.compile),
    row.alternative === undefined ? "" : `  ${showTime(row.alternative.best)} ${row.alternative.how}`
  ])

export const callLine = ({ name, loopcarry, jax }: CallCompared): string =>
  line([
    name,
    ...showTimes(loopcarry),
    ...showTimes(jax),
    showRatio(loopcarry.best, jax?.best),
    ...columns.slice(8).map(() => "")
  ])

export const memoryLine = ({ name, loopcarry, stated, jax }: MemoryCompared): string => {
  const told = loopcarry === null ? "not told" : showBytes(loopcarry)
  const other = jax === null ? "" : `, JAX ${showBytes(jax)}`
  return `${name.padEnd(50)} ${told}${other}, memoryOf ${showBytes(stated)}`
}
