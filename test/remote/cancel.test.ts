import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import { add, arange, f32, jit, put, u8 } from "../../pjrt/loopcarry.ts"
import { Pool } from "../../pjrt/remote.ts"
import { frame } from "../../pjrt/served/remote/frames.ts"
import { paths } from "../../pjrt/served/remote/http2.ts"
import type { Ask } from "../../pjrt/served/remote/wire/wire.gen.ts"
import { endlessToCompile } from "../support/endless-modules.ts"
import { gateBytes, gated, gatedModule, makeGate } from "../support/gate.ts"
import { compile, on, serves } from "../support/healthy.ts"
import { queued } from "../support/metrics.ts"
import { compileAsk, programAsk, RawClient } from "../support/raw-client.ts"
import { bytes, failure as failed, withRawClient } from "../support/raw-worker.ts"
import { failure } from "../support/run.ts"
import { start } from "../support/serving.ts"
import { wireTo } from "../support/wire.ts"
import { onWorker } from "../support/worker.ts"

const run = (executable: number, first: number, ...args: ReadonlyArray<number>): Ask => ({
  type: "Run",
  executable,
  args,
  first
})

const cancel = (target: number): Ask => ({ type: "Cancel", target })

describe("a cancellation", () => {
  const raw = withRawClient({ concurrency: 1, inFlight: 4 })
  /** What the session has beside a gate. */
  const held = async (call: number, settled = 0) => {
    const found = await raw.client.ask(call, { type: "Memory", device: 0 }, settled)
    return found?.type === "MemoryReport" ? found.arrays.filter(({ bytes }) => bytes !== gateBytes) : found
  }
  /** The session's first two calls: a program that runs until its gate is opened, as executable 1, and the gate as array 1. */
  const withGate = async () => {
    const gate = makeGate()
    await raw.client.ask(0, programAsk(1, gatedModule))
    await raw.client.put(1, 1, [gateBytes], gate.bytes)
    return gate
  }

  it("of a call that has not come yet: it is not begun when it comes", async () => {
    await raw.client.ask(0, compileAsk(1))
    await raw.client.put(1, 10, [4], bytes(4))
    expect(await raw.client.ask(3, cancel(2))).toEqual({ type: "Done" })
    expect(await raw.client.ask(2, run(1, 11, 10))).toMatchObject(failed("call 2, which was cancelled"))
    expect(await held(4)).toHaveLength(1)
  })

  it("of a call that has been answered changes nothing", async () => {
    const made = await raw.client.ask(0, compileAsk(1))
    expect(await raw.client.ask(1, cancel(0))).toEqual({ type: "Done" })
    await raw.client.cutCalls()
    expect(await raw.client.ask(0, compileAsk(1))).toEqual(made)
  })

  it("of a call that nobody has made, of one long settled, of itself, and twice, changes nothing", async () => {
    await raw.client.ask(0, compileAsk(1))
    for (const [i, target] of [2 ** 32 - 1, 0, 3, 3].entries())
      expect(await raw.client.ask(i + 1, cancel(target), i > 0 ? 1 : 0)).toEqual({ type: "Done" })
    await raw.client.put(6, 10, [4], bytes(4))
    expect(await raw.client.ask(7, run(1, 11, 10))).toMatchObject({ type: "Ran" })
  })

  it("of a run that is under way: it is answered so, and what it makes is freed", async () => {
    const gate = await withGate()
    raw.client.say(2, run(1, 10, 1))
    await queued(raw.address, 1, 0)
    expect(await raw.client.ask(3, cancel(2))).toEqual({ type: "Done" })
    expect(await raw.client.answer(2)).toMatchObject(failed("call 2, which was cancelled"))
    expect(await raw.client.ask(4, { type: "Heartbeat" }, 3, [10])).toEqual({ type: "Done" })
    gate.open()
    // The device takes its time: what it makes then belongs to nobody.
    await raw.client.ask(5, compileAsk(2))
    expect(await held(6)).toEqual([])
  })

  it("of one that waits for its turn: it never begins, and the one before it is done", async () => {
    const gate = await withGate()
    raw.client.say(2, run(1, 10, 1))
    raw.client.say(3, run(1, 20, 1))
    raw.client.say(4, compileAsk(2))
    await queued(raw.address, 1, 2)
    await raw.client.ask(5, cancel(3))
    await raw.client.ask(6, cancel(4))
    expect(await raw.client.answer(3)).toMatchObject(failed("was cancelled"))
    expect(await raw.client.answer(4)).toMatchObject(failed("was cancelled"))
    await queued(raw.address, 1, 0)
    gate.open()
    expect(await raw.client.answer(2)).toMatchObject({ type: "Ran" })
    expect(await raw.client.ask(7, run(2, 30))).toMatchObject(failed("executable 2 is not known"))
    expect(await held(8)).toHaveLength(1)
  })

  it("by another session does nothing to this one", async () => {
    const gate = await withGate()
    raw.client.say(2, run(1, 10, 1))
    await queued(raw.address, 1, 0)
    const other = await RawClient.open(raw.address)
    expect(await other.ask(0, cancel(2))).toEqual({ type: "Done" })
    other.close()
    gate.open()
    expect(await raw.client.answer(2)).toMatchObject({ type: "Ran" })
  })

  it("of a read, in the middle: the array is still there", async () => {
    const data = bytes(1 << 22)
    await raw.client.put(0, 1, [data.length], data)
    const { stream, reply } = raw.client.begin(paths.read)
    stream.end(raw.client.message(1, { type: "Read", array: 1 }))
    stream.once("data", () => stream.close(8))
    await reply
    expect((await raw.client.read(2, 1)).body.equals(data)).toBe(true)
  })

  it("of an upload whose bytes do not come: calls that speak of the array are told", async () => {
    await raw.client.ask(0, compileAsk(1))
    const ask: Ask = { type: "Put", array: 10, aval: { dtype: "u8", shape: [4] }, device: 0 }
    const { stream, reply } = raw.client.begin(paths.put)
    stream.write(frame(raw.client.message(1, ask)))
    raw.client.say(2, run(1, 11, 10))
    await raw.client.heard()
    stream.close(8)
    await reply
    // The call that was given up has come, as far as others wait for it.
    expect(await raw.client.ask(3, cancel(1), 2)).toEqual({ type: "Done" })
    expect(await raw.client.answer(2)).toMatchObject({
      kind: "RemoteError",
      fields: expect.stringContaining("0 bytes follow the message, not 4")
    })
  })

  it("makes room for others: more calls than may be under way are refused, and no longer when some have ended", async () => {
    const gate = await withGate()
    for (let i = 2; i <= 5; i++) raw.client.say(i, run(1, 10 * i, 1))
    expect(await raw.client.ask(6, run(1, 60, 1))).toMatchObject(failed("4 calls have no answer yet"))
    for (let i = 3; i <= 5; i++) await raw.client.ask(10 + i, cancel(i))
    gate.open()
    expect(await raw.client.answer(2)).toMatchObject({ type: "Ran" })
    expect(await raw.client.ask(20, run(1, 70, 1))).toMatchObject({ type: "Ran" })
  })
})

describe("a time limit of the client's own", () => {
  const worker = onWorker()
  const nothingHeld = Effect.gen(function* () {
    const { memory, device } = yield* Backend
    expect((yield* memory(device)).arrays).toEqual([])
  })
  const timedOut = (phase: string) => ({ _tag: "TimedOut", phase, hint: "the worker was told to give it up" })

  it("ends a compilation, and the session goes on", async () => {
    const process = await start()
    await on(
      process.device,
      Effect.gen(function* () {
        const x = yield* put(f32(3), [1, 2, 3])
        expect(yield* failure(compile({ code: endlessToCompile }))).toMatchObject(timedOut("compiling"))
        expect(yield* x.read).toEqual(Float32Array.of(1, 2, 3))
      }),
      { timeLimit: { compiling: 0.3 } }
    )
    await on(process.device, serves)
    process.process.kill("SIGKILL")
  })

  it.each(["uploading", "reading"] as const)(
    "ends %s over a slow network, and the session goes on",
    async (phase) => {
      const wire = await wireTo(worker.port, { bytesPerSecond: 1_000_000 })
      await on(
        `remote://127.0.0.1:${wire.port}`,
        Effect.gen(function* () {
          const length = 30_000_000
          const made = jit([], () => arange(length / 4, "i32"))
          yield* Effect.scoped(
            Effect.gen(function* () {
              const work =
                phase === "uploading" ? put(u8(length), new Uint8Array(length)) : (yield* made()).read
              expect(yield* failure(work as Effect.Effect<unknown, unknown>)).toMatchObject(timedOut(phase))
            })
          )
          yield* nothingHeld
          yield* serves
        }),
        { timeLimit: { [phase]: 0.3 } }
      )
      await wire.close()
    }
  )

  it("of some of many calls at once ends those alone", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        const slow = gated(100_000)
        yield* slow.compile
        const gate = makeGate()
        const shut = yield* put(u8(gateBytes), gate.bytes)
        const hurried = Effect.flatMap(slow(shut), (y) => y.read).pipe(Effect.timeout(50))
        const fibers = yield* Effect.forEach([1, 2], () => Effect.forkChild(Effect.exit(hurried)))
        const patient = yield* Effect.forkChild(Effect.flatMap(slow(shut), (y) => y.read))
        for (const fiber of fibers) expect((yield* Fiber.join(fiber))._tag).toBe("Failure")
        gate.open()
        expect((yield* Fiber.join(patient)).every((value) => value === 1)).toBe(true)
        yield* serves
      })
    ))

  it("of a pool: what it was given up for is freed, and the pool goes on", () =>
    Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const pool = yield* Pool.make([worker.device, worker.device])
          const gate = makeGate()
          const shut = Array.from({ length: 20 }, () => [gate.bytes] as const)
          const slow = Effect.timeout(pool.map(gated(1), shut), 1000)
          expect((yield* Effect.exit(slow))._tag).toBe("Failure")
          gate.open()
          const quick = jit([f32()], (x) => add(x, 1))
          const many = Array.from({ length: 20 }, (_, i) => [i] as const)
          expect(yield* pool.map(quick, many)).toEqual(many.map(([i]) => i + 1))
        })
      )
    ))
})
