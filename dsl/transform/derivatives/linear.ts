import { placed } from "../../place.ts"
import { apply } from "../../primitives/index.ts"
import type { Primitive, Program, Var } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import { zeros } from "../../values.ts"
import type { Maybe } from "./derivative.ts"

/**
 * Applies a program that is linear in its last inputs, `moving`. A missing input stands for zero. A result that depends
 * on missing inputs alone is not computed, and is missing too.
 */
export const replayLinear = (
  program: Program,
  fixed: ReadonlyArray<Value>,
  moving: ReadonlyArray<Maybe>
): ReadonlyArray<Maybe> => {
  const values = new Map<Var, Maybe>()
  const moves = new Set<Var>(program.inputs.slice(fixed.length))
  program.inputs.forEach((input, i) => {
    values.set(input, i < fixed.length ? fixed[i] : moving[i - fixed.length])
  })
  for (const { primitive, params, inputs, outputs } of placed(program.equations)) {
    const moved = inputs.filter((input) => moves.has(input))
    if (moved.length > 0) for (const output of outputs) moves.add(output)
    if (moved.length > 0 && moved.every((input) => values.get(input) === undefined)) continue
    const operands = inputs.map((input) => values.get(input) ?? zeros(input.aval))
    const results = apply<Primitive>(primitive, params, operands)
    outputs.forEach((output, i) => {
      values.set(output, results[i])
    })
  }
  return program.outputs.map((output) => values.get(output))
}
