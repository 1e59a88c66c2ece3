import { divisorNear } from "../../divisor.ts"
import { isInexact } from "../../dtype.ts"
import type { ScanParams, Var } from "../../program.ts"
import { sizeOf } from "../../shape.ts"
import { type Costs, type Moved, turnOf } from "../costs.ts"
import type { Step } from "../fission/step.ts"
import { depthOf } from "../waiting.ts"
import type { Component } from "./components.ts"
import type { Plan } from "./layout.ts"

/** How many numbers variables are. */
export const elements = (vars: ReadonlyArray<Var>): number =>
  vars.reduce((sum, { aval }) => sum + sizeOf(aval.shape), 0)

/** How a scan is divided into lanes, and the nanoseconds that it then takes. */
interface Size extends Pick<Plan, "lanes" | "steps"> {
  readonly cost: number
}

/** How many numbers a lane holds of a component: where leaves need one another, all their factors and terms. */
const heldOf = (step: Step, component: Component): number => {
  const leaves = component.length
  const size = sizeOf(step.carry[component[0]!]!.aval.shape)
  return leaves === 1 ? size : leaves * (leaves + 1) * size
}

/** How many products of factors a step takes in lanes. */
const productsOf = (step: Step, component: Component): number =>
  component.length === 1 ? 0 : component.length * heldOf(step, component)

const isRounded = ({ aval }: Var): boolean => isInexact(aval.dtype)

/** The nanoseconds that leaves which need one another wait for further operations in a step. */
const waitOf = (step: Step, components: ReadonlyArray<Component>, { turn }: Costs): number =>
  Math.max(
    0,
    ...components
      .filter((component) => component.length > 1 && isRounded(step.carry[component[0]!]!))
      .map((component) => turn.chained * (depthOf(step, component) - 1))
  )

/** How many lanes pay, for leaves in these components; undefined where the loop is better left. */
export const lanesOf = (
  { xs }: ScanParams,
  length: number,
  step: Step,
  costs: Costs,
  components: ReadonlyArray<Component>
): Size | undefined => {
  const row = Math.max(...step.carry.map(({ aval }) => sizeOf(aval.shape)))
  const held = Math.max(...components.map((component) => heldOf(step, component)))
  const most = Math.min(Math.floor(costs.lanes / held), Math.floor(Math.sqrt(2 * length)))
  if (most < 2) return undefined
  // All lanes are full where a divisor is near.
  const count = divisorNear(length, most, most / 2)
  const steps = Math.ceil(length / count)
  const state = elements(step.carry)
  const rounds = step.carry.some(isRounded)
  const products = components.reduce((sum, component) => sum + productsOf(step, component), 0)
  const moved = ({ inRow, alone }: Moved, vars: ReadonlyArray<Var>): number =>
    elements(vars) * (row < 8 ? alone : inRow)
  const movedIn = moved(
    costs.toLanes,
    step.rows.filter((_, i) => xs[i]!.kind === "rows")
  )
  const movedOut = moved(costs.fromLanes, step.ys)
  const before = length * (turnOf(costs, state, rounds) + waitOf(step, components, costs))
  const cost =
    2 * steps * turnOf(costs, state * count, rounds) +
    count * turnOf(costs, state, rounds) +
    length * (movedIn + movedOut + products * costs.factor)
  return before <= cost + costs.worth ? undefined : { lanes: Math.ceil(length / steps), steps, cost }
}
