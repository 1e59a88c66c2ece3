import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import * as Device from "../../pjrt/device/device.ts"
import { add, f32, jit, put } from "../../pjrt/loopcarry.ts"
import { frame } from "../../pjrt/served/remote/frames.ts"
import { paths } from "../../pjrt/served/remote/http2.ts"
import type { Ask } from "../../pjrt/served/remote/wire/wire.gen.ts"
import { endlessModule } from "../support/endless-modules.ts"
import { compile, on, serves } from "../support/healthy.ts"
import { queued } from "../support/metrics.ts"
import { alive } from "../support/processes.ts"
import { RawClient } from "../support/raw-client.ts"
import { failure } from "../support/run.ts"
import { start } from "../support/serving.ts"

describe("a worker that ends", () => {
  it("by a kill of its supervisor: nobody is left, and its clients are told", async () => {
    const worker = await start(["--limit", "leaseSeconds=3"])
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
    await expect.poll(() => alive(holder)).toBe(false)
  })

  it("when it is asked to: what is under way is done, its results are read, and only then are clients told", async () => {
    const worker = await start()
    const other = await RawClient.open(worker.address)
    await on(
      worker.device,
      Effect.gen(function* () {
        const length = 1 << 22
        const step = jit([f32(length)], (x) => add(x, 1))
        const x = yield* put(f32(length), new Float32Array(length))
        const y = yield* step(x)
        // An array that is still on its way is under way for as long as this likes.
        const ask: Ask = { type: "Put", array: 1, aval: { dtype: "u8", shape: [4] }, device: 0 }
        const { stream, reply } = other.begin(paths.put)
        stream.write(frame(other.message(0, ask)))
        yield* Effect.promise(() => other.heard())
        const fiber = yield* Effect.forkChild(step(y), { startImmediately: true })
        worker.process.kill("SIGTERM")
        const z = yield* Fiber.join(fiber)
        const refused = Effect.repeat(failure(Effect.scoped(Device.open(worker.device))), {
          until: (error) => error._tag === "RemoteError"
        })
        expect(yield* refused).toMatchObject({
          _tag: "RemoteError",
          reason: "limit",
          message: expect.stringContaining("the worker is ending and takes no new sessions")
        })
        expect((yield* z.read).every((value) => value === 2)).toBe(true)
        stream.end(new Uint8Array(4))
        expect((yield* Effect.promise(() => reply)).answer).toEqual({ type: "Done" })
        expect(yield* Effect.promise(() => worker.ended)).toBe(0)
        expect(yield* failure(z.read)).toMatchObject({
          _tag: "DeviceLost",
          message: expect.stringContaining("the worker was told to end")
        })
      })
    )
    other.close()
  })

  it("when it is asked to, after so many seconds at the latest", async () => {
    const worker = await start(["--drain-seconds", "1"])
    await on(
      worker.device,
      Effect.gen(function* () {
        const endless = yield* compile({ code: endlessModule })
        const fiber = yield* Effect.forkChild(failure(endless.run([], yield* Effect.scope)))
        yield* Effect.promise(() => queued(worker.address, 1, 0))
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
