import { PassThrough } from "node:stream"
import * as Effect from "effect/Effect"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import { makeWatch } from "../../pjrt/backend/watch.ts"
import { progressLine } from "../../pjrt/cli/progress.ts"
import { endlessModule } from "../support/endless-modules.ts"
import { onDevice } from "../support/run.ts"

/** A terminal, or something else, and what has been written to it. */
const screen = (isTTY: boolean) => {
  const stream = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream
  let text = ""
  stream.on("data", (chunk) => {
    text += chunk
  })
  return { stream, text: () => text }
}

describe("progress", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it("is one live line with the elapsed time on a terminal", () => {
    const { stream, text } = screen(true)
    const line = progressLine({ stream })
    line.step("compiling")
    vi.advanceTimersByTime(300)
    line.step("running")
    vi.advanceTimersByTime(1250)
    line.end()
    const rewritten = text().split("\r\x1b[2K")
    expect(rewritten).toContain("⠙ compiling 0.1 s")
    expect(rewritten).toContain("✓ compiling 0.3 s\n")
    expect(rewritten.at(-2)).toMatch(/^. running 1\.2 s$/)
    expect(rewritten.at(-1)).toMatch(/^✓ running 1\.[23] s\n$/)
    vi.advanceTimersByTime(1000)
    expect(text().split("\r\x1b[2K")).toHaveLength(rewritten.length)
  })

  it("is plain lines elsewhere", () => {
    const { stream, text } = screen(false)
    const line = progressLine({ stream })
    line.step("compiling")
    vi.advanceTimersByTime(5000)
    line.end()
    expect(text()).toBe("loopcarry: compiling\n")
  })
})

describe("what is slow", () => {
  const said: Array<string> = []
  const slow = (phase: string) => {
    said.push(phase)
    return () => void said.push(`${phase} ended`)
  }
  const run = onDevice("cpu", { slow, isolate: true, timeLimit: { running: 2 } })

  it("is said after a second, with its end; what is quick is not", () =>
    run(
      Effect.gen(function* () {
        const { compile } = yield* Backend
        const scope = yield* Effect.scope
        const endless = yield* compile({ code: endlessModule })
        expect(said.filter((each) => each.startsWith("running"))).toEqual([])
        yield* Effect.flip(endless.run([], scope))
        expect(said.filter((each) => each.startsWith("running"))).toEqual(["running", "running ended"])
      })
    ))

  it("is said no more once it has been given up", async () => {
    const phases: Array<string> = []
    const watch = makeWatch(
      {
        slow: (phase) => {
          phases.push(phase)
          return () => void phases.push("ended")
        }
      },
      { hint: "", stop: Effect.void }
    )
    await Effect.runPromise(
      Effect.timeoutOption(watch("running", Effect.sleep(5000)), 1200).pipe(Effect.asVoid)
    )
    expect(phases).toEqual(["running", "ended"])
  })
})
