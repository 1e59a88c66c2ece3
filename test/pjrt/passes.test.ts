import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { common } from "../../dsl/passes/common.ts"
import { fold } from "../../dsl/passes/fold.ts"
import { compiler, type Pass } from "../../dsl/passes/pass.ts"
import { prune } from "../../dsl/passes/prune.ts"
import { sink } from "../../dsl/passes/sink.ts"
import type { Program } from "../../dsl/program.ts"
import type { HostArray } from "../../pjrt/backend/backend.ts"
import { bytesOf, compiled } from "../support/compiled.ts"
import { contextOf } from "../support/passes.ts"
import { plugins } from "../support/plugins.ts"
import { type Form, programOf, type RandomArguments, randomCases } from "../support/random-programs.ts"
import { onDevice } from "../support/run.ts"

const passes: ReadonlyArray<Pass> = [fold, common, sink]

const arrays = (program: Program, args: RandomArguments): ReadonlyArray<HostArray> =>
  program.inputs.map(({ aval }, i) => {
    const numbers = [args[i]!].flat()
    const data = aval.dtype === "f32" ? Float32Array.from(numbers) : Int32Array.from(numbers)
    return { ...aval, bytes: new Uint8Array(data.buffer) }
  })

const [newest] = plugins

describe("on a CPU", () => {
  const run = onDevice(`plugin:${newest!.path}`, { virtualDevices: 1 })

  it.each<readonly [Form, number]>([
    ["plain", 12],
    ["gradient", 4],
    ["second", 2],
    ["batch", 4]
  ])("each pass alone, and all of them, give the same bits on random programs: %s", async (form, numRuns) => {
    await fc.assert(
      fc.asyncProperty(randomCases(), async ({ tape, args }) => {
        const program = prune.run(programOf(tape, form))
        const given = arrays(program, args)
        const results = (made: Program) => run(Effect.flatMap(compiled(made), (each) => bytesOf(each, given)))
        const plain = await results(program)
        const all = passes.reduce((now, pass) => pass.run(now, contextOf(compiler)), program)
        for (const made of [...passes.map((pass) => pass.run(program, contextOf(compiler))), all])
          expect(await results(made)).toEqual(plain)
      }),
      { numRuns, seed: 9 }
    )
  })
})
