import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { LastWords } from "../../native/plugins/log.ts"
import type { AtWork } from "../../pjrt/serve/worker/at-work.ts"
import { Crashes, type End } from "../../pjrt/serve/worker/crashes.ts"
import { Suspicion } from "../../pjrt/serve/worker/suspicion.ts"
import { countAttacks } from "../support/attack.ts"
import { endlessModule, endlessToCompile } from "../support/endless-modules.ts"
import { on, serves } from "../support/healthy.ts"
import { metric, queued } from "../support/metrics.ts"
import { compileAsk, programAsk, RawClient } from "../support/raw-client.ts"
import { failure } from "../support/raw-worker.ts"
import { type Serving, start } from "../support/serving.ts"

let worker: Serving
beforeAll(async () => {
  worker = await start()
})
afterAll(() => worker.process.kill("SIGKILL"))

/** A client of the process that serves now, or next. */
const client = async (): Promise<RawClient> => {
  let opened: RawClient | undefined
  await expect
    .poll(async () => {
      opened = await Promise.race([
        RawClient.open(worker.address).catch(() => undefined),
        new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 1000))
      ])
      return opened
    })
    .toBeDefined()
  return opened!
}

/** A program of its own that never ends. */
const endless = (n: number) => `${endlessModule}// ${n}\n`

/** Has a program run in a session of its own; ends when it is at work, or says why it is not taken. */
const begin = async (code: string, others = 0) => {
  const own = await client()
  const made = await own.ask(0, programAsk(1, code))
  if (made?.type === "Failure") return { own, refused: JSON.parse(made.fields).message as string }
  own.say(1, { type: "Run", executable: 1, args: [], first: 1 })
  await queued(worker.address, others + 1, 0)
  return { own, refused: undefined }
}

/** The process dies as it does of what a program does; ends when another serves. */
const crash = async (signal: NodeJS.Signals = "SIGSEGV") => {
  const before = worker.holder()
  process.kill(before, signal)
  await expect.poll(() => worker.holder()).not.toBe(before)
  ;(await client()).close()
}

const refusal =
  /^this program is refused, for it has ended the worker's process: it was ended by SIGSEGV while running it/

describe("a program that ends the worker's process", () => {
  it("is refused in all sessions from then on, until that is lifted; others are served", async () => {
    const { own } = await begin(endless(1))
    await crash()
    own.close()
    expect((await begin(endless(1))).refused).toMatch(refusal)
    expect((await begin(endless(1))).refused).toMatch(refusal)
    await on(worker.device, serves)
    expect(await metric(worker.address, "programs_refused")).toBe(1)
    expect(worker.log()).toMatch(/program [0-9a-f]{64} is refused from now on/)
    worker.process.kill("SIGHUP")
    await expect.poll(() => metric(worker.address, "programs_refused")).toBe(0)
    expect(worker.log()).toContain("SIGHUP: refused programs that are taken again: 1")
    const again = await begin(endless(1))
    expect(again.refused).toBeUndefined()
    again.own.close()
    await crash()
  })

  it("is refused where it does so when it is compiled", async () => {
    const own = await client()
    own.say(0, programAsk(1, endlessToCompile))
    await queued(worker.address, 1, 0)
    await crash("SIGABRT")
    const next = await client()
    expect(await next.ask(0, programAsk(1, endlessToCompile))).toMatchObject(
      failure("it was ended by SIGABRT while compiling it")
    )
    next.close()
    own.close()
  })

  it("is found among several: each is tried alone, and who did nothing is not refused", async () => {
    const first = await begin(endless(2))
    const second = await begin(endless(3), 1)
    const innocent = compileAsk(1)
    await crash()
    for (const { own } of [first, second]) own.close()
    const alone = await begin(endless(3))
    expect(alone.refused).toBeUndefined()
    // Nothing else is begun beside a suspect.
    const other = await client()
    other.say(0, innocent)
    await queued(worker.address, 1, 1)
    await crash()
    alone.own.close()
    other.close()
    expect((await begin(endless(3))).refused).toMatch(refusal)
    const last = await begin(endless(2))
    expect(last.refused).toBeUndefined()
    last.own.close()
    await crash("SIGKILL")
    await on(worker.device, serves)
  })

  it("costs the others a restart and no more, however often another of its kind does it", async (context) => {
    const times = 6
    countAttacks(context, times)
    const before = worker.log().split("starting another at once").length
    for (let i = 0; i < times; i++) {
      const { own } = await begin(endless(100 + i))
      await crash()
      own.close()
      await on(worker.device, serves)
    }
    expect(worker.log().split("starting another at once")).toHaveLength(before + times)
    expect(await metric(worker.address, "programs_refused")).toBeGreaterThanOrEqual(times)
  })
})

describe("a program of another's", () => {
  it("cannot be run by its digest alone, nor is it told that it is there", async () => {
    const [one, other] = [await client(), await client()]
    const ask = compileAsk(1)
    expect(await one.ask(0, ask)).toMatchObject({ type: "Made" })
    expect(await other.ask(0, { ...ask, code: undefined })).toEqual({ type: "Unknown" })
    expect(await one.ask(1, { ...ask, executable: 2, code: undefined })).toMatchObject({ type: "Made" })
    expect(await other.ask(1, ask)).toMatchObject({ type: "Made" })
    one.close()
    other.close()
  })
})

describe("what is remembered of crashes", () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  const work = (digest: string, address = "10.0.0.1"): AtWork => ({ digest, phase: "running", address })
  const end = (atWork: ReadonlyArray<AtWork>, signal = "SIGSEGV"): End => ({
    how: `it was ended by ${signal}`,
    signal,
    said: undefined,
    atWork
  })

  it("is a program that was alone at work; at once of a fault, and the second time where it was killed", () => {
    const crashes = new Crashes()
    expect(crashes.add(end([work("a"), work("a")]))).toEqual(["a"])
    expect(crashes.add(end([work("b")], "SIGKILL"))).toEqual([])
    expect(crashes.record.suspects).toEqual(["b"])
    expect(crashes.add(end([work("b")], "SIGKILL"))).toEqual(["b"])
    expect(crashes.add(end([]))).toEqual([])
    expect(crashes.record.refused.map(([digest]) => digest)).toEqual(["a", "b"])
    expect(crashes.lift()).toBe(2)
    expect(crashes.record).toEqual({ refused: [], suspects: [], resting: [] })
  })

  it("is no program where the process itself had no room for more, unless that happens again", () => {
    const words = new LastWords()
    words.hear("<--- Last few GCs --->\n\n[1:0x1] 5 ms: Mark-Compact 4095 (4100) -> 4095 (4100) MB\n\n")
    words.hear("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n")
    const crashes = new Crashes()
    const full = { ...end([work("a")], "SIGABRT"), said: words.cause }
    expect(crashes.add(full)).toEqual([])
    expect(crashes.record.suspects).toEqual(["a"])
    expect(crashes.add(full)).toEqual(["a"])
  })

  it("never grows, and is forgotten after a day", () => {
    vi.useFakeTimers({ toFake: ["Date"] })
    const crashes = new Crashes()
    for (let i = 0; i < 3000; i++) {
      crashes.add(end([work(`r${i}`, `10.0.${i >> 8}.${i & 255}`)]))
      crashes.add(end([work(`s${i}`), work(`t${i}`)]))
    }
    expect(crashes.record.refused).toHaveLength(1000)
    expect(crashes.record.suspects).toHaveLength(1000)
    vi.setSystemTime(Date.now() + 25 * 60 * 60 * 1000)
    expect(crashes.record.refused).toEqual([])
  })

  it("is an address that does it again and again, but for this machine's own, where a tunnel may end", () => {
    const crashes = new Crashes()
    for (let i = 0; i < 3; i++) {
      crashes.add(end([work(`a${i}`, "10.0.0.7")]))
      crashes.add(end([work(`b${i}`, "127.0.0.1")]))
      crashes.add(end([work(`c${i}`, "::ffff:127.0.0.1")]))
    }
    crashes.add(end([work("d", "10.0.0.8")]))
    const suspicion = new Suspicion(crashes.record)
    expect(suspicion.resting("10.0.0.7")?.message).toContain("again and again")
    for (const address of ["127.0.0.1", "::ffff:127.0.0.1", "10.0.0.8", "10.0.0.9"])
      expect(suspicion.resting(address)).toBeUndefined()
  })

  it("clears a suspect that has run with no other beside it", () => {
    const crashes = new Crashes()
    crashes.add(end([work("a"), work("b")]))
    const suspicion = new Suspicion(crashes.record, (digest) => crashes.clear(digest))
    expect(suspicion.suspects("a")).toBe(true)
    suspicion.ran("a")
    expect(suspicion.suspects("a")).toBe(false)
    expect(crashes.record.suspects).toEqual(["b"])
    crashes.add(end([work("a"), work("c")]))
    expect(crashes.record.refused).toEqual([])
  })

  it("is what the process said first of why", () => {
    const causeIn = (said: string) => {
      const words = new LastWords()
      words.hear(said)
      return words.cause
    }
    const dying =
      "a line\nF0000 1 shape.cc:7] Check failed: x\u001b[31m >= 0\n*** Check failure stack trace ***\n"
    expect(causeIn(dying)).toBe("F0000 1 shape.cc:7] Check failed: x?[31m >= 0")
    expect(causeIn("all is well\n")).toBeUndefined()
  })
})
