import type { Loop } from "../../loops/loop.ts"
import { rowsBefore } from "../../loops/rows-before.ts"
import type { Program, Var } from "../../program.ts"
import { bytesOf, placesOf } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import type { Split } from "../split.ts"

/** What the forward loop keeps: what the backward loop needs at least cost, the carries alone, or nothing. */
export type Keep = "values" | "carries" | "nothing"

/** A step that has been differentiated and freed of invariants: what its program begins and ends with. */
export interface Ends {
  /** From invariants, carry, rows and cotangents to the next carry, outputs and cotangents. */
  readonly program: Program
  readonly invariants: number
  readonly carry: number
  readonly rows: number
  /** How many leaves of the carry and outputs there are. */
  readonly early: number
  /** The outputs that have cotangents, so that something reads them. */
  readonly read: ReadonlyArray<boolean>
  /** Whether a stack of carries can be shifted by a step: where the first step is, is known. */
  readonly shifts: boolean
}

/**
 * A residual is an invariant, a row of xs, a carry that is worked out again, or a row of a stack. `next` is the carry
 * after the step: the backward loop has it from the turn before, where it was the carry before a step.
 */
export interface Residual {
  readonly from: "invariant" | "row" | "carry" | "stack" | "next"
  readonly index: number
}

/** A stacked output of the forward loop. With `before` it is shifted by a step: that leaf of the carry, before each. */
export interface Stack {
  readonly at: number
  readonly before?: number
}

/** A leaf of the carry that goes from turn to turn of the backward loop, and the residual that is its next value. */
export interface Carried {
  readonly leaf: number
  readonly residual: number
}

/** Where the residuals of a step come from. */
export interface Placed {
  /** From invariants, carry and rows to the next carry, this step's outputs, and what else is stacked. */
  readonly forward: Program
  readonly residuals: ReadonlyArray<Residual>
  readonly stacks: ReadonlyArray<Stack>
  readonly carried: ReadonlyArray<Carried>
}

/**
 * Carries of this many bytes and more go from turn to turn, smaller ones are shifted. CPU plugin 0.115: a tanh RNN
 * 1,000 × 64 takes 1.14 ms with its states shifted and 1.51 with them carried, for another array of the states. With
 * states of 16 KiB both take as long.
 */
const leastCarried = 4096

/** Says where each residual comes from, and stacks those that come from nowhere else. */
export const placedResiduals = (
  { program, invariants: n, carry: s, rows: x, read, early, shifts }: Ends,
  { known, residuals }: Split,
  keep: Keep
): Placed => {
  const places = placesOf(program.inputs)
  const kept = placesOf(residuals)
  const outputs = known.outputs.slice(0, early)
  const stackedAt = new Map(outputs.slice(s).map((output, i) => [output, i]))
  /** The leaves of the carry that are residuals both before the step and after it. */
  const pairs = new Map<Var, number>()
  for (const [i, before] of program.inputs.slice(n, n + s).entries()) {
    const after = program.outputs[i]!
    if (kept.has(before) && kept.has(after) && !places.has(after)) pairs.set(after, i)
  }
  const found: Array<Residual> = []
  const stacks: Array<Stack> = []
  const carried: Array<Carried> = []
  const stack = (output: Var, shift: { readonly before?: number } = {}): void => {
    const at = stackedAt.get(output) ?? outputs.length - s
    if (at === outputs.length - s) {
      stackedAt.set(output, at)
      outputs.push(output)
    }
    found.push({ from: "stack", index: stacks.length })
    stacks.push({ at, ...shift })
  }
  const isStacked = (after: Var): boolean => read[stackedAt.get(after) ?? -1] === true
  const isShifted = (leaf: number): boolean => {
    const after = outputs[leaf]!
    if (keep !== "values" || !shifts || places.has(program.outputs[leaf]!)) return false
    return isStacked(after) || (pairs.has(program.outputs[leaf]!) && bytesOf(after.aval) < leastCarried)
  }
  residuals.forEach((variable, i) => {
    const index = places.get(variable) ?? -1
    const leaf = pairs.get(variable)
    if (index >= 0 && index < n) found.push({ from: "invariant", index })
    else if (index >= n + s && index < n + s + x) found.push({ from: "row", index: index - n - s })
    else if (keep === "nothing") found.push({ from: "carry", index: index - n })
    else if (index >= n && isShifted(index - n)) stack(outputs[index - n]!, { before: index - n })
    else if (keep === "values" && leaf !== undefined && !isShifted(leaf)) {
      found.push({ from: "next", index: carried.length })
      carried.push({ leaf, residual: kept.get(program.inputs[n + leaf]!)! })
    } else stack(known.outputs[early + i]!)
  })
  return { forward: { ...known, outputs }, residuals: found, stacks, carried }
}

/** The values that the backward loop runs over: stacks of the forward loop, shifted by a step where they must be. */
export const stackedValues = (
  stacks: ReadonlyArray<Stack>,
  { reverse, carry }: Loop,
  ys: ReadonlyArray<Value>
): ReadonlyArray<Value> =>
  stacks.map(({ at, before }) => {
    const rows = ys[at]!
    return before === undefined || rows.shape[0] === 0 ? rows : rowsBefore(rows, carry[before]!, reverse)
  })
