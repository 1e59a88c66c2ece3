import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { jit, put, slice, u8 } from "../../pjrt/loopcarry.ts"
import { on, serves } from "../support/healthy.ts"
import { start } from "../support/serving.ts"
import { onWorker } from "../support/worker.ts"

/** More than 31 bits count, and no multiple of what is sent in one piece. */
const length = 2 ** 31 + 12_345

describe("an array of more than 2 GiB", () => {
  const worker = onWorker()

  it("goes to a worker and comes back as it was, and a program sees its ends", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        // What is not written to takes no memory here.
        const data = new Uint8Array(length)
        const marks = [0, 1, 2 ** 30, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, length - 1]
        for (const [i, at] of marks.entries()) data[at] = i + 1
        const x = yield* put(u8(length), data)
        const ends = jit([u8(length)], (array) => [
          slice(array, [0], [2]),
          slice(array, [length - 1], [length])
        ])
        const [first, last] = yield* ends(x)
        expect([...(yield* first.read), ...(yield* last.read)]).toEqual([1, 2, 7])
        const found = yield* x.read
        expect(found.length).toBe(length)
        expect(Buffer.compare(found, data)).toBe(0)
        yield* serves
      })
    ))
})

/** A line of a process's status, in bytes. */
const memory = (pid: number | "self", line: "VmRSS" | "VmHWM") =>
  1024 * Number(new RegExp(`^${line}:\\s+(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1])

describe.skipIf(process.platform !== "linux")("uploads of 512 MiB, one after the other", () => {
  const size = 512 << 20
  const most = 16 << 20

  it("take at most 16 MiB beside the bytes there, and here", async () => {
    const worker = await start()
    await on(
      worker.device,
      Effect.gen(function* () {
        // As on any worker that has served before.
        const warm = yield* put(u8(1 << 22), new Uint8Array(1 << 22))
        yield* warm.read
        yield* warm.release
        const data = new Uint8Array(size).fill(1)
        const before = { there: memory(worker.holder(), "VmRSS"), here: memory("self", "VmRSS") }
        for (let i = 0; i < 3; i++) yield* (yield* put(u8(size), data)).release
        expect(memory(worker.holder(), "VmHWM") - before.there - size).toBeLessThan(most)
        // What this process had at most may have been long before.
        expect(memory("self", "VmRSS") - before.here).toBeLessThan(most)
      })
    )
    worker.process.kill("SIGTERM")
    expect(await worker.ended).toBe(0)
  })
})
