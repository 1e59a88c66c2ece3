import { readdirSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { Backend } from "../../pjrt/Backend.ts"
import { add, arange, f32, jit, mul, put, scan } from "../../pjrt/loopcarry.ts"
import { paths } from "../../pjrt/remote/http2.ts"
import { on, serves } from "../support/healthy.ts"
import { compileAsk, programAsk, RawClient } from "../support/raw-client.ts"
import { failure } from "../support/run.ts"
import { longToCompile } from "../support/slow-modules.ts"
import { wireTo } from "../support/wire.ts"
import { onWorker } from "../support/worker.ts"

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** What the worker holds of all its sessions, in its own words. */
const metric = async (address: string, name: string): Promise<number> => {
  const client = await RawClient.open(address)
  const { stream, reply } = client.begin(paths.metrics)
  stream.end()
  const found = new RegExp(`^loopcarry_${name} (\\S+)$`, "m").exec((await reply).body.toString())
  await client.ask(0, { type: "Bye" })
  client.close()
  return Number(found![1])
}

describe("a session", () => {
  const worker = onWorker({ limits: { leaseSeconds: 1, sessions: 2000 } })

  it("of a client that is idle is kept", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        const x = yield* put(f32(3), [1, 2, 3])
        yield* Effect.sleep(2500)
        expect(yield* x.read).toEqual(Float32Array.of(1, 2, 3))
      })
    ))

  it("of a client that has vanished is ended, and all it had is freed", async () => {
    const client = await RawClient.open(worker.address)
    await client.put(0, 1, [1 << 20], new Uint8Array(1 << 20))
    expect(await metric(worker.address, "array_bytes")).toBe(1 << 20)
    client.close()
    await pause(2500)
    expect(await metric(worker.address, "array_bytes")).toBe(0)
    expect(await metric(worker.address, "sessions")).toBe(1)
  })

  it("of a client that ends with its scope is ended at once", async () => {
    await on(worker.device, Effect.asVoid(put(f32(1000), new Float32Array(1000))))
    expect(await metric(worker.address, "array_bytes")).toBe(0)
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
    await pause(2500)
    expect(await metric(worker.address, "array_bytes")).toBe(0)
    client.close()
    await wire.close()
  })

  it("is kept while a call of it is worked on", async () => {
    const slow = jit(
      [f32(400, 400)],
      (a) => scan(a, arange(4000), (c) => [mul(add(c, 1), 0.5), null] as const)[0]
    )
    await on(
      worker.device,
      Effect.gen(function* () {
        const a = yield* put(f32(400, 400), new Float32Array(160_000))
        const y = yield* slow(a)
        yield* y.read
      })
    )
  })
})

describe("a session with a call that takes long", () => {
  const worker = onWorker({ limits: { inFlight: 4 } })

  it("goes on with others for as long as it likes: it says which answers it has", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        const { compile } = yield* Backend
        const long = yield* Effect.forkChild(compile({ code: longToCompile() }))
        for (let i = 0; i < 100; i++) yield* serves
        yield* Fiber.interrupt(long)
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
    stream.write(Buffer.concat([head, message]))
    stream.write(new Uint8Array(1 << 20))
    await pause(50)
    wire.cut()
    await pause(2500)
    expect(await metric(worker.address, "array_bytes")).toBe(0)
    client.close()
    await wire.close()
  })

  it("in the middle of a read, and of a run, do not keep others waiting", async () => {
    const client = await RawClient.open(worker.address)
    await client.ask(0, compileAsk(1))
    await client.put(1, 1, [1 << 24], new Uint8Array(1 << 24))
    const { stream } = client.begin(paths.read)
    stream.end(client.message(2, { type: "Read", array: 1 }))
    client.say(3, { type: "Run", executable: 1, args: [1], first: 5 })
    await pause(10)
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
    for (let i = 0; i < 100; i++) await cycle()
    await pause(2500)
    const before = { handles: handles(), bytes: process.memoryUsage().rss }
    for (let i = 0; i < 1000; i++) await cycle()
    await pause(2500)
    expect(await metric(worker.address, "sessions")).toBe(1)
    expect(handles()).toBeLessThan(before.handles + 20)
    expect(process.memoryUsage().rss - before.bytes).toBeLessThan(200 << 20)
  }, 120_000)
})

describe("work that is not waited for any more", () => {
  const worker = onWorker({ limits: { concurrency: 1 } })
  const slow = jit(
    [f32(500, 500)],
    (a) => scan(a, arange(8000), (c) => [mul(add(c, 1), 0.5), null] as const)[0]
  )

  it("is cancelled: a run that waits for its turn, its results, and a compilation", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        const { memory, device } = yield* Backend
        const a = yield* put(f32(500, 500), new Float32Array(250_000))
        yield* slow(a)
        const first = yield* Effect.forkChild(slow(a))
        const second = yield* Effect.forkChild(slow(a))
        const compiling = yield* Effect.forkChild(jit([f32(7)], (x) => mul(x, 3))(new Float32Array(7)))
        yield* Effect.sleep(5)
        yield* Fiber.interrupt(second)
        yield* Fiber.interrupt(compiling)
        yield* Fiber.join(first)
        yield* serves
        yield* Effect.sleep(200)
        const held = (yield* memory(device)).arrays
        // What was given up holds nothing: the argument, and what two runs have made.
        expect(held.filter(({ bytes }) => bytes === 1_000_000)).toHaveLength(3)
      })
    ))

  it("because of a time limit of the client's own", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        const a = yield* put(f32(500, 500), new Float32Array(250_000))
        // Its results are waited for when they are read.
        const late = Effect.flatMap(slow(a), (y) => y.read)
        expect(yield* failure(late)).toMatchObject({
          _tag: "TimedOut",
          hint: "the worker was told to give it up"
        })
        expect(yield* a.read).toHaveLength(250_000)
      }),
      { timeLimit: 0.1 }
    ))
})

describe("many clients at once", () => {
  const worker = onWorker({ limits: { concurrency: 2, sessions: 65 } })

  it("are all served, 64 of them", async () => {
    const one = Effect.gen(function* () {
      for (let i = 0; i < 5; i++) yield* serves
    })
    await Promise.all(Array.from({ length: 64 }, () => on(worker.device, one)))
    expect(await metric(worker.address, "programs_compiled_total")).toBe(1)
  })
})
