import { spawnSync } from "node:child_process"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { countAttacks } from "../support/attack.ts"
import { loopcarry, root, startProcess } from "../support/command.ts"

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-test-"))

/** A file of a module that gives so many numbers. */
const counting = (count: number): string => {
  const file = path.join(folder, `${count}.mlir`)
  const type = `tensor<${count}xi8>`
  writeFileSync(
    file,
    `module { func.func public @main() -> ${type} {
      %0 = stablehlo.iota dim = 0 : ${type}
      return %0 : ${type}
    } }`
  )
  return file
}

const under = (limit: string, args: ReadonlyArray<string>) =>
  startProcess(
    "sh",
    [
      "-c",
      `ulimit ${limit}; exec "$0" "$@"`,
      process.execPath,
      path.join(root, "dist/scripts/loopcarry.js"),
      ...args
    ],
    {}
  ).ended

describe.skipIf(process.platform !== "linux")("a process that may have too little", () => {
  it.each([
    ["-d 131072", /may have 128 MiB of data \(ulimit -d\), has \d+ MiB, and needs \d+ MiB more/],
    ["-d 262144", /may have 256 MiB of data \(ulimit -d\), has \d+ MiB, and needs \d+ MiB more/]
  ])("is told of what: ulimit %s", async (limit, said) => {
    // Node 24 itself does not start with so little, before any code of ours.
    const bare = spawnSync("sh", ["-c", `ulimit ${limit}; exec "$0" -e 0`, process.execPath])
    if (bare.status !== 0) return expect(bare.stderr.toString()).toContain("out of memory")
    const ended = await under(limit, ["exec", counting(3), "--in-process"])
    expect(ended).toMatchObject({ status: 3, signal: null, stdout: "" })
    expect(ended.stderr).toMatch(said)
    expect(ended.stderr).toContain("raise the limit")
  })
})

describe("results that no text can hold", () => {
  it("are refused with the way out", async (context) => {
    for (const args of [[], ["--json"]]) {
      const ended = await loopcarry(["exec", counting(300_000_000), ...args])
      expect(ended).toMatchObject({ status: 2, signal: null, stdout: "" })
      expect(ended.stderr).toMatch(/too large to be printed\n {2}next: .*--output FILE\.npz/)
    }
    countAttacks(context, 2)
  })
})
