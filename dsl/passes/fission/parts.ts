import type { ScanParams, Var } from "../../program.ts"
import { bytesOf } from "../../shape.ts"
import type { Costs } from "../costs.ts"
import { isFused } from "../work.ts"
import { type Late, latePart } from "./backward.ts"
import { type Early, earlyPart, storedForward } from "./forward.ts"
import { costsIn } from "./one-function.ts"
import { repeatsFunctions } from "./repeats.ts"
import { type Step, stepOf } from "./step.ts"
import { totalsOf } from "./sums.ts"

/** How a scan is divided into what runs before its loop, in it, and after it. */
export interface Parts {
  readonly step: Step
  readonly early: Early
  readonly late: Late
  /** Values that are computed before the loop, and that the loop reads. */
  readonly given: ReadonlyArray<Var>
  /** The leaves of the carry that stay. */
  readonly carry: ReadonlyArray<number>
  /** The values that the loop stacks: outputs, and what is needed after it. */
  readonly stacked: ReadonlyArray<Var>
  /** The nanoseconds that a step saves. */
  readonly gain: number
  /** Whether a compiler would compute functions many times outside the loop. */
  readonly repeats: boolean
  /** The bytes that each step needs beyond its outputs. */
  readonly bytes: number
}

const bytes = (vars: Iterable<Var>): number => [...vars].reduce((sum, { aval }) => sum + bytesOf(aval), 0)

/** How a scan is best divided. What does not fit into a cache costs more to store. */
export const partsOf = (params: ScanParams, target: Costs): Parts => {
  const step = stepOf(params)
  const own = costsIn(step, target)
  const first = partsAt(step, params, own)
  const fits = first.bytes * (params.length ?? 0) <= own.cache
  const costs = fits ? own : { ...own, byte: 2 * own.byte }
  const parts = fits ? first : partsAt(step, params, costs)
  return parts.repeats ? partsAt(step, params, withoutFunctions(costs)) : parts
}

/** Costs by which functions are not worth moving. */
const withoutFunctions = ({ gains, ...costs }: Costs): Costs => {
  const none = { element: 0, step: 0 }
  return { ...costs, gains: { ...gains, division: none, function: none } }
}

const partsAt = (step: Step, params: ScanParams, costs: Costs): Parts => {
  const early = earlyPart(step, costs)
  const late = latePart(step, early, totalsOf(step, params, costs), costs)
  const leaves = new Set(late.totals.map(({ leaf }) => leaf))
  const adds = new Set(late.totals.map(({ equation }) => equation))
  const carry = step.carry.flatMap((_, i) => (leaves.has(i) ? [] : [i]))
  const before = new Set([
    ...step.consts,
    ...step.rows,
    ...[...early.moved].flatMap(({ outputs }) => outputs)
  ])
  const after = new Set([...late.moved].flatMap(({ outputs }) => outputs))
  const ys = step.ys.filter((y) => !before.has(y) && !after.has(y))
  const stacked = [...new Set([...ys, ...late.crossing])]
  const given = storedForward(step, early, {
    costs,
    inLoop: (equation) => !late.moved.has(equation) && !adds.has(equation),
    needed: [...carry.map((i) => step.next[i]!), ...stacked]
  })
  const moved = [...early.moved, ...late.moved]
  const outputs = new Set(step.ys)
  const made = new Set(moved.flatMap((equation) => equation.outputs))
  const summed = new Set(late.totals.flatMap(({ products }) => products ?? []))
  const kept = new Set([
    ...given,
    ...late.crossing,
    // A compiler may store what is summed.
    ...late.totals.flatMap(({ term, products }) => (products === undefined ? [term] : [])),
    ...moved
      .filter((equation) => !isFused(equation) && !summed.has(equation))
      .flatMap((equation) => equation.outputs)
  ])
  return {
    step,
    early,
    late,
    given,
    carry,
    stacked,
    gain: early.gain + late.gain,
    repeats: repeatsFunctions(
      step,
      new Set(moved),
      new Set([...given, ...step.ys.filter((y) => made.has(y))])
    ),
    bytes: bytes([...kept].filter((variable) => !outputs.has(variable)))
  }
}

/** The nanoseconds that a step saves, less what it costs to store what it needs beyond its outputs. */
export const savedBy = ({ gain, bytes: stored }: Parts, { byte }: Costs): number => gain - byte * stored
