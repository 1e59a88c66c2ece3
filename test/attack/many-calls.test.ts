import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import * as Pool from "../../pjrt/device/pool.ts"
import { add, f32, jit, put, u8 } from "../../pjrt/loopcarry.ts"
import { countAttacks } from "../support/attack.ts"
import { gateBytes, gated, makeGate } from "../support/gate.ts"
import { increment, on, serves } from "../support/healthy.ts"
import { metric, queued } from "../support/metrics.ts"
import { start } from "../support/serving.ts"
import { wireTo } from "../support/wire.ts"
import { onWorker } from "../support/worker.ts"

const unbounded = { concurrency: "unbounded" } as const

/** As many results as were asked for, each of its own argument. */
const incremented = (count: number) =>
  Effect.gen(function* () {
    const all = yield* Effect.forEach(
      Array.from({ length: count }, (_, i) => i),
      (i) => Effect.scoped(Effect.flatMap(increment(i), ({ read }) => read)),
      unbounded
    )
    expect(all).toEqual(Array.from({ length: count }, (_, i) => i + 1))
  })

describe("more calls at once than a worker grants", () => {
  const worker = onWorker()
  const small = onWorker({ limits: { inFlight: 3 } })

  it("wait at the client: 3000 are right", async (context) => {
    countAttacks(context, 3000)
    const serving = await start()
    await on(serving.device, incremented(3000))
    serving.process.kill("SIGTERM")
    expect(await serving.ended).toBe(0)
  })

  it("wait where a worker grants 3 at a time", (context) => {
    countAttacks(context, 200)
    return on(small.device, incremented(200))
  })

  it.each([8, 100_000])("are uploads and reads of %i bytes, too", (bytes) =>
    on(
      small.device,
      Effect.gen(function* () {
        const numbers = Array.from({ length: 150 }, (_, i) => i)
        const data = (i: number) => new Uint8Array(bytes).fill(i)
        const arrays = yield* Effect.forEach(numbers, (i) => put(u8(bytes), data(i)), unbounded)
        const read = yield* Effect.forEach(arrays, (array) => array.read, unbounded)
        expect(read.every((each, i) => Buffer.from(each).equals(data(i)))).toBe(true)
      })
    )
  )

  it("are compilations, too", () =>
    on(
      small.device,
      Effect.gen(function* () {
        const numbers = Array.from({ length: 40 }, (_, i) => i)
        const results = yield* Effect.forEach(
          numbers,
          (n) => Effect.flatMap(jit([f32()], (x) => add(x, n))(1), ({ read }) => read),
          unbounded
        )
        expect(results).toEqual(numbers.map((n) => n + 1))
      })
    ))

  it("are shared by the workers of a pool", () =>
    Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const pool = yield* Pool.make([small.device, worker.device], { perWorker: 200 })
          const inputs = Array.from({ length: 500 }, (_, i) => [i] as const)
          expect(yield* pool.map(increment, inputs)).toEqual(inputs.map(([i]) => i + 1))
        })
      )
    ))

  it("are given up while they wait, and leave nothing behind", (context) =>
    on(
      small.device,
      Effect.gen(function* () {
        const before = yield* Effect.promise(() => metric(small.address, "arrays"))
        const gate = makeGate()
        const slow = gated(1)
        yield* slow.compile
        yield* Effect.scoped(
          Effect.gen(function* () {
            const shut = yield* put(u8(gateBytes), gate.bytes)
            yield* increment.compile
            const running = yield* Effect.forEach([1, 2, 3], () => Effect.forkChild(slow(shut)))
            yield* Effect.promise(() => queued(small.address, 3, 0))
            const waiting = yield* Effect.forEach(Array.from({ length: 2000 }), (_, i) =>
              Effect.forkChild(Effect.scoped(increment(i)))
            )
            const reading = yield* Effect.forkChild(
              Effect.scoped(Effect.flatMap(increment(41), ({ read }) => read))
            )
            countAttacks(context, waiting.length)
            for (const fiber of waiting) yield* Fiber.interrupt(fiber)
            gate.open()
            // What was not given up is done when it is its turn.
            expect(yield* Fiber.join(reading)).toBe(42)
            for (const fiber of running) expect((yield* Fiber.await(fiber))._tag).toBe("Success")
          })
        )
        yield* Effect.scoped(serves)
        yield* Effect.promise(() => expect.poll(() => metric(small.address, "arrays")).toBe(before))
      })
    ))
})

describe("calls that wait while the connection is lost", () => {
  const worker = onWorker({ limits: { inFlight: 5 } })

  it("are all done, each once: what is donated is there once only", async (context) => {
    const wire = await wireTo(worker.port)
    await on(
      `remote://127.0.0.1:${wire.port}`,
      Effect.gen(function* () {
        const bump = jit([u8(4)], (x) => add(x, 1), { donate: [0] })
        yield* bump.compile
        const chains = Array.from({ length: 40 }, (_, i) => i)
        countAttacks(context, chains.length)
        const cutting = setInterval(() => wire.cut(), 30)
        const last = yield* Effect.forEach(
          chains,
          (i) =>
            Effect.gen(function* () {
              let x = yield* put(u8(4), new Uint8Array(4).fill(i))
              for (let n = 0; n < 10; n++) x = yield* bump(x)
              return yield* x.read
            }),
          unbounded
        ).pipe(Effect.ensuring(Effect.sync(() => clearInterval(cutting))))
        expect(last).toEqual(chains.map((i) => new Uint8Array(4).fill(i + 10)))
        const backend = yield* Backend
        expect(backend.compiled().programs).toBe(1)
      })
    )
    await wire.close()
  })

  it("fail with the session, and were not begun", async () => {
    const wire = await wireTo(lost.port)
    await on(
      `remote://127.0.0.1:${wire.port}`,
      Effect.gen(function* () {
        const gate = makeGate()
        const slow = gated(1)
        const shut = yield* put(u8(gateBytes), gate.bytes)
        yield* slow.compile
        yield* increment.compile
        const all = yield* Effect.forEach(Array.from({ length: 20 }), (_, i) =>
          Effect.forkChild(i < 2 ? slow(shut) : increment(i))
        )
        yield* Effect.promise(() => queued(lost.address, 2, 0))
        wire.refuse(true)
        wire.cut()
        const ends = yield* Effect.forEach(all, (fiber) => Fiber.await(fiber))
        expect(ends.every(Exit.isFailure)).toBe(true)
        const tags = ends.map((end) => JSON.stringify(end).match(/DeviceLost|OutcomeUnknown/)?.[0])
        expect(tags.slice(0, 2)).toEqual(["OutcomeUnknown", "OutcomeUnknown"])
        expect(new Set(tags.slice(2))).toEqual(new Set(["DeviceLost"]))
        gate.open()
      })
    )
    await wire.close()
  })
  const lost = onWorker({ limits: { inFlight: 2, leaseSeconds: 1 } })
})
