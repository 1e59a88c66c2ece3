import { count } from "../../count.ts"
import { divisorNear } from "../../divisor.ts"
import { inBlocks } from "../../loops/blocks.ts"
import { loopOf } from "../../loops/loop.ts"
import type { Equation, ScanParams } from "../../program.ts"
import { placesOf } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { add, selectEach, zeros } from "../../values.ts"
import { turnOf } from "../costs.ts"
import type { Reason } from "../note.ts"
import { onValues } from "../on-values.ts"
import type { Context, Pass } from "../pass.ts"
import { fixedReason, wordsOf } from "../reason.ts"
import { type Rewrite, rewritten } from "../rewrite.ts"
import { kindOf } from "../work.ts"
import { AllSteps, aliveOf, rowsOfAll } from "./all-steps.ts"
import { partLoop } from "./part-loop.ts"
import { type Parts, partsOf } from "./parts.ts"
import { isMovable, variesIn } from "./step.ts"
import { sumOf } from "./sums.ts"

/** The scan with its parts before, in and after the loop. */
const divided = (parts: Parts, params: ScanParams, inputs: ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const { step, early, late, carry, stacked } = parts
  const loop = loopOf(params, inputs)
  const all = AllSteps.of(step, loop)
  all.compute([...early.moved], parts.given)
  const given = new Map(parts.given.map((variable) => [variable, all.get(variable)]))
  const left = partLoop(step, params, loop, { carry, stacked, given })
  stacked.forEach((variable, i) => {
    all.set(variable, { value: left.ys[i]!, varies: true })
  })
  const outside = step.body.equations.filter(
    (equation) => early.movable.has(equation) || late.moved.has(equation)
  )
  all.compute(outside, [...step.ys, ...late.totals.map(({ term }) => term)])
  const alive = aliveOf(loop)
  const isStacked = new Set(stacked)
  const ys = step.ys.map((variable) => {
    const rows = rowsOfAll(all.get(variable), loop.length!)
    return alive === undefined || isStacked.has(variable) ? rows : selectEach(alive, rows, zeros(rows))
  })
  const isOutside = new Set(outside)
  const site = {
    step,
    all,
    steps: loop.length!,
    alive,
    varies: variesIn(step),
    outside: (equation: Equation) => isOutside.has(equation)
  }
  const totals = new Map(
    late.totals.map(({ leaf, term }) => [
      leaf,
      add(loop.carry[leaf]!, sumOf(term, site, loop.carry[leaf]!.dtype))
    ])
  )
  const places = placesOf(carry)
  const last = loop.carry.map((_, i) => totals.get(i) ?? left.carry[places.get(i)!]!)
  return [...last, ...ys]
}

/** So many operations are named, in the order in which they stand. */
const mostNamed = 3

/** Operations and where they went: `2 operations before the loop (tanh, exp)`. */
const went = (equations: ReadonlyArray<Equation>, where: string): ReadonlyArray<string> => {
  if (equations.length === 0) return []
  const names = [...new Set(equations.filter((each) => kindOf(each) !== "layout").map(wordsOf))]
  const named = [...names.slice(0, mostNamed), ...(names.length > mostNamed ? ["…"] : [])].join(", ")
  return [`${count(equations.length, "operation")} ${where}${named === "" ? "" : ` (${named})`}`]
}

/** What leaves the loop, in words. */
const wentOf = ({ early, late }: Parts): string => {
  const before = went([...early.moved], "before the loop")
  const after = [...late.moved, ...late.totals.map(({ equation }) => equation)]
  return [...before, ...went(after, before.length === 0 ? "after the loop" : "after it")].join(", ")
}

/** Why nothing leaves the loop, where something could. */
const tooLittle = ({ early, step }: Parts, moved: number, vanishes: boolean): Reason => {
  if (vanishes)
    return { because: "so short a loop takes less time than one vector expression, which may wake a thread" }
  if (moved > 0) return { because: "the few that do not need the carry cost too little to be moved" }
  const fixed = step.body.equations.find((equation) => !isMovable(equation))
  if (fixed !== undefined) return { because: `each step runs ${wordsOf(fixed)}`, at: fixed.place }
  return {
    because: [...early.movable].every((equation) => kindOf(equation) === "layout")
      ? "each of them needs the carry"
      : "those that do not need the carry are cheaper to do at each step than to store"
  }
}

/** Divides a scan where that pays. */
const fissionOf =
  (context: Context): Rewrite<"scan"> =>
  (equation, builder, inputs) => {
    const { params, place } = equation
    const { costs } = context
    const { length } = params
    const leave = (left: string, reason: Reason): undefined => {
      context.note({ pass: "fission", place, left, ...reason })
    }
    const fixed = fixedReason(equation)
    if (fixed !== undefined) return leave("all operations stay in the loop", fixed)
    if (length === null || length < 2) return undefined
    const parts = partsOf(params, costs)
    const { early, late } = parts
    const vanishes = parts.carry.length === 0 && parts.stacked.length === 0
    const moved = early.moved.size + late.moved.size + late.totals.length
    if (parts.repeats)
      return leave("all operations stay in the loop", {
        because: "of each value that is stored, a compiler would compute again the functions that lead to it"
      })
    // A loop that vanishes saves its turns.
    const turns = vanishes ? length * turnOf(costs, params.carry, true) : 0
    const wake = vanishes ? costs.wake : 0
    if (turns + parts.gain * length <= costs.launch + wake)
      return leave("all operations stay in the loop", tooLittle(parts, moved, vanishes))
    if (parts.bytes * length > costs.budget) {
      const most = Math.floor(costs.budget / parts.bytes)
      if (most < 8) {
        return leave("what does not need the carry stays in the loop", {
          because: `each step would store ${parts.bytes} bytes, and the budget of a loop is ${costs.budget}`
        })
      }
      const every = divisorNear(length, most, most / 4)
      context.note({
        pass: "fission",
        place,
        did: `the steps are taken in blocks of ${every}, so that what is stored stays within ${costs.budget} bytes`
      })
      return onValues(
        builder,
        inputs,
        (values) => inBlocks(params, values, every, true),
        (program) => rewritten(program, { scan: fissionOf(context) })
      )
    }
    context.note({
      pass: "fission",
      place,
      did: vanishes
        ? "the loop is one vector expression"
        : `${wentOf(parts)}, for all ${params.traced ? `${length} steps of the bound` : "steps"} at once`,
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
