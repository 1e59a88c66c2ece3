import { describe, expect, it } from "vitest"
import { paths } from "../../pjrt/served/remote/http2.ts"
import type { Ask } from "../../pjrt/served/remote/wire/wire.gen.ts"
import { compileAsk, hello, RawClient } from "../support/raw-client.ts"
import { bytes, failure, withRawClient } from "../support/raw-worker.ts"

const raw = withRawClient()

describe("the handshake", () => {
  it.each([
    [0, 0, "speaks protocols 0 to 0"],
    [2, 9, "speaks protocols 2 to 9"]
  ])("refuses protocols %i to %i", async (protocolMin, protocolMax, says) => {
    const { status, answer } = await raw.client.post(
      paths.session,
      raw.client.message(0, { ...hello, protocolMin, protocolMax } as Ask)
    )
    expect(status).toBe(403)
    expect(answer).toMatchObject({ kind: "RemoteError", fields: expect.stringContaining(says) })
  })

  it.each([
    [0, 1],
    [1, 1],
    [1, 65535]
  ])("takes protocols %i to %i", async (protocolMin, protocolMax) => {
    const { answer } = await raw.client.post(
      paths.session,
      raw.client.message(0, { ...hello, protocolMin, protocolMax } as Ask)
    )
    expect(answer).toMatchObject({ type: "Welcome", protocol: 1 })
  })

  it("is what a session begins with, and is not asked again", async () => {
    expect((await raw.client.post(paths.session, raw.client.message(0, { type: "Heartbeat" }))).status).toBe(
      400
    )
    expect(await raw.client.ask(1, hello)).toMatchObject(failure("is not asked here"))
  })
})

describe("sessions", () => {
  it("see nothing of one another", async () => {
    await raw.client.put(0, 1, [4], bytes(4))
    await raw.client.ask(1, compileAsk(1))
    const other = await RawClient.open(raw.address)
    expect(other.session).not.toBe(raw.client.session)
    expect((await other.read(0, 1)).answer).toMatchObject(failure("array 1 is not known"))
    expect(await other.ask(1, { type: "Run", executable: 1, args: [], first: 9 })).toMatchObject(
      failure("executable 1 is not known")
    )
    expect(await other.ask(2, { type: "Memory", device: 0 })).toMatchObject({ arrays: [] })
    expect(await other.ask(3, { type: "Heartbeat" }, 0, [1])).toEqual({ type: "Done" })
    expect((await raw.client.read(2, 1)).body).toEqual(Buffer.from(bytes(4)))
    other.close()
  })

  it("that have said goodbye are gone", async () => {
    await raw.client.put(0, 1, [4], bytes(4))
    expect(await raw.client.ask(1, { type: "Bye" })).toEqual({ type: "Done" })
    expect((await raw.client.read(2, 1)).status).toBe(410)
  })

  it.each(["", "0".repeat(32), "../", "x".repeat(200)])("named %j are unknown", async (name) => {
    raw.client.session = name
    const { status } = await raw.client.read(0, 1)
    expect([410, 431, 0]).toContain(status)
  })
})
