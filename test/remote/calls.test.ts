import { describe, expect, it } from "vitest"
import { frame } from "../../pjrt/served/remote/frames.ts"
import { paths } from "../../pjrt/served/remote/http2.ts"
import type { Ask } from "../../pjrt/served/remote/wire/wire.gen.ts"
import { programs } from "../support/bytecode.ts"
import { compileAsk, digestOf, programAsk } from "../support/raw-client.ts"
import { bytes, failure, withRawClient } from "../support/raw-worker.ts"

const raw = withRawClient()

describe("calls", () => {
  it("are done once, however often they come", async () => {
    await raw.client.ask(0, compileAsk(1, [0]))
    await raw.client.put(1, 10, [4], bytes(4))
    const run: Ask = { type: "Run", executable: 1, args: [10], first: 11 }
    const first = await raw.client.ask(2, run)
    expect(first).toMatchObject({ type: "Ran" })
    // Its argument was donated: done twice, it would fail.
    expect(await raw.client.ask(2, run)).toEqual(first)
    expect((await raw.client.read(3, 11)).body).toEqual(Buffer.from([2, 3, 4, 5]))
  })

  it("are answered again over another stream", async () => {
    const made = await raw.client.ask(0, compileAsk(1))
    await raw.client.cutCalls()
    expect(await raw.client.ask(0, compileAsk(1))).toEqual(made)
  })

  it("that are settled are not answered again", async () => {
    await raw.client.ask(0, compileAsk(1))
    await raw.client.ask(1, { type: "Heartbeat" }, 1)
    await raw.client.cutCalls()
    expect(await raw.client.ask(0, { type: "Analyse", executable: 1 })).toMatchObject(failure("is not known"))
  })

  it("wait for what earlier ones bring, though they overtake them", async () => {
    await raw.client.ask(0, compileAsk(1))
    const ask: Ask = { type: "Put", array: 10, aval: { dtype: "u8", shape: [4] }, device: 0 }
    const { stream, reply } = raw.client.begin(paths.put)
    const message = frame(raw.client.message(1, ask))
    stream.write(message.subarray(0, 7))
    raw.client.say(2, { type: "Run", executable: 1, args: [10], first: 11 })
    await raw.client.heard()
    stream.write(message.subarray(7))
    stream.end(bytes(4))
    expect((await reply).answer).toEqual({ type: "Done" })
    expect(await raw.client.answer(2)).toMatchObject({
      type: "Ran",
      results: [{ bytes: Uint8Array.of(2, 3, 4, 5) }]
    })
  })

  it("do not wait for what nobody brings", async () => {
    await raw.client.ask(0, compileAsk(1))
    expect(await raw.client.ask(1, { type: "Run", executable: 1, args: [99], first: 11 })).toMatchObject(
      failure("array 99 is not known")
    )
    expect(await raw.client.ask(2, { type: "Run", executable: 9, args: [], first: 11 })).toMatchObject(
      failure("executable 9 is not known")
    )
    expect(await raw.client.ask(3, { type: "Copy", array: 12, from: 98, device: 0 })).toMatchObject(
      failure("array 98 is not known")
    )
    expect(await raw.client.ask(4, { type: "Analyse", executable: 7 })).toMatchObject(failure("executable 7"))
  })

  it.each([
    [[[4]], "args[0]", [3]],
    [[], "takes 1 array, not 0", []],
    [[[4], [4]], "takes 1 array, not 2", []]
  ] as const)("with arguments that do not fit are refused: %j", async (shapes, says, wrong) => {
    await raw.client.ask(0, compileAsk(1))
    const all = wrong.length > 0 ? [wrong] : shapes
    let call = 1
    for (const [i, shape] of all.entries()) {
      const length = shape.reduce((a: number, b: number) => a * b, 1)
      await raw.client.put(call++, 20 + i, shape, bytes(length))
    }
    const args = all.map((_, i) => 20 + i)
    expect(await raw.client.ask(call, { type: "Run", executable: 1, args, first: 30 })).toMatchObject({
      type: "Failure",
      kind: "ArgumentError",
      fields: expect.stringContaining(says)
    })
  })

  it("of a device that is not there are refused, and done on no other", async () => {
    const none = failure("device 7 is not known")
    const put: Ask = { type: "Put", array: 10, aval: { dtype: "u8", shape: [4] }, device: 7 }
    const sent = await raw.client.post(paths.put, frame(raw.client.message(0, put)), bytes(4))
    expect(sent.answer).toMatchObject(none)
    await raw.client.put(1, 11, [4], bytes(4))
    expect(await raw.client.ask(2, { type: "Copy", array: 12, from: 11, device: 7 })).toMatchObject(none)
    expect(await raw.client.ask(3, { type: "Memory", device: 7 })).toMatchObject(none)
    for (const [call, array] of [
      [4, 10],
      [5, 12]
    ] as const)
      expect((await raw.client.read(call, array)).answer).toMatchObject({ type: "Failure" })
  })

  it("that ask nothing, or go to the wrong place, are refused", async () => {
    expect(await raw.client.ask(0, undefined)).toMatchObject(failure("asks nothing"))
    expect(await raw.client.ask(1, { type: "Read", array: 1 })).toMatchObject(failure("is not asked here"))
    const put: Ask = { type: "Put", array: 1, aval: { dtype: "u8", shape: [1] }, device: 0 }
    expect(await raw.client.ask(2, put)).toMatchObject(failure("is not asked here"))
    expect((await raw.client.post(paths.read, raw.client.message(3, { type: "Heartbeat" }))).status).toBe(400)
    expect(
      (await raw.client.post(paths.put, frame(raw.client.message(4, { type: "Heartbeat" })))).status
    ).toBe(400)
    expect((await raw.client.post("/v1/nothing", raw.client.message(5, { type: "Heartbeat" }))).status).toBe(
      404
    )
  })

  it.each([
    [
      "a mesh of more devices than there are",
      { mesh: [{ name: "x", size: 1000 }], in: [{ axes: [] }], out: [] }
    ],
    ["a mesh without end", { mesh: [{ name: "x", size: 2 ** 52 }], in: [{ axes: [] }], out: [] }],
    ["a name like no other", { mesh: [{ name: "__proto__", size: 2 }], in: [], out: [] }]
  ])("whose arrays are divided by %s are refused", async (_, partitioning) => {
    expect(await raw.client.ask(0, { ...compileAsk(1), partitioning })).toMatchObject({ type: "Failure" })
  })

  it("of a program whose client says that it donates what it has not do no harm", async () => {
    await raw.client.ask(0, { ...compileAsk(1), donated: [99] })
    await raw.client.put(1, 10, [4], bytes(4))
    const ran = await raw.client.ask(2, { type: "Run", executable: 1, args: [10], first: 11 })
    expect(["Failure", "Ran"]).toContain(ran?.type)
  })

  it("of a program that donates, unsaid, what is being read: the read is whole", async () => {
    const length = 1 << 26
    const ask = programAsk(
      1,
      `module { func.func public @main(%x: tensor<${length}xui8> {tf.aliasing_output = 0 : i32}) -> tensor<${length}xui8> {
        %one = stablehlo.constant dense<1> : tensor<${length}xui8>
        %y = stablehlo.add %x, %one : tensor<${length}xui8>
        return %y : tensor<${length}xui8> } }`
    )
    await raw.client.ask(0, ask)
    await raw.client.put(1, 10, [length], new Uint8Array(length))
    const { stream, reply } = raw.client.begin(paths.read)
    stream.pause()
    stream.end(raw.client.message(2, { type: "Read", array: 10 }))
    await new Promise((resolve) => stream.once("response", resolve))
    const ran = await raw.client.ask(3, { type: "Run", executable: 1, args: [10], first: 11 })
    expect(["Failure", "Ran"]).toContain(ran?.type)
    stream.resume()
    expect((await reply).body.equals(Buffer.alloc(length))).toBe(true)
  })

  it.each([
    ["text", compileAsk(1), [4], "u8[4]"],
    ["bytecode", programAsk(1, programs["version 6"]!), [3, 4], "f32[3,4]"]
  ] as const)(
    "are checked against what the compiler says of the parameters of %s",
    async (_, ask, shape, wanted) => {
      expect(await raw.client.ask(0, ask)).toMatchObject({ type: "Made" })
      const put: Ask = { type: "Put", array: 10, aval: { dtype: "i32", shape }, device: 0 }
      const length = 4 * shape.reduce((a, b) => a * b, 1)
      await raw.client.post(paths.put, frame(raw.client.message(1, put)), bytes(length))
      const args = wanted.startsWith("f32") ? [10, 10] : [10]
      expect(await raw.client.ask(2, { type: "Run", executable: 1, args, first: 11 })).toMatchObject(
        failure(`args[0] is i32[${shape}], but the program takes ${wanted} there`)
      )
    }
  )

  it("of a digest that is not the program's are refused", async () => {
    const ask = compileAsk(1)
    expect(await raw.client.ask(0, { ...ask, digest: new Uint8Array(32) })).toMatchObject(failure("digest"))
    expect(await raw.client.ask(1, { ...ask, digest: new Uint8Array(0), code: undefined })).toEqual({
      type: "Unknown"
    })
    const never = { digest: digestOf(bytes(7)), code: undefined }
    expect(await raw.client.ask(2, { ...ask, ...never })).toEqual({ type: "Unknown" })
    expect(await raw.client.ask(3, ask)).toMatchObject({ type: "Made" })
    expect(await raw.client.ask(4, { ...ask, code: undefined, executable: 2 })).toMatchObject({
      type: "Made"
    })
  })

  it("that release what is not there, twice, or yet to come do no harm", async () => {
    await raw.client.put(0, 1, [4], bytes(4))
    expect(await raw.client.ask(1, { type: "Heartbeat" }, 0, [1, 1, 2, 3])).toEqual({ type: "Done" })
    expect((await raw.client.read(2, 1)).answer).toMatchObject(failure("array 1 is not known"))
    const memory = await raw.client.ask(3, { type: "Memory", device: 0 })
    expect(memory).toMatchObject({ type: "MemoryReport", arrays: [] })
  })
})

describe("streams of calls", () => {
  it.each([
    ["garbage", Buffer.from("x".repeat(64))],
    ["a length beyond any message", Buffer.from([255, 255, 255, 255, 1, 2, 3])],
    ["an empty message", Buffer.from([0, 0, 0, 0])],
    ["a message of zeros", Buffer.concat([Buffer.from([64, 0, 0, 0]), Buffer.alloc(64)])]
  ])("end at %s", async (_, sent) => {
    const ended = new Promise((resolve) => raw.client.calls.once("close", resolve))
    raw.client.calls.write(sent)
    await ended
  })

  it("are understood however they are cut", async () => {
    const message = frame(raw.client.message(0, compileAsk(1)))
    for (let at = 0; at < message.length; at += 5) {
      raw.client.calls.write(message.subarray(at, at + 5))
      if (at % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await raw.client.answer(0)).toMatchObject({ type: "Made" })
  })

  it("may bring many messages at once", async () => {
    const many = Array.from({ length: 200 }, (_, i) => frame(raw.client.message(i, { type: "Heartbeat" })))
    raw.client.calls.write(Buffer.concat(many))
    for (let i = 0; i < 200; i++) expect(await raw.client.answer(i)).toEqual({ type: "Done" })
  })

  it("leave half a message behind without a trace", async () => {
    raw.client.calls.end(frame(raw.client.message(0, { type: "Heartbeat" })).subarray(0, 9))
    await new Promise((resolve) => raw.client.calls.once("close", resolve))
    expect(await raw.client.ask(1, { type: "Heartbeat" })).toEqual({ type: "Done" })
  })
})
