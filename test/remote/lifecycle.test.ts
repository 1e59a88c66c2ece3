import { readdirSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import * as Device from "../../pjrt/device/device.ts"
import { f32, jit, mul, put, u8 } from "../../pjrt/loopcarry.ts"
import { paths } from "../../pjrt/served/remote/http2.ts"
import { gateBytes, gated, gatedModule, makeGate } from "../support/gate.ts"
import { on, serves } from "../support/healthy.ts"
import { metric, queued } from "../support/metrics.ts"
import { compileAsk, programAsk, RawClient } from "../support/raw-client.ts"
import { failure } from "../support/run.ts"
import { wireTo } from "../support/wire.ts"
import { onWorker } from "../support/worker.ts"

/** Ends when the worker holds no more than so many bytes of arrays. */
const holds = (address: string, bytes: number) =>
  expect.poll(() => metric(address, "array_bytes")).toBe(bytes)

/** Ends when more than a lease has passed: a client that has begun a session now, and has vanished, has lost it. */
const aLease = async (address: string): Promise<void> => {
  const expired = await metric(address, "sessions_expired_total")
  ;(await RawClient.open(address)).close()
  await expect.poll(() => metric(address, "sessions_expired_total")).toBeGreaterThan(expired)
}

describe("a session", () => {
  const worker = onWorker({ limits: { leaseSeconds: 3, sessions: 2000 } })

  it("of a client that is idle is kept", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        const x = yield* put(f32(3), [1, 2, 3])
        yield* Effect.promise(() => aLease(worker.address))
        expect(yield* x.read).toEqual(Float32Array.of(1, 2, 3))
      })
    ))

  it.each([
    ["", false],
    [", and its connection is lost just then", true]
  ])("is kept where both sides are held up for longer than a lease%s", async (_, cut) => {
    const wire = await wireTo(worker.port)
    await on(
      `remote://127.0.0.1:${wire.port}`,
      Effect.gen(function* () {
        const x = yield* put(f32(3), [1, 2, 3])
        yield* serves
        // Nothing is done in this process meanwhile, and nothing heard.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3500)
        if (cut) wire.cut()
        expect(yield* x.read).toEqual(Float32Array.of(1, 2, 3))
      })
    )
    await wire.close()
  })

  it("of a client that has vanished is ended, and all it had is freed", async () => {
    const client = await RawClient.open(worker.address)
    await client.put(0, 1, [1 << 20], new Uint8Array(1 << 20))
    expect(await metric(worker.address, "array_bytes")).toBe(1 << 20)
    client.close()
    await holds(worker.address, 0)
    expect(await metric(worker.address, "sessions")).toBe(0)
  })

  it("of a client that ends with its scope is ended at once", async () => {
    const expired = await metric(worker.address, "sessions_expired_total")
    await on(worker.device, Effect.asVoid(put(f32(1000), new Float32Array(1000))))
    await holds(worker.address, 0)
    expect(await metric(worker.address, "sessions_expired_total")).toBe(expired)
  })

  it("leaves its programs to others for a while, and no longer", async () => {
    const code = (n: number) => `module { func.func public @main() -> tensor<i32> {
      %x = stablehlo.constant dense<${n}> : tensor<i32> return %x : tensor<i32> } }`
    const session = async (...programs: ReadonlyArray<number>) => {
      const client = await RawClient.open(worker.address)
      for (const [i, n] of programs.entries())
        expect(await client.ask(i, programAsk(i, code(n)))).toMatchObject({ type: "Made" })
      await client.ask(programs.length, { type: "Bye" })
      client.close()
    }
    const compiled = () => metric(worker.address, "programs_compiled_total")
    const before = await compiled()
    await session(0)
    await session(0, 1)
    expect(await compiled()).toBe(before + 2)
    await session(...Array.from({ length: 70 }, (_, i) => 2 + i))
    await session(0)
    expect(await compiled()).toBe(before + 73)
  })

  it("is not kept by a wire that is only half there", async () => {
    const wire = await wireTo(worker.port)
    const client = await RawClient.open(`127.0.0.1:${wire.port}`)
    await client.put(0, 1, [100], new Uint8Array(100))
    wire.hold()
    await holds(worker.address, 0)
    client.close()
    await wire.close()
  })

  it("is kept while a call of it is worked on, though its client says nothing", async () => {
    const gate = makeGate()
    const client = await RawClient.open(worker.address)
    await client.ask(0, programAsk(1, gatedModule))
    await client.put(1, 1, [gateBytes], gate.bytes)
    client.say(2, { type: "Run", executable: 1, args: [1], first: 2 })
    await queued(worker.address, 1, 0)
    await aLease(worker.address)
    gate.open()
    expect(await client.answer(2)).toMatchObject({ type: "Ran" })
    // The lease begins with the answer: some looks at the session later, it is still there.
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect((await client.read(3, 2)).body).toEqual(Buffer.of(1))
    await client.ask(4, { type: "Bye" })
    client.close()
  })
})

describe("a session with a call that takes long", () => {
  const worker = onWorker({ limits: { inFlight: 4 } })

  it("goes on with others for as long as it likes: it says which answers it has", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        const gate = makeGate()
        const long = gated(1)
        yield* long.compile
        const running = yield* Effect.forkChild(long(yield* put(u8(gateBytes), gate.bytes)))
        yield* Effect.promise(() => queued(worker.address, 1, 0))
        for (let i = 0; i < 100; i++) yield* serves
        yield* Fiber.interrupt(running)
        yield* serves
      })
    ))
})

describe("clients that vanish", () => {
  const worker = onWorker({ limits: { leaseSeconds: 1, sessions: 3000 } })

  it("in the middle of an upload leave nothing", async () => {
    const wire = await wireTo(worker.port)
    const client = await RawClient.open(`127.0.0.1:${wire.port}`)
    const { stream } = client.begin(paths.put)
    const message = client.message(0, {
      type: "Put",
      array: 1,
      aval: { dtype: "u8", shape: [1 << 24] },
      device: 0
    })
    const head = Buffer.alloc(4)
    head.writeUInt32LE(message.length)
    const cut = wire.after(1 << 20, "client", wire.cut)
    stream.write(Buffer.concat([head, message]))
    stream.write(new Uint8Array(1 << 20))
    await cut
    await expect.poll(() => metric(worker.address, "sessions")).toBe(0)
    expect(await metric(worker.address, "array_bytes")).toBe(0)
    client.close()
    await wire.close()
  })

  it("in the middle of a read, and of a run, do not keep others waiting", async () => {
    const client = await RawClient.open(worker.address)
    await client.ask(0, compileAsk(1))
    await client.put(1, 1, [1 << 24], new Uint8Array(1 << 24))
    await client.put(2, 2, [4], new Uint8Array(4))
    const { stream } = client.begin(paths.read)
    const read = new Promise((resolve) => stream.once("data", resolve))
    stream.end(client.message(3, { type: "Read", array: 1 }))
    await read
    client.say(4, { type: "Run", executable: 1, args: [2], first: 5 })
    await client.heard()
    client.close()
    await on(worker.device, serves)
  })

  it("a thousand times leave neither memory nor handles behind", async () => {
    const handles = () => readdirSync("/proc/self/fd").length
    const cycle = async () => {
      const client = await RawClient.open(worker.address)
      await client.ask(0, compileAsk(1))
      await client.put(1, 10, [4], Uint8Array.of(1, 2, 3, 4))
      client.close()
    }
    const gone = () => expect.poll(() => metric(worker.address, "sessions")).toBe(0)
    for (let i = 0; i < 100; i++) await cycle()
    await gone()
    const before = { handles: handles(), bytes: process.memoryUsage().rss }
    for (let i = 0; i < 1000; i++) await cycle()
    await gone()
    await expect.poll(handles).toBeLessThan(before.handles + 20)
    expect(process.memoryUsage().rss - before.bytes).toBeLessThan(200 << 20)
  })
})

describe("work that is not waited for any more", () => {
  const worker = onWorker({ limits: { concurrency: 1 } })

  it("is cancelled: a run that waits for its turn, and its results; a compilation is finished for the next caller", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        const { memory, device } = yield* Backend
        const slow = gated(1_000_000)
        yield* slow.compile
        const gate = makeGate()
        const shut = yield* put(u8(gateBytes), gate.bytes)
        const first = yield* Effect.forkChild(slow(shut))
        yield* Effect.promise(() => queued(worker.address, 1, 0))
        const second = yield* Effect.forkChild(slow(shut))
        const compiling = yield* Effect.forkChild(jit([f32(7)], (x) => mul(x, 3))(new Float32Array(7)))
        yield* Effect.promise(() => queued(worker.address, 1, 2))
        yield* Fiber.interrupt(second)
        yield* Fiber.interrupt(compiling)
        yield* Effect.promise(() => queued(worker.address, 1, 1))
        gate.open()
        yield* Fiber.join(first)
        yield* serves
        yield* Effect.promise(() => queued(worker.address, 0, 0))
        const held = (yield* memory(device)).arrays
        // What was given up holds nothing: what the first run has made.
        expect(held.filter(({ bytes }) => bytes === 1_000_000)).toHaveLength(1)
      })
    ))

  it("because of a time limit of the client's own", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        const gate = makeGate()
        const shut = yield* put(u8(gateBytes), gate.bytes)
        expect(yield* failure(gated(1)(shut))).toMatchObject({
          _tag: "TimedOut",
          phase: "running",
          hint: "the worker was told to give it up"
        })
        yield* Effect.promise(() => queued(worker.address, 0, 0))
        expect(yield* shut.read).toHaveLength(gateBytes)
      }),
      { timeLimit: { running: 0.1 } }
    ))
})

describe("many clients at once", () => {
  const worker = onWorker({ limits: { concurrency: 2, sessions: 65 } })

  it("are all served, 64 of them", async () => {
    const one = Effect.gen(function* () {
      for (let i = 0; i < 5; i++) yield* serves
    })
    await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const clients = Array.from({ length: 64 }, () => Device.open(worker.device))
          // One after the other: how many connections are made in ten seconds is not what this is about.
          const backends = yield* Effect.all(clients)
          const all = backends.map((backend) => Effect.scoped(Effect.provideService(one, Backend, backend)))
          yield* Effect.all(all, { concurrency: "unbounded" })
        })
      )
    )
    expect(await metric(worker.address, "programs_compiled_total")).toBe(1)
  })
})
