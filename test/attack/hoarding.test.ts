import type { ClientHttp2Stream, ServerHttp2Stream } from "node:http2"
import { Duplex } from "node:stream"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { answerCalls } from "../../pjrt/serve/worker/calls.ts"
import { defaultLimits } from "../../pjrt/serve/worker/limits.ts"
import { Session } from "../../pjrt/serve/worker/session.ts"
import type { WorkerContext } from "../../pjrt/serve/worker/welcome.ts"
import { frame } from "../../pjrt/served/remote/frames.ts"
import { paths } from "../../pjrt/served/remote/http2.ts"
import type { Ask, Partitioning } from "../../pjrt/served/remote/wire/wire.gen.ts"
import { countAttacks } from "../support/attack.ts"
import { on, serves } from "../support/healthy.ts"
import { metric } from "../support/metrics.ts"
import { compileAsk, programAsk, RawClient } from "../support/raw-client.ts"
import { failure } from "../support/raw-worker.ts"
import { onWorker } from "../support/worker.ts"

const MiB = 1 << 20

/** A client of its own for each test. After anything, another client is served. */
const attacker = (worker: { readonly address: string; readonly device: string }) => {
  let client: RawClient
  beforeEach(async () => {
    client = await RawClient.open(worker.address)
  })
  afterEach(async () => {
    client.close()
    await on(worker.device, serves)
  })
  return () => client
}

const put = (array: number, shape: ReadonlyArray<number>): Ask => ({
  type: "Put",
  array,
  aval: { dtype: "u8", shape },
  device: 0
})

/** Asks for an array and reads nothing of it; ends when its bytes begin to come. */
const stalledRead = async (client: RawClient, call: number, array: number): Promise<ClientHttp2Stream> => {
  const { stream } = client.begin(paths.read)
  stream.pause()
  const responds = new Promise((resolve) => stream.once("response", resolve))
  stream.end(client.message(call, { type: "Read", array }))
  await responds
  stream.pause()
  return stream
}

describe("what a session holds of arrays", () => {
  const worker = onWorker({ limits: { arrayBytes: 60 * MiB, bytes: 100 * MiB } })
  const client = attacker(worker)

  it("is not more by a call that comes again with a larger array: it has the answer of the first time", async (context) => {
    expect((await client().put(0, 5, [4], Uint8Array.of(1, 2, 3, 4))).answer).toEqual({ type: "Done" })
    const shapes = [[200 * MiB], [2 ** 40], [2 ** 31, 2 ** 31], [2 ** 31, 2 ** 31, 2 ** 31], []]
    for (const shape of shapes) {
      // Not one of the bytes that are announced has come.
      const { stream, reply } = client().begin(paths.put)
      stream.write(frame(client().message(0, put(5, shape))))
      expect((await reply).answer).toEqual({ type: "Done" })
    }
    const again = await client().put(0, 5, [4], Uint8Array.of(9, 9, 9, 9))
    expect(again.answer).toEqual({ type: "Done" })
    expect([...(await client().read(1, 5)).body]).toEqual([1, 2, 3, 4])
    countAttacks(context, shapes.length + 1)
  })

  it("counts what is released while it is being sent, until it has been sent or its client has gone", async (context) => {
    const bytes = new Uint8Array(50 * MiB).fill(7)
    const attempt = (call: number, array: number) => client().put(call, array, [bytes.length], bytes)
    // Another test's session has some bytes yet.
    const held = async () => Math.floor((await metric(worker.address, "array_bytes")) / MiB)
    // What is not read fills the window of its connection.
    const readers = [await RawClient.open(worker.address), await RawClient.open(worker.address)]
    const streams: Array<ClientHttp2Stream> = []
    for (const [array, reader] of readers.entries()) {
      reader.session = client().session
      expect((await attempt(3 * array, array)).answer).toEqual({ type: "Done" })
      streams.push(await stalledRead(reader, 3 * array + 1, array))
      await client().ask(3 * array + 2, { type: "Heartbeat" }, 0, [array])
    }
    const announced = frame(client().message(6, put(3, [bytes.length])))
    expect((await client().post(paths.put, announced)).answer).toMatchObject(
      failure("the session's arrays would have 157286400 bytes")
    )
    let sum = 0
    streams[0]!.on("data", (chunk: Buffer) => {
      sum += chunk.every((byte) => byte === 7) ? chunk.length : 0
    })
    const whole = new Promise((resolve) => streams[0]!.once("close", resolve))
    streams[0]!.resume()
    await whole
    expect(sum).toBe(bytes.length)
    await expect.poll(held).toBe(50)
    readers[1]!.close()
    await expect.poll(held).toBe(0)
    readers[0]!.close()
    expect((await attempt(7, 4)).answer).toEqual({ type: "Done" })
    countAttacks(context, 2)
  })
})

const doubling = (n: number) => `module { func.func public @main(%x: tensor<f32>) -> tensor<f32> {
  %c = stablehlo.constant dense<${n}.0> : tensor<f32>
  %y = stablehlo.multiply %x, %c : tensor<f32>
  return %y : tensor<f32> } }`

describe("what a session holds of programs", () => {
  const worker = onWorker({ limits: { programs: 5 } })
  const client = attacker(worker)

  it("counts those whose number stands for another now", async (context) => {
    for (let i = 0; i < 5; i++)
      expect(await client().ask(i, programAsk(1, doubling(i)))).toMatchObject({ type: "Made" })
    const compiled = await metric(worker.address, "programs_compiled_total")
    for (let i = 5; i < 15; i++)
      expect(await client().ask(i, programAsk(1, doubling(i)))).toMatchObject(
        failure("the session has 5 programs")
      )
    // What is refused is not compiled first, and what it has it may have again.
    expect(await metric(worker.address, "programs_compiled_total")).toBe(compiled)
    expect(await client().ask(20, programAsk(2, doubling(0)))).toMatchObject({ type: "Made" })
    countAttacks(context, 10)
  })

  it("counts none that the compiler refuses", async (context) => {
    for (let i = 0; i < 10; i++)
      expect(await client().ask(i, programAsk(1, doubling(i).replace("<f32> }", "<f64> }")))).toMatchObject({
        type: "Failure",
        kind: "CompileError"
      })
    expect(await client().ask(10, programAsk(1, doubling(0)))).toMatchObject({ type: "Made" })
    countAttacks(context, 10)
  })

  it("has no word of how arrays are divided that is longer than a program", async (context) => {
    const none = { axes: [] }
    const many = { axes: Array.from({ length: 100_000 }, () => ({ names: [] })) }
    const one = { name: "x", size: 1 }
    const attempts: ReadonlyArray<Partitioning> = [
      { mesh: [one], in: [many], out: [none] },
      { mesh: [one], in: [none], out: [many] },
      { mesh: [one], in: Array.from({ length: 100_000 }, () => none), out: [] },
      { mesh: [{ name: "x".repeat(2 * MiB), size: 1 }], in: [none], out: [none] },
      { mesh: Array.from({ length: 50_000 }, (_, i) => ({ name: `x${i}`, size: 1 })), in: [], out: [] },
      { mesh: [one], in: [{ axes: [{ names: Array.from({ length: 300_000 }, () => "x") }] }], out: [] }
    ]
    for (const [call, partitioning] of attempts.entries())
      expect(await client().ask(call, { ...compileAsk(1), partitioning })).toMatchObject(
        failure("how the program's arrays are divided takes")
      )
    countAttacks(context, attempts.length)
  })
})

describe("what a session holds of answers", () => {
  const worker = onWorker({ limits: { arrays: 5000 } })
  const client = attacker(worker)

  it("is little where its client does not read them: nothing more is read then", async (context) => {
    const beats = 20_000
    let answered = 0
    let went = () => {}
    // The answers that are written to it go nowhere, until they may.
    const stream = new Duplex({
      read: () => {},
      write: (_, __, done) => {
        answered++
        went = done
      }
    })
    const house = { messageLimit: MiB, sessions: { called: () => {} } } as unknown as WorkerContext
    const session = new Session(defaultLimits, 1, "")
    answerCalls(
      house,
      Object.assign(stream, { respond: () => {}, close: () => {} }) as unknown as ServerHttp2Stream,
      session
    )
    const beat = frame(client().message(1, { type: "Heartbeat" }))
    const some = Buffer.concat(Array.from({ length: 1000 }, () => beat))
    for (let i = 0; i < beats / 1000; i++) stream.push(some)
    await new Promise(setImmediate)
    expect(stream.isPaused()).toBe(true)
    expect(stream.writableLength).toBeLessThanOrEqual(1000 * 2 * beat.length)
    expect(stream.readableLength).toBe((beats / 1000 - 1) * some.length)
    // Read, they are followed by all others.
    while (answered < beats) {
      went()
      await new Promise(process.nextTick)
    }
    expect(stream.readableLength).toBe(0)
    countAttacks(context, 1)
  })

  it("is one for each call of a stream, however often it is asked", async (context) => {
    // An earlier call is still to come, so that there is no answer yet.
    const beat = frame(client().message(7, { type: "Memory", device: 0 }))
    client().calls.write(Buffer.concat(Array.from({ length: 20_000 }, () => beat)))
    await client().heard()
    let answers = 0
    client().calls.on("data", (chunk: Buffer) => {
      answers += chunk.length
    })
    for (let call = 0; call < 7; call++) await client().ask(call, { type: "Heartbeat" })
    expect(await client().answer(7)).toMatchObject({ type: "MemoryReport" })
    await client().heard()
    expect(answers).toBeLessThan(10_000)
    countAttacks(context, 1)
  })

  it("is of a thousand arrays where their memory is asked for, and of the largest", async (context) => {
    await client().ask(0, compileAsk(1))
    await client().put(1, 0, [4], Uint8Array.of(1, 2, 3, 4))
    await client().put(2, 1, [8], new Uint8Array(8))
    const last = 3 + 2000
    for (let call = 3; call < last; call += 100) {
      for (let i = call; i < call + 100; i++)
        client().say(i, { type: "Copy", array: 10 + i, from: 0, device: 0 }, call)
      for (let i = call; i < call + 100; i++) expect(await client().answer(i)).toEqual({ type: "Done" })
    }
    const report = await client().ask(last, { type: "Memory", device: 0 }, last)
    expect(report).toMatchObject({ type: "MemoryReport" })
    const { arrays } = report as { arrays: ReadonlyArray<{ bytes: number }> }
    expect(arrays).toHaveLength(1000)
    expect(arrays[0]).toMatchObject({ bytes: 8 })
    countAttacks(context, 1)
  })
})

describe("a session whose client has vanished", () => {
  const worker = onWorker({ limits: { leaseSeconds: 1, sessions: 3 } })

  it("ends, whatever calls wait for earlier ones that will never come", async (context) => {
    const asks: ReadonlyArray<Ask> = [
      { type: "Run", executable: 1, args: [77], first: 100 },
      { type: "Copy", array: 8, from: 77, device: 0 },
      { type: "Memory", device: 0 }
    ]
    for (const ask of asks) {
      const client = await RawClient.open(worker.address)
      await client.ask(0, compileAsk(1))
      client.say(1000, ask)
      await client.heard()
      client.close()
    }
    await expect.poll(() => metric(worker.address, "sessions"), { timeout: 15_000 }).toBe(0)
    await on(worker.device, serves)
    countAttacks(context, asks.length)
  })
})
