import * as Effect from "effect/Effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Ledger } from "../../pjrt/serve/worker/ledger.ts"
import type { Answer } from "../../pjrt/served/remote/wire/wire.gen.ts"

const done: Answer = { type: "Done" }
const once = () => Effect.succeed(done)

/** A call as a session takes it: begun unless there is something against it. */
const ask = (ledger: Ledger, call: number, work: () => Effect.Effect<Answer> = once) => {
  const fault = ledger.known(call) === undefined ? ledger.fault(call) : undefined
  if (fault === undefined) ledger.answer(call, work)
  ledger.comes(call)
  return fault as Error | undefined
}

describe("the ledger of a session's calls", () => {
  it("has each call done once, and keeps its answer until the client has it", () => {
    const ledger = new Ledger(4)
    let times = 0
    const work = () =>
      Effect.sync(() => {
        times++
        return done
      })
    ask(ledger, 0, work)
    ask(ledger, 0, work)
    expect(times).toBe(1)
    ledger.settle({ settled: 1, got: [] })
    expect(ask(ledger, 0, work)?.message).toContain("which the client had already")
    expect(times).toBe(1)
  })

  it("forgets the answers that the client has got, whatever earlier call is still under way, and does none again", () => {
    const ledger = new Ledger(4)
    ask(ledger, 0, () => Effect.never)
    for (let call = 1; call < 10_000; call++) {
      ledger.settle({ settled: 0, got: call > 1 ? [call - 1] : [] })
      expect(ask(ledger, call)).toBeUndefined()
    }
    expect(ledger.known(5000)).toBeUndefined()
    expect(ask(ledger, 5000)?.message).toContain("which the client had already")
    expect(ledger.working).toBe(true)
  })

  it("refuses further calls of a client that never says what it has got", () => {
    const ledger = new Ledger(4)
    for (let call = 0; call < 16; call++) expect(ask(ledger, call)).toBeUndefined()
    expect(ask(ledger, 16)?.message).toContain("16 answers are kept")
    ledger.settle({ settled: 0, got: [3, 4] })
    expect(ask(ledger, 17)).toBeUndefined()
  })

  it("does not forget what is under way, whatever the client says it has got", () => {
    const ledger = new Ledger(1)
    ask(ledger, 0, () => Effect.never)
    ledger.settle({ settled: 0, got: [0, 7] })
    expect(ledger.known(0)).toBeDefined()
    expect(ask(ledger, 1)?.message).toContain("1 call has no answer yet")
  })

  it("knows which calls have come, in whatever order they do", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(Array.from({ length: 30 }, (_, i) => i)),
        fc.nat(35),
        (order, settled) => {
          const ledger = new Ledger(100)
          for (const call of order) ledger.comes(call)
          ledger.settle({ settled, got: [] })
          const first = Array.from({ length: 40 }, (_, i) => i).find(
            (i) => i >= settled && !order.includes(i)
          )!
          for (let call = 0; call < 40; call++) expect(ledger.awaitsBefore(call)).toBe(call > first)
        }
      )
    )
  })

  it("has nobody wait for a session that has ended", async () => {
    const ledger = new Ledger(4)
    const waiting = Effect.runPromise(ledger.before(5))
    ledger.end()
    await waiting
    expect(ledger.awaitsBefore(5)).toBe(false)
  })
})
