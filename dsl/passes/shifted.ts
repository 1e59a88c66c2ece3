import { leavesKept, loopOf, rowsOf, runLoop } from "../loops/loop.ts"
import { rowsBefore } from "../loops/rows-before.ts"
import { apply1 } from "../primitives/index.ts"
import { isEquation, type Program, type ScanParams } from "../program.ts"
import { replay } from "../replay.ts"
import { bytesOf, placesOf } from "../shape.ts"
import type { Value } from "../tensor.ts"
import { broadcast, compare, filled, iota, range, reshape, selectEach, sliceAxis, sub } from "../values.ts"
import type { Costs } from "./costs.ts"
import { AllSteps, rowsOfAll } from "./fission/all-steps.ts"
import { partsOf, savedBy } from "./fission/parts.ts"
import { dependents, isMovable, type Step } from "./fission/step.ts"
import { hiddenIn } from "./waiting.ts"

/**
 * The leaves that hold what an earlier step works out without the carry, such as the row before. Each needs at most
 * those that come before it in the list.
 */
export const shiftedOf = (step: Step): ReadonlyArray<number> => {
  const fixed = step.body.equations.filter((equation) => !isMovable(equation))
  const shifted: Array<number> = []
  while (true) {
    const others = range(step.carry.length).filter((leaf) => !shifted.includes(leaf))
    const bound = dependents(step.body, [
      ...others.map((leaf) => step.carry[leaf]!),
      ...fixed.flatMap(({ outputs }) => outputs)
    ])
    const found = others.filter((leaf) => !bound.has(step.next[leaf]!))
    if (found.length === 0) return shifted
    shifted.push(...found)
  }
}

/** What a leaf holds before each step and after the last, of what it holds after each. */
const heldOf = (first: Value, after: Value, reverse: boolean, steps: Value | undefined) => {
  const length = after.shape[0]!
  const row = (rows: Value): Value => reshape(rows, first.shape)
  const whole = rowsBefore(after, first, reverse)
  if (steps === undefined)
    return {
      before: whole,
      last: row(reverse ? sliceAxis(after, 0, 0, 1) : sliceAxis(after, 0, length - 1, length))
    }
  const ran = broadcast(compare("gt", steps, filled(steps, 0)), first.shape, [])
  const choose = (last: Value): Value => apply1("select", {}, ran, row(last), first)
  const end = sub(steps, filled(steps, 1))
  if (reverse) {
    // A reversed loop begins with the last row that there is.
    const begins = compare("eq", iota([length], 0), broadcast(end, [length], []))
    const firsts = broadcast(first, after.shape, range(first.shape.length, 1))
    return { before: selectEach(begins, firsts, whole), last: choose(sliceAxis(after, 0, 0, 1)) }
  }
  const sizes = [1, ...first.shape]
  const starts = [end, ...first.shape.map(() => filled(steps, 0))]
  return { before: whole, last: choose(apply1("dynamicSlice", { sizes }, after, ...starts)) }
}

/** The scan that reads those leaves from rows. */
export const withoutShifted = (
  params: ScanParams,
  step: Step,
  leaves: ReadonlyArray<number>,
  inputs: ReadonlyArray<Value>
): ReadonlyArray<Value> => {
  const loop = loopOf(params, inputs)
  const all = AllSteps.of(step, loop)
  const held = leaves.map((leaf) => {
    const next = step.next[leaf]!
    all.compute(step.body.equations, [next])
    const after = rowsOfAll(all.get(next), loop.length!)
    const each = heldOf(loop.carry[leaf]!, after, loop.reverse, loop.traced)
    all.set(step.carry[leaf]!, { value: each.before, varies: true })
    return each
  })
  const shifted = placesOf(leaves)
  const kept = range(params.carry).filter((leaf) => !shifted.has(leaf))
  const places = placesOf(kept)
  const made = runLoop(
    { ...loop, ...leavesKept(params, (leaf) => places.has(leaf)) },
    {
      consts: loop.consts,
      carry: kept.map((leaf) => loop.carry[leaf]!),
      xs: [...loop.xs, ...held.map(({ before }) => rowsOf(before))]
    },
    (consts, state, rows) => {
      const before = rows.slice(loop.xs.length)
      const carry = range(params.carry).map(
        (leaf) => state[places.get(leaf) ?? -1] ?? before[shifted.get(leaf)!]!
      )
      const results = replay(params.body, [...consts, ...carry, ...rows.slice(0, loop.xs.length)])
      return { carry: kept.map((leaf) => results[leaf]!), ys: results.slice(params.carry) }
    }
  )
  const last = range(params.carry).map(
    (leaf) => made.carry[places.get(leaf) ?? -1] ?? held[shifted.get(leaf)!]!.last
  )
  return [...last, ...made.ys]
}

/** Whether a scan without those leaves is better: the loop goes, or more leaves it than the rows cost. */
export const shiftPays = (
  params: ScanParams,
  step: Step,
  leaves: ReadonlyArray<number>,
  without: Program,
  costs: Costs
): boolean => {
  const scan = without.equations.findLast((equation) => isEquation(equation, "scan"))
  const length = params.length!
  // The rows before are stored, and an early value that is no row itself.
  const bytes = leaves.reduce(
    (sum, leaf) => sum + (step.makers.has(step.next[leaf]!) ? 2 : 1) * bytesOf(step.carry[leaf]!.aval),
    0
  )
  if (bytes * length > costs.budget) return false
  if (scan === undefined || leaves.length === step.body.outputs.length) return true
  const parts = partsOf(scan.params, costs)
  if (parts.carry.length === 0 && parts.stacked.length === 0) return true
  const gain =
    savedBy(parts, costs) -
    savedBy(partsOf(params, costs), costs) -
    costs.byte * bytes -
    hiddenIn(step, costs)
  return gain * length > costs.launch
}
