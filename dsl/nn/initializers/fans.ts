import { shapeError } from "../../errors.ts"
import { requireDistinct } from "../../primitives/rule.ts"
import { plainAxes } from "../../required.ts"
import type { Shape } from "../../shape.ts"

/** Which axes of a weight are inputs, outputs, and batches of weights; the others are the places of a window. */
export interface FanAxes {
  /** (-2) */
  readonly inAxis?: number | ReadonlyArray<number>
  /** (-1) */
  readonly outAxis?: number | ReadonlyArray<number>
  /** (none) */
  readonly batchAxis?: number | ReadonlyArray<number>
}

/** How many numbers go into each output of a weight, and how many outputs each input goes to. */
export const fansOf = (
  op: string,
  shape: Shape,
  axes: FanAxes
): { readonly in: number; readonly out: number } => {
  const { inAxis = -2, outAxis = -1, batchAxis = [] } = axes
  if (shape.length < 2 && axes.inAxis === undefined) {
    throw shapeError(
      op,
      `${op}: the shape [${shape.join(",")}] has no axes of inputs and of outputs`,
      "give at least two axes, or say inAxis and outAxis"
    )
  }
  const aval = { dtype: "f32", shape } as const
  const [ins, outs, batches] = [inAxis, outAxis, batchAxis].map((each) => plainAxes(op, each, aval))
  requireDistinct(op, [...ins!, ...outs!, ...batches!])
  const size = (chosen: ReadonlyArray<number>) => chosen.reduce((n, axis) => n * shape[axis]!, 1)
  const rest = shape.map((_, i) => i).filter((i) => ![ins, outs, batches].some((list) => list!.includes(i)))
  return { in: size(ins!) * size(rest), out: size(outs!) * size(rest) }
}
