import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Tracer from "effect/Tracer"
import { afterEach, describe, expect, it, vi } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import {
  config,
  DeviceFlags,
  DeviceName,
  deviceLayer,
  metricsLayer,
  settings,
  usage
} from "../../pjrt/effect/index.ts"
import type { Device } from "../../pjrt/index.ts"
import { add, f32, jit, put, read } from "../../pjrt/loopcarry.ts"
import { onDevice } from "../support/run.ts"

const decode = <A>(schema: Schema.Codec<A, unknown>, given: unknown): Promise<A> =>
  Effect.runPromise(Schema.decodeUnknownEffect(schema)(given))

const configured = (values: Record<string, string>) =>
  ConfigProvider.layer(ConfigProvider.fromUnknown(values))

describe("schemas", () => {
  it("take device names, and refuse others with the names that there are", async () => {
    for (const name of ["cpu", "cpu:1", "reference", "remote://host:1/tpu:0", "plugin:/a.so"])
      expect(await decode(DeviceName, name)).toBe(name)
    for (const name of ["xla", "", "cpu:x", 3])
      await expect(decode(DeviceName, name)).rejects.toThrow(/device name|string/i)
    await expect(decode(DeviceName, "xla")).rejects.toThrow("device names are cpu, cpu:1")
  })

  it("take the options of a device, which open takes", async () => {
    const given = {
      virtualDevices: 2,
      timeLimit: { compiling: 60 },
      xla: { xla_cpu_enable_fast_math: true },
      optimize: ["fold"],
      strict: true
    }
    const options: Device.DeviceOptions = await decode(DeviceFlags, given)
    expect(options).toEqual(given)
    expect(await decode(DeviceFlags, {})).toEqual({})
  })

  it.each([
    [{ virtualDevice: 2 }, /virtualDevice/],
    [{ virtualDevices: 0 }, /virtualDevices/],
    [{ timeLimit: -1 }, /timeLimit/],
    [{ optimize: ["none"] }, /optimize/],
    [{ isolate: "yes" }, /isolate/]
  ])("refuse %j", async (given, words) => {
    await expect(decode(DeviceFlags, given)).rejects.toThrow(words)
  })
})

describe("settings", () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  it("are those of the provider", async () => {
    const given = {
      LOOPCARRY_DEVICE: "cpu:1",
      LOOPCARRY_OFFLINE: "1",
      LOOPCARRY_NO_CACHE: "true",
      LOOPCARRY_CACHE: "/somewhere"
    }
    const read = await Effect.runPromise(Effect.provide(settings, configured(given)))
    expect(read).toEqual({
      device: "cpu:1",
      plugin: Option.none(),
      offline: true,
      noCache: true,
      cache: Option.some("/somewhere")
    })
    const none = await Effect.runPromise(Effect.provide(settings, configured({})))
    expect([none.device, none.offline, none.noCache]).toEqual(["cpu", false, false])
  })

  it("open the device that they name", async () => {
    vi.stubEnv("LOOPCARRY_CACHE", "/before")
    const name = Effect.map(Backend, ({ device }) => device.name)
    const given = { LOOPCARRY_DEVICE: "reference", LOOPCARRY_CACHE: "/after" }
    const opened = name.pipe(Effect.provide(deviceLayer), Effect.provide(configured(given)))
    expect(await Effect.runPromise(opened)).toBe("reference")
    expect(process.env.LOOPCARRY_CACHE).toBe("/after")
  })

  it("are refused where they are wrong", async () => {
    const device = Effect.provide(config.device, configured({ LOOPCARRY_DEVICE: "xla" }))
    await expect(Effect.runPromise(device)).rejects.toThrow("no device name")
    const offline = Effect.provide(config.offline, configured({ LOOPCARRY_OFFLINE: "perhaps" }))
    await expect(Effect.runPromise(offline)).rejects.toThrow()
  })
})

describe("metrics", () => {
  const run = onDevice("cpu")

  it("count what is done, and are gone with their layer", () =>
    run(
      Effect.gen(function* () {
        const registry = Effect.provideService(Metric.MetricRegistry, new Map())
        const values = Effect.map(Metric.snapshot, (all) =>
          Object.fromEntries(
            all.map(({ id, state }) => [
              id,
              (state as { count?: number; value?: number }).count ?? (state as { value: number }).value
            ])
          )
        )
        const work = Effect.gen(function* () {
          const before = yield* values
          const grow = jit([f32(8)], (x) => add(x, 41))
          const x = yield* put(f32(8), new Float32Array(8))
          const y = yield* grow(yield* grow(x))
          yield* read({ y })
          const after = yield* values
          expect(
            Object.fromEntries(Object.entries(after).map(([id, value]) => [id, value - before[id]!]))
          ).toEqual({
            loopcarry_runs: 2,
            loopcarry_programs: 1,
            loopcarry_programs_cached: 0,
            loopcarry_bytes_up: 32,
            loopcarry_bytes_down: 32,
            loopcarry_arrays_held: 3,
            loopcarry_bytes_held: 96
          })
          expect((yield* usage).runs).toBe(after.loopcarry_runs)
        })
        yield* registry(
          Effect.gen(function* () {
            yield* Effect.provide(work, metricsLayer)
            expect(yield* values).toEqual({})
          })
        )
      })
    ))
})

describe("spans", () => {
  const run = onDevice("cpu")

  it("say of which function, device and array they are", async () => {
    const seen: Array<readonly [string, Record<string, unknown>]> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        const end = span.end.bind(span)
        span.end = (at, exit) => {
          end(at, exit)
          seen.push([span.name, Object.fromEntries(span.attributes)])
        }
        return span
      }
    })
    const grow = jit([f32(2)], function grow(x) {
      return add(x, 1)
    })
    await run(
      Effect.provideService(
        Effect.flatMap(grow([1, 2]), (y) => y.read),
        Tracer.Tracer,
        tracer
      )
    )
    const of = { "loopcarry.function": "grow" }
    const on = { "loopcarry.device": "cpu:0" }
    const moved = { "loopcarry.type": "f32[2]", "loopcarry.bytes": 8, ...on }
    expect(seen).toEqual([
      ["loopcarry.trace", of],
      ["loopcarry.lower", of],
      ["loopcarry.compile", { ...of, ...on }],
      ["loopcarry.upload", moved],
      ["loopcarry.run", { ...of, ...on }],
      ["loopcarry.download", moved]
    ])
  })
})
