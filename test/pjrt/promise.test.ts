import { getEventListeners } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import { inspect } from "node:util"
import * as Effect from "effect/Effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import {
  add,
  f32,
  i32,
  jit,
  mesh,
  mul,
  put,
  read,
  type ScopeError,
  sharding,
  sum
} from "../../pjrt/loopcarry.ts"
import { type OpenDevice, open, PromiseArray, release, toEffect } from "../../pjrt/promise/index.ts"
import { plugins } from "../support/plugins.ts"

interface Told {
  readonly _tag: string
  readonly message: string
  readonly hint: string
  readonly stack: string
}

const refusal = async (promise: Promise<unknown>): Promise<Told> =>
  promise.then(
    () => {
      throw new Error("it was not refused")
    },
    (error: Told) => error
  )

/** How many arrays are held there. The interpreter does not tell. */
const heldOn = (device: OpenDevice): Promise<number> =>
  device.run(
    Effect.gen(function* () {
      const { device: one, memory } = yield* Backend
      return (yield* memory(one)).arrays.length
    })
  )

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
    expect(inspect(x)).toBe("f32[4] on mesh(x=2): 1 2 3 4".replace("mesh(x=2)", String(x).slice(10)))
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
