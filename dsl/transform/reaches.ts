import { isDifferentiable } from "../dtype.ts"
import type { Program } from "../program.ts"
import { derivatives } from "./derivatives/index.ts"

/** Which outputs of a program may change smoothly with the inputs that are named. */
export const reaches = (program: Program, named: ReadonlyArray<boolean>): ReadonlyArray<boolean> => {
  const active = new Set(program.inputs.filter((_, i) => named[i]))
  for (const { primitive, inputs, outputs } of program.equations) {
    if (derivatives[primitive] === "none" || !inputs.some((input) => active.has(input))) continue
    for (const output of outputs) if (isDifferentiable(output.aval.dtype)) active.add(output)
  }
  return program.outputs.map((output) => active.has(output))
}
