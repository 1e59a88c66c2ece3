import { apply } from "../primitives/index.ts"
import type { Primitive, Program } from "../program.ts"
import { Environment } from "../replay.ts"
import type { Batched, BatchProgram, BatchRule } from "./batching/batch-rule.ts"
import { batching } from "./batching/index.ts"

/**
 * A program over a batch. Batched values, on both sides, have the batch as their first axis. Where the batch is the
 * devices along an axis of a mesh, collectives along it become operations on the batch.
 */
export const batch = (program: Program, inputs: Batched, size: number, axis?: string): Batched => {
  const inner: BatchProgram = (held, given, many) => batch(held, given, many, axis)
  const values = new Environment(program.inputs, inputs.values)
  const flags = new Environment(program.inputs, inputs.batched)
  for (const { primitive, params, inputs: operands, outputs } of program.equations) {
    const given = values.get(operands)
    const batched = flags.get(operands)
    const rule = batching[primitive] as BatchRule<Primitive>
    const made: Batched = batched.some(Boolean)
      ? rule({ primitive, params, inputs: given, batched, size, axis, batch: inner })
      : { values: apply<Primitive>(primitive, params, given), batched: outputs.map(() => false) }
    values.set(outputs, made.values)
    flags.set(outputs, made.batched)
  }
  return { values: values.get(program.outputs), batched: flags.get(program.outputs) }
}
