import { createServer, Socket, type SocketConstructorOpts } from "node:net"

type Side = "client" | "worker"

/** A wire between a client and a worker that can be cut, and through which nothing may pass for a while. */
export interface Wire {
  readonly port: number
  /** How often somebody has connected. */
  readonly connections: number
  /** How often somebody was not let in. */
  readonly refused: number
  /** Ends all connections at once, as a network that fails does. */
  cut(): void
  /** As `cut`, with a reset. */
  reset(): void
  /** Lets nothing more through on the connections that there are, and tells nobody. */
  hold(): void
  /** Does something when so many bytes more have come from one side, before the last of them pass. Ends when it is done. */
  after(bytes: number, from: Side, act?: () => void): Promise<void>
  /** Refuses new connections, or takes them again. */
  refuse(yes: boolean): void
  close(): Promise<void>
}

export interface WireOptions {
  /** How much passes in a second, each way. */
  readonly bytesPerSecond?: number
  /** How long it takes to the other side, in milliseconds. */
  readonly delay?: number
}

/** How often a slow wire passes something on, in milliseconds, and how much at the most. */
const tick = 20
const highWaterMark = 1 << 20

const pass = (
  from: Socket,
  to: Socket,
  { bytesPerSecond, delay = 0 }: WireOptions,
  may: (chunk: Buffer) => boolean
) => {
  const later = (chunk: Buffer) => {
    if (delay === 0) to.write(chunk)
    else setTimeout(() => to.destroyed || to.write(chunk), delay)
  }
  if (bytesPerSecond === undefined) return void from.on("data", (chunk) => may(chunk) && later(chunk))
  from.pause()
  let before = performance.now()
  const timer = setInterval(() => {
    // Where this process is held up, its turns are rarer, and bring more.
    const now = performance.now()
    const most = Math.ceil((bytesPerSecond * (now - before)) / 1000)
    before = now
    const chunk: Buffer | null = from.read(Math.min(most, from.readableLength)) ?? null
    if (chunk !== null && may(chunk)) later(chunk)
  }, tick)
  from.on("readable", () => {})
  from.once("close", () => clearInterval(timer))
}

export const wireTo = (port: number, options: WireOptions = {}): Promise<Wire> =>
  new Promise((resolve) => {
    const sockets = new Set<Socket>()
    const held = new Set<Socket>()
    let refusing = false
    let connections = 0
    let refused = 0
    const awaited: Partial<Record<Side, { left: number; readonly act: () => void }>> = {}
    const end = (how: (socket: Socket) => void) => {
      for (const socket of sockets) how(socket)
      delete awaited.client
      delete awaited.worker
    }
    const count = (from: Side, bytes: number) => {
      const next = awaited[from]
      if (next === undefined) return
      next.left -= bytes
      if (next.left > 0) return
      delete awaited[from]
      next.act()
    }
    const server = createServer({ highWaterMark }, (near) => {
      if (refusing) {
        refused++
        return near.destroy()
      }
      connections++
      const far = new Socket({ highWaterMark } as SocketConstructorOpts).connect(port, "127.0.0.1")
      for (const [whose, from, to] of [
        ["client", near, far],
        ["worker", far, near]
      ] as const) {
        sockets.add(from)
        pass(from, to, options, (chunk) => {
          if (held.has(from)) return false
          count(whose, chunk.length)
          return !held.has(from) && !from.destroyed
        })
        from.on("error", () => {})
        from.once("close", () => {
          sockets.delete(from)
          held.delete(from)
          to.destroy()
        })
      }
      return undefined
    })
    server.listen(0, "127.0.0.1", () =>
      resolve({
        port: (server.address() as { port: number }).port,
        get connections() {
          return connections
        },
        get refused() {
          return refused
        },
        cut: () => end((socket) => socket.destroy()),
        reset: () => end((socket) => socket.resetAndDestroy()),
        hold: () => {
          for (const socket of sockets) held.add(socket)
        },
        after: (bytes, from, act = () => {}) =>
          new Promise((done) => {
            awaited[from] = {
              left: bytes,
              act: () => {
                act()
                done()
              }
            }
          }),
        refuse: (yes) => {
          refusing = yes
        },
        close: () =>
          new Promise((done) => {
            end((socket) => socket.destroy())
            server.close(() => done())
          })
      })
    )
  })
