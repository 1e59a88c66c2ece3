import { getEventListeners } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import { inspect } from "node:util"
import * as Effect from "effect/Effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { add, f32, i32, jit, mul, put, read, type ScopeError, sum } from "../../pjrt/loopcarry.ts"
import { type OpenDevice, open, PromiseArray, release, toEffect } from "../../pjrt/promise/index.ts"
import { plugins } from "../support/plugins.ts"
import { heldOn, refusal } from "../support/promises.ts"

const devices = [
  ...plugins.slice(0, 1).map(({ path }) => ({ name: `plugin:${path}`, options: {} })),
  { name: "cpu", options: { isolate: true } },
  { name: "reference", options: {} }
]

describe.each(devices)("the door of promises, on $name $options", ({ name, options }) => {
  let device: OpenDevice
  beforeAll(async () => {
    device = await open(name, options)
  })
  afterAll(() => device.close())

  it("runs functions of trees, and reads what they give", async () => {
    const step = device.jit([{ w: f32(2, 2) }, f32()], ({ w }, k) => ({ next: mul(w, k), total: [sum(w)] }))
    const w = await device.put(f32(2, 2), [
      [1, 2],
      [3, 4]
    ])
    const { next, total } = await step({ w }, 10)
    expect(next.shape).toEqual([2, 2])
    expect(await next.read()).toEqual(Float32Array.of(10, 20, 30, 40))
    expect(await next.nested()).toEqual([
      [10, 20],
      [30, 40]
    ])
    expect(await next.view()).toEqual(Float32Array.of(10, 20, 30, 40))
    expect(await total[0]!.nested()).toBe(10)
    expect(await device.read({ next, total })).toEqual({ next: Float32Array.of(10, 20, 30, 40), total: [10] })
    // Its results are arguments again.
    expect(await (await step({ w: next }, 2)).total[0]!.read()).toBe(100)
  })

  it("compiles ahead, and says what a function is", async () => {
    const double = device.jit([f32(2)], function double(x) {
      return mul(x, 2)
    })
    await double.compile()
    expect(await double.text()).toContain("mul %0")
    expect((await double.program()).equations.map(({ primitive }) => primitive)).toContain("mul")
    expect(await double.stablehlo()).toContain("stablehlo.multiply")
    expect((await double.explain()).scans).toEqual([])
    expect(inspect(double)).toMatch(/^jit of double\nprogram\(/)
  })

  it("frees what a call of tidy made, except what it gives", async () => {
    const grow = device.jit([f32(2)], (x) => add(x, 1))
    const x = await device.put(f32(2), [0, 0])
    const before = await heldOn(device)
    let lost: PromiseArray | undefined
    const { y } = await device.tidy(async () => {
      const first = await grow(x)
      lost = first
      const inner = await device.tidy(async () => [await grow(first), await grow(first)])
      await sleep(1)
      return { y: await grow(inner[0]!), n: 1 }
    })
    const told = name === "reference" ? 0 : 1
    expect(await heldOn(device)).toBe(before + told)
    expect(await y.read()).toEqual(Float32Array.of(3, 3))
    const gone = await refusal(lost!.read())
    expect(gone.message).toMatch(/released at the end of device\.tidy at .*promise\.test\.ts:\d+:\d+/)
    expect(gone.hint).toContain("return it from device.tidy")
    await refusal(
      device.tidy(async () => {
        await grow(x)
        throw new Error("mine")
      })
    ).then((error) => expect(error.message).toBe("mine"))
    expect(await heldOn(device)).toBe(before + told)
    release([x, { y }])
    expect(await heldOn(device)).toBe(before - told)
  })

  it("keeps what is made outside of tidy while it runs", async () => {
    const grow = device.jit([f32()], (x) => add(x, 1))
    const [inside, outside] = await Promise.all([
      device.tidy(async () => {
        await sleep(5)
        return grow(1)
      }),
      grow(10)
    ])
    expect(await device.read([inside, outside])).toEqual([2, 11])
  })

  it("rejects with the errors of the library, the user's line in their stack", async () => {
    const grow = device.jit([f32(2)], (x) => add(x, 1))
    const user = async () => await grow([1, 2, 3])
    const wrong = await refusal(user())
    expect(wrong._tag).toBe("ArgumentError")
    expect(wrong.message).toBe("args[0] has 3 items, but axis 0 of f32[2] has 2")
    expect(wrong.stack).toMatch(/at user .*promise\.test\.ts/)
    expect(inspect(wrong)).toMatch(
      /^ArgumentError: args\[0\] has 3 items[\s\S]*\n {2}next: give as many items/
    )
    const y = await grow([1, 2])
    y.release()
    const gone = await refusal(grow(y))
    expect(gone._tag).toBe("BufferGone")
    expect(gone.message).toMatch(/by release at .*promise\.test\.ts/)
    const traced = await refusal(
      device.jit([f32(2), f32(3)], (a, b) => add(a, b as never))([1, 2], [1, 2, 3])
    )
    expect(traced._tag).toBe("ShapeError")
  })

  it("tells Effects and promises from values", async () => {
    const grow = device.jit([f32(2)], (x) => add(x, 1))
    const ofEffect = jit([f32(2)], (x) => add(x, 1))
    const awaited = await ofEffect([1, 2])
    const effectHint = /use device\.jit of loopcarry\/promise, device\.run, or Effect\.runPromise/
    const effect = await refusal(grow(awaited as never))
    expect(effect.message).toBe("args[0] is an Effect, not data")
    expect(effect.hint).toMatch(effectHint)
    expect((await refusal(device.put(f32(2), awaited as never))).hint).toMatch(effectHint)
    expect((await refusal(device.read(awaited as never))).hint).toMatch(effectHint)
    expect((await refusal(device.tidy(() => awaited))).hint).toMatch(effectHint)
    const promise = await refusal(grow(grow([1, 2]) as never))
    expect([promise.message, promise.hint]).toEqual(["args[0] is a Promise, not data", "await it first"])
    expect((await refusal(device.run(ofEffect as never))).hint).toBe("call it: device.run(step(x))")
    expect((await refusal(device.run(grow([1, 2]) as never))).message).toContain("is given a Promise")
  })

  it("runs Effects of the library, and gives and takes their arrays", async () => {
    const double = device.jit([f32(2)], (x) => mul(x, 2))
    const x = await device.run(put(f32(2), [1, 2]))
    expect(x).toBeInstanceOf(PromiseArray)
    const pair = await device.run(
      Effect.map(double.effect(toEffect(x)), (y) => ({ pair: [y, 3] as const, at: new Date(0) }))
    )
    expect(pair.at).toEqual(new Date(0))
    expect(pair.pair[1]).toBe(3)
    expect(await double(pair.pair[0]).then((y) => y.read())).toEqual(Float32Array.of(4, 8))
    expect(await device.run(read(toEffect({ x })))).toEqual({ x: Float32Array.of(1, 2) })
    const defect = await refusal(device.run(Effect.die(new TypeError("mine"))))
    expect(defect).toBeInstanceOf(TypeError)
  })

  it("ends a wait by a signal, with its reason", async () => {
    const aborted = AbortSignal.abort(new Error("too late"))
    const x = await device.put(f32(), 1)
    expect((await refusal(x.read({ signal: aborted }))).message).toBe("too late")
    const control = new AbortController()
    const waiting = device.run(Effect.never, { signal: control.signal })
    control.abort(new Error("enough"))
    expect((await refusal(waiting)).message).toBe("enough")
    const later = new AbortController()
    expect(await x.read({ signal: later.signal })).toBe(1)
    expect(getEventListeners(later.signal, "abort")).toEqual([])
  })

  it("is no number and no list", async () => {
    const x = await device.put(f32(2), [1, 2])
    const hint = (use: () => unknown): string => {
      try {
        return String(use())
      } catch (error) {
        return (error as ScopeError).hint
      }
    }
    expect(hint(() => (x as never as number) + 1)).toContain("await x.read()")
    expect(hint(() => JSON.stringify(x))).toBe("write JSON.stringify(await x.nested())")
    expect(`${x}`).toMatch(/^f32\[2\] on /)
  })

  it("lets timers have their turn in a loop that never waits", async () => {
    const grow = device.jit([i32()], (x) => add(x, 1))
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    let x = await grow(0)
    const end = performance.now() + 60
    while (ticks === 0 && performance.now() < end + 60_000) x = await grow(x)
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(0)
  })
})
