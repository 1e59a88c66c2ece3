import type { DotParams } from "../../params.ts"
import { apply, apply1 } from "../../primitives/index.ts"
import type { Reduction } from "../../program.ts"
import { moveAxis } from "../../values.ts"
import { alongAxis, type BatchRule, type BatchRules, shifted, yes } from "./batch-rule.ts"

const reduction: BatchRule<Reduction> = ({ primitive, params: { axes }, inputs }) =>
  yes(apply(primitive, { axes: shifted(axes) }, inputs))

const dot: BatchRule<"dot"> = ({ params, inputs, batched }) => {
  const both = batched[0]! && batched[1]!
  const side = (which: 0 | 1, axes: DotParams["batch"]): ReadonlyArray<number> =>
    batched[which] ? shifted(axes[which]) : axes[which]
  const contracting = [side(0, params.contracting), side(1, params.contracting)] as const
  const batches = [side(0, params.batch), side(1, params.batch)] as const
  if (both) {
    const batch = [
      [0, ...batches[0]],
      [0, ...batches[1]]
    ] as const
    return yes(apply("dot", { ...params, contracting, batch }, inputs))
  }
  const product = apply1("dot", { ...params, contracting, batch: batches }, ...inputs)
  // The batch is now the first free axis of its operand.
  const leftFree = inputs[0]!.shape.length - contracting[0].length - batches[0].length
  const place = batches[0].length + (batched[0] ? 0 : leftFree)
  return yes([moveAxis(product, place, 0)])
}

export const contractBatching: BatchRules<Reduction | "dot" | "argmax" | "argmin"> = {
  sum: reduction,
  prod: reduction,
  max: reduction,
  min: reduction,
  all: reduction,
  any: reduction,
  argmax: alongAxis,
  argmin: alongAxis,
  dot
}
