import { readFileSync } from "node:fs"
import http2 from "node:http2"
import { connect as dial, type Socket } from "node:net"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { generateCertificate } from "../../pjrt/serve/worker/certificate.ts"
import { messageType, paths } from "../../pjrt/served/remote/http2.ts"
import { decode } from "../../pjrt/served/remote/wire/decode.ts"
import { countAttacks } from "../support/attack.ts"
import { on, serves } from "../support/healthy.ts"
import { metric } from "../support/metrics.ts"
import { compileAsk, RawClient } from "../support/raw-client.ts"
import { failure } from "../support/raw-worker.ts"
import { type Serving, start } from "../support/serving.ts"
import { onWorker } from "../support/worker.ts"

let worker: Serving
beforeAll(async () => {
  worker = await start()
})
afterAll(async () => {
  worker.process.kill("SIGTERM")
  await worker.ended
})

/** Bytes of the worker's own memory that are here, without its files. */
const memory = (): number =>
  1024 * Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${worker.holder()}/status`, "utf8"))![1])

const connected = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.on("error", () => {})
    socket.once("connect", () => resolve())
    socket.once("close", () => resolve())
  })

/** Connects many times, does something meanwhile, and ends what there is. */
const among = async (count: number, port: number, act: (sockets: ReadonlyArray<Socket>) => Promise<void>) => {
  const sockets = Array.from({ length: count }, () => dial(port, "127.0.0.1"))
  await Promise.all(sockets.map(connected))
  await act(sockets)
  for (const socket of sockets) socket.destroy()
}

/** A new client, and who asks for the worker's health, are served. */
const served = async () => {
  expect(await metric(worker.address, "sessions")).toBeGreaterThanOrEqual(0)
  await on(worker.device, serves)
}

const connection = () => {
  const made = http2.connect(`http://${worker.address}`)
  made.on("error", () => {})
  return made
}

const post = (client: http2.ClientHttp2Session, headers: http2.OutgoingHttpHeaders = {}) => {
  const stream = client.request(
    { ":method": "POST", ":path": paths.session, "content-type": messageType, ...headers },
    { endStream: false }
  )
  stream.on("error", () => {})
  const reply = new Promise<{ status: number; body: Buffer; reset: number }>((resolve) => {
    const chunks: Array<Buffer> = []
    let status = 0
    stream.on("response", (found) => {
      status = Number(found[":status"])
    })
    stream.on("data", (chunk: Buffer) => chunks.push(chunk))
    stream.on("close", () => resolve({ status, body: Buffer.concat(chunks), reset: stream.rstCode ?? 0 }))
  })
  return { stream, reply }
}

describe("before a session", () => {
  it.each([1, 50])("bodies of 16 MiB that never end take no memory: 100 on %i connections", async (count) => {
    await served()
    const before = memory()
    const clients = Array.from({ length: count }, connection)
    const body = Buffer.alloc(16 << 20)
    for (let i = 0; i < 100; i++) post(clients[i % count]!).stream.write(body)
    // All that may come has come when the worker has answered others meanwhile.
    for (let i = 0; i < 20; i++) await served()
    expect(memory() - before).toBeLessThan(24 << 20)
    for (const client of clients) client.destroy()
    await served()
  })

  it("500 idle connections keep nobody out", (context) => {
    countAttacks(context, 500)
    return among(500, worker.port, async () => {
      for (let i = 0; i < 3; i++) await served()
    })
  })

  it("first messages that come byte by byte keep nobody out", (context) => {
    countAttacks(context, 200)
    const clients = Array.from({ length: 200 }, connection)
    const trickling = setInterval(() => {
      for (const stream of streams) if (!stream.destroyed) stream.write(Buffer.of(1))
    }, 20)
    const streams = clients.map((client) => post(client).stream)
    return served().finally(() => {
      clearInterval(trickling)
      for (const client of clients) client.destroy()
    })
  })

  it("a first message of more than kilobytes is refused, with words", async () => {
    const client = connection()
    const { stream, reply } = post(client)
    stream.end(Buffer.alloc(5000))
    const { status, body } = await reply
    expect(status).toBe(400)
    expect(decode("Response", body).answer).toMatchObject(failure("more than 4096 bytes"))
    client.destroy()
  })

  it("a body that is longer or shorter than was said is no message", async (context) => {
    countAttacks(context, 2)
    for (const [said, sent] of [
      [10, 100],
      [100, 10]
    ] as const) {
      const client = connection()
      const { stream, reply } = post(client, { "content-length": said })
      stream.end(Buffer.alloc(sent))
      expect((await reply).status).not.toBe(200)
      client.destroy()
    }
    await served()
  })

  it("too many headers, or too long ones, are refused", async (context) => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x-${i}`, "y"]))
    const attacks = [many, { "x-long": "y".repeat(30_000) }]
    countAttacks(context, attacks.length)
    for (const headers of attacks) {
      const client = connection()
      // The settings of the other side are kept by nobody who attacks.
      client.settings({})
      const { stream, reply } = post(client, headers)
      stream.end()
      expect((await reply).status).not.toBe(200)
      client.destroy()
    }
    await served()
  })
})

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

/** A frame of HTTP/2 (RFC 9113, 4.1). */
const frameOf = (
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = Buffer.alloc(0)
): Buffer => {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** `:method GET`, `:scheme http`, `:path /`, indexed (RFC 7541, appendix A). */
const request = Buffer.from([0x82, 0x86, 0x84])

/** By what there are thousands of: the frame of each number. */
const floods: ReadonlyArray<readonly [string, (i: number) => Buffer]> = [
  ["pings", () => frameOf(6, 0, 0, Buffer.alloc(8))],
  ["settings", () => frameOf(4, 0, 0)],
  ["requests", (i) => frameOf(1, 5, 2 * i + 1, request)],
  [
    "requests that are reset at once",
    (i) =>
      Buffer.concat([frameOf(1, 4, 2 * i + 1, request), frameOf(3, 0, 2 * i + 1, Buffer.from([0, 0, 0, 8]))])
  ],
  [
    "headers without an end",
    (i) => (i === 0 ? frameOf(1, 0, 1, request) : frameOf(9, 0, 1, Buffer.alloc(1000, 0x82)))
  ],
  ["empty data", (i) => (i === 0 ? frameOf(1, 4, 1, request) : frameOf(0, 0, 1))],
  ["priorities", (i) => frameOf(2, 0, 2 * i + 1, Buffer.alloc(5))],
  ["window updates", () => frameOf(8, 0, 0, Buffer.from([0, 0, 0, 1]))],
  ["frames of no kind", () => frameOf(99, 0, 0, Buffer.alloc(100))],
  [
    "one frame that is longer than any may be",
    (i) => (i === 0 ? frameOf(0, 0, 1, Buffer.alloc(2 << 20)) : Buffer.alloc(0))
  ]
]

describe("floods of frames", () => {
  it.each(floods)("of %s take no memory and keep nobody out", async (_, make) => {
    await served()
    const before = memory()
    await among(4, worker.port, async (sockets) => {
      for (const socket of sockets) {
        socket.resume()
        socket.write(Buffer.concat([preface, frameOf(4, 0, 0)]))
        for (let i = 0; i < 40 && !socket.destroyed; i++)
          socket.write(Buffer.concat(Array.from({ length: 100 }, (_, j) => make(100 * i + j))))
      }
      await served()
    })
    await served()
    expect(memory() - before).toBeLessThan(32 << 20)
  })
})

const { cert, key } = await generateCertificate(["127.0.0.1"])

describe("a handshake of TLS that never ends", () => {
  const secure = onWorker({ tls: { cert: Buffer.from(cert), key: Buffer.from(key) } })

  it("keeps nobody out, 200 times", (context) => {
    countAttacks(context, 200)
    return among(200, secure.port, async (sockets) => {
      for (const socket of sockets.slice(100)) if (!socket.destroyed) socket.write(Buffer.from([22, 3, 1]))
      const client = http2.connect(`https://${secure.address}`, { ca: cert })
      const status = await new Promise((resolve, reject) => {
        client.request({ ":path": paths.health }).once("response", (headers) => resolve(headers[":status"]))
        client.once("error", reject)
      })
      expect(status).toBe(200)
      client.destroy()
    })
  })
})

describe("a session's messages that never end", () => {
  const own = onWorker({ limits: { unfinishedBytes: 1 << 20 } })

  it("are bounded together, and further ones are refused with words", async (context) => {
    countAttacks(context, 40)
    const client = await RawClient.open(own.address)
    const head = Buffer.alloc(4)
    head.writeUInt32LE(1 << 20)
    const begun = Array.from({ length: 40 }, () => client.begin(paths.put))
    for (const { stream } of begun) stream.write(Buffer.concat([head, Buffer.alloc(100_000)]))
    const first = await Promise.race(begun.map(({ reply }) => reply))
    expect(first.answer).toMatchObject(failure("bytes of messages have not come whole"))
    for (const { stream } of begun) stream.close(http2.constants.NGHTTP2_CANCEL)
    await client.heard()
    expect(await client.ask(1, compileAsk(1))).toMatchObject({ type: "Made" })
    client.close()
  })
})
