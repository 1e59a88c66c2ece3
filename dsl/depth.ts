import { programsOf } from "./held.ts"
import type { Program, Var } from "./program.ts"

/** The most equations of which each needs the one before. A held program is a chain of its own. */
export const depthOf = (program: Program): number => {
  const depths = new Map<Var, number>()
  let most = 0
  for (const equation of program.equations) {
    let depth = 0
    for (const input of equation.inputs) depth = Math.max(depth, depths.get(input) ?? 0)
    for (const output of equation.outputs) depths.set(output, depth + 1)
    most = Math.max(most, depth + 1, ...programsOf(equation).map(depthOf))
  }
  return most
}
