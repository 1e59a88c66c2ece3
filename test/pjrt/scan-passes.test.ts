import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { dtypes } from "../../dsl/dtype.ts"
import { optimized } from "../../dsl/passes/index.ts"
import { compiler } from "../../dsl/passes/pass.ts"
import type { Program } from "../../dsl/program.ts"
import type { NdArray } from "../../dsl/reference/array.ts"
import type { HostArray } from "../../pjrt/backend/backend.ts"
import { bytesOf, compiled } from "../support/compiled.ts"
import { eager } from "../support/eager.ts"
import { verified } from "../support/passes.ts"
import { plugins } from "../support/plugins.ts"
import { Random, randomArray, randomScan, type ScanTaste } from "../support/random-scans.ts"
import { onDevice } from "../support/run.ts"
import { scanWays, writtenOtherwise } from "../support/scan-ways.ts"

const arrays = { f32: Float32Array, i32: Int32Array, u8: Uint8Array, bool: Uint8Array } as const

const hostArray = ({ dtype, shape, data }: NdArray): HostArray => {
  const made = arrays[dtype as keyof typeof arrays].from(data.map(Number))
  return { dtype, shape, bytes: new Uint8Array(made.buffer) }
}

/** The elements as numbers, every NaN the same one. */
const numbers = (bytes: Uint8Array, dtype: keyof typeof dtypes): ReadonlyArray<number> =>
  Array.from(new arrays[dtype as keyof typeof arrays](bytes.slice().buffer))

const [newest] = plugins

describe("scans on a CPU", () => {
  const run = onDevice(`plugin:${newest!.path}`, { virtualDevices: 1 })

  const results = (program: Program, inputs: ReadonlyArray<HostArray>) =>
    run(Effect.flatMap(compiled(program), (each) => bytesOf(each, inputs))).then((all) =>
      all.map((bytes, i) => numbers(bytes, program.outputs[i]!.aval.dtype))
    )

  const cases: ReadonlyArray<readonly [string, ScanTaste, number]> = [
    ["of a fixed length", { inexact: false, traced: false }, 10],
    ["of a traced length", { inexact: false, traced: true }, 8]
  ]

  it.each(cases)(
    "%s: passes that do all they can change no bit of exact operations",
    async (_, taste, count) => {
      for (let seed = 0; seed < count; seed++) {
        const program = randomScan(1000 + seed, taste)
        const made = optimized(program, compiler, { after: verified, costs: eager })
        const random = new Random(seed)
        const inputs = program.inputs.map(({ aval }) => hostArray(randomArray(random, aval, true)))
        expect(await results(made, inputs), `seed ${seed}`).toEqual(await results(program, inputs))
      }
    }
  )

  it.each(scanWays)("%s, they give the same bits of exact operations", async (way) => {
    let left = 8
    for (let seed = 0; left > 0; seed++) {
      const program = randomScan(3000 + seed, { inexact: false, traced: seed % 2 === 1 })
      const [made] = writtenOtherwise(program, way)
      if (made === undefined) continue
      left--
      const random = new Random(seed)
      const inputs = program.inputs.map(({ aval }) => hostArray(randomArray(random, aval, true)))
      expect(await results(made, inputs), `seed ${seed}`).toEqual(await results(program, inputs))
    }
  })

  it("passes that do all they can stay within rounding of inexact operations", async () => {
    for (let seed = 0; seed < 8; seed++) {
      const program = randomScan(2000 + seed, { inexact: true, traced: seed % 2 === 1 })
      const made = optimized(program, compiler, { after: verified, costs: eager })
      const random = new Random(seed)
      const inputs = program.inputs.map(({ aval }) => hostArray(randomArray(random, aval, false)))
      const [found, wanted] = [await results(made, inputs), await results(program, inputs)]
      found.forEach((values, i) => {
        const size = Math.max(1e-3, ...wanted[i]!.map(Math.abs).filter(Number.isFinite))
        values.forEach((value, j) => {
          const other = wanted[i]![j]!
          const near = Object.is(value, other) || Math.abs(value - other) <= 1e-4 * size
          if (!near) expect({ seed, result: i, values }).toEqual({ seed, result: i, values: wanted[i] })
        })
      })
    }
  })
})
