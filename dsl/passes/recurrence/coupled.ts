import type { Aval } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { add, addMaybe, filled, mul, range } from "../../values.ts"
import { rowsOfAll } from "../fission/all-steps.ts"
import type { Coupled, Factor } from "./form.ts"

/** What steps do to leaves that need one another: the factors of each leaf in turn, and what is added to each. */
type Effect = ReadonlyArray<Value>

const hasTerms = ({ b }: Coupled): boolean => b.some((term) => term !== undefined)

/** The effect of no steps. */
export const noStepsCoupled = (form: Coupled, like: Aval): Effect => {
  const leaves = range(form.b.length)
  const factors = leaves.flatMap((to) => leaves.map((from) => filled(like, to === from ? 1 : 0)))
  return hasTerms(form) ? [...factors, ...leaves.map(() => filled(like, 0))] : factors
}

/** The sum of values, each times its factor. */
const combined = (factors: ReadonlyArray<Factor>, values: ReadonlyArray<Value>, lanes: number): Value =>
  factors
    .map((factor, i) => {
      if (factor === "none") return undefined
      return factor === "one" ? values[i]! : mul(rowsOfAll(factor, lanes), values[i]!)
    })
    .reduce(addMaybe, undefined)!

/** The effect with one more step of each lane. */
export const withStepCoupled = (form: Coupled, before: Effect, lanes: number): Effect => {
  const leaves = range(form.b.length)
  const column = (from: number): ReadonlyArray<Value> =>
    leaves.map((to) => before[to * leaves.length + from]!)
  const factors = leaves.flatMap((to) =>
    leaves.map((from) => combined(form.factors[to]!, column(from), lanes))
  )
  if (!hasTerms(form)) return factors
  const terms = leaves.map((to) => {
    const sum = combined(form.factors[to]!, before.slice(leaves.length ** 2), lanes)
    const term = form.b[to]
    return term === undefined ? sum : add(sum, rowsOfAll(term, lanes))
  })
  return [...factors, ...terms]
}

/** The leaves after a lane, from the leaves before it. */
export const advancedCoupled = (form: Coupled, effect: Effect, before: ReadonlyArray<Value>): Effect => {
  const leaves = range(before.length)
  return leaves.map((to) => {
    const sum = leaves.map((from) => mul(effect[to * before.length + from]!, before[from]!)).reduce(add)
    return hasTerms(form) ? add(sum, effect[before.length ** 2 + to]!) : sum
  })
}
