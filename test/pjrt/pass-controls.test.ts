import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import { afterEach, describe, expect, it, vi } from "vitest"
import { type PassName, passNames } from "../../dsl/passes/names.ts"
import { recurrence } from "../../dsl/passes/recurrence/recurrence.ts"
import { isEquation } from "../../dsl/program.ts"
import { Backend, type ProgramSource } from "../../pjrt/backend/backend.ts"
import * as Device from "../../pjrt/device/device.ts"
import * as Pool from "../../pjrt/device/pool.ts"
import type { JitOptions } from "../../pjrt/jit/options.ts"
import { add, arange, f32, i32, jit, read, scan, tanh } from "../../pjrt/loopcarry.ts"
import { entries, headerOfEntry } from "../../pjrt/plugin/disk-cache.ts"
import { plugins } from "../support/plugins.ts"
import { failure } from "../support/run.ts"
import { onWorker } from "../support/worker.ts"

const steps = 100_000

/** A running sum of floats whose term does not need the carry. */
const summing = (options?: JitOptions) =>
  jit([f32()], (x) => scan(x, arange(steps, "f32"), (c, i) => [add(c, tanh(i)), null])[0], options)

const counting = (options?: JitOptions) =>
  jit([i32()], (x) => scan(x, arange(steps, "i32"), (c, i) => [add(c, i), null])[0], options)

const total = ((steps * (steps - 1)) / 2) | 0

/** The most steps that a loop of the program takes, and what its loops are allowed. */
const loopsOf = (program: Effect.Success<ReturnType<typeof summing>["program"]>) =>
  program.equations.flatMap((equation) => (isEquation(equation, "scan") ? [equation.params] : []))

const on = <A, E>(effect: Effect.Effect<A, E, Backend>, device: string, options?: Device.DeviceOptions) =>
  Effect.runPromise(Effect.provide(effect, Device.layer(device, options)) as Effect.Effect<A>)

/** What the device's own target makes of a function. */
const passesOn = (jitted: Pick<ReturnType<typeof summing>, "sourceFor">) =>
  Effect.gen(function* () {
    const { target } = yield* Backend
    return (yield* jitted.sourceFor(target)).passes
  })

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe("jit's options", () => {
  it("say which passes run", async () => {
    const plain = await Effect.runPromise(summing({ optimize: false }).program)
    expect(loopsOf(plain).map(({ length }) => length)).toEqual([steps])
    const free = await Effect.runPromise(summing({ reassociate: true }).program)
    expect(Math.max(...loopsOf(free).map(({ length }) => length!))).toBeLessThan(steps / 10)
    const source = await Effect.runPromise(summing({ optimize: ["fission"], reassociate: true }).source)
    expect(source.passes).toEqual(["permit", "prune", "fission", "prune"])
    expect((await Effect.runPromise(summing({ optimize: false }).source)).passes).toEqual(["prune"])
  })

  it("refuse passes that are not there", async () => {
    const wrong = async (options: JitOptions) =>
      Effect.runPromise(failure(summing(options).program) as Effect.Effect<Error>)
    expect(await wrong({ optimize: ["fusion" as PassName] })).toMatchObject({
      _tag: "ValueError",
      message: 'jit: there is no pass "fusion"',
      hint: expect.stringContaining(`the passes are: ${passNames.join(", ")}`)
    })
    expect(await wrong({ reassociate: "yes" as never })).toMatchObject({
      _tag: "ValueError",
      message: 'jit: reassociate is "yes", not true or false',
      hint: "give true to let floats be added in another order"
    })
  })

  it("give the same results, whichever passes run", async () => {
    for (const device of ["cpu", "reference"])
      for (const options of [{}, { optimize: false }, { optimize: ["recurrence"] }, { reassociate: true }])
        expect(
          await on(Effect.scoped(Effect.flatMap(counting(options as JitOptions)(0), (y) => y.read)), device)
        ).toBe(total)
  })
})

describe("a device's options", () => {
  const options = { optimize: false, reassociate: true } as const
  const worker = onWorker()

  it("are what its programs get, in this process, in a child, on a worker and on reference", async () => {
    const named = ["permit", "prune"]
    expect(await on(passesOn(summing()), "cpu", options)).toEqual(named)
    expect(await on(passesOn(summing()), "cpu", { ...options, isolate: true })).toEqual(named)
    expect(await on(passesOn(summing()), worker.device, options)).toEqual(named)
    expect(await on(passesOn(summing()), "reference", options)).toEqual(named)
    const results = Effect.scoped(Effect.flatMap(counting()(0), (y) => y.read))
    expect(await on(results, worker.device, options)).toBe(total)
    expect((await on(passesOn(summing()), "cpu"))?.includes("fission")).toBe(true)
  })

  it("give way to jit's own", async () => {
    expect(
      await on(passesOn(summing({ optimize: ["carries"], reassociate: false })), "cpu", options)
    ).toEqual(["prune", "carries", "prune"])
  })

  it("make one function two programs on two devices", async () => {
    const jitted = counting()
    const plain = on(Effect.scoped(Effect.flatMap(jitted(0), (y) => y.read)), "reference", options)
    const improved = on(Effect.scoped(Effect.flatMap(jitted(0), (y) => y.read)), "reference")
    expect(await Promise.all([plain, improved])).toEqual([total, total])
    const texts = await Effect.runPromise(
      Effect.forEach([options, {}], (each) =>
        jitted.sourceFor({ platform: "cpu", takes: "stablehlo", ...each })
      )
    )
    expect((texts[0] as ProgramSource).code).not.toBe((texts[1] as ProgramSource).code)
  })

  it("are refused where they are wrong", async () => {
    const error = await Effect.runPromise(
      Effect.scoped(failure(Device.open("cpu", { optimize: ["fusion" as PassName] }))) as never
    )
    expect(error).toMatchObject({
      _tag: "DeviceRequestError",
      message: 'there is no pass "fusion"',
      hint: expect.stringContaining(`the passes are: ${passNames.join(", ")}`)
    })
  })

  it("hold for the workers of a pool", async () => {
    const made = await Effect.runPromise(
      Effect.scoped(
        Effect.flatMap(Pool.make(["reference", "reference"], options), (pool) =>
          pool.map(counting(), [[0], [1]])
        )
      ) as Effect.Effect<unknown>
    )
    expect(made).toEqual([total, total + 1])
  })
})

describe("LOOPCARRY_DUMP", () => {
  it("numbers and names each pass, and one that runs twice has two files", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "passes-"))
    try {
      vi.stubEnv("LOOPCARRY_DUMP", folder)
      await Effect.runPromise(summing({ optimize: ["carries"], reassociate: true }).program)
      const [made] = readdirSync(folder)
      expect(readdirSync(path.join(folder, made!)).sort()).toEqual([
        "00-traced.txt",
        "01-permit.txt",
        "02-prune.txt",
        "03-carries.txt",
        "04-prune.txt",
        "05-composites.txt",
        "06-aranges.txt",
        "07-scans.txt",
        "module.mlir"
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe("the cache on disk", () => {
  it("keeps programs of different passes apart, and knows which passes made them", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "passes-"))
    try {
      vi.stubEnv("LOOPCARRY_NO_CACHE", "")
      vi.stubEnv("LOOPCARRY_CACHE", folder)
      const cached = (options: JitOptions) =>
        on(
          Effect.scoped(
            Effect.gen(function* () {
              const y = yield* counting(options)(1)
              expect(yield* read(y)).toBe(total + 1)
              return (yield* Backend).compiled().cached
            })
          ),
          `plugin:${plugins[0]!.path}`
        )
      const each: ReadonlyArray<JitOptions> = [
        { optimize: false },
        {},
        { optimize: ["carries"] },
        { optimize: false, reassociate: true }
      ]
      for (const options of each) expect(await cached(options)).toBe(0)
      expect(entries().length).toBe(each.length)
      for (const options of each) expect(await cached(options)).toBe(1)
      expect(entries().map((entry) => headerOfEntry(entry)?.passes?.join())).toEqual(
        expect.arrayContaining(["prune", "prune,carries,prune", "permit,prune"])
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe("a pass that throws", () => {
  const fails = () =>
    vi.spyOn(recurrence, "run").mockImplementation(() => {
      throw new Error("it is lost")
    })

  it("costs the program that pass and not the run, and is reported once", async () => {
    vi.stubEnv("LOOPCARRY_VERIFY", "")
    fails()
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {})
    for (let i = 0; i < 2; i++)
      expect(await on(Effect.scoped(Effect.flatMap(counting()(0), (y) => y.read)), "reference")).toBe(total)
    expect(warned.mock.calls.map(([words]) => words)).toEqual([
      "the pass recurrence failed, and programs run without it: it is lost. This is a fault of loopcarry's; please report it, with the folder that LOOPCARRY_DUMP writes"
    ])
    const { passes } = await Effect.runPromise(counting().source)
    expect(passes).toContain("fission")
    expect(passes).not.toContain("recurrence")
  })

  it("throws under LOOPCARRY_VERIFY", async () => {
    fails()
    await expect(Effect.runPromise(counting().program)).rejects.toThrow("it is lost")
  })
})
