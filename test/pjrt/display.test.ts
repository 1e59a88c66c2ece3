import { writer } from "node:repl"
import { inspect } from "node:util"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { PjrtError, PluginMissing } from "../../pjrt/backend/errors.ts"
import {
  add,
  bool,
  c64,
  DeviceArray,
  type DType,
  f32,
  i64,
  jit,
  mesh,
  mul,
  put,
  release,
  type Spec,
  sharding,
  trace
} from "../../pjrt/loopcarry.ts"
import { onReference, twoDevices } from "../support/backends.ts"
import { onDevice } from "../support/run.ts"

type Shows = Record<symbol, (...given: ReadonlyArray<unknown>) => unknown>

const deno = (value: unknown): unknown => (value as Shows)[Symbol.for("Deno.customInspect")]!(inspect, {})
const jupyter = (value: unknown) =>
  (value as Shows)[Symbol.for("Jupyter.display")]!() as Record<"text/plain" | "text/html", string>

describe.each(twoDevices)("an array, on $on", ({ open }) => {
  const run = open()
  const shown = <D extends DType>(spec: Spec<D>, value: never) =>
    Effect.map(put(spec, value), (array) => inspect(array).replace(/ on (cpu:0|reference)/, ""))

  it("shows its elements in rows", () =>
    run(
      Effect.gen(function* () {
        expect(yield* shown(f32(), 0.1 as never)).toBe("f32[]: 0.1")
        expect(yield* shown(f32(3), [1, -0, Number.NaN] as never)).toBe("f32[3]: 1 -0 NaN")
        expect(
          yield* shown(f32(2, 2), [
            [1, 2],
            [3, 4]
          ] as never)
        ).toBe("f32[2,2]\n  1 2\n  3 4")
        expect(yield* shown(f32(0), [] as never)).toBe("f32[0]: []")
        expect(yield* shown(bool(2), [true, false] as never)).toBe("bool[2]: true false")
        expect(yield* shown(i64(1), [2n ** 62n] as never)).toBe(`i64[1]: ${2n ** 62n}`)
        expect(yield* shown(c64(1), new Float32Array([1, 2]) as never)).toMatch(/^c64\[1\]/)
      })
    ))

  it("shows statistics where it is long, its NaN counted and left out", () =>
    run(
      Effect.gen(function* () {
        const n = 2000
        const numbers = Float32Array.from({ length: n }, (_, i) => (i < 2 ? Number.NaN : i % 2))
        expect(yield* shown(f32(n), numbers as never)).toBe("f32[2000]: min 0, max 1, mean 0.5, 2 NaN")
        expect(yield* shown(f32(n), new Float32Array(n).fill(Number.NaN) as never)).toBe(
          "f32[2000]: all 2000 NaN"
        )
        expect(yield* shown(bool(n), new Uint8Array(n).fill(1, 5) as never)).toBe(
          "bool[2000]: true 1995 of 2000 elements"
        )
        const long = BigInt64Array.from({ length: n }, (_, i) => BigInt(i))
        expect(yield* shown(i64(n), long as never)).toBe("i64[2000]: min 0, max 1999, mean 999.5")
        const complex = Float32Array.from({ length: 2 * n }, (_, i) => i % 2)
        expect(yield* shown(c64(n), complex as never)).toBe("c64[2000]: mean 0 1")
      })
    ))

  it("is shown in notebooks and in Deno, and says when it is gone", () =>
    run(
      Effect.gen(function* () {
        const x = yield* put(f32(2, 2), [
          [1, 2],
          [3, 4]
        ])
        expect(deno(x)).toBe(`${x}\n  1 2\n  3 4`)
        expect(jupyter(x)["text/plain"]).toBe(`${x}\n  1 2\n  3 4`)
        expect(jupyter(x)["text/html"]).toBe(
          `<table><caption>${x}</caption><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody></table>`
        )
        expect(inspect({ a: { b: { c: x } } })).toContain(`c: ${x} }`)
        expect((writer as (value: unknown) => string)(x)).toBe(inspect(x))
        expect(inspect({ x })).toBe(`{\n  x: ${x}\n    1 2\n    3 4\n}`)
        yield* release(x)
        expect(inspect(x)).toBe(`${x}, released`)
        expect(jupyter(x)["text/html"]).toBe(`<pre>${x}, released</pre>`)
        const grow = jit([f32(2)], (v) => add(v, 1), { donate: true })
        const y = yield* put(f32(2), [1, 2])
        yield* grow(y)
        expect(inspect(y)).toBe(`${y}, donated`)
      })
    ))

  it("gives nested lists in its shape", () =>
    run(
      Effect.gen(function* () {
        const values = [
          [[1], [2]],
          [[3], [4]],
          [[5], [6]]
        ]
        expect(yield* (yield* put(f32(3, 2, 1), values)).nested).toEqual(values)
        expect(yield* (yield* put(f32(), 3)).nested).toBe(3)
        expect(yield* (yield* put(f32(2, 0), [[], []])).nested).toEqual([[], []])
        expect(yield* (yield* put(bool(2), [true, false])).nested).toEqual([true, false])
        expect(yield* (yield* put(i64(1), [3])).nested).toEqual([3n])
        const pairs = yield* put(c64(1, 2), new Float32Array([1, 2, 3, 4]))
        expect(yield* pairs.nested).toEqual([
          [
            [1, 2],
            [3, 4]
          ]
        ])
      })
    ))
})

describe("an array of several devices", () => {
  const run = onDevice("cpu", { virtualDevices: 2 })

  it("shows itself whole", () =>
    run(
      Effect.gen(function* () {
        const x = yield* put(f32(4), [1, 2, 3, 4], sharding(mesh({ x: 2 }), "x"))
        expect(inspect(x)).toBe(`${x}: 1 2 3 4`)
        yield* release(x)
        expect(inspect(x)).toBe(`${x}, released`)
      })
    ))
})

describe("what a function is made of", () => {
  const run = onReference.open()

  it("is shown as it is written", () => {
    expect(inspect({ w: f32(3, 4), n: [i64()] })).toBe("{ w: f32(3, 4), n: [ i64() ] }")
    const seen: Array<string> = []
    Effect.runSync(
      trace([f32(2)], (x) => {
        seen.push(inspect(mul(x, 2)), inspect({ x }))
        return x
      })
    )
    expect(seen).toEqual(["tensor f32[2]", "{ x: tensor f32[2] }"])
  })

  it("is shown as a program, traced and improved", () =>
    run(
      Effect.gen(function* () {
        const double = jit([f32(2)], function double(x) {
          return mul(x, 2)
        })
        const text = yield* double.text
        expect(inspect(yield* double.program)).toBe(text.trimEnd())
        expect(inspect((yield* double.traced).program)).toMatch(/^program\(%0: f32\[2\]\) \{/)
        expect(inspect((yield* trace([f32(2)], (x) => x)).program)).toMatch(/^program\(/)
        expect(inspect([[[yield* double.program]]])).toContain("program of ")
        expect(inspect(double)).toBe(`jit of double\n${text.trimEnd()}`)
        expect(inspect({ a: { b: { c: double } } })).toContain("c: jit of double }")
        expect(jupyter(double)["text/html"]).toBe(`<pre>jit of double\n${text.trimEnd()}</pre>`)
        // A program is compared and copied by its fields alone.
        expect({ ...(yield* double.program) }).toEqual(yield* double.program)
      })
    ))

  it("never fails to be shown", () => {
    const wrong = jit([f32(2)], (x) => add(x, f32(3) as never))
    expect(inspect(wrong)).toMatch(/^jit of a function, which cannot be traced: /)
    const broken = jit([f32(2)], () => {
      throw new TypeError("mine")
    })
    expect(inspect(broken)).toBe("jit of a function")
    const { prototype } = DeviceArray
    expect((prototype as unknown as Shows)[Symbol.for("Deno.customInspect")]!()).toBe("[object]")
  })

  it("is shown where it is an error with its stack and its hint", () => {
    const missing = new PluginMissing({ message: "none", hint: "fetch it" })
    expect(inspect(missing)).toMatch(/^PluginMissing: none\n {4}at [\s\S]*\n {2}next: fetch it$/)
    const plain = new PjrtError({ call: "c", code: "INTERNAL", message: "m" })
    expect(inspect(plain)).toMatch(/^PjrtError: m\n {4}at [\s\S]*:\d+:\d+\)?$/)
    expect(inspect({ a: { b: { c: missing } } })).toContain("c: [PluginMissing: none]")
  })
})
