import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { loopcarry } from "../support/command.ts"

const empty = mkdtempSync(path.join(tmpdir(), "loopcarry-bench-"))

describe("loopcarry bench --rows", () => {
  it("times the rows that are asked for, without JAX", async () => {
    const chosen = "^(cumulative sum 10|sequential transform 10|gradient memory all, 100 steps)$"
    const { status, stdout, stderr } = await loopcarry(["bench", "--rows", chosen, "--rounds", "2", "--json"])
    expect(status, stderr).toBe(0)
    const { rows, memory, calls, jax, device, means } = JSON.parse(stdout)
    expect({ jax, device, means, calls }).toEqual({ jax: null, device: "cpu:0", means: {}, calls: [] })
    expect(rows.map(({ name }: { name: string }) => name)).toEqual([
      "cumulative sum 10",
      "sequential transform 10"
    ])
    for (const { loopcarry: ours, lower, compile } of rows) {
      expect(ours.rounds).toBe(2)
      for (const time of [ours.best, ours.median, lower.loopcarry, compile.loopcarry])
        expect(time).toBeGreaterThan(0)
    }
    expect(memory).toHaveLength(1)
    expect(memory[0].loopcarry).toBeGreaterThan(0)
    // The states of 100 steps of 64 floats, at least.
    expect(memory[0].stated).toBeGreaterThan(25_600)
    expect(stderr).toContain("sequential transform 10 ")
  })

  it.each([
    [["--rows", "("], 2, "--rows: Invalid regular expression"],
    [["--rows", "x", "--rounds", "0"], 2, "--rounds takes a whole number from 1, not 0"],
    [["--jax", "--python", path.join(empty, "python")], 1, "has ended before it answered"]
  ])("refuses %j", async (args, status, words) => {
    const ended = await loopcarry(["bench", ...args])
    expect(ended.status).toBe(status)
    expect(ended.stderr).toContain(words)
  })

  it("says that there is no Python", async () => {
    const ended = await loopcarry(["bench", "--jax", "--rows", "x"], {
      PATH: empty,
      LOOPCARRY_CACHE: empty,
      LOOPCARRY_DEVICE: "reference"
    })
    expect(ended.status).toBe(1)
    expect(ended.stderr).toContain(
      "JAX 0.10.2 needs Python 3.11 or newer, and there is none here\n  next: install"
    )
  })
})
