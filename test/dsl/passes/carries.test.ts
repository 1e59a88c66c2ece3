import { describe, expect, it } from "vitest"
import { loweredFor } from "../../../dsl/passes/index.ts"
import type { Program } from "../../../dsl/program.ts"
import type { NdArray } from "../../../dsl/reference/array.ts"
import { run } from "../../../dsl/reference/run.ts"
import { verify } from "../../../dsl/verifier.ts"
import { interpreter, verified } from "../../support/passes.ts"
import { Random, randomArray, randomScan } from "../../support/random-scans.ts"
import { scanWays, writtenOtherwise } from "../../support/scan-ways.ts"

const evaluated = (program: Program, inputs: ReadonlyArray<NdArray>) =>
  run(loweredFor(program, interpreter, { after: verified }), inputs)

describe.each(scanWays)("a scan %s", (way) => {
  it.each([
    ["a fixed length", false],
    ["a traced length", true]
  ])("of %s gives the same bits", (_name, traced) => {
    let tried = 0
    for (let seed = 0; seed < 400; seed++) {
      const program = randomScan(seed, { inexact: true, traced })
      const random = new Random(seed + 5)
      const inputs = program.inputs.map(({ aval }) => randomArray(random, aval, true))
      for (const made of writtenOtherwise(program, way)) {
        tried++
        verify(made)
        expect(evaluated(made, inputs), `seed ${seed}`).toEqual(evaluated(program, inputs))
      }
    }
    expect(tried).toBeGreaterThan(80)
  })
})
