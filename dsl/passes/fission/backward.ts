import type { Equation, Var } from "../../program.ts"
import { bytesOf } from "../../shape.ts"
import type { Costs } from "../costs.ts"
import { gainOf, isCheap } from "../work.ts"
import type { Early } from "./forward.ts"
import { Network } from "./network.ts"
import { isMovable, required, type Step, usersOf, variesIn } from "./step.ts"
import type { Total } from "./sums.ts"

/** What a step computes that no later step needs. */
export interface Late {
  /** Equations that run for all steps at once, after the loop. */
  readonly moved: ReadonlySet<Equation>
  /** Values of the loop that they take, which it stacks. */
  readonly crossing: ReadonlyArray<Var>
  /** Sums over the steps that leave the carry. */
  readonly totals: ReadonlyArray<Total>
  /** The nanoseconds that a step saves by all that. */
  readonly gain: number
}

/** What it takes to move anything: what gains nothing stays. */
const moving = 0.01

/** The equations that no next carry needs, apart from those of the sums. */
const lateOf = (step: Step, early: Early, totals: ReadonlyArray<Total>): ReadonlySet<Equation> => {
  const leaves = new Set(totals.map(({ leaf }) => leaf))
  const adds = new Set(totals.map(({ equation }) => equation))
  const bound = required(
    step.body,
    step.next.filter((_, leaf) => !leaves.has(leaf))
  )
  const late = new Set<Equation>()
  const stays = new Set(bound)
  for (const equation of step.body.equations.toReversed()) {
    if (adds.has(equation) || early.moved.has(equation)) continue
    if (isMovable(equation) && !equation.outputs.some((output) => stays.has(output))) late.add(equation)
    else for (const input of equation.inputs) stays.add(input)
  }
  return late
}

/** What can be had after the loop without being stacked: it does not depend on the carry, and is cheap or moved. */
const freeOf = (step: Step, early: Early): ReadonlySet<Var> => {
  const free = new Set([...step.consts, ...step.rows])
  for (const equation of step.body.equations) {
    const isFree =
      early.moved.has(equation) || (isCheap(equation) && equation.inputs.every((input) => free.has(input)))
    if (isFree) for (const output of equation.outputs) free.add(output)
  }
  return free
}

/** What a step saves by an equation after the loop. A product that is summed is one of all steps there. */
const lateGain = (step: Step, candidates: ReadonlyArray<Total>, costs: Costs) => {
  const varies = variesIn(step)
  const summed = new Set(candidates.flatMap(({ products }) => products ?? []))
  return (equation: Equation): number => gainOf(equation, costs, summed.has(equation) ? new Set() : varies)
}

/**
 * Decides what runs after the loop. As before the loop, this is a cheapest cut: an equation in the loop forgoes its
 * gain, and a value of the loop that is needed after it is stacked, unless it is an output and stacked anyway.
 */
export const latePart = (step: Step, early: Early, candidates: ReadonlyArray<Total>, costs: Costs): Late => {
  const late = lateOf(step, early, candidates)
  const free = freeOf(step, early)
  const users = usersOf(step.body)
  const gain = lateGain(step, candidates, costs)
  const network = new Network()
  const outputs = new Set(step.ys)
  const crossings = new Set<Var>()
  const takes = (input: Var, taker: object): void => {
    if (free.has(input)) return
    const maker = step.makers.get(input)
    if (!crossings.has(input)) {
      crossings.add(input)
      const stored = outputs.has(input)
        ? costs.byte * 0.25 * bytesOf(input.aval)
        : costs.byte * bytesOf(input.aval)
      network.costs(maker !== undefined && late.has(maker) ? maker : "source", input, stored)
    }
    network.needs(input, taker)
  }
  for (const equation of late) {
    network.gains(equation, gain(equation), "sink")
    network.costs("source", equation, moving)
    for (const output of equation.outputs)
      for (const user of users.get(output) ?? []) if (late.has(user)) network.needs(user, equation)
    for (const input of equation.inputs) takes(input, equation)
  }
  for (const total of candidates) {
    network.costs(total, "sink", total.gain)
    network.costs("source", total, moving)
    const maker = step.makers.get(total.term)
    if (maker !== undefined && late.has(maker)) network.needs(total, maker)
    takes(total.term, total)
  }
  const inLoop = network.cut()
  const totals = candidates.filter((total) => !inLoop(total))
  const moved = new Set([...late].filter((equation) => !inLoop(equation)))
  const after = (input: Var): boolean => {
    const maker = step.makers.get(input)
    return maker !== undefined && moved.has(maker)
  }
  const needed = [...[...moved].flatMap(({ inputs }) => inputs), ...totals.map(({ term }) => term)].filter(
    (input) => !free.has(input) && !after(input)
  )
  return {
    moved,
    crossing: [...new Set(needed)],
    totals,
    gain: [...moved, ...totals].reduce((sum, each) => sum + ("leaf" in each ? each.gain : gain(each)), 0)
  }
}
