import { isInexact } from "../../dtype.ts"
import { standingAt } from "../../place.ts"
import { type Equation, isEquation, type Program, type ScanParams } from "../../program.ts"
import { bytesOf } from "../../shape.ts"
import { programOf } from "../../trace.ts"
import { range } from "../../values.ts"
import { type Costs, turnOf } from "../costs.ts"
import { type Parts, partsOf, savedBy } from "../fission/parts.ts"
import { type Step, stepOf, variesIn } from "../fission/step.ts"
import type { Context, Pass } from "../pass.ts"
import { prune } from "../prune.ts"
import { fixedReason, leafName, stepReason } from "../reason.ts"
import { componentsOf, mostLeaves, needsOf } from "../recurrence/components.ts"
import { formsOf } from "../recurrence/form.ts"
import { elements, lanesOf } from "../recurrence/lane-count.ts"
import { type Rewrite, rewritten } from "../rewrite.ts"
import { hiddenIn } from "../waiting.ts"
import { gainOf } from "../work.ts"
import { closedOf, inTwo, type Split, splitOf } from "./split.ts"

/** The nanoseconds of all turns of a loop that carries these leaves. */
const turnsOf = (step: Step, leaves: ReadonlyArray<number>, length: number, costs: Costs): number => {
  const carried = leaves.map((leaf) => step.carry[leaf]!)
  const rounds = carried.some(({ aval }) => isInexact(aval.dtype))
  return length * turnOf(costs, elements(carried), rounds)
}

/** The nanoseconds of a loop as lanes, where its steps can be grouped and that is cheaper. */
const inLanes = (equation: Equation<"scan">, costs: Costs): number | undefined => {
  const { params, inputs } = equation
  const step = stepOf(params)
  const components = componentsOf(step, needsOf(step))
  const size = lanesOf(params, params.length!, step, costs, components)
  if (size === undefined || stepReason(equation) !== undefined) return undefined
  const avals = inputs.map(({ aval }) => aval)
  const forms = formsOf(params, step, avals, components, () => {})
  return forms.some((form) => form === undefined) ? undefined : size.cost
}

/** The nanoseconds of a loop, less what leaves it. */
const costOf = (equation: Equation<"scan">, costs: Costs): number => {
  const { params } = equation
  const length = params.length!
  const parts = partsOf(params, costs)
  if (parts.carry.length === 0 && parts.stacked.length === 0) return -length * savedBy(parts, costs)
  const step = stepOf(params)
  const lanes = inLanes(equation, costs)
  if (lanes === undefined)
    return turnsOf(step, range(params.carry), length, costs) - length * savedBy(parts, costs)
  return (
    lanes - length * params.body.equations.reduce((sum, each) => sum + gainOf(each, costs, variesIn(step)), 0)
  )
}

/** What dividing a scan gains at most, in nanoseconds, by a rough count: what it is worth to look closer. */
const promiseOf = (
  { params }: Equation<"scan">,
  step: Step,
  { first, second, crossing, freed }: Split,
  parts: Parts,
  costs: Costs
): number => {
  const length = params.length!
  const moved = (equation: Equation): boolean =>
    parts.early.moved.has(equation) || parts.late.moved.has(equation)
  const gain = freed.reduce((sum, equation) => sum + (moved(equation) ? 0 : gainOf(equation, costs)), 0)
  const bytes = crossing.reduce((sum, { aval }) => sum + bytesOf(aval), 0)
  const turns = (leaves: ReadonlyArray<number>) => turnsOf(step, leaves, length, costs)
  // The cheaper of the two loops may go in lanes, at next to nothing.
  const left = Math.max(turns(first), turns(second))
  return length * (gain - costs.byte * bytes) + turns(range(params.carry)) - left
}

/** A scan as two loops, where that pays. */
const dividedBy = (
  equation: Equation<"scan">,
  step: Step,
  split: Split,
  hidden: number,
  costs: Costs
): Program | undefined => {
  const { params, inputs, place } = equation
  const length = params.length!
  const bytes = split.crossing.reduce((sum, { aval }) => sum + bytesOf(aval), 0)
  if (bytes * length > costs.budget) return undefined
  const program = prune.run(
    standingAt(place, () =>
      programOf(
        inputs.map(({ aval }) => aval),
        (values) => inTwo(params, step, split, values)
      )
    )
  )
  const loops = program.equations.filter((each) => isEquation(each, "scan"))
  const after = loops.reduce((sum, loop) => sum + costOf(loop, costs), 0)
  const before = costOf(equation, costs)
  return before > after + (hidden + costs.byte * bytes) * length + costs.worth ? program : undefined
}

const names = (params: ScanParams, leaves: ReadonlyArray<number>): string => {
  const [one, ...more] = leaves.map((leaf) => leafName(params, leaf))
  return more.length > 2 ? `${one} and ${more.length} more` : [one, ...more].join(" and ")
}

const distributionOf =
  (context: Context): Rewrite<"scan"> =>
  (equation, builder, inputs) => {
    const { params, place } = equation
    const { length } = params
    const { costs } = context
    if (params.carry < 2 || params.carry > mostLeaves || length === null || length < 2 || length >= 2 ** 31)
      return undefined
    if (fixedReason(equation) !== undefined) return undefined
    const step = stepOf(params)
    const closed = closedOf(step)
    if (closed.length === 0) return undefined
    const parts = partsOf(params, costs)
    const hidden = hiddenIn(step, costs)
    const sums = new Set(parts.late.totals.map(({ leaf }) => leaf))
    const best = closed
      .filter((first) => !first.some((leaf) => sums.has(leaf)))
      .map((first) => {
        const split = splitOf(step, first)
        return { split, promise: promiseOf(equation, step, split, parts, costs) - length * hidden }
      })
      .filter(({ promise }) => promise > costs.worth)
      .sort((a, b) => b.promise - a.promise)[0]
    if (best === undefined) return undefined
    const { split } = best
    const program = dividedBy(equation, step, split, hidden, costs)
    if (program === undefined) return undefined
    context.note({
      pass: "distribution",
      place,
      did: `the loop became two: one for ${names(params, split.first)}, and after it one for ${names(params, split.second)}`
    })
    return builder.inline(rewritten(program, { scan: distributionOf(context) }), inputs)
  }

/**
 * Divides a scan into loops one after another, where leaves of the carry do not need one another: the later loop reads
 * what the earlier one held at each step. Work on that can then leave the later loop, and steps of one loop may go in
 * lanes where those of the other cannot.
 */
export const distribution: Pass = {
  name: "distribution",
  run: (program, context) => rewritten(program, { scan: distributionOf(context) })
}
