import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import { f32, jit, max, maximum, min, sum } from "../../pjrt/loopcarry.ts"
import { onPlugins, onRemote } from "../support/backends.ts"
import { floats, nanCases, nanResults } from "../support/nan.ts"
import { onDevice } from "../support/run.ts"

/** A foreign module, as exec runs it. */
const foreign = `module { func.func public @main(%x: tensor<3xf32>, %y: tensor<3xf32>) -> (tensor<f32>, tensor<3xf32>, tensor<f32>) {
  %least = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %most = stablehlo.reduce(%x init: %least) applies stablehlo.maximum across dimensions = [0] : (tensor<3xf32>, tensor<f32>) -> tensor<f32>
  %z = stablehlo.minimum %x, %y : tensor<3xf32>
  %long = stablehlo.broadcast_in_dim %x, dims = [1] : (tensor<3xf32>) -> tensor<200000x3xf32>
  %all = stablehlo.reduce(%long init: %least) applies stablehlo.maximum across dimensions = [0, 1] : (tensor<200000x3xf32>, tensor<f32>) -> tensor<f32>
  return %most, %z, %all : tensor<f32>, tensor<3xf32>, tensor<f32>
} }`

const vector = (...numbers: ReadonlyArray<number>) => ({
  dtype: "f32" as const,
  shape: [numbers.length],
  bytes: new Uint8Array(Float32Array.from(numbers).buffer)
})

describe.each([
  ...onPlugins,
  onRemote,
  { on: "a process of its own", open: () => onDevice("cpu", { isolate: true }) },
  { on: "reference", open: () => onDevice("reference") }
])("greatest and least elements on $on, as JAX has them", ({ on, open }) => {
  const run = open()

  it.each(floats)("%s", async (dtype) => {
    const wanted = Object.fromEntries(Object.entries(nanCases).map(([name, one]) => [name, one.wanted]))
    expect(await run(nanResults(dtype))).toEqual(wanted)
  })

  it("NaN anywhere in a long row", () =>
    run(
      Effect.gen(function* () {
        // Long enough for the libraries that XLA gives long reductions to.
        const shape = [512, 1003] as const
        const places = Array.from({ length: 512 }, (_, row) => (row * 7) % 1003)
        const data = new Float32Array(512 * 1003).fill(2)
        for (const [row, place] of places.entries()) data[row * 1003 + place] = Number.NaN
        const program = jit(
          [f32(...shape)],
          (a) => [max(a, 1), min(a, 1), max(a, 0), max(a), sum(maximum(a, 0))] as const
        )
        const [most, least, columns, all, positive] = yield* program(data)
        expect(yield* most.read).toEqual(new Float32Array(512).fill(Number.NaN))
        expect(yield* least.read).toEqual(new Float32Array(512).fill(Number.NaN))
        const found = yield* columns.read
        expect(Array.from(found.keys()).filter((i) => Number.isNaN(found[i]))).toEqual(
          [...new Set(places)].sort((a, b) => a - b)
        )
        expect(yield* all.read).toBeNaN()
        expect(yield* positive.read).toBeNaN()
      })
    ))

  it.skipIf(on === "reference")("in a foreign module", () =>
    run(
      Effect.gen(function* () {
        const { compile, put } = yield* Backend
        const scope = yield* Effect.scope
        const program = yield* compile({ code: foreign })
        const args = [
          yield* put(vector(Number.NaN, 2, 3), scope),
          yield* put(vector(1, Number.NaN, 1), scope)
        ]
        const results = yield* program.run(args, scope)
        const found = yield* Effect.forEach(results, (each) => each.bytes)
        expect(found.map(({ buffer }) => Array.from(new Float32Array(buffer)))).toEqual([
          [Number.NaN],
          [Number.NaN, Number.NaN, 1],
          [Number.NaN]
        ])
      })
    )
  )
})
