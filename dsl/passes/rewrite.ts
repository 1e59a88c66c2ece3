import { ProgramBuilder } from "../builder.ts"
import { holderOf, programsOf } from "../held.ts"
import { placed } from "../place.ts"
import type { Equation, Primitive, Program, Var } from "../program.ts"

/**
 * What takes an equation's place: writes equations and gives one variable for each of its results. Undefined leaves
 * the equation as it is.
 */
export type Rewrite<P extends Primitive> = (
  equation: Equation<P>,
  builder: ProgramBuilder,
  inputs: ReadonlyArray<Var>
) => ReadonlyArray<Var> | undefined

/** What takes the places of equations, by their primitives. */
export type Rewrites = { readonly [P in Primitive]?: Rewrite<P> }

const concerns = (rewrites: Rewrites, program: Program): boolean =>
  program.equations.some(
    (equation) =>
      equation.primitive in rewrites || programsOf(equation).some((inner) => concerns(rewrites, inner))
  )

/** The equation with each program that it holds changed. */
export const withHeld = (equation: Equation, change: (program: Program) => Program): Equation => {
  const holder = holderOf(equation)
  if (holder === undefined) return equation
  const held = holder.held(equation.params, equation.inputs.length)
  const programs = held.map(({ program }) => change(program))
  if (programs.every((program, i) => program === held[i]!.program)) return equation
  return { ...equation, params: holder.mapped(equation.params, programs) }
}

/**
 * A program with equations replaced, from the innermost held programs outwards. A program in which nothing changes is
 * given back as it is.
 */
export const rewritten = (program: Program, rewrites: Rewrites): Program => {
  if (!concerns(rewrites, program)) return program
  const builder = new ProgramBuilder(program.inputs.map(({ aval }) => aval))
  const here = new Map<Var, Var>(program.inputs.map((input, i) => [input, builder.inputs[i]!]))
  const use = (variable: Var): Var => here.get(variable)!
  let changed = false
  for (const equation of placed(program.equations)) {
    const inside = withHeld(equation, (program) => rewritten(program, rewrites))
    const inputs = equation.inputs.map(use)
    builder.place = equation.place
    const rewrite = rewrites[equation.primitive] as Rewrite<Primitive> | undefined
    const replaced = rewrite?.(inside, builder, inputs)
    const avals = equation.outputs.map(({ aval }) => aval)
    const results = replaced ?? builder.add(inside.primitive, inside.params, inputs, avals)
    changed ||= replaced !== undefined || inside !== equation
    equation.outputs.forEach((output, i) => {
      here.set(output, results[i]!)
    })
  }
  return changed ? builder.program(program.outputs.map(use)) : program
}
