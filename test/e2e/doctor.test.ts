import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import type { Finding } from "../../pjrt/platforms/findings.ts"
import { loopcarry } from "../support/command.ts"
import { endlessModule } from "../support/endless-modules.ts"

const findings = (stdout: string): ReadonlyArray<Finding> => JSON.parse(stdout).findings
const named = (stdout: string, check: string) => findings(stdout).filter((each) => each.check === check)

describe("loopcarry doctor", () => {
  it("finds a CPU healthy, and says what is absent without calling it a problem", async () => {
    const ended = await loopcarry(["doctor", "--json"])
    expect(ended).toMatchObject({ status: 0, stderr: "" })
    const { healthy, findings: all } = JSON.parse(ended.stdout)
    expect(healthy).toBe(true)
    expect(
      all.filter(({ platform }: Finding) => platform === "cpu").map(({ check }: Finding) => check)
    ).toEqual(["found", "plugin", "devices", "run"])
    for (const check of ["node", "cache", "python", "driver", "chips"])
      expect(named(ended.stdout, check)).toHaveLength(1)
  })

  it.each([
    ["cuda", "gpus"],
    ["tpu", "chips"],
    ["rocm", "amd gpus"],
    ["metal", "apple gpu"],
    ["oneapi", "intel gpus"],
    ["neuron", "neuron chips"]
  ])("of a %s that is not there exits with 3", async (device, check) => {
    const ended = await loopcarry(["doctor", "--device", device, "--json"])
    expect(ended.status).toBe(3)
    expect(named(ended.stdout, check)[0]!.verdict).toBe("problem")
  })

  it("takes a plugin that is none for a finding", async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), "loopcarry-")), "plugin.so")
    writeFileSync(file, "no library")
    const ended = await loopcarry(["doctor", "--device", "cpu", "--plugin", file])
    expect(ended.status).toBe(3)
    expect(ended.stdout).toMatch(/^x {3}cpu {5}load\s+loading the plugin fails: .* cannot be loaded/m)
    expect(ended.stdout).toContain("next:")
  })

  it("takes a plugin that hangs for a finding", async () => {
    const ended = await loopcarry(["doctor", "--device", "cpu", "--time-limit", "0.001", "--json"])
    expect(ended.status).toBe(3)
    expect(named(ended.stdout, "load")[0]!.message).toContain("takes longer than 0.001 s")
  })

  it("names CUDA libraries that shadow the plugin's own", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-"))
    writeFileSync(path.join(folder, "libcudart.so.11.0"), "")
    const ended = await loopcarry(["doctor", "--json"], { LD_LIBRARY_PATH: folder })
    const [found] = named(ended.stdout, "LD_LIBRARY_PATH")
    expect(found).toMatchObject({ verdict: "warning", platform: "cuda" })
    expect(found!.message).toContain(folder)
  })

  it("names the hosts of a slice, and metadata that is not asked for", async () => {
    const ended = await loopcarry(["doctor", "--json"], { TPU_WORKER_HOSTNAMES: "a,b,c,d" })
    expect(named(ended.stdout, "hosts")[0]!.message).toContain("one of 4 hosts")
  })

  it("refuses what is no device", async () => {
    expect((await loopcarry(["doctor", "--device", "moon"])).status).toBe(2)
  })
})

describe("time limits", () => {
  const endless = path.join(mkdtempSync(path.join(tmpdir(), "loopcarry-")), "endless.mlir")
  writeFileSync(endless, endlessModule)

  it.each([[["--in-process"]], [[]], [["--isolate"]]])("end a loop without end, with %j", async (more) => {
    const ended = await loopcarry(["exec", endless, "--time-limit", "10", ...more])
    expect(ended).toMatchObject({ status: 1, stdout: "" })
    expect(ended.stderr).toContain("running took longer than the time limit of 10 s")
    expect(ended.stderr).toContain(
      more[0] === "--in-process" ? "with --isolate its process is ended" : "its process was ended"
    )
  })

  it("are numbers", async () => {
    expect((await loopcarry(["exec", endless, "--time-limit", "soon"])).status).toBe(2)
  })
})
