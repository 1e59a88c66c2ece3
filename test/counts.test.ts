import { execFile } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { root } from "./support/command.ts"

const passes = `import { it } from "vitest"\nit("passes", () => {})\n`

/** Runs vitest on test files of a folder of its own, closed by this repository's reporter. */
const run = async (files: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-counts-"))
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), content)
  }
  const vitest = path.join(root, "node_modules/vitest/vitest.mjs")
  const reporter = `--reporter=${path.join(root, "test/support/counts.ts")}`
  const output = path.join(folder, "counts.json")
  const args = [vitest, "run", "--root", folder, "--pool=forks", reporter, `--outputFile.counts=${output}`]
  const ended = await promisify(execFile)(process.execPath, args, { cwd: folder })
    .then(({ stdout }) => ({ stdout, code: 0 }))
    .catch((error: { readonly stdout: string; readonly code: number }) => error)
  return { ...ended, counts: JSON.parse(readFileSync(output, "utf8")) }
}

describe("the counts that close a run", () => {
  it("are those of tests that pass, fail and are skipped, of files that break, and of attacks", async () => {
    const { stdout, code, counts } = await run({
      "test/mixed.test.ts": `${passes}it("fails", () => { throw new Error("no") })\nit.skip("later", () => {})\nit.todo("some day")\n`,
      "test/broken.test.ts": `throw new Error("at once")\n`,
      "test/hook.test.ts": `import { beforeAll } from "vitest"\nbeforeAll(() => { throw new Error("no") })\n${passes}`,
      "test/attack/words.test.ts": `${passes}it("many", ({ task }) => { task.meta.attacks = 40 })\nit("fails", ({ task }) => { task.meta.attacks = 2; throw new Error("no") })\n`
    })
    expect(code).toBe(1)
    expect(counts).toEqual({
      passed: 3,
      failed: 4,
      skipped: 3,
      attacks: [{ family: "words", tried: 43, survived: 41 }]
    })
    expect(stdout).toContain("attacks: words: 43 tried, 41 survived\n")
    expect(stdout.trim().split("\n").at(-1)).toBe("tests: 3 passed, 4 failed, 3 skipped")
  })

  it("have a failure where a process dies in the middle of its tests, and where an error belongs to none", async () => {
    const died = await run({
      "test/dies.test.ts": `${passes}it("dies", () => process.kill(process.pid, "SIGKILL"))\nit("never runs", () => {})\n`,
      "test/passes.test.ts": passes
    })
    expect(died.code).toBe(1)
    expect(died.counts.failed).toBeGreaterThanOrEqual(1)
    const late = await run({
      "test/late.test.ts": `${passes}it("leaves something", () => { setTimeout(() => { throw new Error("late") }, 1) })\nit("waits", () => new Promise((resolve) => setTimeout(resolve, 100)))\n`
    })
    expect(late.code).toBe(1)
    expect(late.counts).toMatchObject({ passed: 3, failed: 1, skipped: 0 })
  })

  it("are no success where nothing passed, and one where all passed", async () => {
    const none = await run({
      "test/none.test.ts": `import { it } from "vitest"\nit.skip("later", () => {})\n`
    })
    expect(none).toMatchObject({ code: 1, counts: { passed: 0, failed: 0, skipped: 1 } })
    expect(await run({ "test/passes.test.ts": passes })).toMatchObject({
      code: 0,
      counts: { passed: 1, failed: 0, skipped: 0, attacks: [] }
    })
  })
})
