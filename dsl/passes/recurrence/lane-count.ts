import { isFloat } from "../../dtype.ts"
import type { ScanParams, Var } from "../../program.ts"
import { sizeOf } from "../../shape.ts"
import { type Costs, type Moved, turnOf } from "../costs.ts"
import { divisorNear } from "../divisor.ts"
import type { Step } from "../fission/step.ts"
import type { Component } from "./components.ts"
import type { Plan } from "./layout.ts"

/** How many numbers variables are. */
export const elements = (vars: ReadonlyArray<Var>): number =>
  vars.reduce((sum, { aval }) => sum + sizeOf(aval.shape), 0)

/** How a scan is divided into lanes, and the nanoseconds that it then takes. */
interface Size extends Pick<Plan, "lanes" | "steps"> {
  readonly cost: number
}

/** How many products of factors a step in lanes takes where leaves need one another. */
const productsOf = (step: Step, components: ReadonlyArray<Component>): number =>
  components.reduce((sum, component) => {
    const leaves = component.length
    return leaves === 1
      ? sum
      : sum + leaves ** 2 * (leaves + 1) * sizeOf(step.carry[component[0]!]!.aval.shape)
  }, 0)

/** How many lanes pay, for leaves in these components; undefined where the loop is better left. */
export const lanesOf = (
  { xs }: ScanParams,
  length: number,
  step: Step,
  costs: Costs,
  components: ReadonlyArray<Component> = []
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
  const cost =
    2 * steps * turnOf(costs, state * count, rounds) +
    count * turnOf(costs, state, rounds) +
    length * (movedIn + movedOut + productsOf(step, components) * costs.factor)
  return before <= cost + costs.worth ? undefined : { lanes: Math.ceil(length / steps), steps, cost }
}
