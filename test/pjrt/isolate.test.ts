import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import { DeviceLost, TimedOut } from "../../pjrt/backend/errors.ts"
import * as Device from "../../pjrt/device/device.ts"
import { add, arange, eq, f32, i32, jit, put, scan, sub, whileLoop } from "../../pjrt/loopcarry.ts"
import { failure, onDevice } from "../support/run.ts"
import { sameWords } from "../support/words.ts"

const cumulativeSum = jit([f32()], (start) =>
  scan(start, arange(10, "f32"), (carry, x) => {
    const total = add(carry, x)
    return [total, total]
  })
)

/** A sharding over more devices than there are ends XLA's process. */
const crash = {
  code: `module attributes {mhlo.spmd_output_sharding = "{devices=[9]0}"} { func.func public @main() -> tensor<4xf32> {
  %x = stablehlo.constant dense<1.0> : tensor<4xf32> return %x : tensor<4xf32> } }`
}

const endless = jit([i32()], (x) =>
  whileLoop(
    (carry) => carry.run,
    (carry) => ({ run: carry.run, x: sub(carry.x, carry.x) }),
    { run: eq(x, x), x }
  )
)

describe("a plugin in a process of its own", () => {
  const run = onDevice("cpu", { isolate: true, virtualDevices: 2 })

  it("is the same backend", () =>
    run(
      Effect.gen(function* () {
        const [total, sums] = yield* cumulativeSum(0)
        expect(yield* total.read).toBe(45)
        expect(yield* sums.read).toEqual(Float32Array.of(0, 1, 3, 6, 10, 15, 21, 28, 36, 45))
        const { device, devices, memory } = yield* Backend
        expect(devices.map(({ name }) => name)).toEqual(["cpu:0", "cpu:1"])
        expect((yield* memory(device)).arrays.length).toBeGreaterThan(0)
      })
    ))

  it("passes large arrays from process to process", () =>
    run(
      Effect.gen(function* () {
        const length = 3_000_000
        const step = jit([f32(length)], (x) => add(x, 1))
        const data = Float32Array.from({ length }, (_, i) => i)
        const x = yield* put(f32(length), data)
        const y = yield* (yield* step(x)).read
        expect(y.every((value, i) => value === i + 1)).toBe(true)
        const again = yield* x.view
        expect(again.every((value, i) => value === i)).toBe(true)
      })
    ))

  it("takes arrays of many axes, which take longer to put", () =>
    run(
      Effect.gen(function* () {
        const { put: putHere } = yield* Backend
        const scope = yield* Effect.scope
        for (const rank of [64, 65, 300]) {
          const shape = Array.from({ length: rank }, () => 1)
          const x = yield* putHere({ dtype: "u8", shape, bytes: Uint8Array.of(rank % 256) }, scope)
          expect(yield* x.bytes).toEqual(Uint8Array.of(rank % 256))
        }
      })
    ))

  it("copies from device to device", () =>
    run(
      Effect.gen(function* () {
        const { devices, copy } = yield* Backend
        const scope = yield* Effect.scope
        const x = yield* put(f32(3), [1, 2, 3])
        const there = yield* copy(x.buffer, devices[1]!, scope)
        expect(there.device.name).toBe("cpu:1")
        expect(new Float32Array((yield* there.bytes).buffer)).toEqual(Float32Array.of(1, 2, 3))
      })
    ))

  it("says what is wrong in the same words", () => run(sameWords))

  it("loses its arrays with a crash, and serves again", () =>
    run(
      Effect.gen(function* () {
        const { compile } = yield* Backend
        const x = yield* put(f32(), 1)
        const [before] = yield* cumulativeSum(x)
        const error = yield* failure(compile(crash))
        expect(error).toBeInstanceOf(DeviceLost)
        expect(error.message).toMatch(/was ended by SIG(SEGV|BUS|ABRT)/)
        expect(yield* failure(x.read)).toMatchObject({ _tag: "DeviceLost" })
        expect((yield* failure(x.read)).message).toContain("this f32[] was lost")
        expect(yield* failure(cumulativeSum(before))).toMatchObject({ _tag: "DeviceLost" })
        const [total] = yield* cumulativeSum(0)
        expect(yield* total.read).toBe(45)
      })
    ))

  it("keeps nothing for a read that was given up", () =>
    run(
      Effect.gen(function* () {
        const length = 1 << 20
        const replace = jit([f32(length)], (x) => add(x, 1), { donate: [0] })
        const x = yield* put(f32(length), new Float32Array(length))
        const reading = yield* Effect.forkChild(x.read, { startImmediately: true })
        yield* Fiber.interrupt(reading)
        // What is read in place cannot be donated.
        const y = yield* replace(x)
        expect((yield* y.read)[length - 1]).toBe(1)
      })
    ))

  it("fails the calls that a crash interrupts, all of them", () =>
    run(
      Effect.gen(function* () {
        const { compile } = yield* Backend
        const [total] = yield* cumulativeSum(0)
        expect(yield* total.read).toBe(45)
        const exits = yield* Effect.all(
          [
            Effect.exit(compile(crash)),
            Effect.exit(compile({ ...crash, donated: [], partitioning: undefined }))
          ],
          { concurrency: "unbounded" }
        )
        for (const exit of exits) expect(String(exit)).toContain("DeviceLost")
        expect(yield* (yield* cumulativeSum(1))[0].read).toBe(46)
      })
    ))
})

describe("a time limit", () => {
  it("ends a loop without end with its process, and the next call has a fresh one", async () => {
    await Effect.runPromise(
      Effect.gen(function* () {
        const error = yield* failure(endless(1))
        expect(error).toBeInstanceOf(TimedOut)
        expect(error.message).toBe("running took longer than the time limit of 3 s")
        expect(yield* (yield* cumulativeSum(0))[0].read).toBe(45)
      }).pipe(
        Effect.scoped,
        Effect.provide(Device.layer("cpu", { isolate: true, timeLimit: { running: 3 } }))
      )
    )
  })
})
