import * as Effect from "effect/Effect"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import * as Device from "../../pjrt/device/device.ts"
import type { JitOptions } from "../../pjrt/jit/options.ts"
import { f32, gt, jit, neg } from "../../pjrt/loopcarry.ts"
import { codeAt } from "../support/place.ts"
import { failure } from "../support/run.ts"

/** Each kind of mistake is made on a line of its own: a line is warned of once in a process. */
const functions = {
  warns: (options?: JitOptions) => jit([f32(3)], (x) => (gt(x, 0) ? x : neg(x)), options),
  once: () => jit([f32(3)], (x) => (gt(x, 1) ? x : neg(x))),
  refused: (options?: JitOptions) => jit([f32(3)], (x) => (gt(x, 2) ? x : neg(x)), options),
  right: () => jit([f32(3)], neg)
}

const words =
  /^gt: its result, bool\[3\], is used by nothing; in a condition of JavaScript a tensor is always true/
const warned = vi.fn()
beforeEach(() => {
  vi.spyOn(process, "emitWarning").mockImplementation(warned)
})
afterEach(() => {
  vi.restoreAllMocks()
  warned.mockReset()
})

const on = (device: string, options?: Device.DeviceOptions) =>
  ((effect: Effect.Effect<unknown, unknown, never>) =>
    Effect.runPromise(
      Effect.scoped(effect).pipe(Effect.provide(Device.layer(device, options)))
    )) as unknown as <A>(effect: Effect.Effect<A, unknown, unknown>) => Promise<A>

describe("a jitted function with a comparison that nothing uses", () => {
  it("runs, and warns with the line and the way out", async () => {
    await on("reference")(functions.warns()([1, 2, 3]))
    expect(warned).toHaveBeenCalledTimes(1)
    const [message, options] = warned.mock.calls[0]!
    expect(options).toEqual({ type: "LoopcarryWarning" })
    expect(message).toMatch(words)
    const [, source, hint] = / \((\S+)\); (.*)$/.exec(message)!
    expect(codeAt(source)).toBe("gt(x, 0) ? x : neg(x)), options),")
    expect(hint).toMatch(/^write select\(p, a, b\) or cond\(p, f, g\) for if and \?:/)
  })

  it("warns once for a line, however often and for whatever it is traced", async () => {
    const run = on("reference")
    for (const jitted of [functions.once(), functions.once()]) {
      await run(jitted([1, 2, 3]))
      await run(jitted([4, 5, 6]))
      await Effect.runPromise(jitted.text)
      await Effect.runPromise(jitted.stablehlo)
      await Effect.runPromise(jitted.explain)
    }
    expect(warned).toHaveBeenCalledTimes(1)
  })

  it("says nothing of a right one", async () => {
    await on("reference")(functions.right()([1, 2, 3]))
    expect(warned).not.toHaveBeenCalled()
  })

  it("is refused where jit is strict", async () => {
    const error = await on("reference")(failure(functions.refused({ strict: true })([1, 2, 3])))
    expect(error).toMatchObject({ _tag: "ScopeError", message: expect.stringMatching(words) })
    expect(codeAt((error as { source?: string }).source)).toBe("gt(x, 2) ? x : neg(x)), options),")
    expect(await Effect.runPromise(failure(functions.refused({ strict: true }).text))).toEqual(error)
    expect(warned).not.toHaveBeenCalled()
  })

  it("is refused where the device is strict and jit is not told otherwise", async () => {
    const strict = on("reference", { strict: true })
    expect(await strict(failure(functions.refused()([1, 2, 3])))).toMatchObject({ _tag: "ScopeError" })
    expect(warned).not.toHaveBeenCalled()
    await strict(functions.refused({ strict: false })([1, 2, 3]))
    expect(warned).toHaveBeenCalledTimes(1)
  })

  it("refuses a strict that is neither true nor false", async () => {
    const wrong = { strict: "yes" as never }
    expect(await Effect.runPromise(failure(functions.refused(wrong).text))).toMatchObject({
      message: 'jit: strict is "yes", not true or false'
    })
    const open = Effect.scoped(failure(Device.open("reference", wrong)))
    expect(await Effect.runPromise(open)).toMatchObject({ _tag: "DeviceRequestError" })
  })
})
