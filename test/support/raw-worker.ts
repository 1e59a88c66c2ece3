import { afterEach, beforeEach, expect } from "vitest"
import type { Limits } from "../../pjrt/serve/worker/limits.ts"
import { compileAsk, RawClient } from "./raw-client.ts"
import { onWorker } from "./worker.ts"

export const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => i)

/** What the answer that is a failure says. */
export const failure = (says: string) => ({ type: "Failure", fields: expect.stringContaining(says) })

/**
 * A worker, and a client of it for each test that says what it likes. After anything, another client's program gives the
 * right result, and nothing of the test's session is in its own.
 */
export const withRawClient = (limits: Partial<Limits> = {}) => {
  const worker = onWorker({ limits: { sessions: 1000, ...limits } })
  let client: RawClient
  beforeEach(async () => {
    client = await RawClient.open(worker.address)
  })
  afterEach(async () => {
    client.close()
    const healthy = await RawClient.open(worker.address)
    expect(await healthy.ask(0, compileAsk(1))).toMatchObject({ type: "Made" })
    expect((await healthy.put(1, 5, [4], Uint8Array.of(1, 2, 3, 4))).answer).toEqual({ type: "Done" })
    const ran = await healthy.ask(2, { type: "Run", executable: 1, args: [5], first: 6 })
    expect(ran).toMatchObject({ type: "Ran", results: [{ bytes: Uint8Array.of(3, 4, 5, 6) }] })
    expect((await healthy.read(3, 77)).answer).toMatchObject({ type: "Failure", kind: "RunError" })
    healthy.close()
  })
  return {
    get client() {
      return client
    },
    get address() {
      return worker.address
    }
  }
}
