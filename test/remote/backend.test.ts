import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import * as Device from "../../pjrt/device/device.ts"
import { add, arange, debugPrint, f32, jit, mul, put, scan, u8 } from "../../pjrt/loopcarry.ts"
import { gateBytes, gated, makeGate } from "../support/gate.ts"
import { on } from "../support/healthy.ts"
import { queued } from "../support/metrics.ts"
import { failure } from "../support/run.ts"
import { wireTo } from "../support/wire.ts"
import { sameWords } from "../support/words.ts"
import { onWorker } from "../support/worker.ts"

const cumulativeSum = jit([f32()], (start) =>
  scan(start, arange(10, "f32"), (carry, x) => {
    const total = add(carry, x)
    return [total, total]
  })
)

const sums = Float32Array.of(0, 1, 3, 6, 10, 15, 21, 28, 36, 45)

/** A healthy client's program. */
const serves = Effect.gen(function* () {
  const [total, all] = yield* cumulativeSum(0)
  expect(yield* total.read).toBe(45)
  expect(yield* all.read).toEqual(sums)
})

describe("a remote worker", () => {
  const worker = onWorker({ virtualDevices: 2 })

  it("is the same backend", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        yield* serves
        const { device, devices, identity, compiled } = yield* Backend
        expect(device).toMatchObject({ name: `${worker.device}/cpu:0`, platform: "cpu", id: 0 })
        expect(devices).toHaveLength(2)
        expect((yield* identity).stablehlo).toHaveLength(2)
        expect(compiled().programs).toBe(1)
      })
    ))

  it("takes the device that is named after its address", () =>
    on(
      `${worker.device}/cpu:1`,
      Effect.gen(function* () {
        const { device } = yield* Backend
        expect(device.name).toBe(`${worker.device}/cpu:1`)
        const x = yield* put(f32(3), [1, 2, 3])
        expect(x.buffer.device.id).toBe(1)
      })
    ))

  it("moves small and large arrays, and copies them from device to device", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        const { devices, copy } = yield* Backend
        const scope = yield* Effect.scope
        for (const length of [0, 1, 1 << 14, (1 << 14) + 1, 3_000_001]) {
          const data = Float32Array.from({ length }, (_, i) => i)
          const x = yield* put(f32(length), data)
          const y = yield* jit([f32(length)], (a) => add(a, 1))(x)
          data.fill(-1)
          const found = yield* y.read
          expect(found).toHaveLength(length)
          expect(found.every((value, i) => value === Math.fround(i + 1))).toBe(true)
          const there = yield* copy(x.buffer, devices[1]!, scope)
          expect(there.device.name).toBe(`${worker.device}/cpu:1`)
          expect((yield* there.bytes).length).toBe(4 * length)
        }
      })
    ))

  it("says what is wrong in the same words", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        yield* sameWords
        const printing = jit([f32()], (y) => mul(debugPrint("y", y), 2))
        expect(yield* failure(printing(1))).toMatchObject({ _tag: "RemoteError", reason: "denied" })
        yield* serves
      })
    ))

  it("counts the arrays of the session, and no others", async () => {
    await on(
      worker.device,
      Effect.gen(function* () {
        const { memory, device } = yield* Backend
        yield* put(f32(100), new Float32Array(100))
        const held = () => Effect.map(memory(device), ({ arrays }) => arrays.map(({ bytes }) => bytes))
        expect(yield* held()).toEqual([400])
        yield* Effect.promise(() => on(worker.device, put(f32(7), new Float32Array(7))))
        expect(yield* held()).toEqual([400])
        yield* Effect.scoped(put(f32(200), new Float32Array(200)))
        expect(yield* held()).toEqual([400])
      })
    )
  })

  it("refuses what is no device of its own, and no address", async () => {
    expect(
      await Effect.runPromise(Effect.scoped(failure(Device.open(`${worker.device}/tpu:0`))))
    ).toMatchObject({
      _tag: "RemoteError",
      reason: "denied",
      message: expect.stringContaining("has no device tpu:0: it has cpu:0, cpu:1")
    })
    expect(await Effect.runPromise(Effect.scoped(failure(Device.open("remote://:1"))))).toMatchObject({
      _tag: "DeviceRequestError"
    })
    expect(
      await Effect.runPromise(Effect.scoped(failure(Device.open(worker.device, { isolate: true }))))
    ).toMatchObject({ _tag: "DeviceRequestError", message: "--isolate is for a device of this machine" })
  })
})

describe("a connection that is lost", () => {
  const worker = onWorker({ limits: { leaseSeconds: 2 } })

  it("is made again, and the session goes on: arrays are still there, and no call is done twice", async () => {
    const wire = await wireTo(worker.port)
    await on(
      `remote://127.0.0.1:${wire.port}`,
      Effect.gen(function* () {
        const x = yield* put(f32(3), [1, 2, 3])
        const step = jit([f32(3)], (y) => add(y, 1), { donate: [0] })
        let y = yield* step(x)
        for (let i = 0; i < 5; i++) {
          // A donated array is gone after its run: done twice, the run would fail.
          const running = yield* Effect.forkChild(step(y))
          yield* Effect.sleep(i)
          wire.cut()
          y = yield* Fiber.join(running)
        }
        expect(yield* y.read).toEqual(Float32Array.of(7, 8, 9))
      })
    )
    await wire.close()
  })

  it("in the middle of an upload and of a read: both are done in the end", async () => {
    const wire = await wireTo(worker.port)
    await on(
      `remote://127.0.0.1:${wire.port}`,
      Effect.gen(function* () {
        const length = 8 << 20
        const data = Float32Array.from({ length }, (_, i) => i)
        wire.after(length, "client", wire.cut)
        const x = yield* put(f32(length), data)
        wire.after(length, "worker", wire.cut)
        const found = yield* x.read
        expect(wire.connections).toBeGreaterThan(3)
        expect(found.every((value, i) => value === i)).toBe(true)
      })
    )
    await wire.close()
  })

  it("for longer than the lease: the arrays are lost, a run's fate is unknown, and the next call begins anew", async () => {
    const wire = await wireTo(worker.port)
    await on(
      `remote://127.0.0.1:${wire.port}`,
      Effect.gen(function* () {
        const x = yield* put(f32(3), [1, 2, 3])
        yield* serves
        const running = yield* Effect.forkChild(Effect.exit(cumulativeSum(0)), { startImmediately: true })
        wire.refuse(true)
        wire.cut()
        const exit = yield* Fiber.join(running)
        expect(String(exit)).toMatch(/OutcomeUnknown|DeviceLost|_tag":"Success/)
        expect(yield* failure(x.read)).toMatchObject({ _tag: "DeviceLost" })
        wire.refuse(false)
        yield* serves
      })
    )
    await wire.close()
  })
})

describe("work that is given up", () => {
  const worker = onWorker({ limits: { concurrency: 1 } })

  it("is not begun where it waits for its turn, and others go on", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        yield* serves
        const busy = gated(1000)
        yield* busy.compile
        const gate = makeGate()
        const shut = yield* put(u8(gateBytes), gate.bytes)
        const many = yield* Effect.forEach(Array.from({ length: 8 }), () => Effect.forkChild(busy(shut)))
        yield* Effect.promise(() => queued(worker.address, 1, 7))
        yield* Effect.forEach(many.slice(1), (fiber) => Fiber.interrupt(fiber))
        yield* Effect.promise(() => queued(worker.address, 1, 0))
        gate.open()
        yield* Fiber.join(many[0]!)
        yield* serves
      })
    ))
})
