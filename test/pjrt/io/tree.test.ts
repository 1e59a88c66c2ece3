import { randomBytes } from "node:crypto"
import { readFileSync, truncateSync, writeFileSync } from "node:fs"

import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { type DType, dtypes } from "../../../dsl/dtype.ts"
import { Spec } from "../../../dsl/spec.ts"
import { Backend } from "../../../pjrt/index.ts"
import {
  FormatError,
  loadTree,
  MismatchError,
  NdArray,
  ndarray,
  readMetadata,
  readSafetensors,
  saveTree,
  writeSafetensors
} from "../../../pjrt/io/index.ts"
import {
  type Arrays,
  bool,
  c128,
  f32,
  f64,
  i32,
  i64,
  jit,
  mul,
  put,
  random,
  read,
  u8,
  u32
} from "../../../pjrt/loopcarry.ts"
import { testFolder } from "../../support/files.ts"
import { failure, onDevice } from "../../support/run.ts"

const { at, names } = testFolder()

/** Any bits of a dtype, NaN with payloads among them. */
const bits = (dtype: DType, shape: ReadonlyArray<number>): NdArray => {
  const size = shape.reduce((a, b) => a * b, 1) * dtypes[dtype].bytes
  const bytes = new Uint8Array(randomBytes(size))
  return new NdArray(dtype, shape, dtype === "bool" ? bytes.map((byte) => byte & 1) : bytes)
}

const everyDType = Object.keys(dtypes) as ReadonlyArray<DType>

describe.each([["cpu"], ["cpu, in a process of its own"]])("trees on %s", (name) => {
  const run = onDevice("cpu", { isolate: name !== "cpu" })

  it("keep all bits of all dtypes, from files of this process's arrays and of the device's", () =>
    run(
      Effect.gen(function* () {
        const arrays = Object.fromEntries(everyDType.map((dtype) => [dtype, bits(dtype, [3, 2])]))
        const specs = Object.fromEntries(everyDType.map((dtype) => [dtype, new Spec(dtype, [3, 2])]))
        yield* saveTree(at("bits"), arrays)
        const once = yield* loadTree(at("bits"), specs)
        yield* saveTree(at("again"), once)
        const twice = yield* loadTree(at("again"), specs)
        for (const dtype of everyDType) {
          expect(yield* once[dtype]!.bytes, dtype).toEqual(arrays[dtype]!.bytes)
          expect(yield* twice[dtype]!.bytes, dtype).toEqual(arrays[dtype]!.bytes)
        }
        expect(readFileSync(at("again"))).toEqual(readFileSync(at("bits")))
      })
    ))

  it("load large arrays to where they stay, which can then be donated and saved while they live", () =>
    run(
      Effect.gen(function* () {
        const size = 3 * 2 ** 20 + 1
        const data = Float32Array.from({ length: size }, (_, i) => i)
        yield* saveTree(at("large"), { x: data })
        const { x } = yield* loadTree(at("large"), { x: f32(size) })
        yield* saveTree(at("large again"), { x })
        expect(readFileSync(at("large again")).equals(readFileSync(at("large")))).toBe(true)
        const double = jit([f32(size)], (a) => mul(a, 2), { donate: [0] })
        const y = yield* double(x)
        expect((yield* y.read)[size - 1]).toBe(2 * (size - 1))
      })
    ))
})

describe("a tree", () => {
  const run = onDevice("cpu")
  const specs = {
    layers: [
      { w: f32(2, 3), b: null },
      { w: f32(3, 1), b: f32(1) }
    ],
    step: i32(),
    key: u32(2),
    nested: { deep: [[bool(2)], []] },
    odd: { "a.b": u8(), "": i64() }
  } as const

  const made = Effect.gen(function* () {
    const key = yield* jit([], () => random.key(7))()
    return {
      layers: [
        {
          w: yield* put(f32(2, 3), [
            [1, 2, 3],
            [4, 5, 6]
          ]),
          b: null
        },
        { w: ndarray(f32(3, 1), [[7], [8], [9]]), b: Float32Array.of(-0) }
      ],
      step: 1000,
      key,
      nested: { deep: [[ndarray(bool(2), [true, false])], []] },
      odd: { "a.b": 255, "": -(2n ** 63n) }
    } as const
  })

  it("comes back with its structure, its values and its types", () =>
    run(
      Effect.gen(function* () {
        const tree = yield* made
        yield* saveTree(at("tree"), tree)
        const loaded: Arrays<typeof specs> = yield* loadTree(at("tree"), specs)
        const shape: readonly [2, 3] = loaded.layers[0].w.shape
        expect(shape).toEqual([2, 3])
        const { layers, step, nested, odd, key } = yield* read(loaded)
        expect(layers[0]).toEqual({ w: Float32Array.of(1, 2, 3, 4, 5, 6), b: null })
        expect(Object.is(layers[1].b[0], -0)).toBe(true)
        expect(step).toBe(1000)
        expect(key).toEqual(yield* tree.key.read)
        expect(nested).toEqual({ deep: [[Uint8Array.of(1, 0)], []] })
        expect(odd).toEqual({ "a.b": 255, "": -(2n ** 63n) })
      })
    ))

  it("has names in its file that other libraries read", () =>
    run(
      Effect.gen(function* () {
        yield* saveTree(at("tree"), yield* made, { metadata: { note: "é" } })
        const { tensors } = yield* readSafetensors(at("tree"))
        expect(Object.keys(tensors).sort()).toEqual(
          ["layers.0.w", "layers.1.w", "layers.1.b", "key", "nested.deep.0.0"].sort()
        )
        expect(yield* readMetadata(at("tree"))).toEqual({ note: "é" })
      })
    ))

  it("is loaded from a file that another library has written", () =>
    run(
      Effect.gen(function* () {
        yield* writeSafetensors(at("foreign"), {
          "model.layers.0.w": ndarray(f32(2), [1, 2]),
          "model.layers.1.w": ndarray(f32(1), [3])
        })
        const foreign = { model: { layers: [{ w: f32(2) }, { w: f32(1) }] } } as const
        const { model } = yield* loadTree(at("foreign"), foreign)
        expect(yield* model.layers[1].w.read).toEqual(Float32Array.of(3))
        const flat = { "model.layers.0.w": f32(2), "model.layers.1.w": f32(1) }
        expect(yield* (yield* loadTree(at("foreign"), flat))["model.layers.0.w"].read).toEqual(
          Float32Array.of(1, 2)
        )
        const less = yield* failure(loadTree(at("foreign"), { "model.layers.0.w": f32(2) }))
        expect(less.message).toContain('it has the array "model.layers.1.w", which the specs do not have')
        const other = yield* failure(loadTree(at("foreign"), { model: { layers: [{ v: f32(2) }] } }))
        expect(other).toMatchObject({ _tag: "MismatchError", path: "tree.model.layers[0].v" })
      })
    ))

  it.each<readonly [string, unknown, string, string]>([
    ["a shape", { a: [f32(3)], n: i32() }, "tree.a[0]", "tree.a[0] is f32[2], but f32[3] was asked for"],
    ["a dtype", { a: [f64(2)], n: i32() }, "tree.a[0]", "tree.a[0] is f32[2], but f64[2] was asked for"],
    ["a missing key", { a: [f32(2)] }, "tree", "tree is {a, n}, but {a} was asked for"],
    ["another key", { a: [f32(2)], m: i32() }, "tree", "tree is {a, n}, but {a, m} was asked for"],
    [
      "a longer list",
      { a: [f32(2), f32(2)], n: i32() },
      "tree.a",
      "tree.a is [1 item], but [2 items] was asked for"
    ],
    ["null", { a: null, n: i32() }, "tree.a", "tree.a is [1 item], but null was asked for"],
    ["a leaf for a list", { a: f32(2), n: i32() }, "tree.a", "tree.a is [1 item], but f32[2] was asked for"],
    [
      "a number of another dtype",
      { a: [f32(2)], n: u8() },
      "tree.n",
      "tree.n is the number 300, but u8[] was asked for; it is refused: 300 is out of range"
    ],
    [
      "a number as an array",
      { a: [f32(2)], n: i32(1) },
      "tree.n",
      "tree.n is the number 300, but i32[1] was asked for"
    ]
  ])("of another structure is refused: %s", (_, wanted, place, words) =>
    run(
      Effect.gen(function* () {
        yield* saveTree(at("small"), { a: [Float32Array.of(1, 2)], n: 300 })
        const error = yield* failure(loadTree(at("small"), wanted as never))
        expect(error).toBeInstanceOf(MismatchError)
        expect(error).toMatchObject({ path: place, file: at("small") })
        expect(error.message).toContain(words)
      })
    )
  )

  it("of what cannot be saved is refused, and nothing is written", () =>
    run(
      Effect.gen(function* () {
        const refused = (tree: unknown) =>
          Effect.map(failure(saveTree(at("refused"), tree as never)), ({ message }) => message)
        expect(yield* refused({ a: "text" })).toContain('tree.a is the string "text", which is no array')
        expect(yield* refused({ a: undefined })).toContain("tree.a is undefined")
        expect(yield* refused({ "a.b": Float32Array.of(1), a: { b: Float32Array.of(2) } })).toContain(
          'tree.a.b and tree["a.b"] would both be called "a.b" in the file'
        )
        const circle: Array<unknown> = []
        circle.push(circle)
        expect(yield* refused(circle)).toContain("tree[0] is tree again")
        const gone = yield* put(f32(), 1)
        yield* gone.release
        expect((yield* failure(saveTree(at("refused"), { gone })))._tag).toBe("BufferGone")
        expect(names()).not.toContain("refused")
        expect(names().filter((name) => name.startsWith("."))).toEqual([])
      })
    ))

  it("that is one array or one number is a tree", () =>
    run(
      Effect.gen(function* () {
        yield* saveTree(at("leaf"), ndarray(c128(1), Float64Array.of(1, 2)))
        expect(yield* (yield* loadTree(at("leaf"), c128(1))).read).toEqual(Float64Array.of(1, 2))
        for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -0, 1e300]) {
          yield* saveTree(at("leaf"), value)
          expect(yield* (yield* loadTree(at("leaf"), f64())).read).toBe(value)
        }
      })
    ))

  it("is on the device only as long as its scope, and not at all after a failure", () =>
    run(
      Effect.gen(function* () {
        const { device, memory } = yield* Backend
        const held = Effect.map(memory(device), ({ arrays }) => arrays.length)
        yield* saveTree(at("damaged"), { a: new Float32Array(2 ** 19), b: new Float32Array(2 ** 19) })
        const specs = { a: f32(2 ** 19), b: f32(2 ** 19) }
        const before = yield* held
        yield* Effect.scoped(
          Effect.gen(function* () {
            yield* loadTree(at("damaged"), specs)
            expect(yield* held).toBe(before + 2)
          })
        )
        expect(yield* held).toBe(before)
        const file = readFileSync(at("damaged"))
        file[file.length - 5]! ^= 1
        writeFileSync(at("damaged"), file)
        const error = yield* failure(loadTree(at("damaged"), specs))
        expect(error).toBeInstanceOf(FormatError)
        expect(error.message).toContain("tree.b is damaged: the CRC-32 of its bytes is another")
        expect(yield* held).toBe(before)
        truncateSync(at("damaged"), file.length - 1)
        expect((yield* failure(loadTree(at("damaged"), specs))).message).toContain("cut short")
      })
    ))
})
