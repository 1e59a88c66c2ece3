import { arangeElement } from "../../loops/arange-element.ts"
import type { DotParams } from "../../params.ts"
import { apply, apply1 } from "../../primitives/index.ts"
import type { Cumulative, Reduction } from "../../program.ts"
import { broadcast, filled, iota, moveAxis, reshape, select, transpose, zeros } from "../../values.ts"
import { allBatched, type BatchRule, type BatchRules, type BatchSite, shifted, yes } from "./batch-rule.ts"

const reduction: BatchRule<Reduction> = ({ primitive, params: { axes }, inputs }) =>
  yes(apply(primitive, { axes: shifted(axes) }, inputs))

const alongAxis = <P extends Cumulative | "argmax" | "argmin">({ primitive, params, inputs }: BatchSite<P>) =>
  yes(apply<P>(primitive, { ...params, axis: params.axis + 1 }, inputs))

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
    return yes(apply("dot", { contracting, batch }, inputs))
  }
  const product = apply1("dot", { contracting, batch: batches }, ...inputs)
  // The batch is now the first free axis of its operand.
  const leftFree = inputs[0]!.shape.length - contracting[0].length - batches[0].length
  const place = batches[0].length + (batched[0] ? 0 : leftFree)
  return yes([moveAxis(product, place, 0)])
}

const pad: BatchRule<"pad"> = (site) => {
  const { params, inputs, batched } = site
  const wide = {
    low: [0, ...params.low],
    high: [0, ...params.high],
    interior: [0, ...params.interior]
  }
  const [x] = allBatched(site)
  if (!batched[1]) return yes([apply1("pad", wide, x!, inputs[1]!)])
  const padded = apply1("pad", wide, x!, zeros({ dtype: x!.dtype, shape: [] }))
  const inside = filled({ dtype: "bool", shape: x!.shape }, true)
  const mask = apply1("pad", wide, inside, filled({ dtype: "bool", shape: [] }, false))
  return yes([select(mask, padded, broadcast(inputs[1]!, padded.shape, [0]))])
}

export const structureBatching: BatchRules<
  | Reduction
  | Cumulative
  | "argmax"
  | "argmin"
  | "dot"
  | "constant"
  | "arange"
  | "reshape"
  | "broadcast"
  | "transpose"
  | "slice"
  | "concatenate"
  | "pad"
  | "reverse"
  | "sort"
> = {
  sum: reduction,
  prod: reduction,
  max: reduction,
  min: reduction,
  all: reduction,
  any: reduction,
  cumsum: alongAxis,
  cumprod: alongAxis,
  cummax: alongAxis,
  cummin: alongAxis,
  argmax: alongAxis,
  argmin: alongAxis,
  dot,
  constant: ({ primitive, params }) => ({ values: apply(primitive, params, []), batched: [false] }),
  arange: ({ params, inputs, size }) => {
    return yes([arangeElement(params, inputs[0]!, iota([size, params.length], 1))])
  },
  reshape: ({ params: { shape }, inputs, size }) => yes([reshape(inputs[0]!, [size, ...shape])]),
  broadcast: ({ params: { shape, axes }, inputs, size }) =>
    yes([broadcast(inputs[0]!, [size, ...shape], [0, ...shifted(axes)])]),
  transpose: ({ params: { permutation }, inputs }) =>
    yes([transpose(inputs[0]!, [0, ...shifted(permutation)])]),
  slice: ({ params: { start, limit, strides }, inputs, size }) =>
    yes([
      apply1("slice", { start: [0, ...start], limit: [size, ...limit], strides: [1, ...strides] }, inputs[0]!)
    ]),
  concatenate: (site) => yes(apply("concatenate", { axis: site.params.axis + 1 }, allBatched(site))),
  pad,
  reverse: ({ params: { axes }, inputs }) => yes(apply("reverse", { axes: shifted(axes) }, inputs)),
  sort: (site) => yes(apply("sort", { ...site.params, axis: site.params.axis + 1 }, allBatched(site)))
}
