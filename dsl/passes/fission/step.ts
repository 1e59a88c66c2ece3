import { hasEffect, onceFor, programsOf } from "../../held.ts"
import type { Equation, Program, ScanParams, Var } from "../../program.ts"
import { kindOf } from "../work.ts"

/** A scan's step: its body, with inputs and outputs sorted by what they are for. */
export interface Step {
  readonly body: Program
  readonly consts: ReadonlyArray<Var>
  readonly carry: ReadonlyArray<Var>
  readonly rows: ReadonlyArray<Var>
  readonly next: ReadonlyArray<Var>
  readonly ys: ReadonlyArray<Var>
  /** For each variable that an equation makes, that equation. */
  readonly makers: ReadonlyMap<Var, Equation>
}

export const stepOf = ({ body, consts, carry }: ScanParams): Step => ({
  body,
  consts: body.inputs.slice(0, consts),
  carry: body.inputs.slice(consts, consts + carry),
  rows: body.inputs.slice(consts + carry),
  next: body.outputs.slice(0, carry),
  ys: body.outputs.slice(carry),
  makers: new Map(body.equations.flatMap((equation) => equation.outputs.map((output) => [output, equation])))
})

/** Whether an equation computes the same for all steps at once, and costs no more there. */
export const isMovable = (equation: Equation): boolean =>
  kindOf(equation) !== "fixed" && !hasEffect(equation) && programsOf(equation).every(areMovable)

const areMovable = onceFor(({ equations }) => equations.every(isMovable))

/** The variables that depend on some of the named ones, these included. */
export const dependents = ({ equations }: Program, from: Iterable<Var>): ReadonlySet<Var> => {
  const found = new Set(from)
  for (const { inputs, outputs } of equations)
    if (inputs.some((input) => found.has(input))) for (const output of outputs) found.add(output)
  return found
}

/** The variables that may differ from step to step. */
export const variesIn = ({ body, carry, rows }: Step): ReadonlySet<Var> =>
  dependents(body, [...rows, ...carry])

/** The variables on which some of the named ones depend, these included. */
export const required = ({ equations }: Program, of: Iterable<Var>): ReadonlySet<Var> => {
  const found = new Set(of)
  for (const { inputs, outputs } of equations.toReversed())
    if (outputs.some((output) => found.has(output))) for (const input of inputs) found.add(input)
  return found
}

/** The equations that some results need, in order, where other variables are given. */
export const neededFor = (
  equations: ReadonlyArray<Equation>,
  results: Iterable<Var>,
  given: { readonly has: (variable: Var) => boolean }
): ReadonlyArray<Equation> => {
  const wanted = new Set(results)
  return equations
    .toReversed()
    .filter(({ inputs, outputs }) => {
      if (!outputs.some((output) => wanted.has(output) && !given.has(output))) return false
      for (const input of inputs) wanted.add(input)
      return true
    })
    .reverse()
}

/** For each variable, the equations that take it. */
export const usersOf = ({ equations }: Program): ReadonlyMap<Var, ReadonlyArray<Equation>> => {
  const users = new Map<Var, Array<Equation>>()
  for (const equation of equations)
    for (const input of new Set(equation.inputs)) {
      const known = users.get(input)
      if (known === undefined) users.set(input, [equation])
      else known.push(equation)
    }
  return users
}
