import type { Loop } from "../../loops/loop.ts"
import type { Program, Var } from "../../program.ts"
import { replay } from "../../replay.ts"
import { bytesOf } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { programOf } from "../../trace.ts"
import { zeros } from "../../values.ts"
import { type Split, split, splitRepeating } from "../split.ts"
import { splitByCost } from "../split-by-cost.ts"
import type { Reverse } from "./derivative.ts"
import { place } from "./dual.ts"
import { inputsOf, type Parts } from "./scan-parts.ts"
import { type Ends, type Keep, type Placed, placedResiduals } from "./scan-residuals.ts"

/** One step of a scan, divided between the forward loop and the backward loop. */
export interface Backward extends Placed {
  /** Values that no step changes, computed before the loop. Both loops take them as consts. */
  readonly invariant: ReadonlyArray<Value>
  /** From residuals, then cotangents of carry and outputs, to cotangents of consts, carry and rows. */
  readonly backward: Program
}

/** Differentiates one step, then splits off what the forward loop can compute. */
export const stepBackward = (
  body: Program,
  loop: Loop,
  parts: Parts,
  reverse: Reverse,
  keep: Keep
): Backward => {
  const [c, s, x] = [loop.consts.length, loop.carry.length, loop.xs.length]
  const wanted = inputsOf(parts)
  const given = [...parts.carry, ...parts.ys]
  const inputs = body.inputs.map(({ aval }) => aval)
  const cotangents = body.outputs.flatMap(({ aval }, i) => (given[i] ? [aval] : []))
  const whole = programOf([...inputs, ...cotangents], (values) => {
    const primals = values.slice(0, inputs.length)
    const { outputs, pull } = reverse(body, primals, wanted, given)
    const pulled = pull(place(given, values.slice(inputs.length)))
    return [...outputs, ...wanted.flatMap((want, i) => (want ? [pulled[i] ?? zeros(primals[i]!)] : []))]
  })
  const early = body.outputs.length
  const known = whole.inputs.map((_, i) => i < c)
  const first = keep === "values" ? split(whole, known) : splitRepeating(whole, known, 0)
  const n = first.residuals.length
  const ends: Ends = {
    program: first.unknown,
    invariants: n,
    carry: s,
    rows: x,
    early,
    read: parts.ys,
    shifts: loop.traced === undefined || !loop.reverse
  }
  const isKnown = first.unknown.inputs.map((_, i) => i < n + s + x)
  const second = keep === "values" ? leastCost(ends, isKnown) : splitRepeating(ends.program, isKnown, early)
  return {
    invariant: replay(first.known, loop.consts),
    backward: second.unknown,
    ...placedResiduals(ends, second, keep)
  }
}

/** What a stack costs beside its bytes: 2 to 3 ns a step in a loop that is one kernel, 130 in others. */
const perStack = 16

/** What a value costs that the loop stacks anyhow, as its output or as the carry of another step: reading it. */
const readShare = 0.5

/** Chooses what is kept. Invariants and rows are free. Who keeps a carry also has the one after the step. */
const leastCost = (ends: Ends, isKnown: ReadonlyArray<boolean>): Split => {
  const { program, invariants, carry, early } = ends
  const given = new Set(program.inputs)
  /** The leaves of the carry, before the step and after it, of which one stack does for both. */
  const pairs = program.inputs.slice(invariants, invariants + carry).flatMap((before, i) => {
    const after = program.outputs[i]!
    return given.has(after) ? [] : [{ before, after }]
  })
  const free = new Set(program.inputs.filter((_, i) => i < invariants || i >= invariants + carry))
  const stacked = new Set(program.outputs.slice(carry, early).filter((_, i) => ends.read[i]))
  for (const { before, after } of pairs) if (ends.shifts && stacked.has(after)) stacked.add(before)
  const costOf = (variable: Var): number =>
    free.has(variable) ? 0 : (perStack + bytesOf(variable.aval)) * (stacked.has(variable) ? readShare : 1)
  const found = splitByCost(program, isKnown, early, costOf)
  const kept = new Set(found.residuals)
  const paired = pairs.filter(({ before, after }) => kept.has(before) && !stacked.has(after))
  if (paired.length === 0) return found
  const paid = new Set(paired.map(({ before }) => before))
  for (const { after } of paired) stacked.add(after)
  return splitByCost(program, isKnown, early, (variable) => (paid.has(variable) ? 0 : costOf(variable)))
}
