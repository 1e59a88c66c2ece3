import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { promisify } from "node:util"
import { afterAll, describe, expect, it } from "vitest"
import { root } from "../support/command.ts"

/** The programs of the README, run as a newcomer would: from a file inside the clone. */
const blocks = [...readFileSync(path.join(root, "README.md"), "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map(
  ([, code]) => code!
)
const folder = mkdtempSync(path.join(root, "examples", ".readme-"))
afterAll(() => rmSync(folder, { recursive: true }))

const run = async (name: string, code: string, ...args: ReadonlyArray<string>): Promise<string> => {
  writeFileSync(path.join(folder, name), code)
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", path.join(folder, name), ...args],
    { cwd: root }
  )
  return stdout
}

describe("the README", () => {
  it("has four programs", () => {
    expect(blocks).toHaveLength(4)
  })

  it("has one for four devices", async () => {
    expect(await run("devices.ts", blocks[3]!)).toBe("off by 3\n")
  })

  it("has one with derivatives of scans over a batch", async () => {
    expect(await run("slopes.ts", blocks[2]!)).toMatch(/slopes Float32Array\(4\) \[\s*-?\d/)
  })

  it("begins with one that prints what its comment says", async () => {
    const stdout = await run("first.ts", blocks[0]!)
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "45 Float32Array(10) [ 0, 1, 3, 6, 10, 15, 21, 28, 36, 45 ]"
    )
  })

  it("has an experiment that takes flags", async () => {
    const { results, experiment } = JSON.parse(await run("mine.ts", blocks[1]!, "--r", "3.5", "--json"))
    expect(experiment).toBe("logistic map")
    expect(results.orbit.data).toHaveLength(100)
    expect(results.orbit.data[0]).toBeCloseTo(3.5 * 0.5 * 0.5, 6)
    expect(await run("mine.ts", blocks[1]!, "--help")).toContain("--r X")
  })
})
