import { isFloat } from "../dtype.ts"
import { sizeOf } from "../shape.ts"
import type { Costs } from "./costs.ts"
import { dependents, required, type Step } from "./fission/step.ts"
import { type Component, componentsOf, needsOf } from "./recurrence/components.ts"
import { gainOf, isFunction, kindOf } from "./work.ts"

/** How many operations in a row lead from leaves to their next values. A product is joined with the sum that it goes into. */
export const depthOf = (step: Step, component: Component): number => {
  const depths = new Map(component.map((leaf) => [step.carry[leaf]!, 0]))
  for (const equation of step.body.equations) {
    const { primitive, inputs, outputs } = equation
    const before = Math.max(...inputs.map((input) => depths.get(input) ?? -1))
    const own = kindOf(equation) === "layout" || primitive === "mul" ? 0 : 1
    if (before >= 0) for (const output of outputs) depths.set(output, before + own)
  }
  return Math.max(0, ...component.map((leaf) => depths.get(step.next[leaf]!) ?? 0))
}

/** Of so few numbers a step computes a function at the latency of one. */
const few = 4

/** The nanoseconds for which a step waits for few numbers of its carry, one operation after another. */
const waitOf = (step: Step, component: Component, costs: Costs): number => {
  const [own, next] = [step.carry, step.next].map((vars) => component.map((leaf) => vars[leaf]!))
  if (!own!.every(({ aval }) => sizeOf(aval.shape) <= few && isFloat(aval.dtype))) return 0
  const [from, to] = [dependents(step.body, own!), required(step.body, next!)]
  const functions = step.body.equations.filter(
    (equation) =>
      isFunction(equation) && equation.outputs.every((output) => from.has(output) && to.has(output))
  )
  return functions.reduce(
    (sum, equation) => sum + costs.overlap * gainOf(equation, costs),
    costs.turn.chained * depthOf(step, component)
  )
}

/** How much of the work of a step costs nothing, since it is done while the step waits for its carry. */
export const hiddenIn = (step: Step, costs: Costs): number =>
  Math.max(...componentsOf(step, needsOf(step)).map((component) => waitOf(step, component, costs)))
