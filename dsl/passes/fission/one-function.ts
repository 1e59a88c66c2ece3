import { bytesOf } from "../../shape.ts"
import type { Costs } from "../costs.ts"
import { isFused } from "../work.ts"
import type { Step } from "./step.ts"

/** Whether a loop is compiled as one function: its steps read and write few bytes. */
const isOneFunction = ({ body }: Step, { oneFunction }: Costs): boolean => {
  const stored = body.equations.filter((equation) => !isFused(equation)).flatMap(({ outputs }) => outputs)
  const moved = [...body.inputs, ...body.outputs, ...stored]
  return moved.reduce((sum, { aval }) => sum + bytesOf(aval), 0) <= oneFunction
}

/** The costs in one loop. In one function, an operation costs no call, and slices and sums cost little. */
export const costsIn = (step: Step, costs: Costs): Costs => {
  if (!isOneFunction(step, costs)) return { ...costs, sum: 0 }
  const { gains } = costs
  return {
    ...costs,
    slice: 0,
    gains: { ...gains, product: { ...gains.product, step: 0 }, whole: { ...gains.whole, step: 0 } }
  }
}
