import { getFloat16, setFloat16 } from "@petamoriken/float16"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type DType, dtypes } from "../../dsl/dtype.ts"
import { decode, decodeArray, encode } from "../../pjrt/array/host.ts"
import { Backend } from "../../pjrt/backend/backend.ts"
import { readNpy, writeNpy } from "../../pjrt/formats/npy.ts"
import { writeNpz } from "../../pjrt/formats/npz.ts"
import { add, bf16, f16, f32, i64, jit, put, Spec, transpose, u64 } from "../../pjrt/loopcarry.ts"
import { mainSignature } from "../../pjrt/module/signature.ts"
import type { PluginBuffer } from "../../pjrt/plugin/buffer.ts"
import { elementOrder } from "../../pjrt/plugin/layout.ts"
import { plugins } from "../support/plugins.ts"
import { onDevice, thrown } from "../support/run.ts"
import { saved, unzipMember } from "../support/zip.ts"

const f16round = (value: number): number => {
  const view = new DataView(new ArrayBuffer(2))
  setFloat16(view, 0, value)
  return getFloat16(view, 0)
}

const copy = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

describe("host data", () => {
  it("f16 and bf16 round to the nearest, ties to even, and widen without loss", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -60000, max: 60000 }), (x) => {
        const half = { dtype: "f16", shape: [] } as const
        expect(decode("f16", [], copy(encode(x, half, "x")))).toBe(f16round(x))
      })
    )
    const brain = (x: number) => decode("bf16", [], copy(encode(x, { dtype: "bf16", shape: [] }, "x")))
    expect(brain(1.00390625)).toBe(1)
    expect(brain(1.01171875)).toBe(1.015625)
    expect(brain(Number.NaN)).toBeNaN()
    expect(brain(Number.NEGATIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY)
  })

  it("64-bit integers are exact", () => {
    for (const value of [2n ** 63n - 1n, -(2n ** 63n)]) {
      expect(decode("i64", [], copy(encode(value, { dtype: "i64", shape: [] }, "x")))).toBe(value)
    }
    expect(decode("u64", [], copy(encode(2n ** 64n - 1n, { dtype: "u64", shape: [] }, "x")))).toBe(
      2n ** 64n - 1n
    )
  })

  it("typed arrays that are views are taken from their own place", () => {
    const whole = Float32Array.of(9, 1, 2, 9)
    const bytes = encode(whole.subarray(1, 3), { dtype: "f32", shape: [2] }, "x")
    expect(decodeArray("f32", copy(bytes))).toEqual(Float32Array.of(1, 2))
  })
})

describe("npy and npz files", () => {
  const all = Object.keys(dtypes) as Array<DType>

  it.each(all)("%s arrays come back as they were", (dtype) => {
    for (const shape of [[], [0], [5], [2, 3], [2, 0, 4]]) {
      const size = shape.reduce((a, b) => a * b, 1) * dtypes[dtype].bytes
      const array = {
        dtype,
        shape,
        bytes: Uint8Array.from({ length: size }, (_, i) => (dtype === "bool" ? i % 2 : i))
      }
      expect(readNpy(writeNpy(array))).toEqual(array)
    }
  })

  const header = (text: string, data: ReadonlyArray<number>) =>
    Uint8Array.from([0x93, ...Buffer.from("NUMPY"), 1, 0, text.length, 0, ...Buffer.from(text), ...data])

  it("column-major arrays are put in row-major order", () => {
    const file = header("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", [1, 4, 2, 5, 3, 6])
    expect(readNpy(file)).toEqual({ dtype: "u8", shape: [2, 3], bytes: Uint8Array.of(1, 2, 3, 4, 5, 6) })
  })

  it.each([
    ["text", Buffer.from("hello, world"), "not an .npy file"],
    [
      "too little data",
      header("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", [0, 0]),
      "needs 8 bytes of data, but 2 follow"
    ],
    [
      "strings",
      header("{'descr': '<U4', 'fortran_order': False, 'shape': (1,), }", []),
      "elements of type <U4"
    ],
    ["no header", header("nonsense", []), "header not understood"]
  ])("%s are refused", (_, file, why) => {
    expect(thrown(() => readNpy(file)).message).toContain(why)
  })

  it("an npz file is a zip archive of npy members", async () => {
    const array = { dtype: "i32", shape: [2], bytes: new Uint8Array(Int32Array.of(1, -2).buffer) } as const
    const archive = Buffer.from(writeNpz({ arr_0: array, arr_1: array }))
    expect(readNpy(await unzipMember(saved(archive), "arr_1.npy"))).toEqual(array)
  })
})

describe("the signature of @main", () => {
  it.each([
    [
      "func.func public @main(%arg0: tensor<3x4xf32>, %arg1: tensor<i1>) -> tensor<f32>",
      ["f32 3,4", "bool "]
    ],
    [
      "func.func @main(%a: tensor<2xui8> {jax.buffer_donor = true}, %b: tensor<complex<f32>>)",
      ["u8 2", "c64 "]
    ],
    ["func.func public @main() -> tensor<f32>", []]
  ])("%s", (text, wanted) => {
    expect(
      mainSignature(`module {\n ${text} {\n`).inputs?.map(({ dtype, shape }) => `${dtype} ${shape}`)
    ).toEqual(wanted)
  })

  it.each([
    "func.func @main(%a: tensor<?xf32>)",
    "func.func @main(%a: tensor<2xi4>)",
    "func.func @other()",
    "func.func @main(%a: tuple<>)"
  ])("%s is left to the plugin", (text) => {
    expect(mainSignature(text).inputs).toBeUndefined()
  })
})

describe.each(plugins)("there and back on PJRT $api", ({ path }) => {
  const run = onDevice(`plugin:${path}`, { virtualDevices: 1 })
  const all = Object.keys(dtypes) as Array<DType>

  it.each(all)("%s", async (dtype) => {
    const shape = [3, 2] as const
    const bytes = Uint8Array.from({ length: 6 * dtypes[dtype].bytes }, (_, i) =>
      dtype === "bool" ? i % 2 : (i * 37) % 120
    )
    const value = decodeArray(dtype, copy(bytes))
    const back = await run(
      Effect.gen(function* () {
        const same = jit([new Spec(dtype, shape)], (x) => x)
        const x = yield* put(new Spec(dtype, shape), value as never)
        return [yield* x.buffer.bytes, yield* (yield* same(x as never)).read]
      })
    )
    expect(back).toEqual([bytes, value])
  })

  it("results with another layout come back row-major", async () => {
    const turned = jit([f32(2, 3)], (x) => transpose(x))
    const found = await run(
      Effect.flatMap(
        turned([
          [1, 2, 3],
          [4, 5, 6]
        ]),
        (y) => y.read
      )
    )
    expect(found).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6))
  })

  it("a result that the device keeps column-major comes back row-major", async () => {
    const code = `module attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%a: tensor<2x3xf32> {mhlo.layout_mode = "default"}) -> (tensor<2x3xf32> {mhlo.layout_mode = "{0,1}"}) {
    %0 = stablehlo.add %a, %a : tensor<2x3xf32>
    return %0 : tensor<2x3xf32>
  }
}
`
    const found = await run(
      Effect.gen(function* () {
        const backend = yield* Backend
        const scope = yield* Scope.Scope
        const executable = yield* backend.compile({ code, inputs: [{ dtype: "f32", shape: [2, 3] }] })
        const bytes = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer)
        const [result] = yield* executable.run(
          [yield* backend.put({ dtype: "f32", shape: [2, 3], bytes }, scope)],
          scope
        )
        const { client, handle } = result as PluginBuffer
        return [elementOrder(client.api, handle.pointer, 2), decodeArray("f32", yield* result!.bytes)]
      })
    )
    expect(found).toEqual([[0, 1], Float32Array.of(2, 4, 6, 8, 10, 12)])
  })

  it("large arrays, which are copied on another thread", async () => {
    const n = 3_000_000
    const next = jit([f32(n)], (x) => add(x, 1))
    const found = await run(
      Effect.flatMap(next(Float32Array.from({ length: n }, (_, i) => i)), (y) => y.read)
    )
    expect(found.length).toBe(n)
    expect(found.every((value, i) => value === i + 1)).toBe(true)
  })

  it("numbers, lists and arrays for every kind of parameter", async () => {
    const total = jit([f16(), bf16(2), i64(), u64()], (a, b, c, d) => [a, b, c, d])
    const [a, b, c, d] = await run(
      Effect.flatMap(total(1.5, [1, 2], -7, 9n), ([a, b, c, d]) =>
        Effect.all([a.read, b.read, c.read, d.read])
      )
    )
    expect([a, Array.from(b), c, d]).toEqual([1.5, [1, 2], -7n, 9n])
  })
})
