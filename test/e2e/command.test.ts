import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { platformNames } from "../../pjrt/platforms/table.ts"
import { example, loopcarry, root, start } from "../support/command.ts"

const nowhere = mkdtempSync(path.join(tmpdir(), "loopcarry-test-"))

/** No plugin in the cache, and no index to fetch one from. */
const bare = { LOOPCARRY_CACHE: nowhere, PIP_NO_INDEX: "1", PIP_FIND_LINKS: nowhere }

const json = (stdout: string) => JSON.parse(stdout)

describe("loopcarry", () => {
  it("explains itself", async () => {
    const ended = await loopcarry(["--help"])
    expect(ended).toMatchObject({ status: 0, stderr: "" })
    for (const command of ["devices", "plugins", "exec", "emit", "bench"]) {
      expect(ended.stdout).toContain(command)
      const help = await loopcarry([command, "--help"])
      expect(help).toMatchObject({ status: 0, stderr: "" })
      expect(help.stdout).toContain(`loopcarry ${command}`)
    }
    expect((await loopcarry(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it("exits with 2 for a command that is not there", async () => {
    const ended = await loopcarry(["dance"])
    expect(ended).toMatchObject({ status: 2, stdout: "" })
    expect(ended.stderr).toContain("there is no command dance\n  next: the commands are: devices")
  })

  it("shows a stack only with --verbose", async () => {
    expect((await loopcarry(["exec", "/nonexistent"])).stderr).not.toMatch(/^\s+at /m)
    expect((await loopcarry(["exec", "/nonexistent", "--verbose"])).stderr).toMatch(/^\s+at /m)
  })
})

describe("loopcarry devices", () => {
  it("lists the CPU, and says why others are absent", async () => {
    const { stdout, status } = await loopcarry(["devices", "--json"])
    expect(status).toBe(0)
    const { devices, absent } = json(stdout)
    expect(devices[0]).toEqual({ name: "cpu:0", platform: "cpu", id: 0, kind: "cpu" })
    for (const each of absent) expect(Object.keys(each)).toEqual(["platform", "reason", "next"])
    const known = [...devices, ...absent].map(({ platform }: { platform: string }) => platform)
    expect(new Set(known)).toEqual(new Set([...platformNames, "reference"]))
  })

  it("splits the CPU", async () => {
    const { stdout } = await loopcarry(["devices", "--device", "cpu:3", "--virtual-devices", "4", "--json"])
    expect(json(stdout).devices.map(({ name }: { name: string }) => name)).toEqual([
      "cpu:0",
      "cpu:1",
      "cpu:2",
      "cpu:3"
    ])
  })

  it.each(["cuda", "tpu", "cuda:1", "rocm", "rocm:1", "metal", "oneapi", "neuron"])(
    "exits with 3 where there is no %s, and takes no other",
    async (device) => {
      const ended = await loopcarry(["devices", "--device", device], { ...bare, PATH: nowhere })
      expect(ended).toMatchObject({ status: 3, stdout: "" })
      expect(ended.stderr).toContain(`no PJRT plugin for ${device.split(":")[0]} was found\n  next: `)
    }
  )

  it.each([
    ["cpu:9", "there is no device cpu:9: cpu has cpu:0"],
    ["plugin:/nonexistent.so", "/nonexistent.so: no such file"]
  ])("exits with 3 for %s", async (device, why) => {
    const ended = await loopcarry(["devices", "--device", device])
    expect(ended).toMatchObject({ status: 3, stdout: "" })
    expect(ended.stderr).toContain(why)
  })

  it.each([
    ["gpu", "gpu is no device name"],
    ["cpu:x", "cpu:x is no device name"],
    ["remote://:1", "remote://:1 is no address of a worker"]
  ])("exits with 2 for %s, which is no device name, wherever it is named", async (device, why) => {
    const wrong = { status: 2, stdout: "" }
    const flag = await loopcarry(["devices", "--device", device])
    expect(flag).toMatchObject(wrong)
    expect(flag.stderr).toContain(`error: ${why}\n  next: `)
    const variable = await loopcarry(["exec", "test/golden/nested-scan.mlir"], { LOOPCARRY_DEVICE: device })
    expect(variable).toMatchObject(wrong)
    expect(variable.stderr).toContain(`error: LOOPCARRY_DEVICE: ${why}`)
    expect(await example("cumulative-sum", ["--device", device])).toMatchObject(wrong)
    expect(await example("cumulative-sum", [], { LOOPCARRY_DEVICE: device })).toMatchObject(wrong)
    expect(await loopcarry(["serve", "--listen", "127.0.0.1:0", "--device", device])).toMatchObject(wrong)
  })

  it.each([
    [["--device", "cuda", "--virtual-devices", "2"], "cuda devices are real"],
    [["--device", "rocm", "--virtual-devices", "2"], "rocm devices are real"],
    [["--device", "reference", "--isolate"], "the reference device has no plugin"],
    [["--device", "cpu", "--virtual-devices", "5000"], "5000 virtual devices cannot be made"]
  ])("exits with 2 for %j, which no such device takes", async (args, why) => {
    const ended = await loopcarry(["devices", ...args])
    expect(ended).toMatchObject({ status: 2, stdout: "" })
    expect(ended.stderr).toContain(why)
  })

  it("names all kinds of device in the help", async () => {
    for (const help of [await loopcarry(["exec", "--help"]), await example("cumulative-sum", ["--help"])])
      for (const kind of [...platformNames, "reference", "plugin:<path>", "remote://host:port"])
        expect(help.stdout).toContain(kind)
  })

  it("exits with 3 for a file that is no plugin", async () => {
    const file = path.join(nowhere, "text.so")
    writeFileSync(file, "text")
    const ended = await loopcarry(["devices", "--device", `plugin:${file}`])
    expect(ended.status).toBe(3)
    expect(ended.stderr).toContain("cannot be loaded")
  })
})

describe("loopcarry plugins", () => {
  it("lists what can be fetched and what is there", async () => {
    const { plugins } = json((await loopcarry(["plugins", "list", "--json"])).stdout)
    expect(plugins[0]).toMatchObject({ name: "cpu", platform: "cpu" })
    expect((await loopcarry(["plugins", "list"])).stdout).toContain("PJRT ")
    expect(json((await loopcarry(["plugins", "list", "--json"], bare)).stdout).plugins[0].path).toBeNull()
  })

  it("says where one is, and exits with 3 where it is not", async () => {
    const { stdout, status } = await loopcarry(["plugins", "path", "cpu"])
    expect(status).toBe(0)
    expect(path.isAbsolute(stdout.trim())).toBe(true)
    const absent = await loopcarry(["plugins", "path", "cpu"], { ...bare, PATH: nowhere })
    expect(absent).toMatchObject({ status: 3, stdout: "" })
    expect(absent.stderr).toContain("loopcarry plugins fetch cpu")
  })

  it("exits with 3 where fetching fails or is off", async () => {
    const failed = await loopcarry(["plugins", "fetch", "cpu"], bare)
    expect(failed).toMatchObject({ status: 3, stdout: "" })
    expect(failed.stderr).toContain("pip could not download")
    const off = await loopcarry(["plugins", "fetch", "cpu", "--offline"], bare)
    expect(off.stderr).toContain("fetching is off (--offline)")
    const run = await example("cumulative-sum", ["--offline"], { ...bare, PATH: nowhere })
    expect(run).toMatchObject({ status: 3, stdout: "" })
  })

  it("fetches nothing that is there already, and removes only what is named", async () => {
    const again = await loopcarry(["plugins", "fetch", "cpu"])
    expect(again).toMatchObject({ status: 0, stderr: "" })
    const removed = await loopcarry(["plugins", "remove", "cpu", "--json"], bare)
    expect(json(removed.stdout)).toEqual({ name: "cpu", removed: false })
  })

  it.each([
    [["plugins"], "say what to do with plugins"],
    [["plugins", "fetch", "nothing"], "no plugin nothing is known"],
    [["plugins", "remove"], "say which plugin"],
    [["plugins", "list", "a", "b"], "b is not understood"]
  ])("exits with 2 for %j", async (args, why) => {
    const ended = await loopcarry(args)
    expect(ended).toMatchObject({ status: 2, stdout: "" })
    expect(ended.stderr).toContain(why)
  })
})

describe("loopcarry emit", () => {
  it("says what memory a program needs, to people and as JSON", async () => {
    const { memory } = json(
      (await loopcarry(["emit", "examples/cumulative-sum.ts", "--memory", "--json"])).stdout
    )
    expect(memory).toMatchObject({
      arguments: 4,
      results: 44,
      scans: [{ path: "scan", steps: 10, stacked: 40 }]
    })
    const text = (await loopcarry(["emit", "examples/cumulative-sum.ts", "--memory"])).stdout
    expect(text).toContain("10 steps, carry 4 bytes, stacked 40 bytes")
  })

  it("prints the StableHLO of an example, from source and as built", async () => {
    const source = await loopcarry(["emit", "examples/cumulative-sum.ts"])
    expect(source).toMatchObject({ status: 0, stderr: "" })
    expect(source.stdout).toContain("stablehlo.while")
    const built = await loopcarry(["emit", "dist/examples/cumulative-sum.js"])
    expect(built.stdout).toBe(source.stdout)
    const program = await loopcarry(["emit", "examples/cumulative-sum.ts", "--program"])
    expect(program.stdout).toContain("scan length=10")
    expect(json((await loopcarry(["emit", "examples/nested-scan.ts", "--json"])).stdout).name).toBe(
      "nestedScan"
    )
  })

  it("refuses to show two things at once", async () => {
    const { stderr, status } = await loopcarry(["emit", "examples/nested-scan.ts", "--explain", "--memory"])
    expect(status).toBe(2)
    expect(stderr).toContain("--explain and --memory contradict each other")
  })

  it("explains what the passes do to each scan, by the user's line", async () => {
    const { stdout, stderr, status } = await loopcarry(["emit", "examples/nested-scan.ts", "--explain"])
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 })
    expect(stdout).toMatch(/^for cpu: 2 scans, passes /)
    expect(stdout).toMatch(/^examples\/nested-scan\.ts:9:3 {2}scan, 4 steps$/m)
    expect(stdout).toMatch(/^ {2}examples\/nested-scan\.ts:10:5 {2}scan, at most 4 steps$/m)
    const { name, explanation } = json(
      (await loopcarry(["emit", "examples/nested-scan.ts", "--explain", "--json", "--target", "tpu:v5e:2x2"]))
        .stdout
    )
    expect(name).toBe("nestedScan")
    expect(explanation).toMatchObject({
      target: "tpu",
      scans: [
        { place: "examples/nested-scan.ts:9:3", loop: "scan", steps: 4, traced: false },
        { place: "examples/nested-scan.ts:10:5", loop: "scan", steps: 4, traced: true }
      ]
    })
  })

  it("takes the passes that are to run, and permission", async () => {
    const script = path.join(nowhere, "summing.ts")
    writeFileSync(
      script,
      `import { add, arange, f32, jit, scan } from ${JSON.stringify(path.join(root, "dist/pjrt/loopcarry.js"))}
export const summing = jit([f32()], (x) => scan(x, arange(100000, "f32"), (c, i) => [add(c, i), null])[0])
`
    )
    const emitted = async (...flags: ReadonlyArray<string>) => {
      const { stdout, stderr, status } = await loopcarry(["emit", script, "--program", ...flags])
      expect({ stderr, status }).toEqual({ stderr: "", status: 0 })
      return stdout
    }
    const plain = await emitted("--no-optimize")
    expect(plain).toContain("scan length=100000")
    expect(await emitted("--passes", "fission,carries")).toBe(plain)
    const free = await emitted("--reassociate")
    expect(free).not.toContain("scan length=100000")
    expect(await emitted("--reassociate", "--no-optimize")).toContain("reassociate=(%0)")
    const { explanation } = json(
      (await loopcarry(["emit", script, "--explain", "--json", "--passes", "recurrence"])).stdout
    )
    expect(explanation.passes).toContain("recurrence")
    expect(explanation.passes).not.toContain("fission")
    expect(explanation.scans[0].permission).toHaveLength(1)
  })

  it("gives what exec takes", async () => {
    const emitted = path.join(nowhere, "emitted.mlir")
    writeFileSync(emitted, (await loopcarry(["emit", "examples/nested-scan.ts"])).stdout)
    const { outputs } = json((await loopcarry(["exec", emitted, "--json"])).stdout)
    expect(outputs[0]).toEqual({ dtype: "i32", shape: [], data: [10] })
  })

  it.each([
    [["emit"], "say which script"],
    [["emit", "/nonexistent.ts"], "cannot be loaded"],
    [["emit", "examples/all.ts"], "exports no jitted function"],
    [["emit", "examples/cumulative-sum.ts", "--target", "abacus"], "there is no target abacus"],
    [["emit", "examples/cumulative-sum.ts", "--passes", "fusion"], 'there is no pass "fusion"'],
    [["emit", "examples/cumulative-sum.ts", "--passes", "fission", "--no-optimize"], "contradict each other"],
    [["emit", "examples/cumulative-sum.ts", "--export", "other"], "exports no jitted function other"]
  ])("exits with 2 for %j", async (args, why) => {
    const ended = await loopcarry(args)
    expect(ended).toMatchObject({ status: 2, stdout: "" })
    expect(ended.stderr).toContain(why)
  })
})

describe("from a clone", () => {
  it("npm run -s loopcarry prints nothing of its own", async () => {
    const { execFileSync } = await import("node:child_process")
    const stdout = execFileSync("npm", ["run", "-s", "loopcarry", "--", "devices", "--json"], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"]
    })
    expect(json(stdout).devices[0].name).toBe("cpu:0")
  })

  it("a script that fails sets its status", async () => {
    expect((await start("examples/all.js", ["--device", "tpu"], { PATH: nowhere }).ended).status).toBe(3)
  })
})
