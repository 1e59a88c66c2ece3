import { mkdtempSync, writeFileSync } from "node:fs"
import http2 from "node:http2"
import { connect as dial, type Socket } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import tls from "node:tls"
import * as Effect from "effect/Effect"
import { afterEach, describe, expect, it, vi } from "vitest"
import * as Device from "../../pjrt/device/device.ts"
import { generateCertificate } from "../../pjrt/serve/worker/certificate.ts"
import { serve } from "../../pjrt/serve/worker/worker.ts"
import { on, serves } from "../support/healthy.ts"
import { failure } from "../support/run.ts"
import { onWorker } from "../support/worker.ts"

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-connections-"))
const file = (name: string, text: string): string => {
  const at = path.join(folder, name)
  writeFileSync(at, text, { mode: 0o600 })
  return at
}

/** A certificate as it would have been made so many years ago, or will be. */
const certificateOf = async (years: number) => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + years * 365 * 24 * 3600 * 1000 })
  try {
    return await generateCertificate(["127.0.0.1"])
  } finally {
    vi.useRealTimers()
  }
}

const good = await certificateOf(0)
const expired = await certificateOf(-3)
const early = await certificateOf(3)
const serving = ({ key, cert }: { key: string; cert: string }) => ({
  key: Buffer.from(key),
  cert: Buffer.from(cert)
})

const refused = (device: string) => Effect.runPromise(Effect.scoped(failure(Device.open(device))))
const unreachable = (says: RegExp) => ({
  _tag: "RemoteError",
  reason: "unreachable",
  message: expect.stringMatching(says),
  hint: expect.stringContaining("LOOPCARRY_C")
})

afterEach(() => vi.unstubAllEnvs())

describe("a worker whose certificate", () => {
  const old = onWorker({ tls: serving(expired) })
  const young = onWorker({ tls: serving(early) })
  const elsewhere = onWorker({ tls: serving(good), host: "127.0.0.2" })

  it("has expired is not spoken with", async () => {
    vi.stubEnv("LOOPCARRY_CA", file("expired.pem", expired.cert))
    expect(await refused(old.device)).toMatchObject(unreachable(/expired/))
  })

  it("is not good yet is not spoken with", async () => {
    vi.stubEnv("LOOPCARRY_CA", file("early.pem", early.cert))
    expect(await refused(young.device)).toMatchObject(unreachable(/not yet valid/))
  })

  it("is for another name is not spoken with", async () => {
    vi.stubEnv("LOOPCARRY_CA", file("good.pem", good.cert))
    expect(await refused(elsewhere.device)).toMatchObject(unreachable(/127\.0\.0\.2/))
  })
})

describe("a worker that asks for certificates", () => {
  const worker = onWorker({ tls: { ...serving(good), clientCa: Buffer.from(good.cert + expired.cert) } })

  it.each([
    ["of another authority", early],
    ["that has expired", expired]
  ])("lets in nobody with one %s", async (_, { cert, key }) => {
    vi.stubEnv("LOOPCARRY_CA", file("good.pem", good.cert))
    vi.stubEnv("LOOPCARRY_CERT", file("client.pem", cert))
    vi.stubEnv("LOOPCARRY_KEY", file("client-key.pem", key))
    expect(await refused(worker.device)).toMatchObject({ _tag: "RemoteError", reason: "unreachable" })
    vi.stubEnv("LOOPCARRY_CERT", file("client.pem", good.cert))
    vi.stubEnv("LOOPCARRY_KEY", file("client-key.pem", good.key))
    await on(worker.device, serves)
  })

  it("says which of a client's files are no certificate", async () => {
    vi.stubEnv("LOOPCARRY_CA", file("good.pem", good.cert))
    vi.stubEnv("LOOPCARRY_CERT", file("client.pem", "no certificate"))
    vi.stubEnv("LOOPCARRY_KEY", file("client-key.pem", good.key))
    const fault = (message: string) => ({
      _tag: "DeviceUnavailable",
      message: expect.stringContaining(message)
    })
    expect(await refused(worker.device)).toMatchObject(fault("LOOPCARRY_CERT is no certificate"))
    vi.stubEnv("LOOPCARRY_CERT", file("client.pem", early.cert))
    expect(await refused(worker.device)).toMatchObject(fault("do not go together"))
    vi.stubEnv("LOOPCARRY_KEY", file("client-key.pem", good.cert))
    expect(await refused(worker.device)).toMatchObject(fault("LOOPCARRY_KEY is no private key"))
  })
})

describe("a worker does not start", () => {
  it.each([
    ["certificate", { ...serving(good), cert: Buffer.from("none") }],
    ["key", { ...serving(good), key: Buffer.from("none") }],
    ["go together", { ...serving(good), key: Buffer.from(early.key) }],
    ["authority", { ...serving(good), clientCa: Buffer.from("none") }]
  ])("where files for TLS are none, or not of one another: %s", async (says, given) => {
    const starting = serve({ device: "cpu", host: "127.0.0.1", port: 0, tls: given })
    expect(await Effect.runPromise(Effect.scoped(failure(starting)))).toMatchObject({
      _tag: "DeviceUnavailable",
      message: expect.stringContaining(says)
    })
  })
})

describe("a worker that speaks TLS", () => {
  const worker = onWorker({ tls: serving(good) })

  it("speaks no older version of it", async () => {
    const error = await new Promise<Error>((resolve, reject) => {
      const socket = tls.connect(
        { port: worker.port, host: "127.0.0.1", ca: good.cert, maxVersion: "TLSv1.2", ALPNProtocols: ["h2"] },
        () => reject(new Error("it does"))
      )
      socket.once("error", resolve)
    })
    expect(error.message).toMatch(/version/)
    vi.stubEnv("LOOPCARRY_CA", file("good.pem", good.cert))
    await on(worker.device, serves)
  })

  it("is not there for who speaks HTTP/1.1 over it", async () => {
    await new Promise<void>((resolve) => {
      const socket = tls.connect({ port: worker.port, host: "127.0.0.1", ca: good.cert }, () =>
        socket.write("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
      )
      socket.on("error", () => {})
      socket.on("data", () => {})
      socket.once("close", () => resolve())
    })
    vi.stubEnv("LOOPCARRY_CA", file("good.pem", good.cert))
    await on(worker.device, serves)
  })

  it("is told by a client with a certificate that the other speaks none", async () => {
    vi.stubEnv("LOOPCARRY_CA", file("good.pem", good.cert))
    expect(await refused(plain.device)).toMatchObject({ _tag: "RemoteError", reason: "unreachable" })
  })
  const plain = onWorker()
})

describe("connections that begin no session", () => {
  const closed = (socket: Socket) =>
    new Promise<void>((resolve) => {
      socket.on("error", () => {})
      socket.resume().once("close", () => resolve())
    })

  const worker = onWorker({ limits: { leaseSeconds: 1 } })
  it("are ended, whether they are silent or only say that they are there", async () => {
    const silent = [1, 2, 3].map(() => dial(worker.port, "127.0.0.1"))
    const polite = http2.connect(`http://127.0.0.1:${worker.port}`)
    polite.on("error", () => {})
    const pinging = setInterval(() => polite.destroyed || polite.ping(() => {}), 100)
    await Promise.all([...silent.map(closed), new Promise((resolve) => polite.once("close", resolve))])
    clearInterval(pinging)
    await on(worker.device, serves)
  })

  const small = onWorker({ limits: { connections: 6, leaseSeconds: 5 } })
  it("are no more than there may be: the first of them are ended for who comes", async () => {
    const first = Array.from({ length: 6 }, () => dial(small.port, "127.0.0.1"))
    const ended = first.map(closed)
    await Promise.all(first.map((socket) => new Promise((resolve) => socket.once("connect", resolve))))
    const next = dial(small.port, "127.0.0.1")
    await ended[0]
    await on(small.device, serves)
    await closed(next.destroy())
    for (const socket of first) socket.destroy()
  })
})
