import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import { afterEach, describe, expect, it } from "vitest"
import { namedFiles } from "../../native/plugins/environment.ts"
import { Backend, type ProgramSource } from "../../pjrt/backend/backend.ts"
import { makeWatch } from "../../pjrt/backend/watch.ts"
import { parseXlaOption, toldLess, type XlaOptions, xlaFault } from "../../pjrt/backend/xla.ts"
import * as Device from "../../pjrt/device/device.ts"
import { compileFor, loadCompiled } from "../../pjrt/index.ts"
import { compilerVariables, preparePluginEnvironment } from "../../pjrt/platforms/plugins.ts"
import { toldXla } from "../../pjrt/platforms/told.ts"
import { makeClient } from "../../pjrt/plugin/client.ts"
import { compile } from "../../pjrt/plugin/compile.ts"
import { accelerators } from "../support/accelerators.ts"
import { plugins } from "../support/plugins.ts"
import { failure } from "../support/run.ts"
import { onWorker } from "../support/worker.ts"

/** The maximum of 2 and NaN: NaN, unless XLA is told otherwise; then it takes the 2. */
const greatest: ProgramSource = {
  code: `module { func.func public @main(%x: tensor<f32>, %y: tensor<f32>) -> tensor<f32> {
  %z = stablehlo.maximum %x, %y : tensor<f32>
  return %z : tensor<f32>
} }`
}

const scalar = (value: number) => ({
  dtype: "f32" as const,
  shape: [],
  bytes: new Uint8Array(Float32Array.of(value).buffer)
})

const runOn = (
  backend: Backend["Service"],
  executable: { run: Effect.Success<ReturnType<Backend["Service"]["compile"]>>["run"] }
) =>
  Effect.gen(function* () {
    const scope = yield* Effect.scope
    const args = [yield* backend.put(scalar(2), scope), yield* backend.put(scalar(Number.NaN), scope)]
    const [made] = yield* executable.run(args, scope)
    return new Float32Array((yield* made!.bytes).buffer)[0]
  })

const result = (device: string, options: Device.DeviceOptions = {}) =>
  Effect.gen(function* () {
    const backend = yield* Device.open(device, options)
    return yield* runOn(backend, yield* backend.compile(greatest))
  }).pipe(Effect.scoped)

const run = Effect.runPromise
const fast: XlaOptions = { xla_cpu_enable_fast_min_max: true }
const unknown: XlaOptions = { xla_no_such_thing: true }

const temporary = () => mkdtempSync(path.join(tmpdir(), "loopcarry-test-"))
const cuda = accelerators.find(({ target }) => target.startsWith("cuda:"))

const saved = { ...process.env }
afterEach(() => {
  for (const key of Object.keys(process.env)) if (!(key in saved)) delete process.env[key]
  Object.assign(process.env, saved)
})

describe.each(plugins)("options of XLA on PJRT $api", ({ path: plugin }) => {
  it("are the user's, above ours", async () => {
    expect(await run(result(`plugin:${plugin}`))).toBeNaN()
    expect(await run(result(`plugin:${plugin}`, { xla: fast }))).toBe(2)
  })

  it("are refused that it does not know, or that are of another type", async () => {
    expect(await run(failure(result(`plugin:${plugin}`, { xla: unknown })))).toMatchObject({
      _tag: "CompileError",
      message: "No such compile option: 'xla_no_such_thing'",
      hint: expect.stringContaining("DebugOptions")
    })
    expect(
      await run(failure(result(`plugin:${plugin}`, { xla: { xla_cpu_enable_fast_min_max: "maybe" } })))
    ).toMatchObject({ _tag: "CompileError", message: expect.stringContaining("'maybe' is not a valid bool") })
  })

  it("are numbers whole and not, large numbers, and texts", async () => {
    const xla = {
      xla_backend_optimization_level: 1,
      xla_gpu_auto_spmd_partitioning_memory_budget_ratio: 0.5,
      xla_gpu_redzone_padding_bytes: 2 ** 40,
      xla_disable_hlo_passes: "algsimp,cse"
    }
    expect(await run(result(`plugin:${plugin}`, { xla }))).toBeNaN()
  })

  it("of ours that it does not know are left out", async () => {
    const made = Effect.gen(function* () {
      const api = yield* Device.loadPlugin(plugin)
      const client = yield* makeClient(api, {}, { watch: makeWatch({}, { hint: "", stop: Effect.void }) })
      const strange = { ...client, told: { ours: () => unknown, given: {} } }
      yield* compile(strange, client.devices[0]!, greatest)
      return yield* failure(
        compile({ ...client, told: { ours: () => ({}), given: unknown } }, client.devices[0]!, greatest)
      )
    })
    expect(await run(Effect.scoped(made))).toMatchObject({ _tag: "CompileError" })
  })
})

describe("options of XLA", () => {
  const worker = onWorker({ xla: fast })

  it("reach a process of its own", async () => {
    expect(await run(result("cpu", { isolate: true }))).toBeNaN()
    expect(await run(result("cpu", { isolate: true, xla: fast }))).toBe(2)
  })

  it("reach a process of its own by XLA_FLAGS, below the user's", async () => {
    process.env.XLA_FLAGS = "--xla_cpu_enable_fast_min_max=true"
    expect(await run(result("cpu", { isolate: true }))).toBe(2)
    const xla = { xla_cpu_enable_fast_min_max: false }
    expect(await run(result("cpu", { isolate: true, xla }))).toBeNaN()
    const file = path.join(temporary(), "flags")
    writeFileSync(file, "--xla_cpu_enable_fast_min_max=true\n")
    process.env.XLA_FLAGS = file
    expect(await run(result("cpu", { isolate: true }))).toBe(2)
  })

  it("reach what is compiled ahead", async () => {
    const found = async (xla?: XlaOptions) => {
      const { file, header } = await run(compileFor(greatest, "cpu", { xla }))
      expect(header.xla).toEqual(xla ?? {})
      return run(
        Effect.gen(function* () {
          const backend = yield* Backend
          return yield* runOn(backend, (yield* loadCompiled(file)).executable)
        }).pipe(Effect.scoped, Effect.provide(Device.layer("cpu")))
      )
    }
    expect(await found()).toBeNaN()
    expect(await found(fast)).toBe(2)
    expect(await run(failure(compileFor(greatest, "cpu", { xla: unknown })))).toMatchObject({
      _tag: "CompileError",
      message: "No such compile option: 'xla_no_such_thing'"
    })
    expect(await run(failure(compileFor(greatest, "cpu", { xla: { fast: true } })))).toMatchObject({
      _tag: "CompileError",
      message: "fast is no option of XLA: their names begin with xla_"
    })
  })

  it.each(accelerators)("are judged by the compiler of $target", async ({ target, plugin }) => {
    expect(await run(failure(compileFor(greatest, target, { plugin, xla: unknown })))).toMatchObject({
      _tag: "CompileError",
      message: "No such compile option: 'xla_no_such_thing'"
    })
  })

  it.runIf(cuda !== undefined)("keep a program's rounding on CUDA", async () => {
    const code = `module { func.func public @main(%x: tensor<64xf32>) -> tensor<64xf32> {
      %a = stablehlo.convert %x : (tensor<64xf32>) -> tensor<64xbf16>
      %b = stablehlo.convert %a : (tensor<64xbf16>) -> tensor<64xf32>
      %c = stablehlo.add %b, %x : tensor<64xf32>
      return %c : tensor<64xf32> } }`
    const conversions = async (xla?: XlaOptions) => {
      const folder = temporary()
      process.env.XLA_FLAGS = `--xla_dump_to=${folder}`
      await run(compileFor({ code }, cuda!.target, { plugin: cuda!.plugin, xla }))
      const dumped = readdirSync(folder).find((name) => name.endsWith("after_optimizations.txt"))
      return readFileSync(path.join(folder, dumped!), "utf8").split(" convert(").length - 1
    }
    expect(await conversions()).toBe(2)
    expect(await conversions({ xla_allow_excess_precision: true })).toBe(0)
  })

  it("are not for devices without XLA, nor for another's worker to be told by a client", async () => {
    expect(await run(failure(result("reference", { xla: fast })))).toMatchObject({
      _tag: "DeviceRequestError",
      message: expect.stringContaining("no XLA")
    })
    expect(await run(failure(result(worker.device, { xla: fast })))).toMatchObject({
      _tag: "DeviceRequestError",
      message: "--xla is for a device of this machine",
      hint: expect.stringContaining("loopcarry serve")
    })
  })

  it("are a worker's own", async () => {
    expect(await run(result(worker.device))).toBe(2)
  })

  it("have names and values of XLA's", () => {
    expect(xlaFault({ xla_a: true, xla_b: 1.5, xla_c: "" })).toBeUndefined()
    expect(xlaFault({ fast: true })).toContain("fast is no option of XLA")
    expect(xlaFault({ "--xla_a": true })).toContain("names begin with xla_")
    expect(xlaFault({ xla_a: Number.NaN })).toBe("xla_a cannot be NaN")
    expect(xlaFault({ xla_a: null } as never)).toContain("xla_a cannot be null")
  })

  it("are read from flags", () => {
    expect(parseXlaOption("xla_a=true")).toEqual(["xla_a", true])
    expect(parseXlaOption("--xla_a=false")).toEqual(["xla_a", false])
    expect(parseXlaOption("xla_a=-3")).toEqual(["xla_a", -3])
    expect(parseXlaOption("xla_a=0.25")).toEqual(["xla_a", 0.25])
    expect(parseXlaOption("xla_a=")).toEqual(["xla_a", ""])
    expect(parseXlaOption("xla_a=b=c,d")).toEqual(["xla_a", "b=c,d"])
    for (const text of ["NaN", "007", "1e400", "Infinity"])
      expect(parseXlaOption(`xla_a=${text}`)?.[1]).toBe(text)
    for (const text of ["xla_a", "a=1", "", "=1"]) expect(parseXlaOption(text)).toBeUndefined()
  })

  it("are ours where a program picks an operand, and XLA_FLAGS does not say otherwise", () => {
    const told = (minor: number, code: string | Uint8Array, ...environment: ReadonlyArray<string>) =>
      toldXla("cpu", { version: { minor }, environment }).ours(code)
    const slow = { xla_cpu_enable_fast_min_max: false }
    const dot = "LIBRARY_FUSION_TYPE_INDIVIDUAL_DOT"
    expect(told(115, "stablehlo.add")).toEqual(slow)
    expect(told(81, "stablehlo.maximum")).toEqual({ ...slow, xla_cpu_experimental_ynn_fusion_type: dot })
    const both = `${dot},LIBRARY_FUSION_TYPE_INDIVIDUAL_CONVOLUTION`
    expect(told(115, Buffer.from("\0clamp_v1\0"))).toEqual({
      ...slow,
      xla_cpu_experimental_ynn_fusion_type: both
    })
    expect(told(115, "stablehlo.add", "XLA_FLAGS=--xla_cpu_enable_fast_min_max")).toEqual({})
    expect(told(115, "stablehlo.add", "XLA_FLAGS=--xla_cpu_enable_fast_min_max_too=1")).toEqual(slow)
  })

  it("of ours are left out once, and never the user's", () => {
    const told = toldXla("cpu", { version: { minor: 115 }, environment: [] }, { xla_a: 1 })
    const less = toldLess(told, "", "No such compile option: 'xla_cpu_enable_fast_min_max'")
    expect(less?.ours("")).toEqual({})
    expect(toldLess(less!, "", "No such compile option: 'xla_cpu_enable_fast_min_max'")).toBeUndefined()
    expect(toldLess(told, "", "No such compile option: 'xla_a'")).toBeUndefined()
    expect(toldLess(told, "", "something else")).toBeUndefined()
  })
})

describe("what compilers read of the environment", () => {
  const folder = temporary()
  const file = path.join(folder, "flags")
  writeFileSync(file, "--xla_a=1\n--xla_b")

  it("is each variable that can change code, and the flags of a file", () => {
    const env = {
      XLA_FLAGS: file,
      LIBTPU_INIT_ARGS: "--x",
      NVIDIA_TF32_OVERRIDE: "0",
      NPROC: "2",
      HOME: "/",
      TF_CPP_MIN_LOG_LEVEL: "0"
    }
    expect(compilerVariables(env)).toEqual([
      "LIBTPU_INIT_ARGS=--x",
      "NPROC=2",
      "NVIDIA_TF32_OVERRIDE=0",
      "XLA_FLAGS=--xla_a=1\n--xla_b"
    ])
    expect(compilerVariables({})).toEqual([])
    expect(compilerVariables({ XLA_FLAGS: " --xla_a=2" })).toEqual(["XLA_FLAGS= --xla_a=2"])
    expect(compilerVariables({ XLA_FLAGS: path.join(folder, "none") })).toEqual([])
  })

  it("is also what the files hold that flags name", () => {
    const flags = [`XLA_FLAGS=--xla_a=${file}`]
    const before = namedFiles(flags)
    expect(before).toHaveLength(1)
    expect(namedFiles(flags)).toEqual(before)
    writeFileSync(file, "--xla_a=1\n--xla_b --xla_c")
    expect(namedFiles(flags)).not.toEqual(before)
    expect(namedFiles(["XLA_FLAGS=--xla_dump_to=/nowhere --xla_n=3"])).toEqual([])
  })

  it("keeps the flags of a file when more are added", () => {
    const site = path.join(folder, "site-packages")
    const env: NodeJS.ProcessEnv = { XLA_FLAGS: file }
    const tools = path.join(site, "nvidia/cu13/bin")
    mkdirSync(tools, { recursive: true })
    writeFileSync(path.join(tools, "ptxas"), "")
    preparePluginEnvironment(path.join(site, "jax_plugins/xla_cuda13/plugin.so"), env)
    expect(env.XLA_FLAGS).toBe(
      `--xla_a=1\n--xla_b --xla_c --xla_gpu_cuda_data_dir=${path.join(site, "nvidia/cu13")}`
    )
  })
})
