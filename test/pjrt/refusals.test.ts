import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import * as Device from "../../pjrt/device/device.ts"
import { add, bool, broadcastTo, f16, f32, i32, i64, jit, mul, put, sum } from "../../pjrt/loopcarry.ts"
import { plugins } from "../support/plugins.ts"
import { failure, onDevice } from "../support/run.ts"

describe.each(plugins)("bad input on PJRT $api", ({ path }) => {
  const run = onDevice(`plugin:${path}`, { virtualDevices: 2 })
  const twice = jit([f32(3)], (x) => mul(x, 2))
  const failing = (effect: Parameters<typeof run>[0]) =>
    run(failure(effect)) as Promise<Error & Record<string, unknown>>

  it("MLIR that does not parse keeps the plugin's line and column", async () => {
    const code = "module {\n  func.func public @main() -> tensor<f32> {\n    foo\n  }\n}\n"
    const error = await failing(Effect.flatMap(Backend, (backend) => backend.compile({ code })))
    expect(error).toMatchObject({ _tag: "CompileError", line: 3, column: 5 })
    expect(error.message).toContain("foo")
  })

  it("a program the compiler refuses gives its words and code", async () => {
    const code =
      "module { func.func public @main() -> tensor<f32> { %0 = stablehlo.custom_call @nobody() : () -> tensor<f32>\n return %0 : tensor<f32> } }"
    const error = await failing(Effect.flatMap(Backend, (backend) => backend.compile({ code })))
    expect(error._tag).toBe("CompileError")
    expect(error.message).toContain("nobody")
  })

  it.each([
    ["another length", [1, 2], "args[0] has 2 items, but axis 0 of f32[3] has 3"],
    ["a number for an array", 1, "args[0] is no list, but f32[3] has 1 axis"],
    ["another dtype", new Float64Array(3), "args[0] is a Float64Array, but f32[3] takes a Float32Array"],
    ["too many elements", new Float32Array(4), "args[0] has 4 elements, but f32[3] takes 3"],
    ["no number", [1, "2", 3], "args[0][1] holds a string where a number belongs"],
    ["a hole", Array(3), "args[0][0] holds undefined where a number belongs"],
    ["nothing", undefined, "args[0] is no list"],
    ["too large a number", [1, 1e39, 3], "args[0][1] is refused: 1e+39 is out of range for f32"]
  ])("an argument of %s", async (_, value, message) => {
    const error = await failing(twice(value as never))
    expect(error._tag).toBe("ArgumentError")
    expect(error.message).toContain(message)
  })

  it.each([
    ["1.5 for an integer", i32(), 1.5, "1.5 is not an integer"],
    ["NaN for an integer", i32(), Number.NaN, "NaN is not an integer"],
    ["too large an integer", i32(), 2 ** 31, "out of range for i32"],
    ["a number for a bool", bool(), 1, "1 is no bool"],
    ["a byte that is no bool", bool(2), new Uint8Array([1, 2]), "bytes other than 0 and 1"],
    ["infinity by rounding", f16(), 70000, "out of range for f16"],
    ["a fraction for an i64", i64(), 0.5, "0.5 is not an integer"]
  ])("%s", async (_, spec, value, message) => {
    const same = jit([spec], (x) => x)
    const error = await failing(same(value as never))
    expect(error._tag).toBe("ArgumentError")
    expect(error.message).toContain(message)
  })

  it("an argument of another tree", async () => {
    const program = jit([{ a: f32(), b: [f32(), f32()] }], (x) => x.a)
    for (const [value, message] of [
      [{ a: 1 }, "args[0] must be a record {a, b}"],
      [{ a: 1, b: [1] }, "args[0].b must be a list of 2"],
      [{ a: 1, b: [1, 2], c: 3 }, "args[0] must be a record {a, b}"],
      [1, "args[0] must be a record {a, b}"]
    ] as const) {
      const error = await failing(program(value as never))
      expect(error._tag).toBe("ArgumentError")
      expect(error.message).toContain(message)
    }
    expect((await failing((program as never as () => Effect.Effect<never, Error>)())).message).toContain(
      "args must be a list of 1"
    )
  })

  it("a device array of another dtype or shape, which PJRT itself would read as it is", async () => {
    const error = await failing(
      Effect.gen(function* () {
        return yield* twice((yield* put(i32(3), [1, 2, 3])) as never)
      })
    )
    expect(error._tag).toBe("ArgumentError")
    expect(error.message).toBe("args[0] is i32[3], but the program takes f32[3] there")
  })

  it("host bytes that do not fill the array", async () => {
    const error = await failing(
      Effect.gen(function* () {
        const backend = yield* Backend
        return yield* backend.put({ dtype: "f32", shape: [4], bytes: new Uint8Array(15) }, yield* Scope.Scope)
      })
    )
    expect(error).toMatchObject({ _tag: "ArgumentError", message: "f32[4] needs 16 bytes, not 15" })
  })

  it("a buffer used after it was released", async () => {
    for (const use of ["read", "run"] as const) {
      const error = await failing(
        Effect.gen(function* () {
          const x = yield* put(f32(3), [1, 2, 3])
          yield* x.release
          yield* x.release
          return use === "read" ? yield* x.read : yield* twice(x)
        })
      )
      expect(error).toMatchObject({ _tag: "BufferGone", reason: "released" })
      expect(error.message).toContain("f32[3] on cpu:0 was released")
    }
  })

  it("a result used after its scope has closed", async () => {
    const error = await failing(
      Effect.gen(function* () {
        const y = yield* Effect.scoped(twice([1, 2, 3]))
        return yield* y.read
      })
    )
    expect(error).toMatchObject({ _tag: "BufferGone", reason: "released" })
  })

  it("a buffer used after it was donated", async () => {
    const grow = jit([f32(3), f32()], (x, by) => add(x, by), { donate: [0] })
    const error = await failing(
      Effect.gen(function* () {
        const x = yield* put(f32(3), [1, 2, 3])
        const y = yield* grow(x, 1)
        expect(yield* y.read).toEqual(new Float32Array([2, 3, 4]))
        return yield* grow(x, 1)
      })
    )
    expect(error).toMatchObject({ _tag: "BufferGone", reason: "donated" })
  })

  it("an array of another client", async () => {
    const other = await run(
      Effect.gen(function* () {
        const backend = yield* Device.open(`plugin:${path}`, { virtualDevices: 1 })
        const x = yield* Effect.provideService(put(f32(3), [1, 2, 3]), Backend, backend)
        return yield* failure(twice(x))
      })
    )
    expect(other).toMatchObject({ _tag: "ArgumentError" })
    expect((other as Error).message).toContain("of another client or device")
  })

  it("outputs that cannot fit memory, after which the device still works", async () => {
    const huge = jit([f32()], (x) => broadcastTo(x, [2 ** 36]))
    const error = await failing(Effect.flatMap(huge(1), (y) => y.read))
    expect(error._tag).toBe("OutOfMemory")
    expect(error.message).toMatch(/274877906944|Out of memory/)
    expect(await run(Effect.flatMap(jit([f32(3)], (x) => sum(x))([1, 2, 3]), (y) => y.read))).toBe(6)
  })

  it("a number of virtual devices that cannot be, and a device index that is not there", async () => {
    for (const count of [0, -1, 1.5]) {
      expect(await failing(Device.open("cpu", { virtualDevices: count, plugin: path }))).toMatchObject({
        _tag: "DeviceRequestError"
      })
    }
    const error = await failing(Device.open("cpu:7", { plugin: path }))
    expect(error._tag).toBe("DeviceUnavailable")
    expect(error.message).toContain("there is no device cpu:7: cpu has cpu:0")
    expect(error.hint).toContain("--virtual-devices 8")
  })

  it("a plugin that drives another platform", async () => {
    const error = await failing(Device.open("cuda", { plugin: path }))
    expect(error.message).toContain("the plugin drives cpu, but cuda was asked for")
  })

  it("a name that is no device", async () => {
    for (const name of ["gpu", "cpu:x", "", "plugin:"]) {
      expect(await failing(Device.open(name))).toMatchObject({
        _tag: "DeviceRequestError",
        message: expect.stringContaining("is no device name")
      })
    }
  })
})
