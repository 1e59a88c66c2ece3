import { renumbered } from "../builder.ts"
import { count } from "../count.ts"
import { memoized, type Needs, neededThrough } from "../dependence.ts"
import { hasEffect, holderOf } from "../held.ts"
import { type Equation, isEquation, type Program } from "../program.ts"
import { bytesOf } from "../shape.ts"
import type { Note } from "./note.ts"
import type { Pass } from "./pass.ts"

/** What stays of an equation where only those of its results are used that `used` names. */
const stays = (equation: Equation, used: ReadonlyArray<boolean>) => {
  const holder = holderOf(equation)
  if (holder === undefined || holder.narrowed === null) return undefined
  const held = holder.held(equation.params, equation.inputs.length)
  const needed = neededThrough(equation, used, needs, true)
  // An operand that enters no held program, such as an index or a length, is used by the equation itself.
  const wired = new Set(held.flatMap(({ operands }) => operands))
  const operands = needed.operands.map((is, operand) => is || !wired.has(operand))
  return { holder, held, needed, operands }
}

/** Which inputs of a program its outputs need that are named, and its effects. */
const needs: Needs = memoized((program, outputs) => {
  const needed = new Set(program.outputs.filter((_, i) => outputs[i]))
  for (const equation of program.equations.toReversed()) {
    const used = equation.outputs.map((output) => needed.has(output))
    if (!used.some(Boolean) && !hasEffect(equation)) continue
    const operands = stays(equation, used)?.operands
    equation.inputs.forEach((input, i) => {
      if (operands === undefined || operands[i]) needed.add(input)
    })
  }
  return program.inputs.map((input) => needed.has(input))
})

type Tell = (note: Note) => void

/** What a scan loses: outputs, and leaves of its carry. */
const lost = (equation: Equation<"scan">, stay: ReadonlyArray<boolean>): ReadonlyArray<Note> => {
  const { outputs, params, place } = equation
  const gone = outputs.filter((_, i) => !stay[i])
  const ys = gone.filter((output) => outputs.indexOf(output) >= params.carry)
  const said = (did: string, bytes?: number): Note => ({
    pass: "prune",
    place,
    did,
    saved: bytes === undefined ? {} : { bytes }
  })
  const leaves = gone.length - ys.length
  return [
    ...(ys.length === 0
      ? []
      : [
          said(
            `${count(ys.length, "output")} that nobody reads ${ys.length === 1 ? "is" : "are"} not stored`,
            ys.reduce((sum, { aval }) => sum + bytesOf(aval), 0)
          )
        ]),
    ...(leaves === 0
      ? []
      : [
          said(
            `${count(leaves, "leaf", "leaves")} of the carry that nothing needs ${leaves === 1 ? "is" : "are"} left out`
          )
        ])
  ]
}

/** An equation without the results that nothing uses, and without what only these needed. */
const narrowed = (equation: Equation, used: ReadonlyArray<boolean>, tell: Tell): Equation => {
  const left = stays(equation, used)
  if (left === undefined) return equation
  const { holder, held, needed, operands } = left
  const inputs = held.map((each, k) =>
    each.operands.map((operand, i) =>
      operand === undefined ? holder.ownInputsStay || needed.inputs[k]![i]! : operands[operand]!
    )
  )
  const programs = held.map(({ program }, k) => {
    const outputs = program.outputs.filter((_, i) => needed.outputs[k]![i])
    const left = program.inputs.filter((_, i) => inputs[k]![i])
    const stay = live({ ...program, outputs }, tell)
    const same =
      outputs.length === program.outputs.length &&
      left.length === program.inputs.length &&
      stay.length === program.equations.length &&
      stay.every((each, i) => each === program.equations[i])
    return same ? program : renumbered(left, stay, outputs)
  })
  const whole =
    operands.every(Boolean) &&
    needed.results.every(Boolean) &&
    programs.every((program, k) => program === held[k]!.program)
  if (whole) return equation
  // Nobody wrote the outputs of a loop that a transform has made.
  if (isEquation(equation, "scan") && equation.params.part === undefined)
    for (const note of lost(equation, needed.results)) tell(note)
  return {
    ...equation,
    params: holder.narrowed!(equation.params, { results: needed.results, inputs, programs }),
    inputs: equation.inputs.filter((_, i) => operands[i]),
    outputs: equation.outputs.filter((_, i) => needed.results[i])
  }
}

/** The equations that the outputs need, and those that have an effect, each narrowed to what is used of it. */
const live = (program: Program, tell: Tell): ReadonlyArray<Equation> => {
  const needed = new Set(program.outputs)
  const kept: Array<Equation> = []
  for (const equation of program.equations.toReversed()) {
    const used = equation.outputs.map((output) => needed.has(output))
    if (!used.some(Boolean) && !hasEffect(equation)) continue
    const left = narrowed(equation, used, tell)
    kept.push(left)
    for (const input of left.inputs) needed.add(input)
  }
  return kept.reverse()
}

/**
 * Leaves out what no output needs: equations, parts of a loop's carry, stacked outputs of scans, results of branches.
 * Effects, such as printing, keep what they need.
 */
export const prune = {
  name: "prune",
  run: (program: Program, { note }: { readonly note: Tell } = { note: () => {} }) => {
    const left = live(program, note)
    const same =
      left.length === program.equations.length && left.every((each, i) => each === program.equations[i])
    return same ? program : renumbered(program.inputs, left, program.outputs)
  }
} satisfies Pass
