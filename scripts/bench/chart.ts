import { aimOf } from "./aims.ts"
import type { Compared } from "./compare-row.ts"

interface Bar {
  readonly name: string
  readonly ratio: number
  readonly aim: number
}

const barsOf = (rows: ReadonlyArray<Compared>): ReadonlyArray<Bar> =>
  rows.flatMap(({ name, loopcarry, jax }) =>
    jax === undefined ? [] : [{ name, ratio: loopcarry.best / jax.best, aim: aimOf(name) }]
  )

/** In pixels. */
const size = { names: 310, plot: 440, values: 60, line: 18, top: 58, foot: 22 } as const

const ticks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]

/** The ticks around all values; 0.5 to 2 at least. */
const scaleOf = (bars: ReadonlyArray<Bar>): readonly [low: number, high: number] => {
  const values = bars.flatMap(({ ratio, aim }) => [ratio, aim])
  const low = ticks.findLast((tick) => tick <= Math.min(0.5, ...values)) ?? ticks[0]!
  const high = ticks.find((tick) => tick >= Math.max(2, ...values)) ?? ticks.at(-1)!
  return [low, high]
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`)

/** A picture stands by itself: it takes its colors from whether its viewer is light or dark. */
const style = `
text { font: 12px system-ui, sans-serif; fill: #24292f }
.head { font-size: 14px; font-weight: 600 }
.soft { fill: #57606a }
.grid { stroke: #d0d7de }
.even { stroke: #57606a }
.faster { fill: #1a7f64 }
.slower { fill: #bc6c25 }
.aim { stroke: #24292f; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .soft { fill: #9da7b3 }
  .grid { stroke: #3d444d }
  .even { stroke: #9da7b3 }
  .faster { fill: #3fb68b }
  .slower { fill: #e0985a }
  .aim { stroke: #e6edf3 }
}`

/** Bars of each row's part of JAX's run time, on a logarithmic scale, as an SVG picture. */
export const ratioChart = (rows: ReadonlyArray<Compared>, title: string): string => {
  const bars = barsOf(rows)
  const [low, high] = scaleOf(bars)
  const at = (ratio: number): number => {
    const share = Math.log(ratio / low) / Math.log(high / low)
    return Math.round(10 * (size.names + size.plot * Math.min(1, Math.max(0, share)))) / 10
  }
  const width = size.names + size.plot + size.values
  const bottom = size.top + bars.length * size.line
  const height = bottom + size.foot
  const shown = ticks.filter((tick) => tick >= low && tick <= high)
  const grid = shown.flatMap((tick) => [
    `<line class="${tick === 1 ? "even" : "grid"}" x1="${at(tick)}" x2="${at(tick)}" y1="${size.top - 4}" y2="${bottom}"/>`,
    `<text class="soft" text-anchor="middle" x="${at(tick)}" y="${bottom + 15}">${tick}</text>`
  ])
  const lines = bars.flatMap(({ name, ratio, aim }, i) => {
    const top = size.top + i * size.line
    const [from, to] = [Math.min(at(1), at(ratio)), Math.max(at(1), at(ratio))]
    return [
      `<text text-anchor="end" x="${size.names - 10}" y="${top + 13}">${escaped(name)}</text>`,
      `<rect class="${ratio <= 1 ? "faster" : "slower"}" x="${from}" width="${Math.max(1, Math.round(10 * (to - from)) / 10)}" y="${top + 3}" height="${size.line - 6}"/>`,
      `<line class="aim" x1="${at(aim)}" x2="${at(aim)}" y1="${top + 2}" y2="${top + size.line - 2}"/>`,
      `<text class="soft" x="${size.names + size.plot + 12}" y="${top + 13}">${ratio.toFixed(2)}</text>`
    ]
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${style}\n</style>`,
    `<text class="head" x="10" y="20">${escaped(title)}</text>`,
    `<text class="soft" x="10" y="40">Run time as a part of JAX's, logarithmic: left of 1 is faster. A thick mark is the aim.</text>`,
    ...grid,
    ...lines,
    "</svg>",
    ""
  ].join("\n")
}
