import { closedOf, inTwo, splitOf } from "../../dsl/passes/distribution/split.ts"
import { type Step, stepOf } from "../../dsl/passes/fission/step.ts"
import { onValues } from "../../dsl/passes/on-values.ts"
import { stepReason } from "../../dsl/passes/reason.ts"
import { levelsOf } from "../../dsl/passes/recurrence/components.ts"
import { formsOf } from "../../dsl/passes/recurrence/form.ts"
import { inLanes } from "../../dsl/passes/recurrence/lanes.ts"
import { rewritten } from "../../dsl/passes/rewrite.ts"
import { shiftedOf, withoutShifted } from "../../dsl/passes/shifted.ts"
import { type Equation, isEquation, type Program, type ScanParams } from "../../dsl/program.ts"
import type { Aval } from "../../dsl/shape.ts"
import type { Value } from "../../dsl/tensor.ts"

type Make = (params: ScanParams, inputs: ReadonlyArray<Value>) => ReadonlyArray<Value>

/** Every way to write a scan otherwise, whether it pays or not. */
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

/** The ways to write a scan otherwise, by what they do. */
export const scanWays: ReadonlyArray<keyof typeof ways> = Object.keys(ways)

/** A program of one scan, written otherwise in each such way. */
export const writtenOtherwise = (program: Program, way: keyof typeof ways): ReadonlyArray<Program> => {
  const scan = program.equations.find((equation) => isEquation(equation, "scan"))
  if (scan === undefined) return []
  const { params, inputs } = scan
  return ways[way]!(
    stepOf(params),
    params,
    inputs.map(({ aval }) => aval)
  ).map((make) => written(program, make))
}
