import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { bundle } from "../support/bundled.ts"
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
    bundle(from, file, [`--format=${format}`])
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

describe.each(["esm", "cjs"])("a script in a bundle (%s) beside what is installed", (format) => {
  const main = `main.${format === "esm" ? "mjs" : "cjs"}`
  const user = userFolder()
  beforeAll(() => {
    bundle(user.write("script.mjs", script), path.join(user.folder, main), [
      `--format=${format}`,
      "--sourcemap"
    ])
    symlinkSync(path.join(root, "node_modules/koffi"), path.join(user.folder, "node_modules/koffi"))
  })

  it("runs in process, and in a process of its own", async () => {
    for (const args of [[], ["--isolate"]]) {
      const ended = await user.run(main, ["--json", "--device", "cpu", ...args])
      expect(ended).toMatchObject({ status: 0, stderr: "" })
      expect(JSON.parse(ended.stdout).results.y.data).toEqual([2, 4, 6])
    }
  })

  it("names no place but the user's in errors, and none where there is no source map", async () => {
    const wrong = `import { f32, grad, jit } from "loopcarry"
import * as Effect from "effect/Effect"
const error = Effect.runSync(Effect.flip(jit([f32(3)], (x) =>
  grad((y) => y)(x)).traced))
console.log(error._tag, error.source)`
    const file = bundle(user.write("wrong.mjs", wrong), path.join(user.folder, `wrong-${main}`), [
      `--format=${format}`,
      "--sourcemap"
    ])
    const plain = await user.run(path.basename(file))
    expect(plain).toMatchObject({ stdout: "ShapeError undefined\n", stderr: "" })
    const mapped = await user.run(path.basename(file), [], { NODE_OPTIONS: "--enable-source-maps" })
    const place = /^ShapeError (.*):4:\d+\n$/.exec(mapped.stdout)?.[1]
    expect(place, mapped.stdout).toBe(path.join(user.folder, "wrong.mjs"))
  })

  it("starts no script that is not this package's, and says what is missing", async () => {
    // What is started in a process of its own is called so beside the modules of this package.
    renameSync(
      path.join(user.folder, main),
      path.join(user.folder, `process.${format === "esm" ? "mjs" : "cjs"}`)
    )
    rmSync(path.join(user.folder, "node_modules/loopcarry"))
    const isolated = await user.run(main.replace("main", "process"), [
      "--json",
      "--device",
      "cpu",
      "--isolate"
    ])
    expect(isolated).toMatchObject({ status: 3, stdout: "" })
    const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"))
    expect(isolated.stderr).toContain(
      `that runs a script of loopcarry ${version}, which is not installed near ${user.folder}`
    )
    expect(isolated.stderr).toContain(`next: install loopcarry ${version} where the bundle runs`)
  })
})
