import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import * as Device from "../../pjrt/device/device.ts"
import { add, f32, jit, put, u8 } from "../../pjrt/loopcarry.ts"
import { gateBytes, gated, makeGate } from "../support/gate.ts"
import { increment, on, serves } from "../support/healthy.ts"
import { failure } from "../support/run.ts"
import { type Wire, type WireOptions, wireTo } from "../support/wire.ts"
import { onWorker } from "../support/worker.ts"

/** What a donated array is used for is done once: done twice, it fails. */
const step = jit([f32(3)], (x) => add(x, 1), { donate: [0] })

/** As an assertion of vitest's, this would take a minute for a megabyte. */
const same = (a: Uint8Array, b: Uint8Array): void => expect(Buffer.compare(a, b)).toBe(0)

const noise = (length: number) => Uint8Array.from({ length }, (_, i) => (i * i) % 251)

/** A client on a worker behind a wire; afterwards another client is served without one. */
const over =
  (worker: { readonly port: number; readonly device: string }) =>
  async <A, E>(
    wireOptions: WireOptions,
    work: (wire: Wire) => Effect.Effect<A, E, Backend | Scope.Scope>,
    options: Device.DeviceOptions = {}
  ): Promise<void> => {
    const wire = await wireTo(worker.port, wireOptions)
    await on(`remote://127.0.0.1:${wire.port}`, work(wire), options)
    await wire.close()
    await on(worker.device, serves)
  }

describe("a slow network", () => {
  const worker = onWorker({ limits: { leaseSeconds: 3 } })
  const run = over(worker)

  it("of 300 ms for a round trip: calls go on side by side, and results are right", () =>
    run({ delay: 150 }, () =>
      Effect.gen(function* () {
        const x = yield* put(f32(3), [1, 2, 3])
        expect(yield* (yield* step(x)).read).toEqual(Float32Array.of(2, 3, 4))
        const all = Array.from({ length: 20 }, (_, i) => Effect.flatMap(increment(i), (y) => y.read))
        const found = yield* Effect.all(all, { concurrency: "unbounded" })
        expect(found).toEqual(all.map((_, i) => i + 1))
      })
    ))

  it("of 50 KB in a second: an upload says how far it has come, and takes longer than the lease", async () => {
    const data = noise(250_000)
    const said: Array<{ phase: string; bytes: Array<number>; ended: boolean }> = []
    const slow: Device.DeviceOptions["slow"] = (phase, moved) => {
      const one = { phase, bytes: [] as Array<number>, ended: false }
      // On a slow machine other things may be slow, too.
      if (moved?.total !== data.length) return () => {}
      said.push(one)
      const timer = setInterval(() => one.bytes.push(moved.bytes), 100)
      return () => {
        clearInterval(timer)
        one.ended = true
      }
    }
    await run(
      { bytesPerSecond: 50_000 },
      () =>
        Effect.gen(function* () {
          const x = yield* put(u8(data.length), data)
          same(yield* x.read, data)
          yield* serves
        }),
      { slow }
    )
    const reading = said.find(({ phase }) => phase === "reading")!
    expect(said.map(({ phase, ended }) => [phase, ended])).toEqual([
      ["uploading", true],
      ["reading", true]
    ])
    const { bytes } = reading
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b))
    expect(new Set(bytes).size).toBeGreaterThan(5)
    expect(bytes.at(-1)).toBeLessThanOrEqual(data.length)
  })

  it("of 1 MB in a second: transfers larger than all that waits on the way outlast the lease", async () => {
    const data = noise(8_000_000)
    await run({ bytesPerSecond: 1_000_000 }, (wire) =>
      Effect.gen(function* () {
        const early = yield* put(f32(3), [1, 2, 3])
        const x = yield* put(u8(data.length), data)
        same(yield* x.read, data)
        expect(yield* early.read).toEqual(Float32Array.of(1, 2, 3))
        // One for calls, one for transfers.
        expect(wire.connections).toBe(2)
      })
    )
  })
})

describe("a network that resets", () => {
  const worker = onWorker({ limits: { leaseSeconds: 5 } })
  const run = over(worker)

  it.each([1, 100, 70_000, 1_500_000])("after %i bytes of an upload: it is done in the end", (bytes) =>
    run({}, (wire) =>
      Effect.gen(function* () {
        const data = noise(3_000_000)
        wire.after(bytes, "client", wire.reset)
        const x = yield* put(u8(data.length), data)
        same(yield* x.read, data)
        expect(wire.connections).toBeGreaterThan(2)
      })
    )
  )

  it.each([1, 100, 70_000, 1_500_000])("after %i bytes of a read: it is done in the end", (bytes) =>
    run({}, (wire) =>
      Effect.gen(function* () {
        const data = noise(3_000_000)
        const x = yield* put(u8(data.length), data)
        wire.after(bytes, "worker", wire.reset)
        same(yield* x.read, data)
        expect(wire.connections).toBeGreaterThan(2)
      })
    )
  )

  it.each([
    ["a call", "client"],
    ["an answer", "worker"]
  ] as const)("in the middle of %s: the run is done once", (_, from) =>
    run({}, (wire) =>
      Effect.gen(function* () {
        let x = yield* step(yield* put(f32(3), [0, 0, 0]))
        for (const bytes of [1, 10, 30, 60]) {
          wire.after(bytes, from, wire.reset)
          x = yield* step(x)
        }
        expect(yield* x.read).toEqual(Float32Array.of(5, 5, 5))
        expect(wire.connections).toBeGreaterThan(3)
      })
    )
  )

  it("in the middle of a large program: it is compiled in the end", () =>
    run({}, (wire) =>
      Effect.gen(function* () {
        yield* serves
        const table = Float32Array.from({ length: 100_000 }, (_, i) => i)
        const { compile } = yield* Backend
        const scope = yield* Effect.scope
        const code = `module { func.func public @main() -> tensor<100000xf32> {
          %x = stablehlo.constant dense<[${[...table].map((x) => x.toFixed(1)).join(", ")}]> : tensor<100000xf32> return %x : tensor<100000xf32> } }`
        wire.after(300_000, "client", wire.reset)
        const [y] = yield* (yield* compile({ code })).run([], scope)
        same(yield* y!.bytes, new Uint8Array(table.buffer))
        expect(wire.connections).toBeGreaterThan(1)
      })
    ))

  it("before a session has begun: that is told", async () => {
    const wire = await wireTo(worker.port)
    wire.after(1, "client", wire.reset)
    const opening = Effect.scoped(Device.open(`remote://127.0.0.1:${wire.port}`))
    const error = await Effect.runPromise(failure(opening))
    expect(error).toMatchObject({ _tag: "RemoteError", reason: "unreachable" })
    await wire.close()
  })

  it("again and again, wherever it happens: all results are right", () =>
    run({}, (wire) =>
      Effect.gen(function* () {
        let x = yield* put(f32(3), [0, 0, 0])
        const data = noise(200_000)
        for (let i = 0; i < 12; i++) {
          wire.after(50 + i * i * 500, i % 3 === 0 ? "worker" : "client", wire.reset)
          const array = yield* Effect.forkChild(put(u8(data.length), data))
          x = yield* step(x)
          same(yield* (yield* Fiber.join(array)).read, data)
        }
        expect(yield* x.read).toEqual(Float32Array.of(12, 12, 12))
      })
    ))
})

describe("a network that is gone for a while", () => {
  const worker = onWorker({ limits: { leaseSeconds: 3 } })

  it("takes nothing of what was said when a call is given up meanwhile: arrays are released", () =>
    over(worker)({}, (wire) =>
      Effect.gen(function* () {
        const { memory, device } = yield* Backend
        const x = yield* put(u8(1000), noise(1000))
        yield* serves
        wire.refuse(true)
        wire.cut()
        yield* x.release
        const given = yield* Effect.forkChild(increment(1), { startImmediately: true })
        yield* Effect.promise(() => expect.poll(() => wire.refused).toBeGreaterThan(0))
        yield* Fiber.interrupt(given)
        wire.refuse(false)
        yield* serves
        expect((yield* memory(device)).arrays.filter(({ bytes }) => bytes === 1000)).toEqual([])
      })
    ))
})

describe("a read that waits for its run", () => {
  const lease = 2
  const worker = onWorker({ limits: { leaseSeconds: lease } })

  it("for many leases: it is asked once, over the same connection", () =>
    over(worker)({}, (wire) =>
      Effect.gen(function* () {
        const slow = gated(100_000)
        yield* slow.compile
        const gate = makeGate()
        const shut = yield* put(u8(gateBytes), gate.bytes)
        const reading = yield* Effect.forkChild(Effect.flatMap(slow(shut), (y) => y.read))
        yield* Effect.sleep(4.5 * lease * 1000)
        gate.open()
        expect((yield* Fiber.join(reading)).every((value) => value === 1)).toBe(true)
        expect(wire.connections).toBe(2)
      })
    ))
})

describe("a network that falls silent", () => {
  const worker = onWorker({ limits: { leaseSeconds: 6 } })
  const run = over(worker)

  it("on one connection: another is made within the lease, and the session goes on", () =>
    run({}, (wire) =>
      Effect.gen(function* () {
        const x = yield* put(f32(3), [1, 2, 3])
        yield* serves
        wire.hold()
        const y = yield* step(x)
        expect(yield* y.read).toEqual(Float32Array.of(2, 3, 4))
        expect(wire.connections).toBe(2)
      })
    ))

  it("in the middle of an upload and of a read: they are done over another", () =>
    run({ bytesPerSecond: 4_000_000 }, (wire) =>
      Effect.gen(function* () {
        const data = noise(2_000_000)
        wire.after(400_000, "client", wire.hold)
        const x = yield* put(u8(data.length), data)
        wire.after(400_000, "worker", wire.hold)
        same(yield* x.read, data)
        expect(wire.connections).toBeGreaterThan(3)
      })
    ))

  it("for good: arrays are lost, and a run's fate is not known", () =>
    run({}, (wire) =>
      Effect.gen(function* () {
        const x = yield* put(f32(3), [1, 2, 3])
        const y = yield* step(x)
        wire.refuse(true)
        wire.hold()
        expect(yield* failure(step(y))).toMatchObject({ _tag: "OutcomeUnknown" })
        expect(yield* failure(y.read)).toMatchObject({ _tag: "DeviceLost" })
        wire.refuse(false)
        yield* serves
      })
    ))
})
