import { count } from "../../count.ts"
import { type Step, stepOf } from "../fission/step.ts"
import type { Reason } from "../note.ts"
import { onValues } from "../on-values.ts"
import type { Context, Pass } from "../pass.ts"
import { fixedReason, leafName, stepReason } from "../reason.ts"
import { type Rewrite, rewritten } from "../rewrite.ts"
import { levelsOf, mostLeaves } from "./components.ts"
import { formsOf } from "./form.ts"
import { elements, lanesOf } from "./lane-count.ts"
import { inLanes } from "./lanes.ts"
import type { Plan } from "./layout.ts"
import { isRunning } from "./summary.ts"

const tooFew = (length: number, step: Step): Reason => ({
  because: `lanes would save less than they cost, for ${length} steps on ${count(elements(step.carry), "number")}`
})

const recurrenceOf =
  (context: Context): Rewrite<"scan"> =>
  (equation, builder, inputs) => {
    const { params, place } = equation
    const { length } = params
    if (params.carry === 0) return undefined
    const leave = (reason: Reason): undefined => {
      context.note({ pass: "recurrence", place, left: "the steps go one after another", ...reason })
    }
    const fixed = fixedReason(equation) ?? stepReason(equation)
    if (fixed !== undefined) return leave(fixed)
    if (length === null || length < 2 || length >= 2 ** 31) return undefined
    const step = stepOf(params)
    if (params.carry > mostLeaves)
      return leave({
        because: `the carry has ${params.carry} leaves, and at most ${mostLeaves} are looked at`
      })
    const levels = levelsOf(step)
    const components = levels.flat()
    const size = lanesOf(params, length, step, context.costs, components)
    if (size === undefined && !context.explains) return undefined
    const reasons: Array<Reason> = []
    const forms = formsOf(
      params,
      step,
      inputs.map(({ aval }) => aval),
      components,
      (leaf, { because, at }) => reasons.push({ because: `${leafName(params, leaf)} ${because}`, at })
    )
    if (!forms.every((form) => form !== undefined))
      return leave(reasons[0] ?? { because: "the carry is no running sum, product or linear recurrence" })
    if (size === undefined) return leave(tooFew(length, step))
    const coupled = Math.max(...components.map((component) => component.length))
    const together = coupled === 1 ? "" : `, where ${coupled} leaves of the carry need one another`
    const once = levels.length === 1 && forms.every(isRunning) && !(params.traced && params.reverse)
    const { lanes, steps } = size
    const plan: Plan = { lanes, steps, levels, once, wider: context.costs.wider }
    context.note({
      pass: "recurrence",
      place,
      did: `${length} steps run as ${plan.lanes} lanes of ${plan.steps} steps side by side${together}`,
      saved: { steps: length - 2 * plan.steps - plan.lanes }
    })
    return onValues(builder, inputs, (values) => inLanes(params, step, plan, values))
  }

/**
 * Runs scans in lanes, side by side, whose steps can be grouped: where each leaf of the carry is a running sum, product,
 * maximum or other associative operation, or a linear recurrence. Floats only where another order is allowed.
 */
export const recurrence: Pass = {
  name: "recurrence",
  run: (program, context) => rewritten(program, { scan: recurrenceOf(context) })
}
