import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { optimized } from "../../../dsl/passes/index.ts"
import type { Program } from "../../../dsl/program.ts"
import { arrayOf, type NdArray } from "../../../dsl/reference/array.ts"
import { run } from "../../../dsl/reference/run.ts"
import { eager } from "../../support/eager.ts"
import { interpreter, lowered, pruned, verified } from "../../support/passes.ts"
import { type Form, programOf, type RandomArguments, randomCases } from "../../support/random-programs.ts"

const results = (program: Program, args: RandomArguments): ReadonlyArray<NdArray> =>
  run(
    lowered(program, interpreter),
    program.inputs.map(({ aval }, i) => arrayOf(aval, [args[i]!].flat()))
  )

const close = (a: unknown, b: unknown, size: number): boolean => {
  if (typeof a !== "number" || typeof b !== "number" || Object.is(a, b)) return Object.is(a, b)
  return Math.abs(a - b) <= 1e-4 * size
}

/** The greatest finite number among the elements, to which a rounding error is compared. */
const sizeOf = ({ data }: NdArray): number =>
  data.reduce<number>(
    (most, each) => (Number.isFinite(each) ? Math.max(most, Math.abs(each as number)) : most),
    1e-3
  )

describe.each([
  ["what pays on the CPU", undefined],
  ["all that can be done", eager],
  ["a small budget", { ...eager, budget: 300 }]
] as const)("all passes, doing %s", (_, costs) => {
  it.each<readonly [Form, number]>([
    ["plain", 200],
    ["batch", 60]
  ])("give the same bits on random programs: %s", (form, numRuns) => {
    fc.assert(
      fc.property(randomCases([3e38, 1e-38]), ({ tape, args }) => {
        const program = pruned(programOf(tape, form))
        const made = optimized(program, interpreter, { after: verified, costs })
        expect(results(made, args)).toStrictEqual(results(program, args))
      }),
      { numRuns, seed: 21 }
    )
  })

  // The order in which reverse mode adds up a constant's cotangent is not the user's.
  it.each<readonly [Form, number]>([
    ["gradient", 80],
    ["second", 40]
  ])("give the same derivatives, but for rounding: %s", (form, numRuns) => {
    fc.assert(
      fc.property(randomCases(), ({ tape, args }) => {
        const program = pruned(programOf(tape, form))
        const made = optimized(program, interpreter, { after: verified, costs })
        const plain = results(program, args)
        results(made, args).forEach((array, i) => {
          const size = sizeOf(plain[i]!)
          array.data.forEach((each, j) => {
            if (!close(each, plain[i]!.data[j], size)) expect(array).toStrictEqual(plain[i])
          })
        })
      }),
      { numRuns, seed: 22 }
    )
  })
})
