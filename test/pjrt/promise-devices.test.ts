import { inspect } from "node:util"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { add, f32, mesh, mul, sharding } from "../../pjrt/loopcarry.ts"
import { open } from "../../pjrt/promise/index.ts"
import { plugins } from "../support/plugins.ts"
import { heldOn, refusal } from "../support/promises.ts"

describe("a device of promises", () => {
  it("closes, once, and says so afterwards", async () => {
    const device = await open("reference")
    const grow = device.jit([f32()], (x) => add(x, 1))
    const y = await grow(1)
    expect([device.name, device.closed, String(device)]).toEqual(["reference", false, "reference"])
    await Promise.all([device.close(), device.close(), device[Symbol.asyncDispose]()])
    expect([device.closed, String(device)]).toEqual([true, "reference, closed"])
    for (const late of [
      () => grow(1),
      () => y.read(),
      () => device.put(f32(), 1),
      () => device.run(Effect.void)
    ]) {
      const { message, hint } = await refusal(late())
      expect(message).toBe("reference has been closed")
      expect(hint).toContain("open it again")
    }
  })

  it.each([{}, { isolate: true }])("closes while calls are on their way, which end: %j", async (options) => {
    const device = await open("cpu", options)
    const grow = device.jit([f32()], (x) => add(x, 1))
    const started = [grow(1), grow(2), device.tidy(() => grow(3))].map(refusal)
    const put = device.put(f32(), 1).catch(() => {})
    await device.close()
    for (const { message } of await Promise.all(started)) expect(message).toBe("cpu:0 has been closed")
    await put
  })

  it("is refused by its own words, and nothing of it stays", async () => {
    const none = await refusal(open("xla"))
    expect([none._tag, none.message]).toEqual(["DeviceRequestError", "xla is no device name"])
    expect((await refusal(open("cpu", 5 as never))).message).toContain("the device's options are 5")
    expect((await refusal(open("reference", { isolate: true })))._tag).toBe("DeviceRequestError")
    expect(
      (await refusal(open("reference", { signal: AbortSignal.abort(new Error("never mind")) }))).message
    ).toBe("never mind")
  })

  it("has arrays that other devices refuse", async () => {
    const [a, b] = [await open("reference"), await open("cpu")]
    const x = await a.put(f32(), 1)
    const grow = b.jit([f32()], (v) => add(v, 1))
    expect((await refusal(grow(x)))._tag).toBe("ArgumentError")
    await Promise.all([a.close(), b.close()])
  })

  it("divides arrays among devices", async () => {
    const device = await open("cpu", { virtualDevices: 2 })
    const x = await device.put(f32(4), [1, 2, 3, 4], sharding(mesh({ x: 2 }), "x"))
    expect(await x.nested()).toEqual([1, 2, 3, 4])
    expect(inspect(x)).toBe(`${x}: 1 2 3 4`)
    await device.close()
  })

  it("has flat memory in the obvious loop", async () => {
    const length = 65536
    const device = await open(`plugin:${plugins[0]!.path}`)
    const step = device.jit([f32(length), f32(length)], (state, batch) => add(mul(state, 0.5), batch))
    const batch = await device.put(f32(length), new Float32Array(length).fill(1))
    let state = batch
    let most = 0
    for (let i = 0; i < 2000; i++) {
      state = await step(state, batch)
      if (i % 100 === 99) most = Math.max(most, await heldOn(device))
    }
    // All of them would be 500 MiB; V8 is told of 128.
    expect(most).toBeLessThan(900)
    expect((await state.read())[0]).toBe(2)
    await device.tidy(async () => {
      for (let i = 0; i < 2000; i++) state = await step(state, batch)
      expect(await heldOn(device)).toBeLessThan(900)
    })
    await device.close()
  })
})
