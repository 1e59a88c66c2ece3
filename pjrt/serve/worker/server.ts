import http2, {
  type Http2SecureServer,
  type Http2Server,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream
} from "node:http2"
import type { Socket } from "node:net"
import { RemoteError } from "../../backend/errors.ts"
import { drained, maxSessionMemory, paths, sessionHeader } from "../../served/remote/http2.ts"
import { answerCalls } from "./calls.ts"
import { Connections, strangerSettings } from "./connections.ts"
import { denied, draining, noSession, protocolFault } from "./faults.ts"
import { metricsText } from "./metrics.ts"
import { requestOf, sendFailure, sendResponse, sendText } from "./replies.ts"
import type { Session } from "./session.ts"
import { authorized } from "./token.ts"
import { receiveArray, sendArray } from "./transfers.ts"
import { type WorkerContext, welcome } from "./welcome.ts"

/** The key and certificate of a worker, in PEM. */
export interface Tls {
  readonly key: Buffer
  readonly cert: Buffer
  /** Whose certificates clients must show. */
  readonly clientCa?: Buffer
}

export interface ServerOptions extends WorkerContext {
  readonly token: string | undefined
  readonly tls: Tls | undefined
  /** Why sessions that are not known here may be gone. */
  readonly before: string | undefined
}

/** How long a TLS handshake may take, in milliseconds. */
const handshakeWithin = 10_000

/** Headers of a request. */
const maxHeaderListPairs = 32

/** Bytes of a session's first message. */
const helloBytes = 4096

/** A worker as an HTTP/2 server: it finds out who asks for what. */
export class Server {
  readonly http: Http2Server | Http2SecureServer
  readonly #options: ServerOptions
  readonly #connections: Connections
  readonly #open = new Set<Http2Session>()
  /** Streams of calls, which last as long as their sessions. */
  readonly #calls = new Set<ServerHttp2Stream>()
  /** Arrays that are being received or sent. */
  readonly #transfers = new Set<ServerHttp2Stream>()
  #draining = false
  requests = 0

  constructor(options: ServerOptions) {
    this.#options = options
    const { limits, sessions } = options
    this.#connections = new Connections(limits, (session) => sessions.find(session.id) === session)
    const common = { settings: strangerSettings, maxSessionMemory, maxHeaderListPairs }
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
    this.http.on("connection", (socket: Socket) => this.#connections.takes(socket))
    this.http.on("session", (connection: ServerHttp2Session) => {
      connection.on("error", () => {})
      this.#open.add(connection)
      connection.once("close", () => this.#open.delete(connection))
      this.#connections.watch(connection)
    })
    this.http.on("sessionError", () => {})
    this.http.on("stream", (stream: ServerHttp2Stream, headers) => {
      this.requests++
      stream.on("error", () => {})
      if (stream.session !== undefined) this.#route(stream, headers, stream.session as ServerHttp2Session)
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
    for (const connection of this.#open) connection.close()
  }

  /** Tells all clients that there will be nothing more, and leaves. */
  dismiss(): void {
    for (const connection of this.#open) connection.goaway(http2.constants.NGHTTP2_NO_ERROR, 0, drained)
    for (const stream of this.#calls) stream.end()
    this.leave()
  }

  /** Whether no connection is left. */
  get alone(): boolean {
    return this.#open.size === 0
  }

  /** Ends all connections at once. */
  destroy(): void {
    for (const connection of this.#open) connection.destroy()
    this.http.close()
  }

  #route(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, connection: ServerHttp2Session): void {
    const { token, sessions } = this.#options
    const path = headers[":path"] as string
    const session = sessions.find(headers[sessionHeader] as string | undefined)
    this.#connections.hear(connection)
    if (path === paths.health)
      sendText(stream, this.#draining ? 503 : 200, this.#draining ? "draining\n" : "ok\n")
    else if (!authorized(headers.authorization, token)) sendFailure(stream, 401, 0, denied)
    else if (path === paths.metrics) sendText(stream, 200, metricsText(this.#options, this.requests))
    else if (headers[":method"] !== "POST")
      sendFailure(stream, 405, 0, protocolFault("only POST is understood"))
    else if (path === paths.session) void this.#begin(stream, connection)
    else if (session === undefined) sendFailure(stream, 410, 0, noSession(this.#options.before))
    else this.#routeSession(stream, session, path, connection)
  }

  #routeSession(
    stream: ServerHttp2Stream,
    session: Session,
    path: string,
    connection: ServerHttp2Session
  ): void {
    session.hear()
    this.#connections.knows(connection, session)
    const kind = path === paths.call ? this.#calls : this.#transfers
    kind.add(stream)
    this.#options.sessions.called()
    stream.once("close", () => kind.delete(stream))
    if (path === paths.call) answerCalls(this.#options, stream, session)
    else if (path === paths.put) receiveArray(this.#options, stream, session)
    else if (path === paths.read) void sendArray(this.#options, stream, session)
    else sendFailure(stream, 404, 0, protocolFault(`there is no ${path}`))
  }

  async #begin(stream: ServerHttp2Stream, connection: ServerHttp2Session): Promise<void> {
    const request = await requestOf(stream, helloBytes)
    if (request === undefined) return
    const { ask, call } = request
    if (ask?.type !== "Hello") sendFailure(stream, 400, 0, protocolFault("a session begins with a Hello"))
    else if (this.#draining) sendFailure(stream, 403, call, draining)
    else {
      const answer = welcome(this.#options, ask, connection.socket?.remoteAddress ?? "")
      if (answer instanceof RemoteError) sendFailure(stream, 403, call, answer)
      else {
        const session = this.#options.sessions.find(answer.session)
        if (session !== undefined) this.#connections.knows(connection, session)
        sendResponse(stream, 200, { call, answer })
      }
    }
  }
}
