import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { afterAll, beforeAll } from "vitest"
import type { WorkerOptions } from "../../pjrt/serve/worker/options.ts"
import { serve, type Worker } from "../../pjrt/serve/worker/worker.ts"

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
