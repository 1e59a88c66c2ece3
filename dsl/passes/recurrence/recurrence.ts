import { count } from "../../count.ts"
import { isFloat } from "../../dtype.ts"
import { loopOf } from "../../loops/loop.ts"
import type { ScanParams, Var } from "../../program.ts"
import { type Aval, sizeOf } from "../../shape.ts"
import { programOf } from "../../trace.ts"
import { type Costs, type Moved, turnOf } from "../costs.ts"
import { divisorNear } from "../divisor.ts"
import { AllSteps } from "../fission/all-steps.ts"
import { type Step, stepOf } from "../fission/step.ts"
import type { Reason } from "../note.ts"
import { onValues } from "../on-values.ts"
import type { Context, Pass } from "../pass.ts"
import { fixedReason, stepReason } from "../reason.ts"
import { type Rewrite, rewritten } from "../rewrite.ts"
import { type Component, levelsOf } from "./components.ts"
import { type Form, formOf } from "./form.ts"
import { inLanes } from "./lanes.ts"
import type { Plan } from "./layout.ts"
import { isRunning } from "./summary.ts"

/** How each component of the carry advances; undefined for one of which steps cannot be grouped, which is then told. */
const formsOf = (
  params: ScanParams,
  step: Step,
  avals: ReadonlyArray<Aval>,
  components: ReadonlyArray<Component>,
  because: (leaf: number, reason: Reason) => void
): ReadonlyArray<Form | undefined> => {
  let forms: ReadonlyArray<Form | undefined> = []
  const stacks = step.carry.map(({ aval }) => ({
    dtype: aval.dtype,
    shape: [params.length!, ...aval.shape]
  }))
  programOf([...avals, ...stacks], (values) => {
    const all = AllSteps.of(step, loopOf(params, values.slice(0, avals.length)))
    step.carry.forEach((variable, i) => {
      all.set(variable, { value: values[avals.length + i]!, varies: true })
    })
    all.compute(
      step.body.equations,
      step.body.equations.flatMap(({ inputs }) => inputs)
    )
    forms = components.map((component) =>
      formOf(step, component, all, params, {}, (reason) => because(component[0]!, reason))
    )
    return []
  })
  return forms
}

const elements = (vars: ReadonlyArray<Var>): number =>
  vars.reduce((sum, { aval }) => sum + sizeOf(aval.shape), 0)

type Size = Pick<Plan, "lanes" | "steps">

/** How many products of factors a step in lanes takes where leaves need one another. */
const productsOf = (step: Step, components: ReadonlyArray<Component>): number =>
  components.reduce((sum, component) => {
    const leaves = component.length
    return leaves === 1
      ? sum
      : sum + leaves ** 2 * (leaves + 1) * sizeOf(step.carry[component[0]!]!.aval.shape)
  }, 0)

/** How many lanes pay, where a step also takes so many products; undefined where the loop is better left. */
const lanesOf = (
  { xs }: ScanParams,
  length: number,
  step: Step,
  costs: Costs,
  products = 0
): Size | undefined => {
  const row = Math.max(...step.carry.map(({ aval }) => sizeOf(aval.shape)))
  const most = Math.min(Math.floor(costs.lanes / row), Math.floor(Math.sqrt(2 * length)))
  if (most < 2) return undefined
  // All lanes are full where a divisor is near.
  const count = divisorNear(length, most, most / 2)
  const steps = Math.ceil(length / count)
  const state = elements(step.carry)
  const rounds = step.carry.some(({ aval }) => isFloat(aval.dtype))
  const moved = ({ inRow, alone }: Moved, vars: ReadonlyArray<Var>): number =>
    elements(vars) * (row < 8 ? alone : inRow)
  const movedIn = moved(
    costs.toLanes,
    step.rows.filter((_, i) => xs[i]!.kind === "rows")
  )
  const movedOut = moved(costs.fromLanes, step.ys)
  const before = length * turnOf(costs, state, rounds)
  const after =
    2 * steps * turnOf(costs, state * count, rounds) +
    count * turnOf(costs, state, rounds) +
    length * (movedIn + movedOut + products * costs.factor)
  return before <= after + costs.worth ? undefined : { lanes: Math.ceil(length / steps), steps }
}

const tooFew = (length: number, step: Step): Reason => ({
  because: `lanes would save less than they cost, for ${length} steps on ${count(elements(step.carry), "number")}`
})

/** How many leaves of a carry are looked at, each by itself. */
const mostLeaves = 64

/** What the user calls a leaf of the carry. */
const leafName = ({ names, carry }: ScanParams, leaf: number): string =>
  carry === 1 ? "the carry" : (names?.[leaf] ?? `carry[${leaf}]`)

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
    if (lanesOf(params, length, step, context.costs) === undefined && !context.explains) return undefined
    if (params.carry > mostLeaves)
      return leave({
        because: `the carry has ${params.carry} leaves, and at most ${mostLeaves} are looked at`
      })
    const levels = levelsOf(step)
    const reasons: Array<Reason> = []
    const forms = formsOf(
      params,
      step,
      inputs.map(({ aval }) => aval),
      levels.flat(),
      (leaf, { because, at }) => reasons.push({ because: `${leafName(params, leaf)} ${because}`, at })
    )
    if (!forms.every((form) => form !== undefined))
      return leave(reasons[0] ?? { because: "the carry is no running sum, product or linear recurrence" })
    const size = lanesOf(params, length, step, context.costs, productsOf(step, levels.flat()))
    if (size === undefined) return leave(tooFew(length, step))
    const coupled = Math.max(...levels.flat().map((component) => component.length))
    const together = coupled === 1 ? "" : `, where ${coupled} leaves of the carry need one another`
    const once = levels.length === 1 && forms.every(isRunning) && !(params.traced && params.reverse)
    const plan = { ...size, levels, once, wider: context.costs.wider }
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
