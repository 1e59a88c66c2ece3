import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { add, f32, jit } from "../../pjrt/loopcarry.ts"
import { on } from "../support/healthy.ts"
import { start } from "../support/serving.ts"

const MiB = 2 ** 20

it("an idle worker gives back the memory that its work took", async () => {
  const worker = await start()
  const memory = () =>
    1024 * Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${worker.holder()}/status`, "utf8"))![1])
  const program = jit([f32(16_384)], (x) => add(x, 1))
  const x = new Float32Array(16_384)
  let peak = 0
  await on(
    worker.device,
    Effect.forEach(
      Array.from({ length: 2000 }),
      () =>
        Effect.scoped(
          Effect.flatMap(program(x), (y) => {
            peak = Math.max(peak, memory())
            return y.read
          })
        ),
      { concurrency: 64, discard: true }
    )
  )
  expect(peak).toBeGreaterThan(90 * MiB)
  await expect.poll(memory, { timeout: 60_000 }).toBeLessThan(80 * MiB)
  worker.process.kill("SIGTERM")
  expect(await worker.ended).toBe(0)
})
