import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { callsInFlight } from "../../native/api.ts"
import { add, arange, f32, i32, jit, mul, put, read, scalar, scan, u8 } from "../../pjrt/loopcarry.ts"
import { gateBytes, gated, makeGate } from "../support/gate.ts"
import { plugins } from "../support/plugins.ts"
import { onDevice } from "../support/run.ts"

const megabytes = (bytes: number) => bytes / (1 << 20)

const cumulativeSum = jit([f32()], (start) =>
  scan(start, arange(10, "f32"), (carry, x) => {
    const total = add(carry, x)
    return [total, total]
  })
)

const spin = jit([i32()], (n) => scan(scalar(1, "i32"), arange(n), (c, x) => [add(mul(c, 3), x), null]))

describe.each(plugins)("under load on PJRT $api", ({ path }) => {
  const run = onDevice(`plugin:${path}`, { virtualDevices: 1 })

  it("20,000 calls, each with results of its own, leave memory flat", async () => {
    const calls = (count: number) =>
      Effect.gen(function* () {
        const big = yield* put(f32(), 0)
        for (let i = 0; i < count; i++) {
          const [total] = yield* Effect.scoped(Effect.flatMap(cumulativeSum(i % 7), (tree) => read(tree)))
          if (total !== 45 + (i % 7)) throw new Error(`call ${i} gave ${total}`)
        }
        return yield* big.read
      })
    await run(calls(2000))
    const before = process.memoryUsage.rss()
    await run(calls(20_000))
    expect(megabytes(process.memoryUsage.rss() - before)).toBeLessThan(48)
  })

  it("20,000 results of 64 KiB that are released at once leave memory flat", async () => {
    const make = jit([f32(16384)], (x) => add(x, 1))
    const calls = (count: number) =>
      Effect.gen(function* () {
        const x = yield* put(f32(16384), new Float32Array(16384))
        for (let i = 0; i < count; i++) (yield* make(x)).buffer.release()
      })
    await run(calls(500))
    const before = process.memoryUsage.rss()
    // Kept, these would be 1.2 GiB.
    await run(calls(20_000))
    expect(megabytes(process.memoryUsage.rss() - before)).toBeLessThan(128)
  })

  it("results that nobody releases go with their scope", async () => {
    const make = jit([f32(16384)], (x) => add(x, 2))
    const fill = (count: number) =>
      Effect.scoped(
        Effect.gen(function* () {
          const x = yield* put(f32(16384), new Float32Array(16384))
          for (let i = 0; i < count; i++) yield* make(x)
        })
      )
    await run(fill(500))
    const before = process.memoryUsage.rss()
    for (let i = 0; i < 20; i++) await run(fill(500))
    expect(megabytes(process.memoryUsage.rss() - before)).toBeLessThan(128)
  })

  it("200 concurrent asynchronous runs each give their own result", async () => {
    const wanted = (n: number) => {
      let c = 1
      for (let i = 0; i < n; i++) c = (Math.imul(c, 3) + i) | 0
      return c
    }
    const found = await run(
      Effect.forEach(
        Array.from({ length: 200 }, (_, i) => 1000 + 37 * i),
        (n) => Effect.flatMap(spin(n), ([carry]) => Effect.map(carry.read, (value) => [n, value] as const)),
        { concurrency: "unbounded" }
      )
    )
    for (const [n, value] of found) expect(value).toBe(wanted(n))
  })

  it("asynchronous calls survive garbage collection while they are under way", async () => {
    const pressure = Effect.gen(function* () {
      for (let i = 0; i < 40; i++) {
        // Garbage of the same sizes as the calls' own blocks.
        for (let j = 0; j < 500; j++) new Uint8Array(new ArrayBuffer(64 + (j % 512)))
        Array.from({ length: 20 }, () => new ArrayBuffer(1 << 20))
        yield* Effect.sleep(1)
      }
    })
    const n = 400_000
    const work = Effect.forEach(
      Array.from({ length: 60 }, (_, i) => i),
      (i) =>
        Effect.gen(function* () {
          const next = jit([f32(n)], (x) => add(x, 1))
          const y = yield* next(new Float32Array(n).fill(i))
          const values = yield* y.read
          yield* y.release
          return values.every((value) => value === i + 1)
        }),
      { concurrency: 12 }
    )
    const [right] = await run(Effect.all([work, pressure], { concurrency: "unbounded" }))
    expect(right.every(Boolean)).toBe(true)
  })

  it("a buffer released while a run uses it lives until the run has ended", async () => {
    const found = await run(
      Effect.gen(function* () {
        const slow = gated(1000)
        yield* slow.compile
        const gate = makeGate()
        const shut = yield* put(u8(gateBytes), gate.bytes)
        const fiber = yield* Effect.forkChild(slow(shut))
        while (callsInFlight() === 0) yield* Effect.sleep(0)
        yield* shut.release
        gate.open()
        return yield* (yield* Fiber.join(fiber)).read
      })
    )
    expect(found.every((value) => value === 1)).toBe(true)
  })
})
