import type { Program } from "../../program.ts"
import type { Aval } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { programOf } from "../../trace.ts"
import { broadcast, select } from "../../values.ts"
import { type BatchProgram, batchedInput } from "./batch-rule.ts"

const widened = (
  avals: ReadonlyArray<Aval>,
  batched: ReadonlyArray<boolean>,
  size: number
): ReadonlyArray<Aval> =>
  avals.map((aval, i) => (batched[i] ? { dtype: aval.dtype, shape: [size, ...aval.shape] } : aval))

/**
 * A program over a batch as a program. Its inputs are batched as `batched` says, its outputs at least where `wanted`
 * does; `out` says where they are.
 */
export const batchedProgram = (
  program: Program,
  batched: ReadonlyArray<boolean>,
  size: number,
  batch: BatchProgram,
  wanted: ReadonlyArray<boolean> = []
): { readonly program: Program; readonly out: ReadonlyArray<boolean> } => {
  let out: ReadonlyArray<boolean> = []
  const avals = program.inputs.map(({ aval }) => aval)
  const made = programOf(widened(avals, batched, size), (values) => {
    const results = batch(program, { values, batched }, size)
    out = results.batched.map((is, i) => is || wanted[i] === true)
    return results.values.map((value, i) => (out[i] ? batchedInput(value, results.batched[i]!, size) : value))
  })
  return { program: made, out }
}

/** Picks by a predicate for each of the batch. */
export const selectEach = (predicate: Value, onTrue: Value, onFalse: Value): Value =>
  select(broadcast(predicate, onTrue.shape, [0]), onTrue, onFalse)
