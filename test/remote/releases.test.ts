import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { add, broadcastTo, f32, jit, put, u8 } from "../../pjrt/loopcarry.ts"
import { gateBytes, gated, makeGate } from "../support/gate.ts"
import { on, serves } from "../support/healthy.ts"
import { queued } from "../support/metrics.ts"
import { failure } from "../support/run.ts"
import { wireTo } from "../support/wire.ts"
import { onWorker } from "../support/worker.ts"

describe("an array that is released", () => {
  const worker = onWorker({ limits: { concurrency: 1 } })
  const slow = gated(1)

  it("while it is being asked for, over a connection that is still to be made, is read whole", async () => {
    const wire = await wireTo(worker.port, { delay: 50 })
    await on(
      `remote://127.0.0.1:${wire.port}`,
      Effect.gen(function* () {
        const length = 1 << 18
        const y = yield* jit([f32()], (x) => broadcastTo(x, [length]))(7)
        const reading = yield* Effect.forkChild(y.read, { startImmediately: true })
        yield* y.release
        expect(yield* failure(y.read)).toMatchObject({ _tag: "BufferGone", reason: "released" })
        // What this says, the worker hears before it is asked for the array.
        yield* serves
        expect((yield* Fiber.join(reading)).every((value) => value === 7)).toBe(true)
      })
    )
    await wire.close()
  })

  it("while a run that takes it waits for its turn is still there for it", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        const increment = jit([f32(3)], (x) => add(x, 1))
        const x = yield* put(f32(3), [1, 2, 3])
        yield* increment(x)
        yield* slow.compile
        const gate = makeGate()
        const before = yield* Effect.forkChild(slow(yield* put(u8(gateBytes), gate.bytes)))
        yield* Effect.promise(() => queued(worker.address, 1, 0))
        const running = yield* Effect.forkChild(increment(x))
        yield* Effect.promise(() => queued(worker.address, 1, 1))
        yield* x.release
        // Tells what is released, and waits for no turn.
        yield* (yield* put(f32(1), [0])).read
        expect(before.pollUnsafe()).toBeUndefined()
        gate.open()
        expect(yield* (yield* Fiber.join(running)).read).toEqual(Float32Array.of(2, 3, 4))
        yield* Fiber.join(before)
      })
    ))
})
