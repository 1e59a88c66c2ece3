import { mkdtempSync, writeFileSync } from "node:fs"
import http2 from "node:http2"
import { connect as dial } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import { afterEach, describe, expect, it, vi } from "vitest"
import * as Device from "../../pjrt/device/device.ts"
import { generateCertificate } from "../../pjrt/serve/worker/certificate.ts"
import { authorized } from "../../pjrt/serve/worker/token.ts"
import { serve } from "../../pjrt/serve/worker/worker.ts"
import { messageType, paths, sessionHeader } from "../../pjrt/served/remote/http2.ts"
import { decode } from "../../pjrt/served/remote/wire/decode.ts"
import { encode } from "../../pjrt/served/remote/wire/encode.ts"
import type { Ask } from "../../pjrt/served/remote/wire/wire.gen.ts"
import { on, serves } from "../support/healthy.ts"
import { hello } from "../support/raw-client.ts"
import { failure } from "../support/run.ts"
import { onWorker } from "../support/worker.ts"

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-remote-"))
const file = (name: string, text: string): string => {
  const at = path.join(folder, name)
  writeFileSync(at, text, { mode: 0o600 })
  return at
}

const [own, other] = await Promise.all([
  generateCertificate(["127.0.0.1"]),
  generateCertificate(["127.0.0.1"])
])
const tls = { key: Buffer.from(own.key), cert: Buffer.from(own.cert) }
const token = file("token", `${own.token}\n`)
const ca = file("ca.pem", own.cert)

const refused = (device: string) => Effect.runPromise(Effect.scoped(failure(Device.open(device))))

afterEach(() => vi.unstubAllEnvs())

describe("a worker with a certificate and a token", () => {
  const worker = onWorker({ tls, token: own.token })

  it("lets in who has both", async () => {
    vi.stubEnv("LOOPCARRY_CA", ca)
    vi.stubEnv("LOOPCARRY_TOKEN_FILE", token)
    await on(worker.device, serves)
    vi.stubEnv("LOOPCARRY_TOKEN_FILE", "")
    vi.stubEnv("LOOPCARRY_TOKEN", own.token)
    await on(worker.device, serves)
  })

  it.each([
    ["none", ""],
    ["another", other.token],
    ["half", own.token.slice(0, -1)],
    ["more", `${own.token}x`]
  ])("denies with %s for a token", async (_, given) => {
    vi.stubEnv("LOOPCARRY_CA", ca)
    vi.stubEnv("LOOPCARRY_TOKEN", given)
    expect(await refused(worker.device)).toMatchObject({
      _tag: "RemoteError",
      reason: "denied",
      hint: expect.stringContaining("LOOPCARRY_TOKEN_FILE")
    })
  })

  it("is not trusted with another certificate, and speaks no cleartext", async () => {
    vi.stubEnv("LOOPCARRY_TOKEN", own.token)
    vi.stubEnv("LOOPCARRY_CA", file("other.pem", other.cert))
    expect(await refused(worker.device)).toMatchObject({
      reason: "unreachable",
      hint: expect.stringContaining("LOOPCARRY_CA")
    })
    vi.stubEnv("LOOPCARRY_CA", "")
    expect(await refused(worker.device)).toMatchObject({
      reason: "unreachable",
      hint: expect.stringContaining("LOOPCARRY_CA")
    })
  })

  it("says so where a file of the client's cannot be read", async () => {
    vi.stubEnv("LOOPCARRY_TOKEN_FILE", "/nonexistent/token")
    expect(await refused(worker.device)).toMatchObject({
      _tag: "DeviceUnavailable",
      message: expect.stringContaining("LOOPCARRY_TOKEN_FILE names a file that cannot be read")
    })
  })
})

describe("a worker that asks for certificates", () => {
  const worker = onWorker({ tls: { ...tls, clientCa: Buffer.from(other.cert) } })

  it("lets in who shows one of its authority", async () => {
    vi.stubEnv("LOOPCARRY_CA", ca)
    expect(await refused(worker.device)).toMatchObject({ reason: "unreachable" })
    vi.stubEnv("LOOPCARRY_CERT", file("client.pem", other.cert))
    vi.stubEnv("LOOPCARRY_KEY", file("client-key.pem", other.key))
    await on(worker.device, serves)
  })
})

describe("a worker that others could reach", () => {
  const starting = (options: object) =>
    Effect.runPromise(Effect.scoped(failure(serve({ device: "cpu", host: "0.0.0.0", port: 0, ...options }))))

  it("does not start without TLS and a token", async () => {
    expect((await starting({})).message).toContain("a worker needs TLS")
    expect((await starting({ token: own.token })).message).toContain("a worker needs TLS")
    expect((await starting({ tls })).message).toContain("a worker needs a token")
  })
})

describe("tokens", () => {
  it("are compared whole", () => {
    expect(authorized("Bearer abc", "abc")).toBe(true)
    for (const wrong of [undefined, "", "abc", "Bearer ab", "Bearer abcd", "bearer abc", "Bearer  abc"])
      expect(authorized(wrong, "abc")).toBe(false)
    expect(authorized(undefined, undefined)).toBe(true)
  })
})

describe("what a worker logs", () => {
  const lines: Array<string> = []
  const worker = onWorker({ token: own.token, log: (line) => lines.push(line), limits: { leaseSeconds: 1 } })

  it("names sessions by numbers, and neither tokens nor what a client says of itself", async () => {
    vi.stubEnv("LOOPCARRY_TOKEN", own.token)
    await on(worker.device, serves)
    const products = ["x\nloopcarry: all is well", "\u001b[31mred", "p".repeat(1000), own.token]
    const ids: Array<string> = []
    for (const product of products) {
      const connection = http2.connect(`http://${worker.address}`)
      const headers = { ":method": "POST", ":path": paths.session, authorization: `Bearer ${own.token}` }
      const stream = connection.request(headers, { endStream: false })
      stream.end(
        encode("Request", { call: 0, settled: 0, released: [], got: [], ask: { ...hello, product } as Ask })
      )
      const chunks: Array<Buffer> = []
      for await (const chunk of stream) chunks.push(chunk as Buffer)
      const { answer } = decode("Response", Buffer.concat(chunks).subarray())
      if (answer?.type === "Welcome") ids.push(answer.session)
      connection.close()
    }
    expect(ids).toHaveLength(4)
    await expect
      .poll(() => lines)
      .toEqual(
        expect.arrayContaining(
          [2, 3, 4, 5].map((n) => `session ${n}: nothing was heard of its client for 1 s`)
        )
      )
    expect(lines.slice(0, 2)).toEqual([
      expect.stringMatching(/^session 1 begins: client [\w.]+$/),
      "session 1 ends"
    ])
    expect(lines.slice(2).filter((line) => line.includes("begins"))).toEqual(
      [2, 3, 4, 5].map((n) => `session ${n} begins: client unknown`)
    )
    for (const id of ids) expect(lines.join()).not.toContain(id.slice(0, 8))
    expect(lines.join()).not.toContain(own.token.slice(0, 8))
  })
})

describe("what is no request of ours", () => {
  const worker = onWorker()

  const request = (headers: Record<string, string>, body: Uint8Array = new Uint8Array(0)) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const session = http2.connect(`http://${worker.address}`)
      session.on("error", reject)
      const get = headers[":method"] === "GET"
      const stream = session.request({ ":method": "POST", ...headers }, { endStream: get })
      let status = 0
      let text = ""
      stream.on("response", (found) => {
        status = Number(found[":status"])
      })
      stream.on("data", (chunk) => {
        text += chunk
      })
      stream.on("error", () => {})
      const answered = () => {
        session.destroy()
        resolve({ status, text })
      }
      // What is answered early is not read to its end.
      stream.on("end", answered)
      stream.on("close", answered)
      if (!get) stream.end(body)
    })

  const junk = Buffer.from("GET / HTTP/1.0\r\n\r\n".repeat(20))

  it.each([
    [paths.session, junk, 400],
    [paths.session, new Uint8Array(0), 400],
    [paths.session, new Uint8Array(4 << 20), 400],
    [paths.put, junk, 410],
    [paths.read, junk, 410],
    [paths.call, junk, 410],
    ["/", junk, 410],
    ["/../../etc/passwd", junk, 410]
  ])("%s is answered, and nothing else happens", async (at, body, status) => {
    const found = await request(
      { ":path": at, "content-type": messageType, [sessionHeader]: "f".repeat(32) },
      body
    )
    expect(found.status).toBe(status)
    await on(worker.device, serves)
  })

  it("speaks to who speaks no HTTP/2 only to end", async () => {
    await new Promise<void>((resolve) => {
      const socket = dial(worker.port, "127.0.0.1", () => socket.write(junk))
      socket.on("error", () => {})
      socket.on("data", () => {})
      socket.once("close", () => resolve())
    })
    await on(worker.device, serves)
  })

  it("tells of its health and its work, and of no client", async () => {
    expect(await request({ ":method": "GET", ":path": paths.health })).toEqual({ status: 200, text: "ok\n" })
    const { text } = await request({ ":method": "GET", ":path": paths.metrics })
    expect(text).toMatch(/^loopcarry_sessions \d+$/m)
    expect(text).toMatch(/^loopcarry_programs_compiled_total 1$/m)
  })
})
