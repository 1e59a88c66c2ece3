import type { ProgramBuilder } from "../builder.ts"
import { count } from "../count.ts"
import { isFloat, isInteger, workingDType } from "../dtype.ts"
import { hasEffect } from "../held.ts"
import { counted, leavesKept, loopOf, runLoop, scanOfChanging, unchangedCarry } from "../loops/loop.ts"
import { standingAt } from "../place.ts"
import { type Equation, isEquation, type ScanParams, type Var } from "../program.ts"
import { replay } from "../replay.ts"
import { placesOf } from "../shape.ts"
import type { Value } from "../tensor.ts"
import { programOf } from "../trace.ts"
import { add, broadcast, convert, filled, mul, range, sub } from "../values.ts"
import { AllSteps } from "./fission/all-steps.ts"
import { dependents, type Step, stepOf } from "./fission/step.ts"
import { onValues } from "./on-values.ts"
import type { Context, Pass } from "./pass.ts"
import { fixedReason } from "./reason.ts"
import { type Rewrite, rewritten } from "./rewrite.ts"
import { shiftedOf, shiftPays, withoutShifted } from "./shifted.ts"
import { uniform, uniformOf } from "./uniform.ts"

/** A leaf to which each step adds the same. */
interface Counter {
  readonly leaf: number
  readonly by: Var
  readonly op: "add" | "sub"
}

/** Up to which number a float dtype holds every integer. */
const integersUpTo: Readonly<Record<string, number>> = {
  bf16: 2 ** 8,
  f16: 2 ** 11,
  f32: 2 ** 24,
  f64: 2 ** 53
}

/** Whether start + step * i is what adding step i times gives, bit for bit, for each i up to the length. */
const isExact = (start: unknown, by: unknown, length: number | null, dtype: string): boolean => {
  if (typeof start !== "number" || typeof by !== "number" || length === null) return false
  if (!Number.isInteger(start) || !Number.isInteger(by) || Object.is(start, -0)) return false
  return Math.abs(start) + Math.abs(by) * length <= integersUpTo[dtype]!
}

/** The leaves of a step that count. */
const countersOf = (
  step: Step,
  params: ScanParams,
  startOf: (leaf: number) => unknown
): ReadonlyArray<Counter> => {
  const varies = dependents(step.body, [...step.carry, ...step.rows])
  return step.next.flatMap((next, leaf): ReadonlyArray<Counter> => {
    const own = step.carry[leaf]!
    const { dtype } = own.aval
    const maker = step.makers.get(next)
    if (maker === undefined || (!isEquation(maker, "add") && !isEquation(maker, "sub"))) return []
    const [a, b] = maker.inputs as readonly [Var, Var]
    const by = a === own ? b : maker.primitive === "add" && b === own ? a : undefined
    if (by === undefined || varies.has(by)) return []
    const amount = uniformOf(step.makers.get(by), (each) => step.makers.get(each))
    const isFree = isInteger(dtype) || (isFloat(dtype) && params.reassociate?.[leaf] === true)
    if (!isFree && !(isFloat(dtype) && isExact(startOf(leaf), amount, params.length, dtype))) return []
    return [{ leaf, by, op: maker.primitive as Counter["op"] }]
  })
}

/** Computes a counter after some steps; of half floats in f32, rounded once. */
const after = ({ op }: Counter, start: Value, by: Value, steps: Value): Value => {
  const working = workingDType(start.dtype)
  const count = broadcast(convert(steps, working), start.shape, [])
  const moved = mul(convert(by, working), count)
  const from = convert(start, working)
  return convert(op === "add" ? add(from, moved) : sub(from, moved), start.dtype)
}

/** The scan without the leaves that count: each step computes them from its number. */
const withoutCounters = (
  params: ScanParams,
  step: Step,
  counters: ReadonlyArray<Counter>,
  inputs: ReadonlyArray<Value>
): ReadonlyArray<Value> => {
  const loop = loopOf(params, inputs)
  const all = AllSteps.of(step, loop)
  all.compute(
    step.body.equations,
    counters.map(({ by }) => by)
  )
  const amounts = counters.map(({ by }) => all.get(by).value)
  const starts = counters.map(({ leaf }) => loop.carry[leaf]!)
  const length = loop.traced ?? filled({ dtype: "i32", shape: [] }, loop.length!)
  const leaves = new Map(counters.map(({ leaf }, i) => [leaf, i]))
  const kept = range(params.carry).filter((leaf) => !leaves.has(leaf))
  const places = placesOf(kept)
  const own = loop.consts.length
  const made = runLoop(
    { ...loop, ...leavesKept(params, (leaf) => !leaves.has(leaf)) },
    {
      consts: [...loop.consts, ...starts, ...amounts, ...(loop.reverse ? [length] : [])],
      carry: kept.map((leaf) => loop.carry[leaf]!),
      xs: [...loop.xs, counted]
    },
    (consts, state, rows) => {
      const row = rows.at(-1)!
      const number = loop.reverse ? sub(sub(consts.at(-1)!, filled(row, 1)), row) : row
      const counts = counters.map((counter, i) =>
        after(counter, consts[own + i]!, consts[own + counters.length + i]!, number)
      )
      const carry = range(params.carry).map((leaf) => {
        const counter = leaves.get(leaf)
        return counter === undefined ? state[places.get(leaf)!]! : counts[counter]!
      })
      const results = replay(params.body, [...consts.slice(0, own), ...carry, ...rows.slice(0, -1)])
      return { carry: kept.map((leaf) => results[leaf]!), ys: results.slice(params.carry) }
    }
  )
  const last = range(params.carry).map((leaf) => {
    const counter = leaves.get(leaf)
    if (counter === undefined) return made.carry[places.get(leaf)!]!
    return after(counters[counter]!, starts[counter]!, amounts[counter]!, length)
  })
  return [...last, ...made.ys]
}

/** Reads leaves from rows that hold what an earlier step knows without the carry, where that pays. */
const shiftedIn = (
  context: Context,
  equation: Equation<"scan">,
  step: Step,
  builder: ProgramBuilder,
  inputs: ReadonlyArray<Var>
): ReadonlyArray<Var> | undefined => {
  const { params, place } = equation
  if (fixedReason(equation) !== undefined || params.length! < 2) return undefined
  const leaves = shiftedOf(step)
  if (leaves.length === 0) return undefined
  const program = standingAt(place, () =>
    programOf(
      inputs.map(({ aval }) => aval),
      (values) => withoutShifted(params, step, leaves, values)
    )
  )
  if (!shiftPays(params, step, leaves, program, context.costs)) return undefined
  context.note({
    pass: "carries",
    place,
    did: `${count(leaves.length, "leaf", "leaves")} of the carry left the loop, and rows hold what the step before made of its row`
  })
  return builder.inline(program, inputs)
}

/** Takes leaves out of a scan's carry. */
const carriesOf =
  (context: Context): Rewrite<"scan"> =>
  (equation, builder, inputs) => {
    const { params, place } = equation
    if (hasEffect(equation) || (params.length ?? 0) >= 2 ** 31 || params.length === 0) return undefined
    const unchanged = unchangedCarry(params.body, params.consts, params.carry)
    const still = unchanged.filter(Boolean).length
    if (still > 0) {
      context.note({
        pass: "carries",
        place,
        did: `${count(still, "leaf", "leaves")} of the carry that no step changes left the loop`
      })
      return onValues(
        builder,
        inputs,
        (values) => scanOfChanging(params, values),
        (program) => rewritten(program, { scan: carriesOf(context) })
      )
    }
    const step = stepOf(params)
    const first = inputs.slice((params.traced ? 1 : 0) + params.consts)
    const counters = countersOf(step, params, (leaf) => uniform(builder, first[leaf]!))
    if (counters.length === 0) return shiftedIn(context, equation, step, builder, inputs)
    context.note({
      pass: "carries",
      place,
      did: `${count(counters.length, "leaf", "leaves")} of the carry that counts is computed from the number of the step`
    })
    return onValues(
      builder,
      inputs,
      (values) => withoutCounters(params, step, counters, values),
      (program) => rewritten(program, { scan: carriesOf(context) })
    )
  }

/**
 * Leaves in the carry only what a step cannot know by itself: no leaf that stays the same, no counter, and no
 * early value of the step before where rows of it let more leave the loop.
 */
export const carries: Pass = {
  name: "carries",
  run: (program, context) => rewritten(program, { scan: carriesOf(context) })
}
