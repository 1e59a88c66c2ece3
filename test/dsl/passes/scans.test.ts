import { describe, expect, it } from "vitest"
import { loweredFor, optimized } from "../../../dsl/passes/index.ts"
import { print } from "../../../dsl/printer.ts"
import type { Program } from "../../../dsl/program.ts"
import type { NdArray } from "../../../dsl/reference/array.ts"
import { run } from "../../../dsl/reference/run.ts"
import { divisive, eager } from "../../support/eager.ts"
import { interpreter, verified } from "../../support/passes.ts"
import { Random, randomArray, randomScan, type ScanTaste } from "../../support/random-scans.ts"

const evaluated = (program: Program, inputs: ReadonlyArray<NdArray>) =>
  run(loweredFor(program, interpreter, { after: verified }), inputs)

const same = (a: ReadonlyArray<NdArray>, b: ReadonlyArray<NdArray>): boolean =>
  a.every((array, i) => array.data.every((element, j) => Object.is(element, b[i]!.data[j])))

const variants: Readonly<Record<string, ScanTaste>> = {
  "a fixed length": { inexact: true, traced: false },
  "a traced length": { inexact: true, traced: true }
}

describe.each(Object.entries(variants))("random scans of %s", (_, taste) => {
  it.each([
    ["what pays on the CPU", undefined],
    ["all that can be done", eager],
    ["a small budget", { ...eager, budget: 100 }],
    ["two loops where one would do", divisive]
  ])("give the same bits after the passes do %s", (_name, costs) => {
    let changed = 0
    for (let seed = 0; seed < 600; seed++) {
      const program = randomScan(seed, taste)
      const made = optimized(program, interpreter, { after: verified, costs })
      if (print(made) !== print(program)) changed++
      const random = new Random(seed + 77)
      for (let round = 0; round < 3; round++) {
        const inputs = program.inputs.map(({ aval }) => randomArray(random, aval, round > 0))
        const [before, after] = [evaluated(program, inputs), evaluated(made, inputs)]
        if (!same(before, after)) {
          expect.soft({ seed, results: after }).toEqual({ seed, results: before })
          throw new Error(`seed ${seed}\n${print(program)}\n${print(made)}`)
        }
      }
    }
    expect(changed).toBeGreaterThan(100)
  })
})
