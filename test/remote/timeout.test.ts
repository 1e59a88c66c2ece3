import { setImmediate as turn } from "node:timers/promises"
import { expect, it } from "vitest"
import { timeout } from "../../pjrt/served/remote/timeout.ts"

it("a timeout is not over because this process was held up, comes once, and not where it was called off", async () => {
  let [over, never] = [0, 0]
  timeout(50, () => over++)
  const callOff = timeout(50, () => never++)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  await turn()
  expect([over, never]).toEqual([0, 0])
  callOff()
  await expect.poll(() => over).toBe(1)
  let later = false
  timeout(50, () => {
    later = true
  })
  await expect.poll(() => later).toBe(true)
  expect([over, never]).toEqual([1, 0])
})
