import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as runtime from "../../pjrt/index.ts"
import * as language from "../../pjrt/loopcarry.ts"
import { countAttacks } from "../support/attack.ts"
import { onEvery } from "../support/backends.ts"
import { failure } from "../support/run.ts"

// biome-ignore lint/suspicious/noExplicitAny: what the editor would refuse is what these tests are about
type Loose = any

const lc: Loose = language
const { DeviceArray, put }: Loose = runtime
const { f32, jit } = lc

const detached = (length: number): Float32Array => {
  const array = new Float32Array(length)
  structuredClone(array.buffer, { transfer: [array.buffer] })
  return array
}

class Longer extends Float32Array {
  override get length(): number {
    return 4
  }
}

const saying = <T extends object>(array: T, words: Readonly<Record<string, unknown>>): T => {
  for (const [name, value] of Object.entries(words)) Object.defineProperty(array, name, { value })
  return array
}

const revoked = (target: object): unknown => {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

const endless = saying(new Float32Array([1, 2]), {
  *[Symbol.iterator]() {
    for (;;) yield 1
  }
})
saying(endless, { length: 4 })

/** For f32[4], what is refused with these words. */
const wrong: Readonly<Record<string, readonly [value: unknown, words: string]>> = {
  "a length of a subclass's own": [new Longer(2), "has 2 elements, but f32[4] takes 4"],
  "a length that is defined": [saying(new Float32Array(2), { length: 4 }), "has 2 elements"],
  "bytes that are defined": [saying(new Float32Array(2), { length: 4, byteLength: 16 }), "has 2 elements"],
  "elements without end": [endless, "has 2 elements"],
  "another array's prototype": [
    Object.setPrototypeOf(new Uint8Array(4), Float32Array.prototype),
    "is a Uint8Array"
  ],
  "no prototype": [Object.setPrototypeOf(new Float64Array(4), null), "is a Float64Array"],
  "a DataView": [new DataView(new ArrayBuffer(16)), "is a DataView"],
  "memory that is gone": [detached(4), "has lost its memory"],
  "a proxy that was revoked": [revoked([]), "is no list"],
  "a proxy in a list": [[revoked([]), 1, 2, 3], "holds an object where a number belongs"],
  "what looks like an array": [{ shape: [4], dtype: "f32" }, "is no list"],
  "a buffer's look": [{ buffer: { dtype: "f32", shape: [4] } }, "is no list"],
  "an array by its prototype": [Object.create(DeviceArray.prototype), "is a device array, not data"]
}

/** Arrays of the package's own class that hold no buffer of a device. */
const forged: ReadonlyArray<unknown> = [
  undefined,
  null,
  {},
  { dtype: "f32", shape: [4] },
  { dtype: "f32", shape: [4], device: null },
  { dtype: "f32", shape: [4], device: { name: "cpu" } },
  Object.create(null)
]

describe.each(onEvery)("host data on $on", ({ open }) => {
  const run = open()
  const refusal = (effect: Loose): Promise<Loose> => run(failure(effect)) as Promise<Loose>

  it("that says of itself what is not so is read as it is", async (context) => {
    const same = jit([f32(4)], (x: Loose) => x)
    for (const [name, [value, words]] of Object.entries(wrong)) {
      for (const effect of [same(value), put(f32(4), value)]) {
        const error = await refusal(effect)
        expect([error._tag, error.message], name).toEqual(["ArgumentError", expect.stringContaining(words)])
      }
    }
    // What is more than its own word is taken for what it is.
    const shorter = saying(new Float32Array([1, 2, 3, 4]), { length: 2, byteLength: 8, byteOffset: 4 })
    const halves = saying(new Float32Array([1, 2, 3, 4]), { map: undefined, [Symbol.iterator]: undefined })
    const reads = await run(
      Effect.gen(function* () {
        const whole: Loose = yield* (yield* same(shorter) as Loose).read
        const half: Loose = yield* (yield* put(lc.bf16(4), halves) as Loose).read
        return [whole, half]
      }) as Loose
    )
    expect(reads).toEqual([new Float32Array([1, 2, 3, 4]), new Float32Array([1, 2, 3, 4])])
    const none = await refusal(jit([f32(0)], (x: Loose) => x)(detached(0)))
    expect([none._tag, none.message]).toEqual(["ArgumentError", "args[0] has lost its memory"])
    countAttacks(context, 2 * Object.keys(wrong).length + 3)
  })

  it("that is no array of a device is refused", async (context) => {
    const same = jit([f32(4)], (x: Loose) => x)
    const both = jit([f32(4), f32()], (x: Loose, y: Loose) => lc.add(x, y))
    for (const buffer of forged)
      for (const effect of [same(new DeviceArray(buffer)), both(new DeviceArray(buffer), 1)])
        expect((await refusal(effect))._tag).toBe("ArgumentError")
    countAttacks(context, 2 * forged.length)
  })

  it("for what is no spec, or lies on no mesh, is refused", async (context) => {
    const specs = [undefined, null, {}, "f32", { dtype: "f32", shape: [4] }, { dtype: "x" }, revoked({})]
    for (const spec of specs) {
      const error = await refusal(put(spec, [1, 2, 3, 4]))
      expect([error._tag, error.message]).toEqual([
        "ArgumentError",
        expect.stringMatching(/^spec is .*, not a spec$/)
      ])
    }
    const shardings = [
      null,
      {},
      { mesh: {}, spec: [] },
      { mesh: lc.mesh({ x: 2 }), spec: [["y"]] },
      revoked({})
    ]
    for (const sharding of shardings) {
      const error = await refusal(put(f32(4), [1, 2, 3, 4], sharding))
      expect([error._tag, error.message]).toEqual([
        "ArgumentError",
        expect.stringContaining("not a sharding")
      ])
    }
    countAttacks(context, specs.length + shardings.length)
  })
})

it("trees of what is no array are refused", (context) => {
  const trees = [undefined, 3, [3], { a: "x" }, [Object.create(DeviceArray.prototype)], revoked([])]
  for (const tree of trees)
    expect(() => lc.read(tree)).toThrow(/^read: tree.* is .*, which is no device array$/)
  countAttacks(context, trees.length)
})

it("what is no device, target or program is refused", async (context) => {
  const { Device, compileFor, loadCompiled }: Loose = runtime
  const values = [undefined, null, {}, [], 3, 10n, Symbol("s"), () => 1, revoked({}), revoked([])]
  const calls: ReadonlyArray<(value: unknown) => Loose> = [
    (value) => Device.open(value),
    (value) =>
      compileFor(
        jit([], () => lc.scalar(1, "f32")),
        value
      ),
    (value) => compileFor(value, "nowhere"),
    (value) => Effect.provide(loadCompiled(value), Device.layer("reference"))
  ]
  for (const call of calls)
    for (const value of values) {
      const error: Loose = await Effect.runPromise(Effect.scoped(failure(call(value))) as Loose)
      expect(["DeviceRequestError", "CompileError"], String(error)).toContain(error._tag)
    }
  for (const options of [null, 3, revoked({})]) {
    const error: Loose = await Effect.runPromise(Effect.scoped(failure(Device.open("cpu", options))) as Loose)
    expect(error.message).toContain("the device's options are")
  }
  countAttacks(context, calls.length * values.length + 3)
})
