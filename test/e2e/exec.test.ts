import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { readNpy, writeNpy } from "../../pjrt/formats/npy.ts"
import { loopcarry, root, start } from "../support/command.ts"
import { endlessModule } from "../support/endless-modules.ts"
import { plugins } from "../support/plugins.ts"
import { alive, childrenOf, workOf } from "../support/processes.ts"
import { unzipMember } from "../support/zip.ts"

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-test-"))
const file = (name: string, content: string | Uint8Array): string => {
  const place = path.join(folder, name)
  writeFileSync(place, content)
  return place
}

const module = (body: string) => `module {\n${body}\n}\n`
const addition = file(
  "add.mlir",
  module(`  func.func public @main(%a: tensor<2x2xf32>, %b: tensor<2x2xf32>) -> tensor<2x2xf32> {
    %0 = stablehlo.add %a, %b : tensor<2x2xf32>
    return %0 : tensor<2x2xf32>
  }`)
)
const f32 = (...values: ReadonlyArray<number>) => new Uint8Array(Float32Array.from(values).buffer)
const a = file("a.npy", writeNpy({ dtype: "f32", shape: [2, 2], bytes: f32(1, 2, 3, 4) }))
const b = file("b.npy", writeNpy({ dtype: "f32", shape: [2, 2], bytes: f32(10, 20, 30, 40) }))

describe("loopcarry exec", () => {
  it("prints one JSON document, and nothing else, on stdout", async () => {
    const ended = await loopcarry(["exec", addition, "--input", a, "--input", b, "--json"])
    expect(ended).toMatchObject({ status: 0, stderr: "" })
    expect(JSON.parse(ended.stdout)).toEqual({
      device: { platform: "cpu", id: 0, kind: "cpu" },
      outputs: [{ dtype: "f32", shape: [2, 2], data: [11, 22, 33, 44] }]
    })
  })

  it("prints rows for people", async () => {
    const ended = await loopcarry(["exec", addition, "--input", a, "--input", b])
    expect(ended.stdout).toBe("  f32[2,2]  11 22\n            33 44\n")
  })

  it("writes what special numbers there are as the contract says", async () => {
    const special = file(
      "special.mlir",
      module(`  func.func public @main() -> (tensor<4xf32>, tensor<2xi64>, tensor<2xi1>, tensor<1xcomplex<f32>>, tensor<ui64>, tensor<0xf32>, tensor<bf16>) {
    %0 = stablehlo.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, 1.5]> : tensor<4xf32>
    %1 = stablehlo.constant dense<[9007199254740993, -3]> : tensor<2xi64>
    %2 = stablehlo.constant dense<[true, false]> : tensor<2xi1>
    %3 = stablehlo.constant dense<(1.0, -2.0)> : tensor<1xcomplex<f32>>
    %4 = stablehlo.constant dense<18446744073709551615> : tensor<ui64>
    %5 = stablehlo.constant dense<0.0> : tensor<0xf32>
    %6 = stablehlo.constant dense<0.5> : tensor<bf16>
    return %0, %1, %2, %3, %4, %5, %6 : tensor<4xf32>, tensor<2xi64>, tensor<2xi1>, tensor<1xcomplex<f32>>, tensor<ui64>, tensor<0xf32>, tensor<bf16>
  }`)
    )
    const ended = await loopcarry(["exec", special, "--json"])
    expect(ended.stderr).toBe("")
    expect(JSON.parse(ended.stdout).outputs).toEqual([
      { dtype: "f32", shape: [4], data: ["NaN", "Infinity", "-Infinity", 1.5] },
      { dtype: "i64", shape: [2], data: ["9007199254740993", -3] },
      { dtype: "bool", shape: [2], data: [true, false] },
      { dtype: "c64", shape: [1], data: [[1, -2]] },
      { dtype: "u64", shape: [], data: ["18446744073709551615"] },
      { dtype: "f32", shape: [0], data: [] },
      { dtype: "bf16", shape: [], data: [0.5] }
    ])
  })

  it("writes -0 as what it is, for programs and for people", async () => {
    const zeros = file(
      "zeros.mlir",
      module(`  func.func public @main() -> (tensor<3xf32>, tensor<f64>, tensor<1xcomplex<f32>>, tensor<2xi32>) {
    %0 = stablehlo.constant dense<[-0.0, 0.0, 0x7F800000]> : tensor<3xf32>
    %1 = stablehlo.constant dense<-0.0> : tensor<f64>
    %2 = stablehlo.constant dense<(-0.0, 1.0)> : tensor<1xcomplex<f32>>
    %3 = stablehlo.constant dense<[-1, 0]> : tensor<2xi32>
    return %0, %1, %2, %3 : tensor<3xf32>, tensor<f64>, tensor<1xcomplex<f32>>, tensor<2xi32>
  }`)
    )
    const { stdout } = await loopcarry(["exec", zeros, "--json"])
    const data = JSON.parse(stdout).outputs.map((output: { data: unknown }) => output.data)
    expect(data).toEqual([[-0, 0, "Infinity"], [-0], [[-0, 1]], [-1, 0]])
    expect((await loopcarry(["exec", zeros])).stdout).toContain("f32[3]  -0 0 Infinity\n")
  })

  it("reads inputs as numpy.load does: big-endian ones of Python 2", async () => {
    const header = "{'descr': '>f4', 'fortran_order': True, 'shape': (2L, 2L), }"
    const elements = new DataView(new ArrayBuffer(16))
    ;[1, 3, 2, 4].forEach((value, i) => {
      elements.setFloat32(4 * i, value)
    })
    const old = file(
      "old.npy",
      Buffer.concat([
        Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, header.length, 0]),
        Buffer.from(header),
        Buffer.from(elements.buffer)
      ])
    )
    const ended = await loopcarry(["exec", addition, "--input", old, "--input", b, "--json"])
    expect(JSON.parse(ended.stdout).outputs[0].data).toEqual([11, 22, 33, 44])
  })

  it("refuses a result whose size depends on values, and says what to do", async () => {
    const bounded = "tensor<?xf32, #stablehlo.bounds<4>>"
    const cut = file(
      "cut.mlir",
      module(`  func.func public @main(%x: tensor<2x2xf32>) -> ${bounded} {
    %0 = stablehlo.reshape %x : (tensor<2x2xf32>) -> tensor<4xf32>
    %1 = stablehlo.constant dense<2> : tensor<i32>
    %2 = stablehlo.set_dimension_size %0, %1, dim = 0 : (tensor<4xf32>, tensor<i32>) -> ${bounded}
    return %2 : ${bounded}
  }`)
    )
    for (const flags of [[], ["--isolate"], ["--output", path.join(folder, "cut.npz")]]) {
      const ended = await loopcarry(["exec", cut, "--input", a, ...flags])
      expect(ended).toMatchObject({ status: 1, stdout: "" })
      expect(ended.stderr).toContain("output 0 of the program is f32[<=4]: its size depends on values")
      expect(ended.stderr).toContain("next: return the array whole")
    }
  })

  it("writes results to an npz file, whole or not at all", async () => {
    const output = path.join(folder, "out.npz")
    expect((await loopcarry(["exec", addition, "--input", a, "--input", b, "--output", output])).status).toBe(
      0
    )
    expect(readNpy(await unzipMember(output, "arr_0.npy")).bytes).toEqual(f32(11, 22, 33, 44))
    const ended = await loopcarry([
      "exec",
      addition,
      "--input",
      a,
      "--input",
      b,
      "--output",
      path.join(addition, "x.npz")
    ])
    expect(ended).toMatchObject({ status: 2, stdout: "" })
    expect(ended.stderr).toContain("cannot be written")
    expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([])
  })

  it.each(plugins)("runs on the plugin of PJRT $api, named in each way", async ({ path: plugin }) => {
    for (const args of [
      ["--device", `plugin:${plugin}`],
      ["--plugin", plugin]
    ]) {
      const ended = await loopcarry(["exec", addition, "--input", a, "--input", b, "--json", ...args])
      expect(JSON.parse(ended.stdout).outputs[0].data).toEqual([11, 22, 33, 44])
    }
    const named = await loopcarry(["exec", addition, "--input", a, "--input", b, "--json"], {
      LOOPCARRY_DEVICE: `plugin:${plugin}`
    })
    expect(named.status).toBe(0)
  })

  it.each([
    ["no file", ["exec"], "say which file to run"],
    ["an absent file", ["exec", "/nonexistent.mlir"], "/nonexistent.mlir cannot be read"],
    ["an unknown flag", ["exec", addition, "--inputs", a], "Unknown option '--inputs'"],
    [
      "too few inputs",
      ["exec", addition, "--input", a],
      "@main takes 2 inputs (f32[2,2], f32[2,2]), but 1 is given"
    ],
    ["an input that is no array", ["exec", addition, "--input", a, "--input", addition], "not an .npy file"],
    [
      "a wrong number of virtual devices",
      ["exec", addition, "--input", a, "--input", b, "--virtual-devices", "many"],
      "--virtual-devices takes a whole number"
    ]
  ])("exits with 2 for %s", async (_, args, why) => {
    const ended = await loopcarry(args)
    expect(ended).toMatchObject({ status: 2, stdout: "" })
    expect(ended.stderr).toContain(why)
    expect(ended.stderr).toContain("next: ")
    expect(ended.stderr).not.toMatch(/^\s+at /m)
  })

  it("runs a program that jax.export has serialized, its inputs checked", async () => {
    const program = path.join(root, "test/fixtures/exported.bin")
    const start = file("start.npy", writeNpy({ dtype: "f32", shape: [], bytes: f32(1) }))
    const rows = file(
      "rows.npy",
      writeNpy({ dtype: "f32", shape: [4, 3], bytes: f32(...new Array(12).fill(1)) })
    )
    const ended = await loopcarry(["exec", program, "--input", start, "--input", rows, "--json"])
    expect(JSON.parse(ended.stdout).outputs).toEqual([
      { dtype: "f32", shape: [], data: [13] },
      { dtype: "f32", shape: [4], data: [1, 4, 7, 10] }
    ])
    const swapped = await loopcarry(["exec", program, "--input", rows, "--input", start])
    expect(swapped).toMatchObject({ status: 2, stdout: "" })
    expect(swapped.stderr).toContain("holds f32[4,3], but @main takes f32[] there")
    const damaged = file("damaged.bin", readFileSync(program).subarray(0, 600))
    expect((await loopcarry(["exec", damaged])).stderr).toContain(
      "not a program exported by jax.export, or cut short"
    )
  })

  it("exits with 2 for an input of another dtype or shape, and says both", async () => {
    const wrong = file("wrong.npy", writeNpy({ dtype: "i32", shape: [2, 2], bytes: new Uint8Array(16) }))
    const ended = await loopcarry(["exec", addition, "--input", a, "--input", wrong])
    expect(ended.status).toBe(2)
    expect(ended.stderr).toContain("holds i32[2,2], but @main takes f32[2,2] there")
  })

  it("exits with 2 where the text does not parse, with file, line and column", async () => {
    const bad = file("bad.mlir", module("  func.func public @main() -> tensor<f32> {\n    nonsense\n  }"))
    const ended = await loopcarry(["exec", bad])
    expect(ended).toMatchObject({ status: 2, stdout: "" })
    expect(ended.stderr).toContain(`${bad}:3:5: `)
    expect(ended.stderr).toContain("nonsense")
  })

  it("exits with 1 where the program fails, with the plugin's words", async () => {
    const huge = file(
      "huge.mlir",
      module(`  func.func public @main() -> tensor<17592186044416xf32> {
    %0 = stablehlo.constant dense<1.0> : tensor<17592186044416xf32>
    return %0 : tensor<17592186044416xf32>
  }`)
    )
    const ended = await loopcarry(["exec", huge])
    expect(ended).toMatchObject({ status: 1, stdout: "" })
    expect(ended.stderr).toMatch(/memory/i)
  })

  it("ends at once on an interrupt, though the program would run for ever", async () => {
    const endless = file("endless.mlir", endlessModule)
    const cache = path.join(folder, "cache")
    const programs = path.join(cache, "programs")
    const running = start("scripts/loopcarry.js", ["exec", endless, "--plugin", plugins[0]!.path], {
      LOOPCARRY_CACHE: cache,
      LOOPCARRY_NO_CACHE: ""
    })
    // Once it has been compiled, the program is all that this process works on.
    await expect.poll(() => existsSync(programs) && readdirSync(programs).length).toBe(1)
    const [holder] = childrenOf(running.pid)
    const compiled = workOf(holder!)
    await expect.poll(() => workOf(holder!)).toBeGreaterThan(compiled + 50)
    running.kill("SIGINT")
    expect(await running.ended).toMatchObject({ signal: "SIGINT", stdout: "" })
    await expect.poll(() => alive(holder!)).toBe(false)
  })
})
