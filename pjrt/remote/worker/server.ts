import http2, {
  type Http2SecureServer,
  type Http2Server,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream
} from "node:http2"
import { RemoteError } from "../../errors.ts"
import { connectionWindow, drained, maxSessionMemory, paths, sessionHeader, settings } from "../http2.ts"
import { answerCalls } from "./calls.ts"
import { denied, draining, noSession, protocolFault } from "./faults.ts"
import { metricsText } from "./metrics.ts"
import { requestOf, sendFailure, sendResponse, sendText } from "./replies.ts"
import type { Session } from "./session.ts"
import { authorized } from "./token.ts"
import { receiveArray, sendArray } from "./transfers.ts"
import { type House, welcome } from "./welcome.ts"

export interface Tls {
  readonly key: Buffer
  readonly cert: Buffer
  /** Whose certificates clients must show. */
  readonly clientCa?: Buffer
}

export interface ServerOptions extends House {
  readonly token: string | undefined
  readonly tls: Tls | undefined
  /** Why sessions that are not known here may be gone. */
  readonly before: string | undefined
}

/** How long a TLS handshake may take, in milliseconds. */
const handshakeWithin = 10_000

/** Requests of a connection that are not answered yet; further ones wait at the client. */
const maxConcurrentStreams = 1000

/** What is known of a connection. */
interface Life {
  /** When something was last heard on it. */
  heard: number
  /** Whether a session's request has come over it. */
  ofSession: boolean
}

const hear = (life: Life): void => {
  life.heard = performance.now()
}

/** A worker as an HTTP/2 server: who asks what is found out here. */
export class Server {
  readonly http: Http2Server | Http2SecureServer
  readonly #options: ServerOptions
  readonly #connections = new Map<Http2Session, Life>()
  /** Streams of calls, which last as long as their sessions. */
  readonly #calls = new Set<ServerHttp2Stream>()
  /** Arrays that are being received or sent. */
  readonly #transfers = new Set<ServerHttp2Stream>()
  #draining = false
  requests = 0

  constructor(options: ServerOptions) {
    this.#options = options
    const common = { settings: { ...settings, maxConcurrentStreams }, maxSessionMemory }
    this.http =
      options.tls === undefined
        ? http2.createServer(common)
        : http2.createSecureServer({
            ...common,
            key: options.tls.key,
            cert: options.tls.cert,
            minVersion: "TLSv1.3",
            handshakeTimeout: handshakeWithin,
            ...(options.tls.clientCa === undefined
              ? {}
              : { ca: options.tls.clientCa, requestCert: true, rejectUnauthorized: true })
          })
    this.http.maxConnections = options.limits.connections
    this.http.on("session", (connection: ServerHttp2Session) => {
      connection.setLocalWindowSize(connectionWindow)
      connection.on("error", () => {})
      this.#watch(connection)
    })
    this.http.on("sessionError", () => {})
    this.http.on("stream", (stream: ServerHttp2Stream, headers) => {
      this.requests++
      stream.on("error", () => {})
      const life = stream.session && this.#connections.get(stream.session)
      if (life !== undefined) this.#route(stream, headers, life)
    })
  }

  /** Asks for signs of life, so that connections whose client has gone, and those of no session, do not add up. */
  #watch(connection: Http2Session): void {
    const lease = 1000 * this.#options.limits.leaseSeconds
    const life: Life = { heard: performance.now(), ofSession: false }
    this.#connections.set(connection, life)
    let bytes = 0
    const beat = setInterval(() => {
      // Its socket may be a while in closing.
      if (connection.destroyed) return
      // Of an array that takes long to come, each part is a sign of life.
      if (life.ofSession && connection.socket.bytesRead > bytes) hear(life)
      bytes = connection.socket.bytesRead
      if (performance.now() - life.heard > 2 * lease) connection.destroy()
      else if (life.ofSession) connection.ping(() => hear(life))
    }, lease / 3).unref()
    connection.once("close", () => {
      clearInterval(beat)
      this.#connections.delete(connection)
    })
  }

  /** Takes no new sessions from now on. */
  turnAway(): void {
    this.#draining = true
  }

  /** Whether something is under way. */
  get busy(): boolean {
    for (const session of this.#options.sessions.all) if (session.calls.working) return true
    return this.#transfers.size > 0
  }

  /** Takes nothing more, and ends each connection when its requests have been answered. */
  leave(): void {
    this.#draining = true
    this.http.close()
    for (const connection of this.#connections.keys()) connection.close()
  }

  /** Tells all clients that there will be nothing more, and leaves. */
  dismiss(): void {
    for (const connection of this.#connections.keys())
      connection.goaway(http2.constants.NGHTTP2_NO_ERROR, 0, drained)
    for (const stream of this.#calls) stream.end()
    this.leave()
  }

  /** Whether no connection is left. */
  get alone(): boolean {
    return this.#connections.size === 0
  }

  /** Ends all connections at once. */
  destroy(): void {
    for (const connection of this.#connections.keys()) connection.destroy()
    this.http.close()
  }

  #route(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, life: Life): void {
    const { token, sessions } = this.#options
    const path = headers[":path"] as string
    const session = sessions.find(headers[sessionHeader] as string | undefined)
    hear(life)
    if (path === paths.health)
      sendText(stream, this.#draining ? 503 : 200, this.#draining ? "draining\n" : "ok\n")
    else if (!authorized(headers.authorization, token)) sendFailure(stream, 401, 0, denied)
    else if (path === paths.metrics) sendText(stream, 200, metricsText(this.#options, this.requests))
    else if (headers[":method"] !== "POST")
      sendFailure(stream, 405, 0, protocolFault("only POST is understood"))
    else if (path === paths.session) void this.#open(stream)
    else if (session === undefined) sendFailure(stream, 410, 0, noSession(this.#options.before))
    else this.#routeSession(stream, session, path, life)
  }

  #routeSession(stream: ServerHttp2Stream, session: Session, path: string, life: Life): void {
    session.hear()
    life.ofSession = true
    const kind = path === paths.call ? this.#calls : this.#transfers
    kind.add(stream)
    stream.once("close", () => kind.delete(stream))
    if (path === paths.call) answerCalls(this.#options, stream, session)
    else if (path === paths.put) receiveArray(this.#options, stream, session)
    else if (path === paths.read) void sendArray(this.#options, stream, session)
    else sendFailure(stream, 404, 0, protocolFault(`there is no ${path}`))
  }

  async #open(stream: ServerHttp2Stream): Promise<void> {
    const request = await requestOf(stream, this.#options.messageLimit)
    if (request === undefined) return
    const { ask, call } = request
    if (ask?.type !== "Hello") sendFailure(stream, 400, 0, protocolFault("a session begins with a Hello"))
    else if (this.#draining) sendFailure(stream, 403, call, draining)
    else {
      const answer = welcome(this.#options, ask)
      if (answer instanceof RemoteError) sendFailure(stream, 403, call, answer)
      else sendResponse(stream, 200, { call, answer })
    }
  }
}
