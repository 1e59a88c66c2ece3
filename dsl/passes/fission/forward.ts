import type { Equation, Var } from "../../program.ts"
import { bytesOf, sizeOf } from "../../shape.ts"
import type { Costs } from "../costs.ts"
import { gainOf, isCheap, kindOf } from "../work.ts"
import { Network } from "./network.ts"
import { dependents, isMovable, type Step, usersOf } from "./step.ts"

/** What a step works out without its carry. */
export interface Early {
  /** Equations that may run for all steps at once, before the loop. */
  readonly movable: ReadonlySet<Equation>
  /** Those that should. */
  readonly moved: ReadonlySet<Equation>
  /** The nanoseconds that a step saves by them. */
  readonly gain: number
}

/** The equations whose results depend on no carry, as far as they can be moved. */
const earlyOf = (step: Step): ReadonlySet<Equation> => {
  const bound = new Set(dependents(step.body, step.carry))
  const early = new Set<Equation>()
  for (const equation of step.body.equations) {
    if (isMovable(equation) && !equation.inputs.some((input) => bound.has(input))) early.add(equation)
    else for (const output of equation.outputs) bound.add(output)
  }
  return early
}

/** What a copy costs, beside what is stored anyway. */
const copy = 0.1

/** What it costs a step to have a value that all steps computed before the loop; nothing where it is the same for all. */
const costOf = (variable: Var, { makers }: Step, varies: ReadonlySet<Var>, { byte }: Costs): number => {
  if (!varies.has(variable)) return 0
  const copied = makers.get(variable)?.primitive === "slice" ? copy : 0
  return (1 + copied) * byte * bytesOf(variable.aval)
}

/** What a step saves by slices of its row that are taken before the loop. */
const sliceGain =
  (varies: ReadonlySet<Var>, costs: Costs) =>
  ({ primitive, inputs, outputs }: Equation): number =>
    primitive === "slice" && varies.has(inputs[0]!) ? costs.slice * sizeOf(outputs[0]!.aval.shape) : 0

/**
 * What a step pays to compute a value itself, beside the computation that is moved: infinite where it needs more than
 * cheap operations.
 */
const againOf = (
  early: ReadonlySet<Equation>,
  varies: ReadonlySet<Var>,
  costs: Costs
): ReadonlyMap<Var, number> => {
  const again = new Map<Var, number>()
  const ofSlice = sliceGain(varies, costs)
  for (const equation of early) {
    const own = isCheap(equation) ? ofSlice(equation) : Number.POSITIVE_INFINITY
    const before = equation.inputs.reduce((sum, input) => sum + (again.get(input) ?? 0), 0)
    for (const output of equation.outputs)
      again.set(
        output,
        own + before + (kindOf(equation) === "cheap" ? costs.byte * 0.25 * bytesOf(output.aval) : 0)
      )
  }
  return again
}

/**
 * Decides what runs before the loop: the choice with the greatest gain, less what it costs to keep the values that the
 * loop then reads. That choice is a cheapest cut: an equation in the loop forgoes its gain, and a value that crosses
 * is stored. What no carry needs, in a loop without carry, is moved whole.
 */
export const earlyPart = (step: Step, costs: Costs): Early => {
  const movable = earlyOf(step)
  const whole = step.carry.length === 0 && movable.size === step.body.equations.length
  const varies = dependents(step.body, step.rows)
  const ofSlice = sliceGain(varies, costs)
  const gain = (equation: Equation): number => gainOf(equation, costs, varies) + ofSlice(equation)
  const early = (moved: ReadonlySet<Equation>): Early => ({
    movable,
    moved,
    gain: [...moved].reduce((sum, equation) => sum + gain(equation), 0)
  })
  if (whole || movable.size === 0) return early(movable)
  const network = new Network()
  const users = usersOf(step.body)
  const again = againOf(movable, varies, costs)
  const carried = new Set(step.next)
  for (const equation of movable) {
    network.gains(equation, gain(equation), "source")
    for (const input of equation.inputs) {
      const maker = step.makers.get(input)
      if (maker !== undefined) network.needs(equation, maker)
    }
    for (const output of equation.outputs) {
      const stored = Math.min(costOf(output, step, varies, costs), again.get(output)!)
      network.costs(equation, output, stored)
      if (carried.has(output)) network.needs(output, "sink")
      for (const user of users.get(output) ?? []) network.needs(output, movable.has(user) ? user : "sink")
    }
  }
  const isMoved = network.cut()
  return early(new Set([...movable].filter(isMoved)))
}

/** What the loop reads of what is computed before it. */
interface LoopSide {
  readonly costs: Costs
  /** Whether an equation that is not moved before the loop is in it. */
  readonly inLoop: (equation: Equation) => boolean
  /** What the loop gives: its next carry, and what it stacks. */
  readonly needed: ReadonlyArray<Var>
}

/** The values computed before the loop that it reads. What is cheap, it computes again. */
export const storedForward = (
  step: Step,
  { movable, moved }: Early,
  { costs, inLoop, needed }: LoopSide
): ReadonlyArray<Var> => {
  const varies = dependents(step.body, step.rows)
  const again = againOf(movable, varies, costs)
  const read = new Set(needed)
  const given = new Set<Var>()
  for (const equation of step.body.equations.toReversed()) {
    if (!equation.outputs.some((output) => read.has(output))) continue
    if (moved.has(equation)) {
      const dear = equation.outputs.filter(
        (output) => read.has(output) && costOf(output, step, varies, costs) <= again.get(output)!
      )
      for (const output of dear) given.add(output)
      if (equation.outputs.every((output) => !read.has(output) || given.has(output))) continue
    } else if (!inLoop(equation)) continue
    for (const input of equation.inputs) read.add(input)
  }
  return step.body.equations.flatMap(({ outputs }) => outputs.filter((output) => given.has(output)))
}
