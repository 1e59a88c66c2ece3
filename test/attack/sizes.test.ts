import * as Effect from "effect/Effect"
import { describe, expect, it, type TestContext } from "vitest"
import { trace } from "../../dsl/trace.ts"
import { put } from "../../pjrt/array/put.ts"
import type * as Device from "../../pjrt/device/device.ts"
import * as language from "../../pjrt/loopcarry.ts"
import { countAttacks } from "../support/attack.ts"
import { plugins } from "../support/plugins.ts"
import { failure, onDevice } from "../support/run.ts"

// biome-ignore lint/suspicious/noExplicitAny: what the editor would refuse is what these tests are about
type Loose = any

/** The language, without its types. */
const lc: Loose = language
type Case = readonly [specs: ReadonlyArray<Loose>, fn: (...args: ReadonlyArray<Loose>) => Loose]

const { arange, f32, i64, scalar, scan, zeros } = lc
const huge = 2 ** 31

/** What is asked of a whole family: each is refused by a ShapeError, before anything is compiled. */
const tooLarge: Readonly<Record<string, Case>> = {
  zeros: [[], () => zeros([huge, huge], "f32")],
  "zeros of one axis": [[], () => zeros([2 ** 53 - 1], "i8")],
  "no elements, but axes": [[], () => zeros([0, huge, huge, huge], "f32")],
  "a thousand axes": [[], () => zeros(Array.from({ length: 1000 }, () => 1) as Loose, "f32")],
  eye: [[], () => lc.eye(2 ** 21, "f32")],
  sum: [[f32()], (x) => lc.sum(lc.broadcastTo(x, [huge, huge]))],
  "a range as an array": [[], () => arange(2 ** 42, "i64")],
  "a range in an array": [[], () => lc.add(arange(2 ** 42, "i64"), 1)],
  "a range as a sum": [[], () => lc.sum(arange(2 ** 42, "i64"))],
  "ys of a scan": [
    [],
    () => scan(scalar(0, "i64"), arange(2 ** 42, "i64"), (c: Loose, x: Loose) => [c, x] as Loose)
  ],
  "what reverse mode keeps": [
    [f32(2 ** 20)],
    lc.grad(((x: Loose) =>
      lc.sum(
        scan(
          x,
          arange(2 ** 20, "f32"),
          (c: Loose, i: Loose) => [lc.mul(c, lc.mul(c, i as Loose)), null] as Loose
        )[0]
      )) as Loose) as Loose
  ],
  pad: [[f32(1)], (x) => lc.pad(x, [[2 ** 60, 2 ** 60]] as Loose)],
  tile: [[f32(2 ** 20)], (x) => lc.tile(x, [2 ** 20])],
  concatenate: [[f32(2 ** 35)], (x) => lc.concatenate([x, x, x, x] as Loose)],
  "an outer product": [[f32(2 ** 20)], (x) => lc.einsum("i,j->ij", x, x)],
  "a batch": [[f32(2 ** 20)], lc.vmap(((x: Loose) => lc.broadcastTo(x, [2 ** 20])) as Loose) as Loose],
  jacrev: [[f32(2 ** 20)], lc.jacrev(((x: Loose) => lc.mul(x, x)) as Loose) as Loose],
  jacfwd: [[f32(2 ** 20)], lc.jacfwd(((x: Loose) => lc.mul(x, x)) as Loose) as Loose],
  oneHot: [[i64(2 ** 20)], (x) => lc.oneHot(x, 2 ** 20, "f32")],
  "a wider dtype": [[lc.i8(2 ** 36)], (x) => lc.convert(x, "f64")],
  "a window's padding": [
    [f32(4)],
    (x) =>
      lc.reduceWindow(x, "sum", { window: [2], padding: [[2 ** 62, 2 ** 62]], strides: 2 ** 40 } as Loose)
  ],
  "a window's dilation": [
    [f32(4)],
    (x) => lc.reduceWindow(x, "sum", { window: [2 ** 40], windowDilation: 2 ** 20, padding: "same" } as Loose)
  ]
}

/** Places that their integers do not count to. */
const uncounted: Readonly<Record<string, Case>> = {
  argmax: [[], () => lc.argmax(zeros([2 ** 33], "i8"))],
  argmin: [[], () => lc.argmin(zeros([2 ** 31 + 1], "i8"))],
  argsort: [[], () => lc.argsort(zeros([2 ** 33], "i8"))],
  topK: [[], () => lc.topK(zeros([2 ** 33], "i8"), 2)],
  linspace: [[], () => lc.linspace(0, 1, 2 ** 33)],
  tril: [[], () => lc.tril(zeros([1, 2 ** 33], "i8"))]
}

/** What a compiler works out on its own, or joins, for it has no parameters; each has died of these. */
const constants: Readonly<Record<string, Case>> = {
  "argmax of an axis": [[], () => lc.max(lc.argmax(zeros([2 ** 20, 2 ** 14], "f32"), 1))],
  "argmin of an axis": [[], () => lc.max(lc.argmin(zeros([2 ** 14, 2 ** 20], "f32"), 0))],
  "windows over a range": [[], () => lc.max(lc.reduceWindow(arange(2 ** 34, "f32"), "max", { window: [2] }))],
  "wide windows over a range": [
    [],
    () => lc.max(lc.reduceWindow(arange(2 ** 22, "f32"), "sum", { window: [2 ** 20] }))
  ],
  "a kernel over a range": [
    [],
    () => lc.max(lc.conv(lc.reshape(arange(2 ** 34, "f32"), [1, 1, 2 ** 34]), lc.ones([1, 1, 2], "f32")))
  ],
  "an index of 32 bits": [
    [lc.i32()],
    (i) => lc.max(lc.at(zeros([2 ** 33], "i8"), i).set(lc.scalar(1, "i8")))
  ],
  "a start of 32 bits": [[lc.i32()], (i) => lc.dynamicSlice(zeros([2 ** 33], "i8"), [i], [2])]
}

/** What no kernel, window or transform can be. */
const degenerate: Readonly<Record<string, Case>> = {
  "rfft of nothing": [[f32(0)], (x) => lc.rfft(x)],
  "rfft of nothing over two axes": [[f32(0, 4)], (x) => lc.rfft(x, 2)],
  "fft of nothing": [[lc.c64(0)], (x) => lc.fft(x)],
  "irfft of length 0": [[lc.c64(1)], (x) => lc.irfft(x)],
  "irfft of a negative length": [[lc.c64(1)], (x) => lc.irfft(x, -2)],
  "fft over more axes than there are": [[lc.c64(4)], (x) => lc.fft(x, 2)],
  "ifft over no number of axes": [[lc.c64(4)], (x) => lc.ifft(x, Number.NaN)],
  "rfft over no axes": [[f32(4)], (x) => lc.rfft(x, 0)],
  "irfft over a negative number of axes": [[lc.c64(4)], (x) => lc.irfft(x, 4, -1)],
  "fft over four axes": [[lc.c64(1, 1, 1, 4)], (x) => lc.fft(x, 4)],
  "a kernel of size 0": [[f32(1, 1, 4)], (x) => lc.conv(x, zeros([1, 1, 0], "f32") as Loose)],
  "a kernel of size 0, same": [
    [f32(1, 1, 4)],
    (x) => lc.conv(x, zeros([1, 1, 0], "f32") as Loose, { padding: "same" })
  ],
  "a padding that is no number": [
    [f32(4)],
    (x) => lc.reduceWindow(x, "sum", { window: [2], padding: [[Number.NaN, 1]] } as Loose)
  ],
  ...Object.fromEntries(
    [0, -1, 1.5].flatMap(
      (value): ReadonlyArray<readonly [string, Case]> => [
        [`window ${value}`, [[f32(4)], (x) => lc.reduceWindow(x, "sum", { window: [value] })]],
        [`strides ${value}`, [[f32(4)], (x) => lc.reduceWindow(x, "max", { window: [2], strides: value })]],
        [
          `dilation ${value}`,
          [
            [f32(4)],
            (x) => lc.reduceWindow(x, "max", { window: [2], windowDilation: value, padding: "same" })
          ]
        ],
        [
          `conv strides ${value}`,
          [[f32(1, 1, 4), f32(1, 1, 2)], (x, k) => lc.conv(x, k, { strides: value, padding: "same" })]
        ]
      ]
    )
  )
}

const refused = async (context: TestContext, cases: Readonly<Record<string, Case>>) => {
  const found: Record<string, unknown> = {}
  for (const [name, [specs, fn]] of Object.entries(cases)) {
    const error = (await Effect.runPromise(failure(Effect.suspend(() => trace(specs, fn as never))))) as Loose
    found[name] = error._tag
    expect(error.hint, name).toMatch(/\w/)
  }
  expect(found).toEqual(Object.fromEntries(Object.keys(cases).map((name) => [name, "ShapeError"])))
  countAttacks(context, Object.keys(cases).length)
}

describe("sizes", () => {
  it("that pass what a compiler can count are ShapeErrors", (context) => refused(context, tooLarge))
  it("that no window, kernel or transform has are ShapeErrors", (context) => refused(context, degenerate))

  it("that a dtype of places does not count are ShapeErrors", (context) => refused(context, uncounted))

  it("are named with the bytes and the bound", async () => {
    const error = await Effect.runPromise(failure(trace([], () => zeros([huge, huge], "f32"))))
    expect(error.message).toBe(
      "zeros: f32[2147483648,2147483648] is 4611686018427387904 elements and 18446744073709551616 bytes; an array has at most 2^36 elements and 2^38 bytes"
    )
  })

  it("of a range that is counted have no bound", async () => {
    const made = await Effect.runPromise(
      trace(
        [],
        () => scan(scalar(0, "i64"), arange(2 ** 50, "i64"), (c: Loose, x: Loose) => [lc.add(c, x), null])[0]
      )
    )
    expect(made.program.equations.at(-1)).toMatchObject({ params: { length: 2 ** 50 } })
  })

  it("of specs are refused before data is put", () => {
    expect(() => f32(2 ** 40)).toThrow("an array has at most 2^36 elements")
  })
})

describe("reference", () => {
  const run = onDevice("reference")

  it("refuses what JavaScript's heap cannot hold", async (context) => {
    const sizes = [2 ** 27, 2 ** 30, 2 ** 36]
    for (const size of sizes) {
      const error = (await run(failure(lc.jit([], () => lc.sum(zeros([size], "f32")))()))) as Loose
      expect([error._tag, error.code]).toEqual(["CompileError", "RESOURCE_EXHAUSTED"])
    }
    const wrong = (await run(failure(put(f32(2 ** 35), [1] as Loose)))) as Loose
    expect(wrong.message).toBe("value has 1 item, but axis 0 of f32[34359738368] has 34359738368")
    countAttacks(context, sizes.length + 1)
  })
})

/** The largest arrays that there may be, in operations that XLA divides among threads. */
const largest: Readonly<Record<string, Case>> = {
  iota: [[], () => lc.add(arange(2 ** 36, "f32"), 1)],
  wide: [[], () => lc.mul(arange(2 ** 35, "f64"), 2)],
  small: [[lc.i8(2 ** 36)], (x) => lc.add(x, x)],
  reduced: [[f32()], (x) => lc.sum(lc.broadcastTo(x, [2 ** 18, 2 ** 18]))],
  sorted: [[lc.i8(2 ** 6, 2 ** 30)], (x) => lc.argmax(x, 1)]
}

for (const { api, path } of plugins) {
  describe(`PJRT ${api}`, () => {
    // A process of its own: where the bound is wrong, it dies, and the test fails.
    const run = onDevice(`plugin:${path}`, { virtualDevices: 1, isolate: true } as Device.DeviceOptions)

    it("compiles the largest arrays", async (context) => {
      for (const [name, [specs, fn]] of Object.entries({ ...largest, ...constants })) {
        const compiled = await run(Effect.exit(lc.jit(specs, fn as never).compile))
        expect(compiled._tag, name).toBe("Success")
      }
      countAttacks(context, Object.keys(largest).length + Object.keys(constants).length)
    })
  })
}
