import { execFile } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { example, root } from "../support/command.ts"
import { plugins } from "../support/plugins.ts"

/** What each of the article's programs gives. */
const wanted = {
  "cumulative-sum": { total: [45], sums: [0, 1, 3, 6, 10, 15, 21, 28, 36, 45] },
  "recursive-update": { carry: new Array(10).fill(45) },
  "sequential-transform": { outputs: [1, 3, 5, 7, 9, 11, 13, 15, 17, 19] },
  "nested-scan": { carry: 10, rows: [[0], [0, 1], [1, 2, 4], [4, 5, 7, 10]] }
}

/** What JAX gives for programs that are not the article's. */
const jax: Readonly<Record<string, Readonly<Record<string, ReadonlyArray<number>>>>> = JSON.parse(
  readFileSync(path.join(root, "test/fixtures/examples.json"), "utf8")
)

const plain = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "data" in value ? value.data : value

const results = (stdout: string) =>
  Object.fromEntries(Object.entries(JSON.parse(stdout).results).map(([name, value]) => [name, plain(value)]))

describe("the article's programs", () => {
  it.each(Object.entries(wanted))("%s", async (name, result) => {
    const ended = await example(name, ["--json"])
    expect(ended).toMatchObject({ status: 0, stderr: "" })
    expect(results(ended.stdout)).toEqual(result)
    expect(JSON.parse(ended.stdout).device).toEqual({ platform: "cpu", id: 0, kind: "cpu" })
  })

  it("moving-average follows the plain loop", async () => {
    const found = results((await example("moving-average", ["--json"])).stdout) as Record<
      string,
      ReadonlyArray<number>
    >
    const state = { mean: 1, variance: 0 }
    found.signal!.forEach((x, i) => {
      const change = x - state.mean
      state.mean += 0.2 * change
      state.variance = 0.8 * (state.variance + 0.2 * change * change)
      expect(found.average![i]).toBeCloseTo(state.mean, 5)
      expect(found.deviation![i]).toBeCloseTo(Math.sqrt(state.variance), 5)
    })
    expect(found.steps).toEqual([12])
  })

  it("run without a plugin on the reference device, with the same results", async () => {
    const [plugin, reference] = await Promise.all([
      example("all", ["--json"]),
      example("all", ["--json", "--device", "reference"])
    ])
    const found = (stdout: string) =>
      JSON.parse(stdout).experiments.map(({ results: each }: { results: unknown }) => each)
    const text = (stdout: string) =>
      JSON.stringify(found(stdout), (_, value) =>
        typeof value === "number" ? Number(value.toPrecision(5)) : value
      )
    expect(text(reference.stdout)).toEqual(text(plugin.stdout))
  })

  it("end by saying what to try next, on stderr, where people read the results", async () => {
    const ended = await example("all", ["--device", "reference"])
    expect(ended.status).toBe(0)
    expect(ended.stdout).not.toContain("Try next")
    const commands = [...ended.stderr.matchAll(/^ {2}(\S.*?) {2,}\S/gm)].map(([, command]) => command!)
    expect(commands.length).toBeGreaterThanOrEqual(4)
    for (const file of commands.flatMap((command) => command.match(/examples\/\S+/g) ?? []))
      expect(existsSync(path.join(root, file.replace(/\.js$/, ".ts")))).toBe(true)
    expect((await example("all", ["--device", "reference", "--json"])).stderr).toBe("")
    expect((await example("all", ["--help"])).stderr).toBe("")
  })

  it("gradient-descent finds the rate of the decay", async () => {
    const { found, losses } = results((await example("gradient-descent", ["--json"])).stdout) as Record<
      string,
      ReadonlyArray<number>
    >
    expect(found![0]).toBeCloseTo(0.8, 2)
    expect(losses!.at(-1)).toBeLessThan(losses![0]! / 100)
  })

  it.each(["gaussian-process", "gru-classifier", "principal-components"])(
    "%s gives what JAX gives",
    async (name) => {
      const found = results((await example(name, ["--json"])).stdout) as Record<string, ReadonlyArray<number>>
      for (const [what, numbers] of Object.entries(jax[name]!)) {
        expect(found[what]!.length, what).toBe(numbers.length)
        numbers.forEach((wanted, i) => {
          expect(found[what]![i], what).toBeCloseTo(wanted, 3)
        })
      }
    }
  )

  it.each(plugins)("all run on PJRT $api", async ({ path }) => {
    const ended = await example("all", ["--json", "--device", `plugin:${path}`])
    expect(ended.status).toBe(0)
    const { experiments } = JSON.parse(ended.stdout)
    expect(experiments.map(({ experiment }: { experiment: string }) => experiment)).toEqual([
      "cumulative sum",
      "recursive update",
      "sequential transform",
      "nested scan",
      "moving average"
    ])
  })

  it("show program, device, result and time to people", async () => {
    const { stdout } = await example("all")
    for (const text of [
      "program  program(",
      "device   cpu:0",
      "sums     0 1 3 6 10 15 21 28 36 45",
      "4 5 7 10",
      "of them compiling"
    ]) {
      expect(stdout).toContain(text)
    }
  })

  it("take the flags of every experiment", async () => {
    const help = await example("cumulative-sum", ["--help"])
    expect(help).toMatchObject({ status: 0, stderr: "" })
    for (const flag of ["--device", "--json", "--virtual-devices", "--verbose", "--help"])
      expect(help.stdout).toContain(flag)
    const second = await example("cumulative-sum", ["--device", "cpu:1", "--virtual-devices", "2", "--json"])
    expect(JSON.parse(second.stdout).device.id).toBe(1)
    expect(await example("cumulative-sum", ["--speed"])).toMatchObject({ status: 2, stdout: "" })
    expect((await example("cumulative-sum", ["extra"])).stderr).toContain("extra is not understood")
    expect(
      (await example("cumulative-sum", [], { LOOPCARRY_DEVICE: "tpu", PATH: "/nonexistent" })).status
    ).toBe(3)
  })

  it("run from source as well", async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", "tsx", "examples/cumulative-sum.ts", "--json"],
      { cwd: root }
    )
    expect(results(stdout)).toEqual(wanted["cumulative-sum"])
  })
})
