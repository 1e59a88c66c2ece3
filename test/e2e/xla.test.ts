import { mkdtempSync, readdirSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { example, loopcarry } from "../support/command.ts"
import { plugins } from "../support/plugins.ts"
import { start } from "../support/serving.ts"

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-test-"))
const file = (name: string, text: string): string => {
  const at = path.join(folder, name)
  writeFileSync(at, text)
  return at
}

/** Of 2 and NaN the greater: NaN, or 2 where XLA is told not to care. Behind a barrier, no folder works it out. */
const greatest = file(
  "greatest.mlir",
  `module { func.func public @main() -> tensor<f32> {
  %a = stablehlo.constant dense<2.0> : tensor<f32>
  %b = stablehlo.constant dense<0x7FC00000> : tensor<f32>
  %x, %y = stablehlo.optimization_barrier %a, %b : tensor<f32>, tensor<f32>
  %z = stablehlo.maximum %x, %y : tensor<f32>
  return %z : tensor<f32>
} }`
)

const fast = "xla_cpu_enable_fast_min_max=true"
const env = { LOOPCARRY_PLUGIN: plugins[0]!.path }

const found = async (args: ReadonlyArray<string>, more: NodeJS.ProcessEnv = {}): Promise<unknown> => {
  const ended = await loopcarry(["exec", greatest, "--json", ...args], { ...env, ...more })
  expect(ended).toMatchObject({ status: 0, stderr: "" })
  return JSON.parse(ended.stdout).outputs[0].data[0]
}
const [nan, two] = ["NaN", 2]

describe("--xla", () => {
  it("reaches the compiler of exec, in a process of its own too", async () => {
    expect(await found([])).toBe(nan)
    expect(await found(["--xla", fast])).toBe(two)
    expect(await found(["--isolate", "--xla", fast])).toBe(two)
  })

  it("reaches that of compile, and is refused for what is compiled", async () => {
    const out = path.join(folder, "greatest.lcx")
    const made = await loopcarry(["compile", greatest, "--target", "cpu", "--xla", fast, "-o", out], env)
    expect(made.status).toBe(0)
    const ran = await loopcarry(["exec", out, "--json"], env)
    expect(JSON.parse(ran.stdout).outputs[0].data[0]).toBe(two)
    const refused = await loopcarry(["exec", out, "--xla", fast], env)
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain("give it to loopcarry compile")
  })

  it("reaches those of an experiment and of bench", async () => {
    for (const args of [
      ["--xla", "xla_no_such_thing=1"],
      ["--xla", "xla_no_such_thing=1", "--isolate"]
    ]) {
      const ended = await example("cumulative-sum", args, env)
      expect(ended.status).toBe(2)
      expect(ended.stderr).toContain("No such compile option: 'xla_no_such_thing'")
    }
    const bench = await loopcarry(["bench", "--xla", "xla_no_such_thing=1"], env)
    expect(bench.stderr).toContain("No such compile option: 'xla_no_such_thing'")
    expect((await example("cumulative-sum", ["--xla", "xla_backend_optimization_level=0"], env)).status).toBe(
      0
    )
  })

  it("of a worker is the worker's", async () => {
    const serving = await start(["--device", `plugin:${plugins[0]!.path}`, "--xla", fast])
    try {
      expect(await found(["--device", serving.device])).toBe(two)
      const refused = await loopcarry(["exec", greatest, "--device", serving.device, "--xla", fast])
      expect(refused.status).toBe(2)
      expect(refused.stderr).toContain("loopcarry serve")
    } finally {
      serving.process.kill("SIGTERM")
      await serving.ended
    }
  })

  it("is wrong usage where it is no option", async () => {
    for (const text of ["fast=1", "xla_cpu_enable_fast_math"]) {
      for (const args of [["exec", greatest], ["compile", greatest, "--target", "cpu"], ["serve"]]) {
        const ended = await loopcarry([...args, "--xla", text], env)
        expect(ended.status).toBe(2)
        expect(ended.stderr).toContain(`--xla ${text} is not understood`)
      }
    }
    const reference = await example("cumulative-sum", ["--device", "reference", "--xla", fast])
    expect(reference.status).toBe(2)
    expect(reference.stderr).toContain("no XLA")
  })
})

describe("the cache of compiled programs", () => {
  const cache = mkdtempSync(path.join(tmpdir(), "loopcarry-cache-"))
  const kept = { LOOPCARRY_CACHE: cache, LOOPCARRY_NO_CACHE: "" }
  const entries = () => readdirSync(path.join(cache, "programs")).length

  it("tells programs apart by XLA_FLAGS, by the flags of a file and by --xla", async () => {
    const flags = `--${fast}`
    const inFile = { ...kept, XLA_FLAGS: file("flags", flags) }
    const told = [
      [await found([], kept), nan],
      [await found([], { ...kept, XLA_FLAGS: flags }), two],
      [await found([], inFile), two],
      [await found(["--xla", fast], kept), two]
    ]
    expect(told.map(([value]) => value)).toEqual(told.map(([, wanted]) => wanted))
    // The flags of the file are those of the variable.
    expect(entries()).toBe(3)
    file("flags", "--xla_cpu_enable_fast_min_max=false")
    expect(await found([], inFile)).toBe(nan)
    expect(entries()).toBe(4)
    expect(await found([], kept)).toBe(nan)
    expect(await found([], { ...kept, NPROC: "1" })).toBe(nan)
    expect(entries()).toBe(5)
    expect(await found([], { ...kept, TF_CPP_MIN_LOG_LEVEL: "2", LOOPCARRY_OFFLINE: "1" })).toBe(nan)
    expect(entries()).toBe(5)
  })
})
