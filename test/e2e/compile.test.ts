import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { writeNpy } from "../../pjrt/formats/npy.ts"
import { accelerators } from "../support/accelerators.ts"
import { loopcarry, onFullDisk } from "../support/command.ts"
import { plugins } from "../support/plugins.ts"

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-test-"))
const json = (stdout: string) => JSON.parse(stdout)

const doubling = path.join(folder, "double.mlir")
writeFileSync(
  doubling,
  `module { func.func public @main(%x: tensor<3xf32>) -> tensor<3xf32> {
  %y = stablehlo.add %x, %x : tensor<3xf32>
  return %y : tensor<3xf32>
} }`
)
const input = path.join(folder, "x.npy")
writeFileSync(
  input,
  writeNpy({ dtype: "f32", shape: [3], bytes: new Uint8Array(Float32Array.of(1, 2, 3).buffer) })
)

describe("loopcarry compile", () => {
  it("for the CPU, and exec runs what it wrote", async () => {
    const out = path.join(folder, "double.lcx")
    const made = await loopcarry(["compile", doubling, "--target", "cpu", "-o", out, "--json"])
    expect(made).toMatchObject({ status: 0, stderr: "" })
    const [program] = json(made.stdout).programs
    expect(program).toMatchObject({
      target: "cpu",
      platform: "cpu",
      partitions: 1,
      inputs: ["f32[3]"],
      file: out
    })
    expect(program.memory).toMatchObject({ arguments: 12, outputs: 12 })
    expect(program.bytes).toBe(readFileSync(out).length)
    const ran = await loopcarry(["exec", out, "--input", input, "--json"])
    expect(json(ran.stdout).outputs).toEqual([{ dtype: "f32", shape: [3], data: [2, 4, 6] }])
  })

  it("says which passes made a program, and takes those that are to run", async () => {
    const compiled = async (...flags: ReadonlyArray<string>) => {
      const args = ["compile", "examples/cumulative-sum.ts", "--target", "cpu", "--json", ...flags]
      return json((await loopcarry(args)).stdout).programs[0].passes
    }
    expect(await compiled("--no-optimize", "--reassociate")).toEqual(["permit", "prune"])
    expect(await compiled("--passes", "fission")).toEqual(["prune", "fission", "prune"])
    expect(await compiled()).toContain("recurrence")
  })

  it("several targets side by side, from a script, each with its file", async () => {
    const out = path.join(folder, "several")
    const targets = ["cpu", ...accelerators.map(({ target }) => target)]
    const ended = await loopcarry([
      "compile",
      "examples/cumulative-sum.ts",
      ...targets.flatMap((target) => ["--target", target]),
      "-o",
      out
    ])
    expect(ended).toMatchObject({ status: 0, stderr: "" })
    const [head] = ended.stdout.split("\n")
    expect(head!.trim().split(/\s+/)).toEqual(targets)
    for (const line of [
      "device",
      "compiled in",
      "code",
      "arguments",
      "temporaries",
      "flops",
      "passes +prune, "
    ])
      expect(ended.stdout).toMatch(new RegExp(`^${line}`, "m"))
    expect(readdirSync(out)).toHaveLength(targets.length)
    for (const { target } of accelerators) {
      const file = path.join(out, `cumulative-sum.${target.replaceAll(":", "-")}.lcx`)
      const ran = await loopcarry(["exec", file])
      expect(ran.status).toBe(3)
      expect(ran.stderr).toContain(`it was compiled for ${target}, but the device is cpu`)
    }
  })

  it.each([
    [["compile"], "say which file to compile"],
    [["compile", doubling], "say what to compile for"],
    [["compile", doubling, "--target", "tpu:v9:2x2"], "there is no target tpu:v9:2x2\n  next: targets are"],
    [["compile", "/nonexistent.mlir", "--target", "cpu"], "cannot be read"],
    [["compile", "examples/all.ts", "--target", "cpu"], "exports no jitted function"],
    [["compile", doubling, "--target", "cpu", "--no-optimize"], "passes improve the functions of scripts"]
  ])("refuses %j as usage", async (args, said) => {
    const ended = await loopcarry(args)
    expect(ended).toMatchObject({ status: 2, stdout: "" })
    expect(ended.stderr).toContain(said)
  })

  it("says where a program is wrong, and leaves no file", async () => {
    const bad = path.join(folder, "bad.mlir")
    writeFileSync(bad, "module {\n  nonsense\n}")
    const out = path.join(folder, "bad.lcx")
    const ended = await loopcarry(["compile", bad, "--target", "cpu", "-o", out])
    expect(ended.status).toBe(2)
    expect(ended.stderr).toContain(`${bad}:2:`)
    expect(existsSync(out)).toBe(false)
  })

  it("writes all of its file or nothing", async () => {
    const out = path.join(mkdtempSync(path.join(tmpdir(), "loopcarry-")), "double.lcx")
    const ended = await onFullDisk(4096, ["compile", doubling, "--target", "cpu", "-o", out], {})
    expect(ended).toMatchObject({ status: 2, stdout: "" })
    expect(ended.stderr).toContain(`${out} cannot be written: EFBIG`)
    expect(readdirSync(path.dirname(out))).toEqual([])
  })

  it("without the plugin says how to get it, with status 3", async () => {
    const bare = { LOOPCARRY_CACHE: mkdtempSync(path.join(tmpdir(), "loopcarry-")), PYTHONPATH: "" }
    for (const [target, name] of [
      ["tpu:v5e:2x2", "tpu"],
      ["cuda:sm90", "cuda13-compiler"]
    ] as const) {
      const ended = await loopcarry(["compile", doubling, "--target", target], bare)
      expect(ended.status).toBe(3)
      expect(ended.stderr).toContain(`loopcarry plugins fetch ${name}`)
    }
  })
})

describe("the cache of compiled programs", () => {
  const cached = () => {
    const cache = mkdtempSync(path.join(tmpdir(), "loopcarry-cache-"))
    // The plugin stays where it is.
    const env = { LOOPCARRY_CACHE: cache, LOOPCARRY_NO_CACHE: "", LOOPCARRY_PLUGIN: plugins[0]!.path }
    return { env, programs: path.join(cache, "programs") }
  }
  const run = (env: NodeJS.ProcessEnv) => loopcarry(["exec", doubling, "--input", input, "--json"], env)
  const right = { status: 0, stdout: expect.stringContaining("[2,4,6]") }

  it("keeps a program once, for this user alone", async () => {
    const { env, programs } = cached()
    expect(await run(env)).toMatchObject({ ...right, stderr: "" })
    const [first] = readdirSync(programs)
    expect(await run(env)).toMatchObject({ ...right, stderr: "" })
    expect(readdirSync(programs)).toEqual([first])
    const list = json((await loopcarry(["cache", "list", "--json"], env)).stdout)
    expect(list.programs).toHaveLength(1)
    expect(list.programs[0].passes).toBeNull()
    const table = (await loopcarry(["cache", "list"], env)).stdout
    expect(table).toMatch(/^last used +size +passes +file\n.*not told/)
    expect(list.folder).toBe(programs)
    expect((await loopcarry(["cache", "clear"], env)).stdout).toContain("removed 1 program,")
    expect(readdirSync(programs)).toEqual([])
  })

  it("replaces what is damaged or is another program, and leaves no half-written file", async () => {
    const { env, programs } = cached()
    await run(env)
    const file = path.join(programs, readdirSync(programs)[0]!)
    const whole = readFileSync(file)
    for (const bad of [whole.subarray(0, 100), Buffer.from("something else"), Buffer.alloc(0)]) {
      writeFileSync(file, bad)
      expect(await run(env)).toMatchObject({ ...right, stderr: "" })
      expect(readFileSync(file).length).toBe(whole.length)
    }
    expect(readdirSync(programs)).toHaveLength(1)
  })

  it("is left out where it cannot be written, with a word", async () => {
    const { env, programs } = cached()
    writeFileSync(programs, "a file in its place")
    const ended = await run(env)
    expect(ended).toMatchObject(right)
    expect(ended.stderr).toContain("compiled programs are not kept")
    expect(ended.stderr).toContain("LOOPCARRY_CACHE")
    const quiet = await run({ ...env, LOOPCARRY_NO_CACHE: "1" })
    expect(quiet).toMatchObject({ ...right, stderr: "" })
  })

  it("keeps nothing where the disk is full, and says so", async () => {
    const { env, programs } = cached()
    const ended = await onFullDisk(4096, ["exec", doubling, "--input", input, "--json"], env)
    expect(ended).toMatchObject(right)
    expect(ended.stderr).toContain("compiled programs are not kept: EFBIG")
    expect(readdirSync(programs)).toEqual([])
  })

  it("is not read where others may write", async () => {
    const { env, programs } = cached()
    mkdirSync(programs)
    chmodSync(programs, 0o777)
    expect(await run(env)).toMatchObject(right)
    expect(statSync(programs).mode & 0o777).toBe(0o700)
  })

  it("stays within its bound", async () => {
    const { env, programs } = cached()
    await run(env)
    const [one] = readdirSync(programs)
    const bytes = readFileSync(path.join(programs, one!)).length
    const bounded = { ...env, LOOPCARRY_CACHE_BYTES: String(Math.round(bytes * 1.5)) }
    await loopcarry(
      ["exec", doubling, "--input", input, "--device", "cpu:1", "--virtual-devices", "2"],
      bounded
    )
    expect(readdirSync(programs)).toHaveLength(1)
    expect(readdirSync(programs)).not.toEqual([one])
  })

  it("serves processes that race for one entry", async () => {
    const { env, programs } = cached()
    const all = await Promise.all([run(env), run(env), run(env)])
    for (const ended of all) expect(ended).toMatchObject({ ...right, stderr: "" })
    expect(readdirSync(programs)).toHaveLength(1)
  })

  it("refuses what is no action", async () => {
    expect((await loopcarry(["cache"])).status).toBe(2)
    expect((await loopcarry(["cache", "dance"])).stderr).toContain("there is no cache dance")
  })
})
