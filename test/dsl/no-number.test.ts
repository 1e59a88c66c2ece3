import { describe, expect, it } from "vitest"
import { traceNow } from "../../dsl/trace.ts"
import * as language from "../../pjrt/loopcarry.ts"
import { codeAt } from "../support/place.ts"
import { thrown } from "../support/run.ts"

// biome-ignore lint/suspicious/noExplicitAny: mistakes as JavaScript writes them.
type Any = any
const lc = language as Any

const refusal = (fn: (x: Any) => unknown) => {
  const { _tag, message, hint, source } = thrown(() => traceNow([lc.f32(3)], fn as Any)) as Any
  return { _tag, message, hint, source: codeAt(source) }
}

const rows =
  "take its rows apart with unstack(x), one with at(x, i).get(), or go through them with scan or map"

describe("a tensor", () => {
  it("is no number", () => {
    const sum = refusal((x) => x + 1)
    expect(sum).toEqual({
      _tag: "ScopeError",
      message: "f32[3] is not a JavaScript number: it has no elements while the program is traced",
      hint: "write add(x, 1) for x + 1, eq(x, y) for x == y, and select(lt(x, y), a, b) for x < y ? a : b",
      source: "x + 1)"
    })
    // biome-ignore lint/suspicious/noDoubleEquals: it is the mistake.
    for (const fn of [(x: Any) => x < 1, (x: Any) => x == 1, (x: Any) => -x, (x: Any) => Math.abs(x)])
      expect(refusal(fn)).toMatchObject({ message: sum.message, hint: sum.hint })
  })

  it("is its type, as text", () => {
    traceNow([lc.f32(3)], ((x: Any) => {
      expect(`${x}`).toBe("f32[3]")
      return x
    }) as Any)
  })

  it.each([-1, 0, 1, 63])("has no element %d", (index) => {
    expect(refusal((x) => x[index])).toMatchObject({
      message: `f32[3] has no element [${index}]: it has no elements while the program is traced`,
      hint: "write at(x, i).get() for x[i], and x.shape[i] for a dimension"
    })
    expect(
      refusal((x) => {
        x[index] = 1
      })
    ).toMatchObject({
      message: `f32[3] has no element [${index}]: it has no elements while the program is traced`,
      hint: "a tensor does not change: write const y = at(x, i).set(v) for x[i] = v"
    })
  })

  it("has no length", () => {
    expect(refusal((x) => x.length)).toMatchObject({
      message: "f32[3] has no length: it has no elements while the program is traced",
      hint: "write x.shape[0]",
      source: "length)).toMatchObject({"
    })
  })

  it.each<[string, (x: Any) => unknown]>([
    ["is no list", (x) => [...x]],
    ["is no list", ([first]) => first],
    ["is no list", (x) => Math.max(...x)],
    ["is no list", (x) => Array.from(x)],
    ["has no map", (x) => x.map((v: Any) => v)],
    ["has no forEach", (x) => x.forEach(() => {})],
    ["has no filter", (x) => x.filter(() => true)],
    ["has no reduce", (x) => x.reduce((a: Any) => a)],
    ["has no some", (x) => x.some(() => true)],
    ["has no every", (x) => x.every(() => true)],
    ["has no join", (x) => x.join()]
  ])("%s", (what, fn) => {
    const { message, hint } = refusal(fn)
    if (fn.toString().includes("Array.from")) expect(message).toMatch(/^f32\[3\] (is no list|has no length)/)
    else
      expect({ message, hint }).toEqual({
        message: `f32[3] ${what}: it has no elements while the program is traced`,
        hint: rows
      })
  })

  it("is no JSON", () => {
    expect(refusal((x) => JSON.stringify({ x }))).toMatchObject({
      message: "f32[3] is no JSON: it has no elements while the program is traced",
      hint: "return it from the function that is traced, and read what running it gives"
    })
  })

  it("may be what a Promise gives", async () => {
    const x = lc.scalar(1, "f32")
    expect(await Promise.resolve(x)).toBe(x)
  })
})

describe("a spec", () => {
  it("is no number", () => {
    const { _tag, message, hint } = thrown(() => lc.f32(3) + 1)
    expect({ _tag, message, hint }).toEqual({
      _tag: "ScopeError",
      message:
        "the spec f32[3] is not a JavaScript number: it says what a parameter is, and holds no numbers",
      hint: "compute with the parameter that it stands for: jit([f32(3)], (x) => add(x, 1))"
    })
    expect(JSON.stringify(lc.f32(3))).toBe('{"dtype":"f32","shape":[3]}')
  })
})
