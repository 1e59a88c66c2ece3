import { describe, expect, it } from "vitest"
import { ratioChart } from "../../../scripts/bench/chart.ts"
import { comparisonTables } from "../../../scripts/bench/markdown.ts"
import { showTime, tableHead, tableLine } from "../../../scripts/bench/show.ts"
import { meansOf } from "../../../scripts/bench/side-by-side.ts"
import { timesOf } from "../../../scripts/bench/statistics.ts"
import { compared } from "../../support/compared.ts"

const fast = compared("RNN gradient 1000 x 64", 400, 1000)
const slow = compared("cumulative sum <1>", 3000, 1000)

describe("times", () => {
  it.each([
    [8.414, "8.41 µs"],
    [84.14, "84.1 µs"],
    [841.4, "841 µs"],
    [8414, "8.41 ms"],
    [8_414_000, "8.41 s"]
  ])("%d µs is %s", (microseconds, text) => {
    expect(showTime(microseconds)).toBe(text)
  })
})

describe("a line of the table", () => {
  it("stands under the head's columns", () => {
    const [head, line] = [tableHead(), tableLine(fast)]
    expect(line).toContain("400 µs")
    const end = head.indexOf("ratio") + "ratio".length
    expect(line.slice(end - 4, end)).toBe("0.40")
  })
})

describe("the tables of the document", () => {
  const comparison = {
    device: "cpu:0",
    kind: "cpu",
    plugin: "a plugin",
    node: "20.20.0",
    processor: "a processor",
    jax: "0.10.2",
    python: "3.11.7",
    load: [0.1, 0.2],
    accepted: { optimize: true, reassociate: true },
    rounds: 2,
    rows: [fast, { ...slow, asWritten: timesOf([500]), alternative: { ...timesOf([2]), how: "cumsum" } }],
    calls: [{ name: "dispatch", loopcarry: timesOf([6]), jax: timesOf([12]) }],
    memory: [{ name: "gradient memory all, 100 steps", loopcarry: 1024, stated: 2048, jax: null }],
    means: meansOf([fast, slow])
  } as const

  it("have a line for all that was measured, and what misses its aim in bold", () => {
    const text = comparisonTables(comparison)
    expect(text).toContain(
      "| RNN gradient 1000 x 64 | 400 µs (600 µs, 33%) | 1.00 ms (1.00 ms, 0%) | 0.40 | 0.45 |"
    )
    expect(text).toContain("| **3.00** | 1.05 | 0.50 | 2.00 µs, cumsum | 0.10 | 2.00 |")
    expect(text).toContain("| run | 1.10 | 0.5 |")
    expect(text).toContain("| dispatch | 6.00 µs (6.00 µs, 0%) | 12.0 µs (12.0 µs, 0%) | 0.50 | 1.05 |")
    expect(text).toContain("| all, 100 steps | 1 KiB |  | 2 KiB |")
  })
})

describe("the picture of ratios", () => {
  const picture = ratioChart([fast, slow], "loopcarry & JAX")

  /** The attributes of the bars. */
  const bars = [...picture.matchAll(/<rect class="(\w+)" x="([\d.]+)" width="([\d.]+)"/g)].map(
    ([, kind, x, width]) => ({ kind, from: Number(x), to: Number(x) + Number(width) })
  )

  it("has bars that leave 1 to the left where loopcarry is faster, and to the right where it is not", () => {
    const even = Number(picture.match(/<line class="even" x1="([\d.]+)"/)![1])
    expect(bars.map(({ kind }) => kind)).toEqual(["faster", "slower"])
    expect(bars[0]!.to).toBeCloseTo(even, 0)
    expect(bars[1]!.from).toBeCloseTo(even, 0)
    // Logarithmic: 0.4 and 3 lie from 1 as their logarithms do.
    const [left, right] = [even - bars[0]!.from, bars[1]!.to - even]
    expect(left / right).toBeCloseTo(Math.log(1 / 0.4) / Math.log(3), 1)
  })

  it("escapes names, and has colors for light and dark", () => {
    expect(picture).toContain("cumulative sum &#60;1&#62;")
    expect(picture).toContain('aria-label="loopcarry &#38; JAX"')
    expect(picture).toContain("prefers-color-scheme: dark")
  })

  it("leaves out what JAX did not run", () => {
    const { jax: _, ...alone } = fast
    expect(ratioChart([alone], "t")).not.toContain("<rect")
  })
})
