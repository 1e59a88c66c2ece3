import { describe, expect, it } from "vitest"
import { print } from "../../dsl/printer.ts"
import { traceNow } from "../../dsl/trace.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { custom, type F, type S, slope, times } from "../support/custom-rules.ts"
import { thrown } from "../support/run.ts"

// biome-ignore lint/suspicious/noExplicitAny: what the editor would refuse, and types that these tests are not about
type Loose = any
const { cond, gt, scan, stack, sum, vmap } = lc as Loose
const { f32 } = lc

const tracing = (fn: (x: S) => Loose) => traceNow([f32()], fn as Loose)
const traceGrad = (fn: F, order = 1) =>
  tracing((x) => Array.from({ length: order }).reduce<F>((f) => (y) => slope(f)(y), fn)(x))

const refusal = (fn: F, order = 1): string => {
  const error = thrown(() => traceGrad(fn, order))
  expect(error.hint, "every refusal says what to do").toMatch(/\w/)
  return `${error._tag}: ${error.message}`
}

describe("the rule of a customVjp", () => {
  const counted = () => {
    const calls = { forward: 0, backward: 0 }
    const fn: F = custom(lc.sin as F, {
      forward: (x) => {
        calls.forward++
        return [fn(x), x]
      },
      backward: (x, ct) => {
        calls.backward++
        return [times(ct, fn(x))]
      }
    })
    return { calls, fn }
  }

  it("is called only where a derivative is asked for, and is in the program only there", () => {
    const { calls, fn } = counted()
    const value = tracing((x) => [
      fn(x),
      vmap(fn)(stack([x, x])),
      scan(x, null, (c: S) => [fn(c), null], { length: 2 })[0],
      (lc.jvp as Loose)((y: S) => times(y, fn(lc.scalar(1, "f32") as Loose)), [x], [x])[0]
    ])
    expect(calls).toEqual({ forward: 0, backward: 0 })
    expect(print(value.program)).not.toMatch(/forward|backward/)
    const one = traceGrad(fn)
    expect(calls).toEqual({ forward: 1, backward: 1 })
    expect(print(one.program)).toContain("primal")
    expect(print(one.program)).not.toMatch(/forward|backward/)
  })

  it("is called once for each function of a chain, each of whose rules asks for the next one's derivative", () => {
    let calls = 0
    const chain = (length: number): F => {
      if (length === 0) return lc.sin as F
      const next = chain(length - 1)
      return custom((x) => next(x), {
        forward: (x) => [next(x), x],
        backward: (x, ct) => {
          calls++
          return [times(ct, slope(next)(x))]
        }
      })
    }
    traceGrad(chain(30))
    expect(calls).toBe(30)
  })

  it("is told by the printer where a program that is differentiated holds it", () => {
    const { fn } = counted()
    let held = ""
    traceGrad((y) => {
      held = print(tracing(fn).program)
      return fn(y)
    })
    expect(held).toMatch(/customDerivative.*primal.*forward.*backward/s)
  })

  const within: Readonly<Record<string, (fn: F) => F>> = {
    itself: (fn) => fn,
    "a scan": (fn) => (x) => scan(x, null, (c: S) => [fn(c), null], { length: 2 })[0],
    "a branch": (fn) => (x) =>
      cond(
        gt(x, 0),
        () => fn(x),
        () => x
      ),
    "a batch": (fn) => (x) => sum(vmap(fn)(stack([x, x]))),
    "another's rule": (fn) =>
      custom((x) => times(x, 2), { forward: (x) => [times(x, 2), x], backward: (x) => [slope(fn)(x)] })
  }

  it.each(Object.entries(within))("that needs its own derivative, by %s, is refused by name", (_, wrap) => {
    const endless = (x: S): S => (lc.sin as F)(x)
    const inBackward: F = custom(endless, {
      forward: (x) => [inBackward(x), x],
      backward: (x, ct) => [times(ct, slope(wrap(inBackward))(x))]
    })
    const inForward: F = custom(endless, {
      forward: (x) => [inForward(x), slope(wrap(inForward))(x)],
      backward: (slopeAt, ct) => [times(ct, slopeAt)]
    })
    const anew = (): F =>
      custom(endless, {
        forward: (x) => [anew()(x), x],
        backward: (x, ct) => [times(ct, slope(slope(wrap(anew())))(x))]
      })
    for (const fn of [inBackward, inForward, anew()]) {
      expect(() => tracing(fn)).not.toThrow()
      for (const order of [1, 2])
        expect(refusal(fn, order)).toMatch(
          /^ScopeError: customVjp: a derivative of endless.* needs itself: its rule asks for it again/
        )
      // What was refused leaves nothing behind.
      expect(() => traceGrad(counted().fn, 2)).not.toThrow()
    }
  })
})

describe("customVjp refuses", () => {
  const square = (x: S): S => times(x, x)
  const made = (rule: Loose): F => custom(square, rule)
  const forward = (x: S) => [times(x, x), x]

  it("a forward that is not the function's, by name", () => {
    expect(refusal(made({ forward: (x: S) => x, backward: () => [null] }))).toBe(
      "TreeError: customVjp: forward of square must return [result, residuals]"
    )
    expect(refusal(made({ forward: () => [lc.ones([2], "f32"), null], backward: () => [null] }))).toBe(
      "TreeError: customVjp: forward of square gives f32[2] where the function gives f32[]"
    )
    expect(refusal(made({ forward: (x: S) => [{ x }, null], backward: () => [null] }))).toBe(
      "TreeError: customVjp: forward of square gives {x} where the function gives f32[]"
    )
  })

  it("cotangents that are not of the arguments", () => {
    expect(refusal(made({ forward, backward: () => [] }))).toBe(
      "TreeError: customVjp: backward of square gives 0 cotangents for 1 argument"
    )
    expect(refusal(made({ forward, backward: (x: S) => x }))).toBe(
      "TreeError: customVjp: backward of square gives no list for 1 argument"
    )
    expect(refusal(made({ forward, backward: () => [lc.ones([2], "f32")] }))).toBe(
      "TreeError: customVjp: cotangents[0] must be f32[], not f32[2]"
    )
  })
})
