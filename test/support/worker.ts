import { createServer, connect as dial, type Socket } from "node:net"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { afterAll, beforeAll } from "vitest"
import { serve, type Worker, type WorkerOptions } from "../../pjrt/remote/worker/worker.ts"

/** A worker of a test file, in its process, on any port that is free. */
export const onWorker = (options: Partial<WorkerOptions> = {}) => {
  const scope = Scope.makeUnsafe()
  let worker: Worker
  beforeAll(async () => {
    worker = await Effect.runPromise(
      Scope.provide(serve({ device: "cpu", host: "127.0.0.1", port: 0, ...options }), scope)
    )
  })
  afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))
  return {
    get device() {
      return `remote://${worker.address}`
    },
    get port() {
      return worker.port
    },
    get address() {
      return worker.address
    }
  }
}

/** A wire between a client and a worker that can be cut, and through which nothing may pass for a while. */
export interface Wire {
  readonly port: number
  /** Ends all connections at once, as a network that fails does. */
  cut(): void
  /** Lets nothing more through, and tells nobody. */
  hold(): void
  /** Refuses new connections, or takes them again. */
  refuse(yes: boolean): void
  close(): Promise<void>
}

export const wireTo = (port: number): Promise<Wire> =>
  new Promise((resolve) => {
    const sockets = new Set<Socket>()
    let refusing = false
    let held = false
    const server = createServer((near) => {
      if (refusing) return near.destroy()
      const far = dial(port, "127.0.0.1")
      for (const [from, to] of [
        [near, far],
        [far, near]
      ] as const) {
        sockets.add(from)
        from.on("data", (chunk) => {
          if (!held) to.write(chunk)
        })
        from.on("error", () => {})
        from.once("close", () => {
          sockets.delete(from)
          to.destroy()
        })
      }
      return undefined
    })
    server.listen(0, "127.0.0.1", () =>
      resolve({
        port: (server.address() as { port: number }).port,
        cut: () => {
          for (const socket of sockets) socket.destroy()
          held = false
        },
        hold: () => {
          held = true
        },
        refuse: (yes) => {
          refusing = yes
        },
        close: () =>
          new Promise((done) => {
            for (const socket of sockets) socket.destroy()
            server.close(() => done())
          })
      })
    )
  })
