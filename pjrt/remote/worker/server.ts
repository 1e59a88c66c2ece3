import http2, {
  type Http2SecureServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream
} from "node:http2"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { bytesOf } from "../../../dsl/shape.ts"
import type { Identity } from "../../Backend.ts"
import { RemoteError } from "../../errors.ts"
import { protocols, sentIdentity } from "../domain.ts"
import { Frames, frame } from "../frames.ts"
import {
  bytesType,
  connectionWindow,
  maxSessionMemory,
  messageType,
  paths,
  sessionHeader,
  settings
} from "../http2.ts"
import { sendPieces } from "../pieces.ts"
import { decode, WireError } from "../wire/decode.ts"
import { encode } from "../wire/encode.ts"
import type { Answer, Hello, Request, Response } from "../wire/wire.gen.ts"
import { answer, arrayFault, failureAnswer, put, type Shared, settled } from "./answers.ts"
import { BodyFault, messageAndBytes, wholeBody } from "./body.ts"
import { metricsText } from "./metrics.ts"
import { receiving } from "./receiving.ts"
import { Session, unknown } from "./session.ts"
import type { Sessions } from "./sessions.ts"
import { authorized } from "./token.ts"

export interface Tls {
  readonly key: Buffer
  readonly cert: Buffer
  /** Whose certificates clients must show. */
  readonly clientCa?: Buffer
}

export interface ServerOptions extends Shared {
  readonly product: string
  readonly identity: Identity
  readonly sessions: Sessions
  readonly token: string | undefined
  readonly tls: Tls | undefined
  /** Why sessions that are not known here may be gone. */
  readonly before: string | undefined
  /** Told what happens, without what is anybody's secret. */
  readonly log: (line: string) => void
}

const protocolFault = (message: string): RemoteError =>
  new RemoteError({
    address: "worker",
    reason: "protocol",
    message,
    hint: "use the same version of loopcarry on both sides"
  })

const denied = new RemoteError({
  address: "worker",
  reason: "denied",
  message: "the worker does not let this client in: its token is missing or wrong",
  hint: "give the worker's token in LOOPCARRY_TOKEN_FILE or LOOPCARRY_TOKEN"
})

const noSession = (before: string | undefined): RemoteError =>
  new RemoteError({
    address: "worker",
    reason: "protocol",
    message: before ?? "it was silent for too long, or the worker was started anew",
    hint: "open the device again"
  })

const draining = new RemoteError({
  address: "worker",
  reason: "limit",
  message: "the worker is ending and takes no new sessions",
  hint: "use another worker, or try again when it has been started anew"
})

/** Beside tensors and programs a message is small. */
const messageMargin = 1 << 20

/** A worker as an HTTP/2 server: requests in, answers out; what they mean is in `answers.ts`. */
export class Server {
  readonly http: Http2Server | Http2SecureServer
  readonly #options: ServerOptions
  readonly #most: number
  readonly #connections = new Set<ServerHttp2Session>()
  #draining = false
  requests = 0

  constructor(options: ServerOptions) {
    this.#options = options
    this.#most = options.limits.programBytes + messageMargin
    const common = { settings, maxSessionMemory }
    this.http =
      options.tls === undefined
        ? http2.createServer(common)
        : http2.createSecureServer({
            ...common,
            key: options.tls.key,
            cert: options.tls.cert,
            minVersion: "TLSv1.3",
            ...(options.tls.clientCa === undefined
              ? {}
              : { ca: options.tls.clientCa, requestCert: true, rejectUnauthorized: true })
          })
    this.http.on("session", (connection: ServerHttp2Session) => {
      this.#connections.add(connection)
      connection.setLocalWindowSize(connectionWindow)
      connection.once("close", () => this.#connections.delete(connection))
      connection.on("error", () => {})
    })
    this.http.on("sessionError", () => {})
    this.http.on("stream", (stream: ServerHttp2Stream, headers) => {
      this.requests++
      stream.on("error", () => {})
      this.#route(stream, headers)
    })
  }

  /** Takes no new sessions from now on, and ends each connection when its requests have been answered. */
  drain(): void {
    this.#draining = true
    for (const connection of this.#connections) connection.close()
  }

  /** Whether a request has no answer yet. */
  get busy(): boolean {
    for (const session of this.#options.sessions.all) if (session.working) return true
    return false
  }

  /** Ends all connections at once. */
  destroy(): void {
    for (const connection of this.#connections) connection.destroy()
    this.http.close()
  }

  #route(stream: ServerHttp2Stream, headers: http2.IncomingHttpHeaders): void {
    const { token, sessions } = this.#options
    const path = headers[":path"] as string
    const session = sessions.find(headers[sessionHeader] as string | undefined)
    if (path === paths.health)
      this.#text(stream, this.#draining ? 503 : 200, this.#draining ? "draining\n" : "ok\n")
    else if (!authorized(headers.authorization, token)) this.#fail(stream, 401, 0, denied)
    else if (path === paths.metrics) this.#text(stream, 200, metricsText(this.#options, this.requests))
    else if (headers[":method"] !== "POST")
      this.#fail(stream, 405, 0, protocolFault("only POST is understood"))
    else if (path === paths.session) void this.#open(stream)
    else if (session === undefined) this.#fail(stream, 410, 0, noSession(this.#options.before))
    else this.#routeSession(stream, session, path)
  }

  #routeSession(stream: ServerHttp2Stream, session: Session, path: string): void {
    session.hear()
    if (path === paths.call) this.#calls(stream, session)
    else if (path === paths.put) this.#put(stream, session)
    else if (path === paths.read) void this.#read(stream, session)
    else this.#fail(stream, 404, 0, protocolFault(`there is no ${path}`))
  }

  #text(stream: ServerHttp2Stream, status: number, text: string): void {
    stream.respond({ ":status": status, "content-type": "text/plain; charset=utf-8" })
    stream.end(text)
  }

  #send(stream: ServerHttp2Stream, status: number, response: Response): void {
    if (stream.destroyed || stream.headersSent) return
    const bytes = encode("Response", response)
    stream.respond({ ":status": status, "content-type": messageType, "content-length": bytes.length })
    // What the client still sends is of no use any more.
    stream.end(bytes, () => {
      if (!stream.readableEnded) stream.close(http2.constants.NGHTTP2_NO_ERROR)
    })
  }

  #fail(stream: ServerHttp2Stream, status: number, call: number, error: unknown): void {
    const known =
      error instanceof WireError || error instanceof BodyFault ? protocolFault(error.message) : error
    this.#send(stream, status, { call, answer: failureAnswer(known) })
  }

  /** A request that is a message alone; undefined where it has been answered already or its client has gone. */
  async #message(stream: ServerHttp2Stream): Promise<Request | undefined> {
    try {
      const body = await wholeBody(stream, this.#most)
      return body === undefined ? undefined : decode("Request", body)
    } catch (error) {
      this.#fail(stream, 400, 0, error)
      return undefined
    }
  }

  async #open(stream: ServerHttp2Stream): Promise<void> {
    const request = await this.#message(stream)
    if (request === undefined) return
    if (request.ask?.type !== "Hello")
      return this.#fail(stream, 400, 0, protocolFault("a session begins with a Hello"))
    const welcome = this.#welcome(request.ask)
    if (welcome instanceof RemoteError) return this.#fail(stream, 403, request.call, welcome)
    this.#send(stream, 200, { call: request.call, answer: welcome })
  }

  #welcome(hello: Hello): Answer | RemoteError {
    const { sessions, product, limits, backend, identity, log } = this.#options
    if (this.#draining) return draining
    const protocol = Math.min(hello.protocolMax, protocols.newest)
    if (protocol < Math.max(hello.protocolMin, protocols.oldest)) {
      return protocolFault(
        `the client (${hello.product}) speaks protocols ${hello.protocolMin} to ${hello.protocolMax}, the worker (${product}) ${protocols.oldest} to ${protocols.newest}`
      )
    }
    const device =
      hello.device === undefined ? backend.device : backend.devices.find(({ name }) => name === hello.device)
    if (device === undefined) {
      return new RemoteError({
        address: "worker",
        reason: "denied",
        message: `the worker has no device ${hello.device}: it has ${backend.devices.map(({ name }) => name).join(", ")}`,
        hint: "name one of these after the address, or none"
      })
    }
    const session = sessions.open()
    if (!(session instanceof Session)) return session as RemoteError
    log(`session ${session.id.slice(0, 8)} of ${hello.product} begins`)
    return {
      type: "Welcome",
      protocol,
      product,
      session: session.id,
      lease: limits.leaseSeconds * 1000,
      identity: sentIdentity(identity),
      device: device.id,
      devices: backend.devices.map(({ id, name, platform, kind }) => ({ id, name, platform, kind })),
      messageLimit: this.#most
    }
  }

  /** Begins a call that has not been asked before; gives its answer in any case. */
  #begin(session: Session, request: Request, work: () => Effect.Effect<Answer>): Promise<Response> {
    const { call, settled: had, released } = request
    const fault = session.known(call) === undefined ? session.fault(call) : undefined
    if (fault !== undefined) {
      session.comes(call, had, released)
      return Promise.resolve({ call, answer: failureAnswer(fault) })
    }
    const fiber = session.answer(call, () => Effect.map(work(), (made): Response => ({ call, answer: made })))
    session.comes(call, had, released)
    return Effect.runPromise(
      Effect.map(Fiber.await(fiber), (exit) =>
        exit._tag === "Success"
          ? exit.value
          : { call, answer: failureAnswer(unknown(`the answer of call ${call}, which was cancelled,`)) }
      )
    )
  }

  /** A stream of calls, each answered when it is done. */
  #calls(stream: ServerHttp2Stream, session: Session): void {
    const frames = new Frames(this.#most)
    stream.respond({ ":status": 200, "content-type": messageType })
    const send = (response: Response) => {
      if (!stream.destroyed && !stream.writableEnded) stream.write(frame(encode("Response", response)))
    }
    stream.on("data", (chunk: Buffer) => {
      session.hear()
      try {
        for (const message of frames.take(chunk))
          void this.#call(session, decode("Request", message)).then(send)
      } catch {
        // Who sends what is no message cannot be told which call has failed.
        stream.close(http2.constants.NGHTTP2_PROTOCOL_ERROR)
      }
    })
    stream.once("end", () => stream.end())
  }

  async #call(session: Session, request: Request): Promise<Response> {
    const { call, ask, settled: had, released } = request
    if (ask === undefined) return { call, answer: failureAnswer(protocolFault("a request asks nothing")) }
    if (ask.type === "Cancel") session.cancel(ask.target)
    if (ask.type === "Bye") await Effect.runPromise(this.#options.sessions.close(session))
    if (ask.type === "Cancel" || ask.type === "Bye" || ask.type === "Heartbeat") {
      session.comes(call, had, released)
      return { call, answer: { type: "Done" } }
    }
    return await this.#begin(session, request, () => answer(this.#options, session, ask, call))
  }

  #put(stream: ServerHttp2Stream, session: Session): void {
    const reply = (response: Promise<Response>) => void response.then((made) => this.#send(stream, 200, made))
    messageAndBytes(
      stream,
      this.#most,
      (message) => {
        const request = decode("Request", message)
        const { ask, call } = request
        if (ask?.type !== "Put") throw protocolFault("bytes follow what is no Put")
        const known = session.known(call) !== undefined
        const fault = known ? undefined : (session.fault(call) ?? arrayFault(session, ask.aval))
        if (fault !== undefined) {
          session.refuse(ask.array, fault)
          session.comes(call, request.settled, request.released)
          throw fault
        }
        const received = session.receive(bytesOf(ask.aval))
        const memory = receiving(bytesOf(ask.aval))
        return {
          into: memory.bytes,
          done: (whole) => {
            received()
            const begins = whole && session.known(call) === undefined && session.fault(call) === undefined
            if (!begins) memory.free()
            if (whole)
              reply(this.#begin(session, request, () => settled(put(this.#options, session, ask, memory))))
          }
        }
      },
      (fault) => this.#fail(stream, fault instanceof RemoteError ? 200 : 400, 0, fault)
    )
  }

  async #read(stream: ServerHttp2Stream, session: Session): Promise<void> {
    const request = await this.#message(stream)
    if (request === undefined) return
    const { ask, call } = request
    session.comes(call, request.settled, request.released)
    if (ask?.type !== "Read")
      return this.#fail(stream, 400, call, protocolFault("only a Read is answered with bytes"))
    const reading = Effect.runFork(Effect.flatMap(session.array(ask.array, call), (buffer) => buffer.view))
    stream.once("close", () => Effect.runFork(Fiber.interrupt(reading)))
    const exit = await Effect.runPromise(Fiber.await(reading))
    if (exit._tag === "Failure") {
      const response = await Effect.runPromise(settled(Effect.failCause(exit.cause)))
      return this.#send(stream, 200, { call, answer: response })
    }
    if (stream.destroyed) return
    stream.respond({ ":status": 200, "content-type": bytesType, "content-length": exit.value.length })
    const { value } = exit
    // Read in place, it must stay reachable until it has been sent.
    sendPieces(stream, [value], () => void value)
  }
}
