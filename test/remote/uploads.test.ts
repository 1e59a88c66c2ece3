import { describe, expect, it } from "vitest"
import { frame } from "../../pjrt/served/remote/frames.ts"
import { paths } from "../../pjrt/served/remote/http2.ts"
import type { Ask } from "../../pjrt/served/remote/wire/wire.gen.ts"
import { bytes, failure, withRawClient } from "../support/raw-worker.ts"

const raw = withRawClient()

const piece = 1 << 20

describe("uploads", () => {
  it.each([0, 1, piece - 1, piece, piece + 1, 3 * piece + 17])(
    "of %i bytes come back as they were",
    async (length) => {
      const data = bytes(length)
      expect((await raw.client.put(0, 1, [length], data)).answer).toEqual({ type: "Done" })
      const { body, type } = await raw.client.read(1, 1)
      expect(type).toBe("application/octet-stream")
      expect(body.equals(data)).toBe(true)
    }
  )

  it.each([
    ["short", [bytes(99)]],
    ["empty", []],
    ["long", [bytes(101)]],
    ["long by far", [bytes(5 * piece)]]
  ])("that are %s are refused, and leave no array", async (_, parts) => {
    const { status, answer } = await raw.client.put(0, 1, [100], ...parts)
    expect(status).toBe(400)
    expect(answer).toMatchObject(failure("follow"))
    expect((await raw.client.read(1, 1)).answer).toMatchObject({ type: "Failure" })
    // The number is free for another.
    expect((await raw.client.put(2, 1, [3], bytes(3))).answer).toEqual({ type: "Done" })
  })

  it("that a lost connection cuts short are taken when they come again", async () => {
    const array = { type: "Put", array: 1, aval: { dtype: "u8", shape: [4] }, device: 0 } as const
    const { stream } = raw.client.begin(paths.put)
    await new Promise<void>((resolve) => {
      stream.write(frame(raw.client.message(0, array)), () => resolve())
    })
    // When the worker has answered that, it has also read what was sent before.
    await raw.client.post("/nothing")
    const again = raw.client.reconnect(raw.address)
    expect((await again.put(0, 1, [4], bytes(4))).answer).toEqual({ type: "Done" })
    expect((await again.read(1, 1)).body).toEqual(Buffer.from([0, 1, 2, 3]))
    again.connection.destroy()
  })

  it("that come twice are taken once", async () => {
    expect((await raw.client.put(0, 1, [4], bytes(4))).answer).toEqual({ type: "Done" })
    expect((await raw.client.put(0, 1, [4], Uint8Array.of(9, 9, 9, 9))).answer).toEqual({ type: "Done" })
    expect((await raw.client.read(1, 1)).body).toEqual(Buffer.from([0, 1, 2, 3]))
  })

  it("under a number that is in use replace what was there", async () => {
    await raw.client.put(0, 1, [4], bytes(4))
    await raw.client.put(1, 1, [2], Uint8Array.of(8, 9))
    expect((await raw.client.read(2, 1)).body).toEqual(Buffer.from([8, 9]))
    expect(await raw.client.ask(3, { type: "Memory", device: 0 })).toMatchObject({ arrays: [{ bytes: 2 }] })
  })

  it("that are given up leave nothing", async () => {
    const { stream, reply } = raw.client.begin(paths.put)
    const ask: Ask = { type: "Put", array: 1, aval: { dtype: "u8", shape: [8 * piece] }, device: 0 }
    stream.write(frame(raw.client.message(0, ask)))
    stream.write(bytes(piece))
    await raw.client.heard()
    stream.close(8)
    await reply
    expect(await raw.client.ask(1, { type: "Heartbeat" }, 1)).toEqual({ type: "Done" })
    expect(await raw.client.ask(2, { type: "Memory", device: 0 }, 1)).toMatchObject({ arrays: [] })
  })

  it.each([
    [[2 ** 60], "shape is too large"],
    [Array.from({ length: 100 }, () => 1), "100 axes"],
    [[2 ** 31, 2 ** 31, 2 ** 31], "bytes"],
    [[17 * 2 ** 30], "18253611008 bytes"]
  ])("of shape %j are refused before memory is taken", async (shape, says) => {
    expect((await raw.client.put(0, 1, shape, bytes(10))).answer).toMatchObject(failure(says))
  })

  it("whose message is cut, or is none, are refused", async () => {
    const ask: Ask = { type: "Put", array: 1, aval: { dtype: "u8", shape: [1] }, device: 0 }
    const message = frame(raw.client.message(0, ask))
    expect((await raw.client.post(paths.put, message.subarray(0, 2))).status).toBe(400)
    expect((await raw.client.post(paths.put, message.subarray(0, 20))).status).toBe(400)
    expect((await raw.client.post(paths.put, Buffer.from([8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]))).status).toBe(
      400
    )
    expect((await raw.client.post(paths.put, Buffer.from([255, 255, 255, 127, 0]))).status).toBe(400)
  })
})
