import { describe, expect, it } from "vitest"
import { loopcarry } from "../support/command.ts"
import { userFolder } from "../support/scripts.ts"

const noisy = `
import * as Effect from "effect/Effect"
import { add, experiment, f32, jit } from "loopcarry"
console.log("before")
export const next = jit([f32()], (x) => {
  console.log("tracing")
  return add(x, 1)
})
export default experiment("noisy", {
  run: () =>
    Effect.gen(function* () {
      console.log("log")
      console.info("info")
      console.table([{ a: 1 }])
      console.dir({ b: 2 })
      process.stdout.write("written\\n")
      yield* Effect.log("logged")
      return { y: yield* next(1) }
    })
})
console.log("after")
setTimeout(() => console.log("later"), 1)
`

const words = [
  "before",
  "after",
  "later",
  "log",
  "info",
  "(index)",
  "{ b: 2 }",
  "written",
  "logged",
  "tracing"
]

describe("an experiment's script", () => {
  it("has stdout for its document alone under --json, and what it prints is on stderr", async () => {
    const user = userFolder()
    user.write("noisy.mjs", noisy)
    const { status, stdout, stderr } = await user.run("noisy.mjs", ["--json", "--device", "reference"])
    expect(status).toBe(0)
    expect(JSON.parse(stdout).results).toEqual({ y: { dtype: "f32", shape: [], data: [2] } })
    for (const word of words) expect(stderr).toContain(word)
  })

  it("takes the passes that are to run, and shows the program that they make", async () => {
    const user = userFolder()
    user.write(
      "summing.mjs",
      `
import * as Effect from "effect/Effect"
import { add, arange, experiment, i32, jit, scan } from "loopcarry"
const sum = jit([i32()], (x) => scan(x, arange(100000), (c, i) => [add(c, i), null])[0])
export default experiment("summing", {
  program: sum,
  run: () => Effect.gen(function* () { return { y: yield* sum(1) } })
})
`
    )
    const run = (...flags: ReadonlyArray<string>) =>
      user.run("summing.mjs", ["--device", "reference", ...flags])
    const plain = await run("--no-optimize")
    expect(plain).toMatchObject({ status: 0, stderr: "" })
    expect(plain.stdout).toContain("scan length=100000")
    const all = await run()
    expect(all.stdout).not.toContain("scan length=100000")
    expect(all.stdout.match(/^y .*$/m)).toEqual(plain.stdout.match(/^y .*$/m))
    const wrong = await run("--passes", "fusion")
    expect(wrong).toMatchObject({ status: 2, stdout: "" })
    expect(wrong.stderr).toContain('--passes: there is no pass "fusion"')
  })

  it("prints to stdout for people", async () => {
    const user = userFolder()
    user.write("noisy.mjs", noisy)
    const { stdout, stderr } = await user.run("noisy.mjs", ["--device", "reference"])
    expect(stderr).toBe("")
    for (const word of [...words, "y        2"]) expect(stdout).toContain(word)
  })

  it("prints to stderr what it says while another command loads it for its program", async () => {
    const user = userFolder()
    const file = user.write("noisy.mjs", noisy)
    for (const args of [
      ["emit", file],
      ["emit", file, "--json"],
      ["compile", file, "--target", "cpu", "--json"]
    ]) {
      const { status, stdout, stderr } = await loopcarry(args)
      expect(status).toBe(0)
      expect(stdout).toMatch(/^(module|\{)/)
      expect(stderr).toContain("before\n")
      expect(stderr).toContain("tracing\n")
    }
  })

  it("fails with the path of what is no result", async () => {
    const user = userFolder()
    user.write(
      "forgotten.mjs",
      `import * as Effect from "effect/Effect"
       import { experiment, f32, jit } from "loopcarry"
       const f = jit([f32()], (x) => x)
       export default experiment("forgotten", { run: () => Effect.succeed({ total: { of: f(1) } }) })`
    )
    const ended = await user.run("forgotten.mjs", ["--json", "--device", "reference"])
    expect(ended).toMatchObject({ status: 1, stdout: "" })
    expect(ended.stderr).toBe(
      "error: experiment: results.total.of is an Effect that has not been run\n  next: put yield* before it\n"
    )
  })

  it.each([
    ["Effect.never", "nothing is left that it could wait for"],
    ["Effect.fail({ _tag: 'Mine', why: 'x' })", "error: Mine: { why: 'x' }"],
    ["Effect.die({ a: 1 })", "error: { a: 1 }"],
    ["Effect.tryPromise(() => Promise.reject(new Error('no such file')))", "error: no such file"],
    ["Effect.try(() => { throw 'why' })", "error: why"],
    ["Promise.resolve({})", "run gives a Promise, not an Effect"]
  ])("fails in words where run gives %s", async (given, said) => {
    const user = userFolder()
    user.write(
      "ended.mjs",
      `import * as Effect from "effect/Effect"
       import { experiment } from "loopcarry"
       export default experiment("ended", { run: () => ${given} })`
    )
    const { status, stdout, stderr } = await user.run("ended.mjs", ["--json", "--device", "reference"])
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" })
    expect(stderr).toContain(said)
  })

  it("runs from a folder whose name has spaces and letters beyond ASCII", async () => {
    const user = userFolder("loopcarry a b ü ")
    user.write("quiet.mjs", noisy)
    const { stdout } = await user.run("quiet.mjs", ["--json", "--device", "reference"])
    expect(JSON.parse(stdout).results.y.data).toEqual([2])
  })

  it("is known for the script that was started where source maps are on, too", async () => {
    const user = userFolder()
    user.write("noisy.mjs", noisy)
    const env = { NODE_OPTIONS: "--enable-source-maps" }
    const { stdout } = await user.run("noisy.mjs", ["--json", "--device", "reference"], env)
    expect(JSON.parse(stdout).results.y.data).toEqual([2])
  })
})
