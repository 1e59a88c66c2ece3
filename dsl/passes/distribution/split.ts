import { loopOf } from "../../loops/loop.ts"
import type { Equation, ScanParams, Var } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import { range } from "../../values.ts"
import { partLoop } from "../fission/part-loop.ts"
import { dependents, neededFor, required, type Step } from "../fission/step.ts"
import { componentsOf, needsOf } from "../recurrence/components.ts"
import { isCheap } from "../work.ts"

/** A scan as two loops, one after the other. */
export interface Split {
  /** The leaves of the first loop, which need no others, and what it stacks of the outputs. */
  readonly first: ReadonlyArray<number>
  readonly firstYs: ReadonlyArray<Var>
  /** The other leaves, and the other outputs. */
  readonly second: ReadonlyArray<number>
  readonly secondYs: ReadonlyArray<Var>
  /** What the first loop stacks for the second to read. */
  readonly crossing: ReadonlyArray<Var>
  /** What may leave a loop: what the second computes without its leaves, and what the leaves of the first do not need. */
  readonly freed: ReadonlyArray<Equation>
}

/**
 * Sets of leaves that need no others, so that they may have a loop before the rest. For each component there are two: it
 * with what it needs, and all but it and what needs it.
 */
export const closedOf = (step: Step): ReadonlyArray<ReadonlyArray<number>> => {
  const needs = needsOf(step)
  const leaves = range(step.carry.length)
  const found = new Map<string, ReadonlyArray<number>>()
  for (const component of componentsOf(step, needs)) {
    const [one] = component as readonly [number, ...Array<number>]
    const before = leaves.filter((leaf) => component.includes(leaf) || needs[one]!.has(leaf))
    const rest = leaves.filter((leaf) => !component.includes(leaf) && !needs[leaf]!.has(one))
    for (const set of [before, rest])
      if (set.length > 0 && set.length < leaves.length) found.set(set.join(), set)
  }
  return [...found.values()]
}

const none: ReadonlySet<Var> = new Set()

/** Divides a step by leaves that need no others. What both loops need and what is not cheap, the first one stacks. */
export const splitOf = (step: Step, first: ReadonlyArray<number>): Split => {
  const { equations } = step.body
  const isFirst = new Set(first)
  const second = range(step.carry.length).filter((leaf) => !isFirst.has(leaf))
  const late = dependents(
    step.body,
    second.map((leaf) => step.carry[leaf]!)
  )
  const firstYs = step.ys.filter((y) => !late.has(y))
  const secondYs = step.ys.filter((y) => late.has(y))
  const inFirst = neededFor(equations, [...first.map((leaf) => step.next[leaf]!), ...firstYs], none)
  const outside = new Set([...step.consts, ...step.rows])
  const given = new Set(
    [
      ...first.flatMap((leaf) => [step.carry[leaf]!, step.next[leaf]!]),
      ...firstYs,
      ...inFirst.filter((equation) => !isCheap(equation)).flatMap(({ outputs }) => outputs)
    ].filter((variable) => !outside.has(variable))
  )
  const results = [...second.map((leaf) => step.next[leaf]!), ...secondYs]
  const inSecond = neededFor(equations, results, given)
  const read = new Set([...results, ...inSecond.flatMap(({ inputs }) => inputs)])
  const crossing = [...given].filter((variable) => read.has(variable))
  const bound = required(
    step.body,
    first.map((leaf) => step.next[leaf]!)
  )
  const freed = [
    ...inFirst.filter(({ outputs }) => !outputs.some((output) => bound.has(output))),
    ...inSecond.filter(({ outputs }) => !outputs.some((output) => late.has(output)))
  ]
  return { first, firstYs, second, secondYs, crossing, freed }
}

/** Runs a scan as two loops. */
export const inTwo = (
  params: ScanParams,
  step: Step,
  { first, firstYs, second, secondYs, crossing }: Split,
  inputs: ReadonlyArray<Value>
): ReadonlyArray<Value> => {
  const loop = loopOf(params, inputs)
  const stacked = [...new Set([...firstYs, ...crossing])]
  const before = partLoop(step, params, loop, { carry: first, stacked, given: new Map() })
  const rows = new Map(stacked.map((variable, i) => [variable, before.ys[i]!]))
  const given = new Map(crossing.map((variable) => [variable, { value: rows.get(variable)!, varies: true }]))
  const own = [...new Set(secondYs)]
  const after = partLoop(step, params, loop, { carry: second, stacked: own, given })
  own.forEach((variable, i) => {
    rows.set(variable, after.ys[i]!)
  })
  const last = new Map([
    ...first.map((leaf, i) => [leaf, before.carry[i]!] as const),
    ...second.map((leaf, i) => [leaf, after.carry[i]!] as const)
  ])
  return [...range(params.carry).map((leaf) => last.get(leaf)!), ...step.ys.map((y) => rows.get(y)!)]
}
