import type { Http2Session, ServerHttp2Session } from "node:http2"
import type { Socket } from "node:net"
import { connectionWindow, settings } from "../../served/remote/http2.ts"
import type { Limits } from "./limits.ts"
import type { Session } from "./session.ts"

/**
 * What a connection may send before a session has begun on it: requests side by side, and bytes of them that wait to be
 * read. A first message has kilobytes.
 */
export const strangerSettings = {
  ...settings,
  initialWindowSize: 1 << 16,
  maxConcurrentStreams: 16,
  maxHeaderListSize: 1 << 14
} as const

/** Requests of a session's connection that are not answered yet; further ones wait at the client. */
const maxConcurrentStreams = 1000

/** What is known of a connection. */
interface Life {
  readonly socket: Socket
  readonly address: string
  /** When something was last heard on it. */
  heard: number
  /** Whose request has come over it. */
  session: Session | undefined
}

/** Two connections that are there have not both names alike. */
const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`

/**
 * The connections of a worker. Those without a session are limited. Past the limit, the address with the most of them
 * loses its oldest one. So a client that sends a first message at once gets in, however many connections are idle.
 */
export class Connections {
  readonly #limits: Limits
  readonly #isOpen: (session: Session) => boolean
  /** In the order in which they were made. */
  readonly #all = new Map<string, Life>()

  constructor(limits: Limits, isOpen: (session: Session) => boolean) {
    this.#limits = limits
    this.#isOpen = isOpen
  }

  /** Somebody has connected, and has said nothing. */
  takes(socket: Socket): void {
    const peer = peerOf(socket)
    const address = socket.remoteAddress ?? ""
    this.#all.set(peer, { socket, address, heard: performance.now(), session: undefined })
    socket.once("close", () => this.#all.delete(peer))
    const { connections, strangers } = this.#limits
    for (let idle = this.#strangers(); idle.length > strangers || this.#all.size > connections; ) {
      const ended = this.#first(idle.filter((one) => one.socket !== socket))
      // With nobody else to end, there is no room.
      const { socket: last } = ended ?? { socket }
      this.#all.delete(peerOf(last))
      last.destroy()
      if (ended === undefined) return
      idle = idle.filter((one) => one !== ended)
    }
  }

  #strangers(): ReadonlyArray<Life> {
    return [...this.#all.values()].filter((life) => !this.#known(life))
  }

  #known({ session }: Life): boolean {
    return session !== undefined && this.#isOpen(session)
  }

  #first(idle: ReadonlyArray<Life>): Life | undefined {
    const counts = new Map<string, number>()
    for (const { address } of idle) counts.set(address, (counts.get(address) ?? 0) + 1)
    const most = Math.max(...counts.values())
    return idle.find(({ address }) => counts.get(address) === most)
  }

  #of(connection: Http2Session): Life | undefined {
    return connection.destroyed ? undefined : this.#all.get(peerOf(connection.socket as Socket))
  }

  hear(connection: Http2Session): void {
    const life = this.#of(connection)
    if (life !== undefined) life.heard = performance.now()
  }

  /** A session's request has come, or it begins: it may send more at a time from now on. */
  knows(connection: ServerHttp2Session, session: Session): void {
    const life = this.#of(connection)
    if (life === undefined) return
    if (life.session === undefined) {
      connection.settings({ ...settings, maxConcurrentStreams })
      connection.setLocalWindowSize(connectionWindow)
    }
    life.session = session
  }

  /** Asks for signs of life, so that connections whose client has gone, and those of no session, do not add up. */
  watch(connection: Http2Session): void {
    const lease = 1000 * this.#limits.leaseSeconds
    let bytes = 0
    const beat = setInterval(() => {
      // Its socket may be a while in closing.
      const life = this.#of(connection)
      if (life === undefined) return
      const known = this.#known(life)
      // Of an array that takes long to come, each part is a sign of life.
      if (known && connection.socket.bytesRead > bytes) life.heard = performance.now()
      bytes = connection.socket.bytesRead
      if (performance.now() - life.heard > 2 * lease) connection.destroy()
      else if (known) connection.ping(() => this.hear(connection))
    }, lease / 3).unref()
    connection.once("close", () => clearInterval(beat))
  }
}
