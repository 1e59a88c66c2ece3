import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { common } from "../../../dsl/passes/common.ts"
import { fold } from "../../../dsl/passes/fold.ts"
import { inline } from "../../../dsl/passes/inline.ts"
import type { Pass } from "../../../dsl/passes/pass.ts"
import { prune } from "../../../dsl/passes/prune.ts"
import { sink } from "../../../dsl/passes/sink.ts"
import { slices } from "../../../dsl/passes/slices.ts"
import { print } from "../../../dsl/printer.ts"
import type { Program } from "../../../dsl/program.ts"
import { arrayOf } from "../../../dsl/reference/array.ts"
import { run } from "../../../dsl/reference/run.ts"
import { verify } from "../../../dsl/verifier.ts"
import { contextOf, interpreter, lowered } from "../../support/passes.ts"
import { type Form, programOf, type RandomArguments, randomCases } from "../../support/random-programs.ts"

const passes: ReadonlyArray<Pass> = [inline, common, fold, slices, sink]

const results = (program: Program, args: RandomArguments) =>
  run(
    lowered(program, interpreter),
    program.inputs.map(({ aval }, i) => arrayOf(aval, [args[i]!].flat()))
  )

const all: Pick<Pass, "run"> & { readonly name: string } = {
  name: "all",
  run: (program, context) => passes.reduce((now, pass) => pass.run(now, context), program)
}

describe.each([...passes, all].map((pass) => [pass.name, pass] as const))("%s", (_, pass) => {
  it("gives the same bits on random programs", () => {
    fc.assert(
      fc.property(randomCases([3e38, 1e-45, 1e-38]), ({ tape, args }) => {
        const program = prune.run(programOf(tape))
        const made = pass.run(program, contextOf(interpreter))
        verify(made)
        expect(results(made, args)).toStrictEqual(results(program, args))
      }),
      { numRuns: 400, seed: 7 }
    )
  })
})

describe.each<Form>(["gradient", "second", "batch"])("all of them: %s", (form) => {
  it("gives the same bits on random programs", () => {
    fc.assert(
      fc.property(randomCases(), ({ tape, args }) => {
        const program = prune.run(programOf(tape, form))
        const made = all.run(program, contextOf(interpreter))
        verify(made)
        expect(results(made, args)).toStrictEqual(results(program, args))
      }),
      { numRuns: 60, seed: 11 }
    )
  })
})

describe.each(passes.map((pass) => [pass.name, pass] as const))("%s", (_, pass) => {
  it("changes nothing more when it runs again", () => {
    fc.assert(
      fc.property(randomCases(), ({ tape }) => {
        const once = pass.run(prune.run(programOf(tape)), contextOf(interpreter))
        expect(print(pass.run(once, contextOf(interpreter)))).toBe(print(once))
      }),
      { numRuns: 100, seed: 8 }
    )
  })
})
