import { hasEffect } from "../../held.ts"
import { inBlocks } from "../../loops/blocks.ts"
import { type Loop, leavesKept, loopOf, rowsOf, runLoop } from "../../loops/loop.ts"
import { apply } from "../../primitives/index.ts"
import type { Equation, Primitive, ScanParams, Var } from "../../program.ts"
import { Environment } from "../../replay.ts"
import type { Value } from "../../tensor.ts"
import { repeated } from "../../transform/batching/batch-rule.ts"
import { add, broadcast, compare, iota, selectEach, zeros } from "../../values.ts"
import { onValues } from "../on-values.ts"
import type { Context, Pass } from "../pass.ts"
import { type Rewrite, rewritten } from "../rewrite.ts"
import { AllSteps } from "./all-steps.ts"
import { type Parts, partsOf } from "./parts.ts"
import { sumOf } from "./sums.ts"

/** Which rows a traced length leaves; undefined where it leaves all. */
const aliveOf = ({ traced, length }: Loop): Value | undefined =>
  traced && compare("lt", iota([length!], 0), broadcast(traced, [length!], []))

/** The equations that some results need, in order, where other variables are given. */
const needed = (
  equations: ReadonlyArray<Equation>,
  results: ReadonlyArray<Var>,
  given: ReadonlyArray<Var>
): ReadonlyArray<Equation> => {
  const has = new Set(given)
  const wanted = new Set(results.filter((result) => !has.has(result)))
  return equations
    .toReversed()
    .filter(({ inputs, outputs }) => {
      if (!outputs.some((output) => wanted.has(output))) return false
      for (const input of inputs) if (!has.has(input)) wanted.add(input)
      return true
    })
    .reverse()
}

/** What is left of a scan's loop: its carry, and what it stacks. */
const leftOf = (parts: Parts, params: ScanParams, loop: Loop, all: AllSteps) => {
  const { step, carry, stacked, given } = parts
  if (carry.length === 0 && stacked.length === 0) return { carry: [], ys: [] }
  const rows = given.filter((variable) => all.get(variable).varies)
  const fixed = given.filter((variable) => !all.get(variable).varies)
  const results = [...carry.map((i) => step.next[i]!), ...stacked]
  const equations = needed(step.body.equations, results, given)
  const inputs = [...step.consts, ...fixed, ...carry.map((i) => step.carry[i]!), ...step.rows, ...rows]
  return runLoop(
    { ...loop, ...leavesKept(params, (i) => carry.includes(i)) },
    {
      consts: [...loop.consts, ...fixed.map((variable) => all.get(variable).value)],
      carry: carry.map((i) => loop.carry[i]!),
      xs: [...loop.xs, ...rows.map((variable) => rowsOf(all.get(variable).value))]
    },
    (consts, state, row) => {
      const values = new Environment(inputs, [...consts, ...state, ...row])
      for (const { primitive, params, inputs, outputs } of equations)
        values.set(outputs, apply<Primitive>(primitive, params, values.get(inputs)))
      return { carry: values.get(results.slice(0, carry.length)), ys: values.get(stacked) }
    }
  )
}

/** The scan with its parts before, in and after the loop. */
const divided = (parts: Parts, params: ScanParams, inputs: ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const { step, early, late, given, carry, stacked } = parts
  const loop = loopOf(params, inputs)
  const all = AllSteps.of(step, loop)
  all.compute([...early.moved], given)
  const left = leftOf(parts, params, loop, all)
  stacked.forEach((variable, i) => {
    all.set(variable, { value: left.ys[i]!, varies: true })
  })
  const outside = step.body.equations.filter(
    (equation) => early.movable.has(equation) || late.moved.has(equation)
  )
  all.compute(outside, [...step.ys, ...late.totals.map(({ term }) => term)])
  const alive = aliveOf(loop)
  const ys = step.ys.map((variable) => {
    const { value, varies } = all.get(variable)
    const rows = varies ? value : repeated(value, loop.length!)
    return alive === undefined || stacked.includes(variable) ? rows : selectEach(alive, rows, zeros(rows))
  })
  const isOutside = new Set(outside)
  const site = {
    step,
    all,
    steps: loop.length!,
    alive,
    outside: (equation: Equation) => isOutside.has(equation)
  }
  const totals = new Map(
    late.totals.map(({ leaf, term }) => [
      leaf,
      add(loop.carry[leaf]!, sumOf(term, site, loop.carry[leaf]!.dtype))
    ])
  )
  const last = loop.carry.map((_, i) => totals.get(i) ?? left.carry[carry.indexOf(i)]!)
  return [...last, ...ys]
}

/** A divisor of a length near a wanted size, or that size itself where there is none. */
const blockOf = (length: number, most: number): number => {
  for (let every = most; every > most / 4; every--) if (length % every === 0) return every
  return most
}

const words = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`

/** Divides a scan where that pays. */
const fissionOf =
  (context: Context): Rewrite<"scan"> =>
  (equation, builder, inputs) => {
    const { params, place } = equation
    const { costs } = context
    const { length } = params
    if (length === null || length < 2 || params.lean || hasEffect(equation)) return undefined
    const parts = partsOf(params, costs)
    const { early, late } = parts
    const vanishes = parts.carry.length === 0 && parts.stacked.length === 0
    if (!vanishes && parts.gain * length <= costs.launch) return undefined
    if (parts.bytes * length > costs.budget) {
      const most = Math.floor(costs.budget / parts.bytes)
      if (most < 8) {
        context.note({
          pass: "fission",
          place,
          left: "what does not depend on the carry stays in the loop",
          because: `${parts.bytes} bytes of each step are more than the budget of ${costs.budget} bytes allows`
        })
        return undefined
      }
      const every = blockOf(length, most)
      return onValues(
        builder,
        inputs,
        (values) => inBlocks(params, values, every, true),
        (program) => rewritten(program, { scan: fissionOf(context) })
      )
    }
    const moved = early.moved.size + late.moved.size + late.totals.length
    context.note({
      pass: "fission",
      place,
      did: vanishes
        ? "the loop is one vector expression"
        : `${words(early.moved.size, "operation")} before the loop, ${words(late.moved.size + late.totals.length, "operation")} after it, for all steps at once`,
      saved: { operations: moved, ...(vanishes ? { steps: length } : {}) }
    })
    return onValues(builder, inputs, (values) => divided(parts, params, values))
  }

/**
 * Divides scans. What a step works out without the carry is computed for all steps before the loop, and what no later
 * step needs after it. A scan of which nothing is left in the loop becomes one vector expression.
 */
export const fission: Pass = {
  name: "fission",
  run: (program, context) => rewritten(program, { scan: fissionOf(context) })
}
