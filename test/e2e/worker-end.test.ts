import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import * as Device from "../../pjrt/device.ts"
import { add, f32, jit, put } from "../../pjrt/loopcarry.ts"
import { on, running, serves } from "../support/healthy.ts"
import { failure } from "../support/run.ts"
import { start } from "../support/serving.ts"
import { endlessModule } from "../support/slow-modules.ts"

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe("a worker that ends", () => {
  it("by a kill of its supervisor: nobody is left, and its clients are told", async () => {
    const worker = await start(["--limit", "leaseSeconds=1"])
    const holder = worker.holder()
    await on(
      worker.device,
      Effect.gen(function* () {
        const x = yield* put(f32(3), [1, 2, 3])
        yield* serves
        worker.process.kill("SIGKILL")
        yield* Effect.promise(() => worker.ended)
        expect(yield* failure(x.read)).toMatchObject({ _tag: "DeviceLost" })
        expect(yield* failure(Device.open(worker.device))).toMatchObject({ reason: "unreachable" })
      })
    )
    for (let i = 0; i < 50 && alive(holder); i++) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(alive(holder)).toBe(false)
  })

  it("when it is asked to: what is under way is done, its results are read, and only then are clients told", async () => {
    const worker = await start()
    await on(
      worker.device,
      Effect.gen(function* () {
        const length = 1 << 22
        const step = jit([f32(length)], (x) => add(x, 1))
        const x = yield* put(f32(length), new Float32Array(length))
        const y = yield* step(x)
        const fiber = yield* Effect.forkChild(step(y))
        yield* Effect.sleep(1)
        worker.process.kill("SIGTERM")
        const z = yield* Fiber.join(fiber)
        expect(yield* failure(Device.open(worker.device))).toMatchObject({
          _tag: "RemoteError",
          reason: "limit",
          message: expect.stringContaining("the worker is ending and takes no new sessions")
        })
        expect((yield* z.read).every((value) => value === 2)).toBe(true)
        expect(yield* Effect.promise(() => worker.ended)).toBe(0)
        expect(yield* failure(z.read)).toMatchObject({
          _tag: "DeviceLost",
          message: expect.stringContaining("the worker was told to end")
        })
      })
    )
  })

  it("when it is asked to, after so many seconds at the latest", async () => {
    const worker = await start(["--drain-seconds", "1"])
    await on(
      worker.device,
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(failure(running(endlessModule)))
        yield* Effect.sleep(500)
        worker.process.kill("SIGTERM")
        expect(yield* Fiber.join(fiber)).toMatchObject({
          _tag: "OutcomeUnknown",
          message: expect.stringContaining("the worker was told to end")
        })
      })
    )
    expect(await worker.ended).toBe(0)
  })
})
