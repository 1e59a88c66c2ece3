import http2, { type ClientHttp2Session, type ClientHttp2Stream } from "node:http2"
import * as Effect from "effect/Effect"
import { RemoteError } from "../../../backend/errors.ts"
import type { Moved } from "../../../backend/watch.ts"
import { type Address, isLoopback } from "../address.ts"
import { connectionWindow, drained, maxSessionMemory, settings } from "../http2.ts"
import { sendPieces } from "../pieces.ts"
import { timeout } from "../timeout.ts"
import type { Credentials } from "./credentials.ts"

/** The connection ended before the answer came: the worker may have got the request, or not. */
export class Disconnected extends Error {
  readonly _tag = "Disconnected"
}

/** An answer: a message, or the bytes that were asked for. */
export interface Reply {
  readonly status: number
  readonly type: string
  readonly body: Uint8Array<ArrayBuffer>
}

export interface Sending {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Sent one after the other. */
  readonly parts: ReadonlyArray<Uint8Array>
  /** Where the bytes of an answer go that has as many; it is whole, or not used. */
  readonly into?: () => Uint8Array<ArrayBuffer>
  /** Counts the bytes as they go, or come. */
  readonly moved?: Moved
  /** Told that the other side is there: something came, or could be sent. */
  readonly heard?: () => void
}

/** How long a connection may take to be made, in milliseconds. */
const connectWithin = 10_000

const advice = (code: string | undefined, tls: boolean): string => {
  if (code === "ECONNREFUSED") return "start a worker there with: loopcarry serve; or check the port"
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "check the host's name"
  if (code === "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED")
    return "the worker asks for a certificate of yours: give it in LOOPCARRY_CERT, and its key in LOOPCARRY_KEY"
  if (code?.startsWith("ERR_TLS") || code?.includes("CERT") || code?.includes("SIGNED"))
    return "give the certificate that the worker was started with in LOOPCARRY_CA"
  return tls
    ? "check that the worker uses TLS at this address, and that no proxy stands between; to this machine itself, TLS is used only where LOOPCARRY_CA is set"
    : "where the worker speaks TLS, give its certificate in LOOPCARRY_CA; see also: loopcarry doctor --device remote://..."
}

/** A connection to a worker, made when it is needed and again when it is lost. */
export class Connection {
  readonly address: Address
  readonly #credentials: Credentials
  readonly #tls: boolean
  #session: Promise<ClientHttp2Session> | undefined
  #current: ClientHttp2Session | undefined
  /** Called when the worker says that it is there. */
  heard: () => void = () => {}
  /** Called when the worker says that it has been told to end: what was asked of it is done, and nothing more will be. */
  dismissed: () => void = () => {}
  #holds = 0
  #closed = false

  constructor(address: Address, credentials: Credentials) {
    this.address = address
    this.#credentials = credentials
    // Cleartext stays on this machine, where a tunnel may begin.
    this.#tls = !isLoopback(address.host) || credentials.ca !== undefined
  }

  #unreachable(error: NodeJS.ErrnoException): RemoteError {
    return new RemoteError({
      address: this.address.name,
      reason: "unreachable",
      message: `the worker at ${this.address.name} cannot be reached: ${error.message || error.code}`,
      hint: advice(error.code, this.#tls)
    })
  }

  #connect(): Promise<ClientHttp2Session> {
    const { ca, cert, key } = this.#credentials
    const authority = `${this.#tls ? "https" : "http"}://${this.address.name}`
    return new Promise((resolve, reject) => {
      const session = http2.connect(authority, {
        settings,
        maxSessionMemory,
        ...(this.#tls
          ? { minVersion: "TLSv1.3" as const, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
          : {})
      })
      const fail = (error: Error) => {
        callOff()
        session.destroy()
        reject(this.#unreachable(error))
      }
      const callOff = timeout(connectWithin, () =>
        fail(new Error(`no answer within ${connectWithin / 1000} s`))
      )
      session.once("error", fail)
      session.once("close", () => fail(new Error("it closed the connection")))
      // What a worker says of a certificate comes after the handshake, and the session keeps it to itself.
      session.once("connect", (_, socket) => socket.once("error", fail))
      // The first settings say that the other side speaks HTTP/2; before that, it might be anything.
      session.once("remoteSettings", () => {
        callOff()
        session.off("error", fail)
        session.on("error", () => {})
        session.setLocalWindowSize(connectionWindow)
        session.on("ping", () => this.heard())
        session.once("close", () => {
          this.#session = undefined
        })
        session.once("goaway", (_code, _last, said) => {
          this.#session = undefined
          if (said !== undefined && drained.equals(said)) this.dismissed()
        })
        this.#current = session
        if (this.#holds === 0) session.unref()
        resolve(session)
      })
    })
  }

  /** The connection that there is, or a new one. */
  get #connected(): Effect.Effect<ClientHttp2Session, RemoteError> {
    return Effect.suspend(() => {
      if (this.#closed) return Effect.fail(this.#unreachable(new Error("the device was closed")))
      this.#session ??= this.#connect()
      const session = this.#session
      return Effect.tryPromise({
        try: () => session,
        catch: (error) => {
          if (this.#session === session) this.#session = undefined
          return error as RemoteError
        }
      })
    })
  }

  /** With something under way the connection keeps the process alive, and without it does not. */
  hold(): void {
    if (this.#holds++ === 0) this.#current?.ref()
  }

  letGo(): void {
    if (--this.#holds === 0) this.#current?.unref()
  }

  /** Sends a request and waits for its answer. Interrupted, it is sent no further. */
  request(sending: Sending): Effect.Effect<Reply, RemoteError | Disconnected> {
    return Effect.flatMap(this.#connected, (session) =>
      Effect.ensuring(
        Effect.suspend(() => {
          this.hold()
          return exchange(session, sending)
        }),
        Effect.sync(() => this.letGo())
      )
    )
  }

  /** Begins a request that goes on for as long as both sides like. */
  async open(path: string, headers: Readonly<Record<string, string>>): Promise<ClientHttp2Stream> {
    const session = await Effect.runPromise(this.#connected)
    if (session.destroyed || session.closed) throw new Disconnected("the connection was lost")
    return session.request({ ":method": "POST", ":path": path, ...headers }, { endStream: false })
  }

  /** Gives the connection up: what is under way on it is lost, and the next request makes another. */
  drop(): void {
    this.#current?.destroy()
  }

  /** Ends the connection, when what is under way has been answered. */
  close(): void {
    this.#closed = true
    this.#session?.then(
      (session) => session.close(),
      () => {}
    )
  }
}

const exchange = (session: ClientHttp2Session, sending: Sending) =>
  Effect.callback<Reply, Disconnected>((resume) => {
    const { path, headers, parts, into, moved, heard } = sending
    let over = false
    const end = (effect: Effect.Effect<Reply, Disconnected>) => {
      if (over) return
      over = true
      resume(effect)
    }
    const lost = () => end(Effect.fail(new Disconnected("the connection was lost")))
    if (session.destroyed || session.closed) return lost()
    let stream: ClientHttp2Stream
    try {
      stream = session.request({ ":method": "POST", ":path": path, ...headers })
    } catch {
      return lost()
    }
    receive(stream, sending, (reply) => end(Effect.succeed(reply)))
    stream.once("error", lost)
    stream.once("close", lost)
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    sendPieces(stream, parts, {
      sent: (bytes) => {
        heard?.()
        // What goes before the array's own bytes is not counted.
        if (moved !== undefined && into === undefined) moved.bytes = Math.max(0, moved.total - length + bytes)
      }
    })
    return Effect.sync(() => {
      over = true
      stream.close(http2.constants.NGHTTP2_CANCEL)
    })
  })

const receive = (
  stream: ClientHttp2Stream,
  { into, moved, heard }: Pick<Sending, "into" | "moved" | "heard">,
  done: (reply: Reply) => void
): void => {
  stream.once("response", (headers) => {
    const status = Number(headers[":status"])
    const type = String(headers["content-type"] ?? "")
    const told = headers["content-length"] === undefined ? undefined : Number(headers["content-length"])
    const chunks: Array<Buffer> = []
    let at = 0
    const direct = told !== undefined && into !== undefined && status === 200 ? into() : undefined
    const whole = direct !== undefined && direct.length === told ? direct : undefined
    stream.on("data", (chunk: Buffer) => {
      heard?.()
      if (whole === undefined) chunks.push(chunk)
      else if (at + chunk.length <= whole.length) whole.set(chunk, at)
      at += chunk.length
      if (whole !== undefined && moved !== undefined) moved.bytes = at
    })
    stream.once("end", () => {
      // Cut short, it is no answer.
      if (told !== undefined && at !== told) return
      // Of what was answered before it had come whole, the rest is of no use.
      if (!stream.writableFinished) stream.close(http2.constants.NGHTTP2_CANCEL)
      done({ status, type, body: whole ?? new Uint8Array(Buffer.concat(chunks)) })
    })
  })
}
