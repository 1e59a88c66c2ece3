import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decode } from "../../pjrt/array/host.ts"
import { Backend } from "../../pjrt/backend/backend.ts"
import { JaxExportError, readJaxExport } from "../../pjrt/formats/jax-export.ts"
import { plugins } from "../support/plugins.ts"
import { onDevice, thrown } from "../support/run.ts"

const file = new Uint8Array(readFileSync(new URL("../fixtures/exported.bin", import.meta.url)))

describe("a program that jax.export has serialized", () => {
  it("says its parameters, those the function does not use left out", () => {
    const { inputs, kept, platforms, module } = readJaxExport(file)
    expect(inputs).toEqual([
      { dtype: "f32", shape: [] },
      { dtype: "f32", shape: [4, 3] }
    ])
    expect(kept).toEqual([0, 2])
    expect(platforms).toEqual(["cpu"])
    expect([...module.subarray(0, 4)]).toEqual([0x4d, 0x4c, 0xef, 0x52])
  })

  it("is refused where it is none, cut short, or damaged, and never read out of bounds", () => {
    expect(thrown(() => readJaxExport(new Uint8Array(4)))).toBeInstanceOf(JaxExportError)
    expect(thrown(() => readJaxExport(new Uint8Array(4096)))).toBeInstanceOf(JaxExportError)
    const damage = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(damage, fc.nat(file.length), fc.boolean(), (edits, end, cut) => {
        const damaged = file.slice(0, cut ? end : file.length)
        for (const [at, byte] of edits) if (at < damaged.length) damaged[at] = byte
        try {
          readJaxExport(damaged)
        } catch (error) {
          expect(error).toBeInstanceOf(JaxExportError)
        }
      }),
      { numRuns: 5000, seed: 3 }
    )
  })
})

describe.each(plugins)("it runs on PJRT $api", ({ path }) => {
  const run = onDevice(`plugin:${path}`, { virtualDevices: 1 })

  it("with JAX's result", async () => {
    const { module, inputs } = readJaxExport(file)
    const floats = (...values: ReadonlyArray<number>) => new Uint8Array(Float32Array.from(values).buffer)
    const [last, ys] = await run(
      Effect.gen(function* () {
        const backend = yield* Backend
        const scope = yield* Scope.Scope
        const executable = yield* backend.compile({ code: module, inputs })
        const start = yield* backend.put({ ...inputs[0]!, bytes: floats(1) }, scope)
        const rows = yield* backend.put(
          { ...inputs[1]!, bytes: floats(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) },
          scope
        )
        const results = yield* executable.run([start, rows], scope)
        return yield* Effect.forEach(results, ({ dtype, shape, bytes }) =>
          Effect.map(bytes, (b) => decode(dtype, shape, b))
        )
      })
    )
    expect(last).toBe(67)
    expect(ys).toEqual(Float32Array.of(1, 4, 16, 37))
  })
})
