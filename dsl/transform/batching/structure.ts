import { arangeElement } from "../../loops/arange-element.ts"
import { apply, apply1 } from "../../primitives/index.ts"
import { broadcast, filled, iota, reshape, select, transpose, zeros } from "../../values.ts"
import { allBatched, type BatchRule, type BatchRules, shifted, yes } from "./batch-rule.ts"

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
  "constant" | "arange" | "reshape" | "broadcast" | "transpose" | "slice" | "concatenate" | "pad" | "reverse"
> = {
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
  reverse: ({ params: { axes }, inputs }) => yes(apply("reverse", { axes: shifted(axes) }, inputs))
}
