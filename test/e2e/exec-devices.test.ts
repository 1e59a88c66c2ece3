import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { readNpy, writeNpy } from "../../pjrt/formats/npy.ts"
import { loopcarry } from "../support/command.ts"
import { manual, partitions, products, replicas } from "../support/devices.ts"
import { onWorker } from "../support/worker.ts"
import { unzipMember } from "../support/zip.ts"

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-test-"))
const file = (name: string, content: string | Uint8Array): string => {
  const place = path.join(folder, name)
  writeFileSync(place, content)
  return place
}
const array = (name: string, shape: ReadonlyArray<number>, values: ReadonlyArray<number>): string =>
  file(name, writeNpy({ dtype: "f32", shape, bytes: new Uint8Array(Float32Array.from(values).buffer) }))

const counting = Array.from({ length: 24 }, (_, i) => i)
const ones = array("ones.npy", [4], [1, 2, 3, 4])
const tens = array("tens.npy", [4], [10, 20, 30, 40])
const rows = array("rows.npy", [5, 4], counting.slice(0, 20))
const whole = array("whole.npy", [4, 6], counting)
const sum = file("sum.mlir", replicas.text!)
const two = ["--virtual-devices", "2"]
const four = ["--virtual-devices", "4"]

/** Rows that lie on two partitions, of which the second has one row less, doubled where they lie. */
const uneven = (partitions.text as string)
  .replace("-> tensor<f32>", '-> (tensor<5x4xf32> {mhlo.sharding = "{devices=[2,1]<=[2]}"})')
  .replace(
    /%c = [\s\S]*return .*/,
    "%s = stablehlo.add %x, %x : tensor<5x4xf32>\n    return %s : tensor<5x4xf32>"
  )

describe("loopcarry exec of several replicas", () => {
  const device = (id: number) => ({ platform: "cpu", id, kind: "cpu" })

  it.each([[], ["--isolate"]])("gives each all inputs, and prints what each gives %s", async (...flags) => {
    const ended = await loopcarry(["exec", sum, "--input", ones, "--json", ...two, ...flags])
    expect(ended).toMatchObject({ status: 0, stderr: "" })
    const outputs = [{ dtype: "f32", shape: [4], data: [2, 4, 6, 8] }]
    expect(JSON.parse(ended.stdout)).toEqual({
      device: device(0),
      replicas: [
        { device: device(0), outputs },
        { device: device(1), outputs }
      ]
    })
  })

  it.each(Object.entries(replicas))("gives each its own, where there are as many: %s", async (form, code) => {
    const program = file(`sum-${form}`, code)
    const given = ["--input", ones, "--input", tens, ...two]
    for (const flags of [[], ["--isolate"]]) {
      const ended = await loopcarry(["exec", program, ...given, ...flags])
      expect(ended.stdout).toBe(
        "replica 0, on cpu:0\n  f32[4]  11 22 33 44\nreplica 1, on cpu:1\n  f32[4]  11 22 33 44\n"
      )
    }
  })

  it("writes what each gives to an npz file", async () => {
    const output = path.join(folder, "out.npz")
    const ended = await loopcarry(["exec", sum, "--input", ones, ...two, "--output", output])
    expect(ended.status).toBe(0)
    for (const name of ["replica0_arr_0.npy", "replica1_arr_0.npy"]) {
      const { bytes } = readNpy(await unzipMember(output, name))
      expect([...new Float32Array(bytes.slice().buffer)]).toEqual([2, 4, 6, 8])
    }
  })

  it.each([
    [[], 3, "needs 2 devices, but from cpu:0 on there is 1\n  next: a CPU can be split: --virtual-devices 2"],
    [["--isolate"], 3, "needs 2 devices, but from cpu:0 on there is 1"],
    [["--device", "cpu:1", ...two], 3, "needs 2 devices, but from cpu:1 on there is 1"],
    [["--input", ones, "--input", ones, ...two], 2, "or 2: those of each of the 2 replicas"]
  ])("is refused with %j", async (flags, status, why) => {
    const ended = await loopcarry(["exec", sum, "--input", ones, "--json", ...flags])
    expect(ended).toMatchObject({ status, stdout: "" })
    expect(ended.stderr).toContain(why)
  })

  it("that was compiled ahead is still of two", async () => {
    const out = path.join(folder, "sum.lcx")
    const made = await loopcarry(["compile", sum, "--target", "cpu", "-o", out, "--json"])
    expect(JSON.parse(made.stdout).programs[0]).toMatchObject({ replicas: 2, partitions: 1 })
    const ended = await loopcarry(["exec", out, "--input", ones, ...two])
    expect(ended.stdout).toContain("replica 1, on cpu:1\n  f32[4]  2 4 6 8\n")
    expect(await loopcarry(["exec", out, "--input", ones])).toMatchObject({ status: 3, stdout: "" })
  })
})

describe("loopcarry exec of several partitions", () => {
  const read = (stdout: string) =>
    JSON.parse(stdout).outputs.map(({ shape, data }: { shape: unknown; data: unknown }) => ({ shape, data }))

  it.each([
    ["a file of jax.export", products.file, products.outputs],
    ["its text", products.text, products.outputs],
    ["a file of jax.export with shard_map", manual.file, manual.outputs],
    ["its text", manual.text, manual.outputs]
  ])("takes and gives whole arrays, as JAX does: %s", async (_, code, outputs) => {
    const program = file("partitioned", code)
    for (const flags of [[], ["--isolate"]]) {
      const ended = await loopcarry(["exec", program, "--input", whole, "--json", ...four, ...flags])
      expect(ended).toMatchObject({ status: 0, stderr: "" })
      expect(read(ended.stdout)).toEqual(outputs)
    }
    const one = await loopcarry(["exec", program, "--input", whole, "--json"])
    expect(one).toMatchObject({ status: 3, stdout: "" })
    expect(one.stderr).toContain("of 1 replica and 4 partitions, needs 4 devices")
  })

  it.each(Object.entries(partitions))("pads what does not divide: %s", async (form, code) => {
    const program = file(`rows-${form}`, code)
    const ended = await loopcarry(["exec", program, "--input", rows, ...two])
    expect(ended).toMatchObject({ status: 0, stdout: "  f32[]  190\n" })
  })

  it("and leaves the padding out of what it gives", async () => {
    const ended = await loopcarry(["exec", file("uneven.mlir", uneven), "--input", rows, "--json", ...two])
    expect(read(ended.stdout)).toEqual([{ shape: [5, 4], data: counting.slice(0, 20).map((x) => 2 * x) }])
  })

  it("that were compiled ahead give the same", async () => {
    const out = path.join(folder, "uneven.lcx")
    const made = await loopcarry([
      "compile",
      file("uneven.mlir", uneven),
      "--target",
      "cpu",
      "-o",
      out,
      "--json"
    ])
    expect(JSON.parse(made.stdout).programs[0]).toMatchObject({ replicas: 1, partitions: 2 })
    const ended = await loopcarry(["exec", out, "--input", rows, "--json", ...two])
    expect(read(ended.stdout)).toEqual([{ shape: [5, 4], data: counting.slice(0, 20).map((x) => 2 * x) }])
  })

  it("inputs are held against the whole", async () => {
    const ended = await loopcarry(["exec", file("products.mlir", products.text), "--input", rows, ...four])
    expect(ended).toMatchObject({ status: 2, stdout: "" })
    expect(ended.stderr).toContain("holds f32[5,4], but @main takes f32[4,6] there")
  })
})

describe("loopcarry exec on a worker of two devices", () => {
  const worker = onWorker({ virtualDevices: 2 })

  it("runs replicas there", async () => {
    const given = ["--input", ones, "--input", tens, "--device", worker.device]
    const ended = await loopcarry(["exec", sum, ...given, "--json"])
    expect(ended).toMatchObject({ status: 0, stderr: "" })
    const { replicas: all } = JSON.parse(ended.stdout)
    expect(all.map((each: { outputs: ReadonlyArray<{ data: unknown }> }) => each.outputs[0]!.data)).toEqual([
      [11, 22, 33, 44],
      [11, 22, 33, 44]
    ])
  })

  it("refuses what it cannot divide, and says so", async () => {
    const ended = await loopcarry([
      ...["exec", file("uneven.mlir", uneven), "--input", rows, "--device", worker.device]
    ])
    expect(ended.status).not.toBe(0)
    expect(ended.stdout).toBe("")
    expect(ended.stderr).toContain("does not say how a program's arrays lie among its partitions")
  })
})
