import { type Loop, type LoopStep, leavesKept, rowsOf, runLoop } from "../../loops/loop.ts"
import { placed } from "../../place.ts"
import { apply } from "../../primitives/index.ts"
import type { Primitive, ScanParams, Var } from "../../program.ts"
import { Environment } from "../../replay.ts"
import type { Stacked } from "./all-steps.ts"
import { neededFor, type Step } from "./step.ts"

/** A part of a scan's step that has a loop of its own. */
export interface Part {
  /** The leaves that it carries. */
  readonly carry: ReadonlyArray<number>
  /** The values that it stacks. */
  readonly stacked: ReadonlyArray<Var>
  /** Values that are known for all steps, and that it reads. */
  readonly given: ReadonlyMap<Var, Stacked>
}

/** Runs a part of a scan. */
export const partLoop = (
  step: Step,
  params: ScanParams,
  loop: Loop,
  { carry, stacked, given }: Part
): LoopStep => {
  if (carry.length === 0 && stacked.length === 0) return { carry: [], ys: [] }
  const rows = [...given].filter(([, { varies }]) => varies)
  const fixed = [...given].filter(([, { varies }]) => !varies)
  const stays = new Set(carry)
  const results = [...carry.map((i) => step.next[i]!), ...stacked]
  const equations = neededFor(step.body.equations, results, given)
  const inputs = [
    ...step.consts,
    ...fixed.map(([variable]) => variable),
    ...carry.map((i) => step.carry[i]!),
    ...step.rows,
    ...rows.map(([variable]) => variable)
  ]
  return runLoop(
    { ...loop, ...leavesKept(params, (i) => stays.has(i)) },
    {
      consts: [...loop.consts, ...fixed.map(([, { value }]) => value)],
      carry: carry.map((i) => loop.carry[i]!),
      xs: [...loop.xs, ...rows.map(([, { value }]) => rowsOf(value))]
    },
    (consts, state, row) => {
      const values = new Environment(inputs, [...consts, ...state, ...row])
      for (const { primitive, params, inputs, outputs } of placed(equations))
        values.set(outputs, apply<Primitive>(primitive, params, values.get(inputs)))
      return { carry: values.get(results.slice(0, carry.length)), ys: values.get(stacked) }
    }
  )
}
