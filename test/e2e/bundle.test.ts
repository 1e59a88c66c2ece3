import { execFileSync } from "node:child_process"
import { mkdtempSync, renameSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { root, startProcess } from "../support/command.ts"
import { userFolder } from "../support/scripts.ts"
import { type Serving, start } from "../support/serving.ts"

const script = `
import * as Effect from "effect/Effect"
import { experiment, f32, grad, jit, mul, sum } from "loopcarry"
import "loopcarry/pjrt"
import "loopcarry/remote"
import "loopcarry/io"
import "loopcarry/train"
const slope = jit([f32(3)], grad((x) => sum(mul(x, x))))
export default experiment("bundled", { run: () => Effect.map(slope([1, 2, 3]), (y) => ({ y })) })
`

describe.each(["esm", "cjs"])("a script in a bundle (%s), far from what is installed", (format) => {
  const file = path.join(
    mkdtempSync(path.join(tmpdir(), "loopcarry-bundle-")),
    format === "esm" ? "main.mjs" : "main.cjs"
  )
  let worker: Serving
  beforeAll(async () => {
    const user = userFolder()
    const from = user.write("script.mjs", script)
    const esbuild = path.join(root, "node_modules/.bin/esbuild")
    const options = [
      "--bundle",
      "--platform=node",
      "--log-level=error",
      `--format=${format}`,
      `--outfile=${file}`
    ]
    execFileSync(esbuild, [from, ...options])
    worker = await start()
  })
  afterAll(async () => {
    worker.process.kill("SIGTERM")
    expect(await worker.ended).toBe(0)
  })

  const run = (...args: ReadonlyArray<string>) =>
    startProcess(process.execPath, [file, "--json", ...args], {}).ended

  it("runs on the interpreter and on a worker", async () => {
    for (const device of ["reference", worker.device]) {
      const ended = await run("--device", device)
      expect(ended).toMatchObject({ status: 0, stderr: "" })
      expect(JSON.parse(ended.stdout).results.y.data).toEqual([2, 4, 6])
    }
  })

  it("is told that there is no koffi", async () => {
    const ended = await run("--device", "cpu", "--offline")
    expect(ended).toMatchObject({ status: 3, stdout: "" })
    expect(ended.stderr).toContain("cpu needs a plugin, and none can be called here")
    expect(ended.stderr).toContain("next: here are to be had: --device reference")
  })
})

describe("a script in a bundle beside what is installed", () => {
  it("runs in process, and starts no script that is not this package's", async () => {
    const user = userFolder()
    const from = user.write("script.mjs", script)
    const options = ["--bundle", "--platform=node", "--log-level=error", "--format=esm"]
    execFileSync(path.join(root, "node_modules/.bin/esbuild"), [
      from,
      ...options,
      `--outfile=${user.folder}/out.js`
    ])
    // What is started in a process of its own is called so beside the modules of this package.
    renameSync(path.join(user.folder, "out.js"), path.join(user.folder, "main.js"))
    user.write("package.json", '{ "type": "module" }')
    symlinkSync(path.join(root, "node_modules/koffi"), path.join(user.folder, "node_modules/koffi"))
    const here = await user.run("main.js", ["--json", "--device", "cpu"])
    expect(here).toMatchObject({ status: 0, stderr: "" })
    expect(JSON.parse(here.stdout).results.y.data).toEqual([2, 4, 6])
    const isolated = await user.run("main.js", ["--json", "--device", "cpu", "--isolate"])
    expect(isolated).toMatchObject({ status: 3, stdout: "" })
    expect(isolated.stderr).toContain("a bundle cannot start the process that holds the plugin")
  })
})
