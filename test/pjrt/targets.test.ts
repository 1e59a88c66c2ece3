import * as Effect from "effect/Effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { cumulativeSum } from "../../examples/cumulative-sum.ts"
import { train } from "../../examples/data-parallel.ts"
import { gradientDescent } from "../../examples/gradient-descent.ts"
import { movingAverage } from "../../examples/moving-average.ts"
import { nestedScan } from "../../examples/nested-scan.ts"
import { recursiveUpdate } from "../../examples/recursive-update.ts"
import { sequentialTransform } from "../../examples/sequential-transform.ts"
import { Backend, type ProgramSource } from "../../pjrt/backend/backend.ts"
import * as Device from "../../pjrt/device/device.ts"
import { isCompiled, readCompiled, writeCompiled } from "../../pjrt/formats/compiled.ts"
import { compileFor, loadCompiled } from "../../pjrt/index.ts"
import { add, debugPrint, f32, jit, mul } from "../../pjrt/loopcarry.ts"
import { parseTarget } from "../../pjrt/platforms/targets.ts"
import { Child } from "../../pjrt/served/child/process.ts"
import { fromBase64, sentSource } from "../../pjrt/served/child/protocol.ts"
import { accelerators, missing } from "../support/accelerators.ts"
import { rowsOf, together } from "../support/jax-rows.ts"
import { cases, sourceInSingles } from "../support/language/cases.ts"
import { functionOf, programsOf } from "../support/matrices.ts"
import { plugins } from "../support/plugins.ts"
import { failure, onDevice, thrown } from "../support/run.ts"
import { sharded } from "../support/sharded.ts"

const examples = {
  cumulativeSum,
  gradientDescent,
  movingAverage,
  nestedScan,
  recursiveUpdate,
  sequentialTransform,
  train
} as const

/** The functions of the fixtures, with their derivatives and batches: all of them in CI, elsewhere one in sixteen. */
const fixtures = cases.filter((_, i) => process.env.LOOPCARRY_ALL_FIXTURES === "1" || i % 16 === 0)

/** All functions of small complex matrices; in CI also of real ones, and of larger ones, which some factor otherwise. */
const decompositions = programsOf(rowsOf("matrices.json")).filter(([shape]) =>
  (process.env.LOOPCARRY_ALL_FIXTURES === "1" ? /4,4|18,18/ : /c64.*4,4/).test(shape)
)

describe.each(accelerators)("compiling for $target, which is not here", ({ target, plugin }) => {
  let child: Child
  beforeAll(() => {
    child = Effect.runSync(Child.start(target))
  })
  afterAll(() => Effect.runPromise(child.close))

  const compile = (source: ProgramSource) =>
    Effect.runPromise(child.call("compileFor", { target, plugin, source: sentSource(source) }))

  it.each(Object.entries(examples))("the example %s", async (_, { source }) => {
    const made = await compile(await Effect.runPromise(source))
    expect(fromBase64(made.serialized).length).toBeGreaterThan(1000)
    expect(made.analysis.memory!.arguments).toBeGreaterThanOrEqual(0)
    expect(made.platform).toBe(target.split(":")[0])
    if (made.platform === "tpu") {
      expect(made.kind).toBe("TPU v5 lite")
      expect(made.analysis.codeBytes).toBeGreaterThan(1000)
      expect(made.analysis.cost!.flops).toBeGreaterThanOrEqual(0)
    }
  })

  it.each(fixtures.map((one) => [one.name, one] as const))("the fixture %s", async (_, one) => {
    const made = await compile(await Effect.runPromise(sourceInSingles(one)))
    expect(made.outputs.length).toBeGreaterThan(0)
  })

  it.each(decompositions)("linear algebra of %s", async (_, rows) => {
    const { source } = together(rows, functionOf).program
    const made = await compile(await Effect.runPromise(source as Effect.Effect<ProgramSource>))
    expect(made.outputs.length).toBeGreaterThan(0)
  })

  it.each(Object.entries(sharded).filter(([, { devices }]) => devices === undefined))(
    "%s, on four devices",
    async (_, { specs, fn, in: ins = null }) => {
      const { source } = jit(specs as never, fn as never, { in: ins })
      const made = await compile(await Effect.runPromise(source as Effect.Effect<ProgramSource>))
      expect(made.outputs.length).toBeGreaterThan(0)
    }
  )

  it("refuses what prints", async () => {
    const { source } = jit([f32()], (x) => debugPrint("x", x))
    const error = await compile(await Effect.runPromise(source)).catch((thrown) => thrown)
    expect(String(error)).toContain("are not in this process's memory")
  })
})

describe("targets", () => {
  const double = jit([f32(3)], (x) => mul(x, 2))

  for (const why of missing) it.skip(`not compiled for: ${why}`, () => {})

  it("are read from their names", () => {
    for (const known of ["cpu", "tpu:v5e:2x2", "tpu:v4:2x2x1", "tpu:v5p:2x2x1", "tpu:v6e:2x2", "tpu:v6e:4x4"])
      expect(parseTarget(known)).toBeDefined()
    for (const known of ["tpu:tpu7x:2x2x1", "cuda:sm80", "cuda:sm90", "cuda:sm100"])
      expect(parseTarget(known)).toBeDefined()
    for (const wrong of [
      "",
      "tpu",
      "tpu:v5e",
      "tpu:v9:2x2",
      "tpu:v5e:2x2x1",
      "tpu:v5e:0x2",
      "cuda:sm12",
      "gpu"
    ])
      expect(parseTarget(wrong)).toBeUndefined()
  })

  it("that are not known are refused, with those that are", async () => {
    const error = await Effect.runPromise(failure(compileFor(double, "tpu:v9:2x2")))
    expect(error).toMatchObject({ _tag: "CompileError", message: "there is no target tpu:v9:2x2" })
    expect((error as { hint: string }).hint).toContain("tpu:v5e:2x2")
  })

  it("a program compiled for the CPU runs here, and gives what it gives", async () => {
    const made = await Effect.runPromise(compileFor(double, "cpu"))
    expect(made.header).toMatchObject({ target: "cpu", platform: "cpu", partitioning: null })
    const result = await Effect.runPromise(
      Effect.gen(function* () {
        const { executable } = yield* loadCompiled(made.file)
        const { put } = yield* Backend
        const scope = yield* Effect.scope
        const bytes = new Uint8Array(Float32Array.of(1, 2, 3).buffer)
        const [y] = yield* executable.run([yield* put({ dtype: "f32", shape: [3], bytes }, scope)], scope)
        return new Float32Array((yield* y!.bytes).buffer)
      }).pipe(Effect.scoped, Effect.provide(Device.layer("cpu")))
    )
    expect(result).toEqual(Float32Array.of(2, 4, 6))
  })
})

describe("a compiled program that does not fit", () => {
  const run = onDevice("cpu")
  const other = onDevice(`plugin:${plugins[2]!.path}`)
  const double = jit([f32(3)], (x) => add(x, x))
  const made = () => Effect.runPromise(compileFor(double, "cpu"))

  it("of another build of the plugin", async () => {
    const { file } = await made()
    const error = await other(failure(loadCompiled(file)))
    expect(error._tag).toBe("DeviceUnavailable")
    expect(error.message).toContain("compiled by another build of the cpu plugin")
  })

  it.each([
    [
      "of another platform",
      { platform: "tpu", target: "tpu:v5e:2x2" },
      "compiled for tpu:v5e:2x2, but the device is cpu"
    ],
    ["of another processor", { cpu: "x64 Another" }, "compiled for another processor"]
  ])("%s", async (_, change, said) => {
    const { header, program } = readCompiled((await made()).file)
    const error = await run(
      failure(loadCompiled(writeCompiled({ header: { ...header, ...change }, program })))
    )
    expect(error._tag).toBe("DeviceUnavailable")
    expect(error.message).toContain(said)
  })

  it("cut short, altered, or something else", async () => {
    const { file } = await made()
    expect(isCompiled(file)).toBe(true)
    const altered = Uint8Array.from(file)
    altered[file.length - 5]! ^= 1
    for (const bad of [file.subarray(0, -1), file.subarray(0, 40), altered]) {
      const error = await run(failure(loadCompiled(bad)))
      expect(error).toMatchObject({ _tag: "CompileError", code: "DATA_LOSS" })
    }
    expect(isCompiled(new Uint8Array(3))).toBe(false)
    const older = file.slice()
    older[Buffer.from(file).indexOf("\n") - 1] = "1".charCodeAt(0)
    expect(isCompiled(older)).toBe(true)
    expect(thrown(() => readCompiled(older)).message).toContain("another version of loopcarry")
  })
})
