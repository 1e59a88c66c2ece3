import { describe, expect, it } from "vitest"
import { closedOf, inTwo, splitOf } from "../../../dsl/passes/distribution/split.ts"
import { type Step, stepOf } from "../../../dsl/passes/fission/step.ts"
import { loweredFor } from "../../../dsl/passes/index.ts"
import { onValues } from "../../../dsl/passes/on-values.ts"
import { stepReason } from "../../../dsl/passes/reason.ts"
import { levelsOf } from "../../../dsl/passes/recurrence/components.ts"
import { formsOf } from "../../../dsl/passes/recurrence/form.ts"
import { inLanes } from "../../../dsl/passes/recurrence/lanes.ts"
import { rewritten } from "../../../dsl/passes/rewrite.ts"
import { shiftedOf, withoutShifted } from "../../../dsl/passes/shifted.ts"
import { type Equation, isEquation, type Program, type ScanParams } from "../../../dsl/program.ts"
import type { NdArray } from "../../../dsl/reference/array.ts"
import { run } from "../../../dsl/reference/run.ts"
import type { Aval } from "../../../dsl/shape.ts"
import type { Value } from "../../../dsl/tensor.ts"
import { verify } from "../../../dsl/verifier.ts"
import { interpreter, verified } from "../../support/passes.ts"
import { Random, randomArray, randomScan } from "../../support/random-scans.ts"

type Make = (params: ScanParams, inputs: ReadonlyArray<Value>) => ReadonlyArray<Value>

/** Every way to write a random scan otherwise, whether it pays or not. */
const ways: Readonly<
  Record<string, (step: Step, params: ScanParams, avals: ReadonlyArray<Aval>) => ReadonlyArray<Make>>
> = {
  "in lanes": (step, params, avals) => {
    const levels = levelsOf(step)
    const length = params.length!
    if (params.carry === 0 || stepReason({ params } as Equation<"scan">) !== undefined) return []
    const forms = formsOf(params, step, avals, levels.flat(), () => {})
    if (!forms.every((form) => form !== undefined)) return []
    return [2, 3].map((steps): Make => {
      const plan = { lanes: Math.ceil(length / steps), steps, levels, once: false, wider: {} }
      return (_, inputs) => inLanes(params, step, plan, inputs)
    })
  },
  "as two loops": (step) =>
    closedOf(step).map(
      (first): Make =>
        (params, inputs) =>
          inTwo(params, step, splitOf(step, first), inputs)
    ),
  "without shifted leaves": (step) => {
    const leaves = shiftedOf(step)
    return leaves.length === 0 ? [] : [(params, inputs) => withoutShifted(params, step, leaves, inputs)]
  }
}

const written = (program: Program, make: Make): Program =>
  rewritten(program, {
    scan: ({ params }, builder, inputs) => onValues(builder, inputs, (values) => make(params, values))
  })

const evaluated = (program: Program, inputs: ReadonlyArray<NdArray>) =>
  run(loweredFor(program, interpreter, { after: verified }), inputs)

describe.each(Object.entries(ways))("a scan %s", (_, waysOf) => {
  it.each([
    ["a fixed length", false],
    ["a traced length", true]
  ])("of %s gives the same bits", (_name, traced) => {
    let tried = 0
    for (let seed = 0; seed < 400; seed++) {
      const program = randomScan(seed, { inexact: true, traced })
      const scan = program.equations.find((equation) => isEquation(equation, "scan"))
      if (scan === undefined) continue
      const random = new Random(seed + 5)
      const inputs = program.inputs.map(({ aval }) => randomArray(random, aval, true))
      for (const make of waysOf(
        stepOf(scan.params),
        scan.params,
        scan.inputs.map(({ aval }) => aval)
      )) {
        tried++
        const made = written(program, make)
        verify(made)
        expect(evaluated(made, inputs), `seed ${seed}`).toEqual(evaluated(program, inputs))
      }
    }
    expect(tried).toBeGreaterThan(80)
  })
})
