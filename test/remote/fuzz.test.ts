import http2 from "node:http2"
import { describe, expect, it } from "vitest"
import { frame } from "../../pjrt/served/remote/frames.ts"
import { paths } from "../../pjrt/served/remote/http2.ts"
import type { Ask } from "../../pjrt/served/remote/wire/wire.gen.ts"
import { compileAsk, hello, RawClient } from "../support/raw-client.ts"
import { bytes, withRawClient } from "../support/raw-worker.ts"

const raw = withRawClient({ sessions: 20_000 })

/** The same numbers in each run. */
const randomFrom = (seed: number) => {
  let state = seed
  return (below: number) => {
    state = (state * 48271) % 2147483647
    return state % below
  }
}

const random = randomFrom(7)

/** Some bytes changed, some cut off, some put twice. */
const mutated = (message: Uint8Array): Uint8Array => {
  const changed = Uint8Array.from(message)
  for (let i = 0; i <= random(6); i++) changed[random(changed.length)] = random(256)
  switch (random(8)) {
    case 0:
      return changed.subarray(0, random(changed.length))
    case 1:
      return Buffer.concat([changed, changed.subarray(random(changed.length))])
    default:
      return changed
  }
}

const u8 = { dtype: "u8", shape: [4] } as const

/** One of each that a client asks. */
const asks: ReadonlyArray<Ask> = [
  hello,
  compileAsk(1),
  compileAsk(2, [0]),
  { ...compileAsk(3), code: undefined },
  {
    ...compileAsk(4),
    partitioning: { mesh: [{ name: "x", size: 2 }], in: [{ axes: [{ names: ["x"] }] }], out: [] }
  },
  { type: "Run", executable: 1, args: [10], first: 20 },
  { type: "Put", array: 10, aval: u8, device: 0 },
  { type: "Read", array: 10 },
  { type: "Copy", array: 11, from: 10, device: 0 },
  { type: "Memory", device: 0 },
  { type: "Analyse", executable: 1 },
  { type: "Heartbeat" },
  { type: "Cancel", target: 3 },
  { type: "Bye" }
]

const message = (client: RawClient, call: number) =>
  mutated(client.message(call, asks[random(asks.length)]!, random(3) === 0 ? 0 : call, [random(50)]))

describe("a worker that is sent what is nearly a message", () => {
  it("8,000 of them in streams of calls, a stream after the other: it refuses what is none, and lives", async () => {
    let refused = 0
    for (let sent = 0; sent < 8000; ) {
      const client = await RawClient.open(raw.address)
      await client.ask(0, compileAsk(1))
      await client.put(1, 10, [4], bytes(4))
      const { stream, reply } = client.begin(paths.call)
      for (let i = 0; i < 40; i++) stream.write(frame(message(client, 2 + i)))
      sent += 40
      stream.end()
      await reply
      if (stream.rstCode !== http2.constants.NGHTTP2_NO_ERROR) refused++
      client.close()
    }
    expect(refused).toBeGreaterThan(20)
  })

  it("2,000 of them as requests of their own, at every place: each has an answer", async () => {
    const places = [paths.session, paths.put, paths.read, "/v1/other"]
    const statuses = new Map<number, number>()
    for (let i = 0; i < 2000; i += 200) {
      const client = await RawClient.open(raw.address)
      const all = Array.from({ length: 200 }, (_, k) => {
        const path = places[random(places.length)]!
        const body = message(client, i + k)
        return client.post(path, path === paths.put ? frame(body) : body, bytes(random(6)))
      })
      for (const { status } of await Promise.all(all)) statuses.set(status, (statuses.get(status) ?? 0) + 1)
      client.close()
    }
    expect([...statuses.keys()].filter((status) => ![200, 400, 403, 404, 410].includes(status))).toEqual([])
    expect(statuses.get(400)).toBeGreaterThan(500)
  })
})
