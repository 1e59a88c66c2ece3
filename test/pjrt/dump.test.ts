import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { loweredFor, optimized } from "../../dsl/passes/index.ts"
import { compiler } from "../../dsl/passes/pass.ts"
import { traceNow } from "../../dsl/trace.ts"
import * as Device from "../../pjrt/device/device.ts"
import { add, arange, f32, jit, mul, read, scan } from "../../pjrt/loopcarry.ts"
import { codeAt } from "../support/place.ts"
import { failure } from "../support/run.ts"

/** A jitted function that nobody has called yet. */
const growing = () =>
  jit([f32()], function growing(x) {
    return scan(x, arange(10, "f32"), (carry, i) => [add(mul(carry, 2), i), null])[0]
  })

const value = <E, R>(effect: Effect.Effect<Parameters<typeof read>[0], E, R>) =>
  Effect.flatMap(effect, (array) => read(array))

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "dump-"))
  vi.stubEnv("LOOPCARRY_DUMP", folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const on = (device: string, options?: Device.DeviceOptions) =>
  Effect.runPromise(
    Effect.scoped(value(growing()(1))).pipe(
      Effect.provide(Device.layer(device, options))
    ) as Effect.Effect<unknown>
  )

/** A dumped program after tracing and after each pass, in their order. */
const stages = (() => {
  const names = ["traced"]
  const after = (name: string) => void names.push(name)
  const { program } = traceNow([f32()], (x) => x, "test")
  loweredFor(optimized(program, compiler, { after }), compiler, { after })
  return names.map((name, i) => `${String(i).padStart(2, "0")}-${name}.txt`)
})()

const stagesIn = (name: string) =>
  readdirSync(path.join(folder, name)).sort((a, b) => a.localeCompare(b, "en", { numeric: true }))

const text = (...parts: ReadonlyArray<string>) => readFileSync(path.join(folder, ...parts), "utf8")

describe("LOOPCARRY_DUMP", () => {
  it("has every stage of each function written, with what the compiler is told", async () => {
    expect(await on("cpu")).toBe(2037)
    const [made] = readdirSync(folder)
    expect(made).toBe("001-growing-cpu")
    expect(stagesIn(made!)).toEqual([...stages, "module.mlir", "options.json"])
    expect(text(made!, "00-traced.txt")).toContain("xs=(arange f32 from 0 step 1)")
    expect(text(made!, `${stages.length - 1}-scans.txt`)).toContain("while carry=")
    expect(JSON.parse(text(made!, "options.json"))).toMatchObject({
      replicas: 1,
      devices: ["cpu:0"],
      xla: { xla_cpu_enable_fast_min_max: false }
    })
  })

  it("gives operations the places of the user's calls", async () => {
    await on("cpu")
    const module = text("001-growing-cpu", "module.mlir")
    const place = (operation: RegExp) => {
      const [, file, at] =
        new RegExp(`${operation.source} loc\\("(.*)":(\\d+:\\d+)\\)$`, "m").exec(module) ?? []
      return codeAt(`${file}:${at}`)
    }
    expect(place(/stablehlo\.multiply .*/)).toMatch(/^mul\(carry, 2\)/)
    expect(place(/^ {4}\}/)).toMatch(/^scan\(x/)
  })

  it("numbers functions in their order, on each device that they run on", async () => {
    await on("reference")
    await on("cpu", { isolate: true })
    expect(readdirSync(folder)).toEqual(["001-growing-reference", "002-growing-cpu"])
    expect(stagesIn("001-growing-reference")).toEqual(stages)
    expect(readdirSync(path.join(folder, "002-growing-cpu"))).toContain("options.json")
  })

  it("refuses a folder that cannot be made", async () => {
    for (const root of ["/proc/none", path.join(folder, "file")]) {
      writeFileSync(path.join(folder, "file"), "")
      vi.stubEnv("LOOPCARRY_DUMP", root)
      const error: Error = await Effect.runPromise(
        Effect.scoped(failure(growing()(1))).pipe(Effect.provide(Device.layer("reference"))) as never
      )
      expect(error).toMatchObject({
        _tag: "ValueError",
        hint: "name a folder that can be written, or unset it"
      })
      expect(error.message).toContain("LOOPCARRY_DUMP: ")
    }
  })
})
