import { memoized, type Needs, neededThrough, type Reaches, reachedThrough } from "../dependence.ts"
import { isDifferentiable } from "../dtype.ts"
import { heldBy } from "../held.ts"
import type { Equation, Program, Var } from "../program.ts"
import { flows, isSmooth } from "./smooth.ts"

/**
 * Whether a derivative passes through the programs that an equation holds. It does not pass through a rule that the
 * user wrote.
 */
const passesThrough = (equation: Equation): boolean =>
  equation.primitive !== "customDerivative" && heldBy(equation).length > 0

/** The variables of a program that depend smoothly on the named inputs. */
export const reachedFrom = (program: Program, named: ReadonlyArray<boolean>): ReadonlySet<Var> => {
  const reached = new Set(program.inputs.filter(({ aval }, i) => named[i] && isDifferentiable(aval.dtype)))
  for (const equation of program.equations) {
    const moves = equation.inputs.map((input) => reached.has(input))
    if (!isSmooth(equation.primitive) || !moves.some(Boolean)) continue
    const through = passesThrough(equation) ? reachedThrough(equation, moves, reaches) : undefined
    equation.outputs.forEach((output, result) => {
      if (!isDifferentiable(output.aval.dtype)) return
      if (through?.[result] ?? moves.some((is, operand) => is && flows(equation.primitive, operand, result)))
        reached.add(output)
    })
  }
  return reached
}

/** Which outputs of a program depend smoothly on the named inputs. */
export const reaches: Reaches = memoized((program, named) => {
  const reached = reachedFrom(program, named)
  return program.outputs.map((output) => reached.has(output))
})

/** The variables of a program on which the named outputs depend smoothly. */
export const neededFor = (program: Program, named: ReadonlyArray<boolean>): ReadonlySet<Var> => {
  const needed = new Set(program.outputs.filter(({ aval }, i) => named[i] && isDifferentiable(aval.dtype)))
  for (const equation of program.equations.toReversed()) {
    const used = equation.outputs.map((output) => needed.has(output))
    if (!isSmooth(equation.primitive) || !used.some(Boolean)) continue
    const through = passesThrough(equation) ? neededThrough(equation, used, needs, false).operands : undefined
    equation.inputs.forEach((input, operand) => {
      if (!isDifferentiable(input.aval.dtype)) return
      if (through?.[operand] ?? used.some((is, result) => is && flows(equation.primitive, operand, result)))
        needed.add(input)
    })
  }
  return needed
}

/** On which inputs of a program the named outputs depend smoothly. */
export const needs: Needs = memoized((program, named) => {
  const needed = neededFor(program, named)
  return program.inputs.map((input) => needed.has(input))
})
