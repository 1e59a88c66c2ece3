import { placed } from "../place.ts"
import { apply } from "../primitives/index.ts"
import type { Primitive, Program } from "../program.ts"
import { Environment } from "../replay.ts"
import type { Value } from "../tensor.ts"
import type { Batched, BatchProgram, BatchRule } from "./batching/batch-rule.ts"
import { guardedOperands, guardedResults } from "./batching/guarded.ts"
import { batching } from "./batching/index.ts"

/**
 * Applies a program to a batch. Batched values have the batch as their first axis, inputs and results alike. Where the
 * batch is the devices along an axis of a mesh, collectives along it become operations on the batch. `counts` is a
 * predicate for each member. Where it is false, the results are arbitrary and no derivative sees them.
 */
export const batch = (
  program: Program,
  inputs: Batched,
  size: number,
  axis?: string,
  counts?: Value
): Batched => {
  const inner: BatchProgram = (held, given, many, which) => batch(held, given, many, axis, which)
  const values = new Environment(program.inputs, inputs.values)
  const flags = new Environment(program.inputs, inputs.batched)
  for (const { primitive, params, inputs: operands, outputs } of placed(program.equations)) {
    const site = { primitive, params, inputs: values.get(operands), batched: flags.get(operands), size }
    const run = (given: Batched): Batched =>
      (batching[primitive] as BatchRule<Primitive>)({
        ...site,
        inputs: given.values,
        batched: given.batched,
        axis,
        counts,
        batch: inner
      })
    const made: Batched = !site.batched.some(Boolean)
      ? { values: apply<Primitive>(primitive, params, site.inputs), batched: outputs.map(() => false) }
      : counts === undefined
        ? run({ values: site.inputs, batched: site.batched })
        : guardedResults(counts, site, run(guardedOperands(counts, site)))
    values.set(outputs, made.values)
    flags.set(outputs, made.batched)
  }
  return { values: values.get(program.outputs), batched: flags.get(program.outputs) }
}
