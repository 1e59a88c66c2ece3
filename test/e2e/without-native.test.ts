import { homedir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { platformNames } from "../../pjrt/platforms/table.ts"
import { example, loopcarry } from "../support/command.ts"
import { preloaded, userFolder } from "../support/scripts.ts"
import { type Serving, start } from "../support/serving.ts"

const language = `
import * as Effect from "effect/Effect"
import { add, experiment, f32, grad, jit, mul, sum } from "loopcarry"
import "loopcarry/pjrt"
export const slope = jit([f32(3)], grad((x) => sum(mul(x, x))))
const many = jit([f32(2_000_000)], (x) => add(x, 1))
export default experiment("language", {
  run: () =>
    Effect.gen(function* () {
      const large = yield* (yield* many(new Float32Array(2_000_000))).read
      return { slope: yield* slope([1, 2, 3]), large: [large.length, large.at(-1)] }
    })
})
`

const found = { slope: { dtype: "f32", shape: [3], data: [2, 4, 6] }, large: [2_000_000, 1] }
const pluginless = "--device reference, an interpreter, and workers elsewhere: --device remote://host:port"

describe.each([
  { where: "koffi is not installed", env: preloaded("without-koffi.mjs"), why: "Cannot find module 'koffi'" },
  {
    where: "the system is Windows",
    env: { ...preloaded("on-windows.mjs"), LOCALAPPDATA: "", LOOPCARRY_CACHE: "", XDG_CACHE_HOME: "" },
    why: "(win32 x64): PJRT plugins are libraries of Linux and macOS"
  }
])("where $where", ({ env, why }) => {
  const user = userFolder()
  const script = user.write("language.mjs", language)
  let worker: Serving
  beforeAll(async () => {
    worker = await start()
  })
  afterAll(async () => {
    worker.process.kill("SIGTERM")
    expect(await worker.ended).toBe(0)
  })

  it("a script runs on the interpreter", async () => {
    const ended = await user.run("language.mjs", ["--device", "reference", "--json"], env)
    expect(ended).toMatchObject({ status: 0, stderr: "" })
    expect(JSON.parse(ended.stdout).results).toEqual(found)
  })

  it("a script runs on a worker, large arrays too", async () => {
    const ended = await user.run("language.mjs", ["--device", worker.device, "--json"], env)
    expect(ended).toMatchObject({ status: 0, stderr: "" })
    expect(JSON.parse(ended.stdout).results).toEqual(found)
  })

  it.each([["cpu"], ["cuda"], ["tpu"], ["plugin:/lib/none.so"]])(
    "%s is missing, and what there is is said",
    async (device) => {
      for (const args of [[], ["--isolate"]]) {
        const ended = await example("cumulative-sum", ["--device", device, ...args], env)
        expect(ended).toMatchObject({ status: 3, stdout: "" })
        expect(ended.stderr).toContain(`error: ${device} needs a plugin, and none can be called here`)
        expect(ended.stderr).toContain(why)
        expect(ended.stderr).toContain(`next: here are to be had: ${pluginless}`)
      }
    }
  )

  it("the command explains, emits, and says what is missing", async () => {
    expect(await loopcarry(["--help"], env)).toMatchObject({ status: 0, stderr: "" })
    const emitted = await loopcarry(["emit", script], env)
    expect(emitted).toMatchObject({ status: 0, stderr: "" })
    expect(emitted.stdout).toContain("stablehlo.add")
    const devices = await loopcarry(["devices", "--json"], env)
    expect(devices).toMatchObject({ status: 0, stderr: "" })
    const { absent } = JSON.parse(devices.stdout)
    expect(absent.map(({ platform }: { readonly platform: string }) => platform)).toEqual(platformNames)
    for (const { reason } of absent) expect(reason).toContain(why)
    const doctor = await loopcarry(["doctor", "--json"], env)
    expect(doctor).toMatchObject({ status: 3, stderr: "" })
    expect(JSON.parse(doctor.stdout).findings.at(-1)).toMatchObject({
      check: "koffi",
      verdict: "problem",
      next: `without plugins there are ${pluginless}`
    })
    expect((await loopcarry(["doctor", "--device", "reference"], env)).status).toBe(0)
    expect((await loopcarry(["doctor", "--device", worker.device], env)).status).toBe(0)
    const compiled = await loopcarry(["compile", script, "--export", "slope", "--target", "tpu:v5e:2x2"], env)
    expect(compiled).toMatchObject({ status: 3, stdout: "" })
    expect(compiled.stderr).toContain("tpu:v5e:2x2 needs a plugin")
  })

  it("exec runs on a worker", async () => {
    const ended = await loopcarry(["exec", "test/golden/nested-scan.mlir", "--device", worker.device], env)
    expect(ended).toMatchObject({ status: 0, stderr: "" })
  })
})

describe("on Windows", () => {
  const env = { ...preloaded("on-windows.mjs"), LOOPCARRY_CACHE: "", XDG_CACHE_HOME: "" }

  it("the cache lies where Windows has it", async () => {
    const folder = async (more: NodeJS.ProcessEnv) =>
      JSON.parse((await loopcarry(["cache", "list", "--json"], { ...env, ...more })).stdout).folder
    expect(await folder({ LOCALAPPDATA: "/users/me/local" })).toBe("/users/me/local/loopcarry/programs")
    expect(await folder({ LOCALAPPDATA: "" })).toBe(path.join(homedir(), "AppData/Local/loopcarry/programs"))
  })

  it("no plugin is known", async () => {
    expect((await loopcarry(["plugins", "fetch", "cpu"], env)).stderr).toContain(
      "no plugin cpu is known for win32"
    )
    expect(JSON.parse((await loopcarry(["plugins", "list", "--json"], env)).stdout).plugins).toEqual([])
  })
})
