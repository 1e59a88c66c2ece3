import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { loopcarry, type Running, root, start, startProcess } from "../support/command.ts"
import { userFolder } from "../support/scripts.ts"

const mean = `
import * as Effect from "effect/Effect"
import { experiment, f32, flag, jit, mul, square, sub } from "loopcarry"
import { train } from "loopcarry/train"

const step = jit([f32(), f32()], (w, x) => [sub(w, mul(sub(w, x), 0.1)), square(sub(w, x))], { donate: [0] })

export default experiment("mean", {
  flags: { steps: flag.int(60, "steps"), wait: flag.boolean("never end"), slow: flag.boolean("a slow step") },
  run: ({ steps, wait, slow }, { seed, random, save, keep }) =>
    Effect.gen(function* () {
      yield* keep({ seed, first: random() })
      if (wait) yield* Effect.sleep(100_000)
      const data = (i) => {
        if (i === 0) process.stderr.write("first batch")
        return Effect.as(Effect.sleep(slow ? 100_000 : 1), Math.sin(i + seed))
      }
      const { state, step: done, ended } = yield* train({ state: 0, step, data, steps, save })
      return { state, done, ended, list: [1, 2], note: "text" }
    })
})
`

const quick = ["--device", "reference"]

/** Ends when a process has said this on standard error. */
const says = async (running: Running, text: string) => {
  await expect.poll(() => running.stderr()).toContain(text)
}

const user = userFolder()
const script = user.write("mean.mjs", mean)
const run = (...args: ReadonlyArray<string>) =>
  startProcess(process.execPath, [script, ...quick, ...args], {})

describe("a run of an experiment", () => {
  it("has its seed from a flag, for the host and for what it hands on", async () => {
    const results = async (seed: string) =>
      JSON.parse((await run("--json", "--seed", seed).ended).stdout).results
    const [one, again, other] = [await results("1"), await results("1"), await results("2")]
    expect(one).toEqual(again)
    expect(one.state).not.toEqual(other.state)
  })

  it("writes its results to a file, all as JSON or what is an array as npz", async () => {
    const file = (name: string) => path.join(user.folder, name)
    const json = await run("--json", "--out", file("out.json")).ended
    expect(readFileSync(file("out.json"), "utf8")).toBe(json.stdout)
    const npz = await run("--out", file("out.npz")).ended
    expect(npz.stderr).toContain("an .npz file holds arrays: ended, note not written")
    const names = execFileSync("unzip", ["-Z1", file("out.npz")], { encoding: "utf8" })
      .trim()
      .split("\n")
    expect(names).toEqual(["state.npy", "done.npy", "list.npy"])
    const wrong = await run("--out", file("out.csv")).ended
    expect(wrong).toMatchObject({ status: 2, stdout: "" })
    expect(wrong.stderr).toContain("out.csv ends in neither .json nor .npz")
  })

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143]
  ] as const)("that %s cuts short reports what it has kept", async (signal, status) => {
    const running = run("--wait", "--json", "--seed", "5")
    await says(running, "seed 5")
    running.kill(signal)
    const ended = await running.ended
    expect(ended.status).toBe(status)
    expect(JSON.parse(ended.stdout)).toMatchObject({ interrupted: true, results: { seed: 5 } })
  })

  it("finishes a training step on Ctrl-C, saves, reports, and goes on from there", async () => {
    const folder = path.join(user.folder, "kept")
    const running = run("--steps", "100000", "--checkpoint", folder, "--json")
    await says(running, "first batch")
    await new Promise((resolve) => setTimeout(resolve, 100))
    running.kill("SIGINT")
    const ended = await running.ended
    expect(ended.stderr).toContain("SIGINT: the step is finished first; once more ends at once")
    expect(ended.status).toBe(0)
    const { done, ended: how } = JSON.parse(ended.stdout).results
    expect(how).toBe("interrupted")
    expect(readdirSync(folder)).toEqual([`step-${String(done).padStart(9, "0")}.safetensors`])

    const steps = String(done + 20)
    const refused = await run("--steps", steps, "--checkpoint", folder).ended
    expect(refused.stderr).toContain(`holds the state after step ${done} already`)
    const rest = await run("--steps", steps, "--checkpoint", folder, "--resume", "--json").ended
    const whole = await run("--steps", steps, "--json").ended
    expect(JSON.parse(rest.stdout).results).toEqual(JSON.parse(whole.stdout).results)
  })

  it("ends at once on the second Ctrl-C", async () => {
    const running = run("--slow")
    await says(running, "first batch")
    running.kill("SIGINT")
    await says(running, "once more ends at once")
    running.kill("SIGINT")
    expect((await running.ended).signal).toBe("SIGINT")
  })
})

describe("loopcarry run", () => {
  it.each(["mean.mjs", "typed.ts"])("runs %s with its flags", async (name) => {
    if (name.endsWith(".ts")) user.write(name, mean.replace("(i) =>", "(i: number) =>"))
    const ended = await loopcarry(["run", path.join(user.folder, name), ...quick, "--json", "--steps", "3"])
    expect(ended.status).toBe(0)
    expect(JSON.parse(ended.stdout).results).toMatchObject({ done: 3, ended: "done" })
  })

  it("ends as its script ends", async () => {
    const failing = user.write("failing.mjs", "process.exit(7)")
    expect((await loopcarry(["run", failing])).status).toBe(7)
    const running = start("scripts/loopcarry.js", ["run", script, ...quick, "--wait"])
    await says(running, "seed 0")
    running.kill("SIGTERM")
    expect((await running.ended).status).toBe(143)
  })

  it("refuses what is no script", async () => {
    const told = async (...args: ReadonlyArray<string>) => (await loopcarry(["run", ...args])).stderr
    expect(await told()).toContain("say which script first")
    expect(await told("--json")).toContain("say which script first")
    expect(await told("missing.ts")).toContain("missing.ts cannot be read")
    expect(await told(path.join(root, "README.md"))).toContain("is no script")
  })
})
