import type { GatherParams, ScatterParams } from "../../params.ts"
import { apply, apply1 } from "../../primitives/index.ts"
import { iota, takeAlong, zeros } from "../../values.ts"
import type { Derivatives } from "./derivative.ts"
import { scatterLinears } from "./scatter.ts"

/** The scatter that writes windows where a gather reads them. */
const scatterOf = (params: GatherParams, combine: ScatterParams["combine"]): ScatterParams => ({
  combine,
  windowAxes: params.offsetAxes,
  insertedAxes: params.collapsedAxes,
  operandBatchAxes: params.operandBatchAxes,
  indicesBatchAxes: params.indicesBatchAxes,
  indexedAxes: params.indexedAxes
})

export const indexingDerivatives: Derivatives<
  "dynamicSlice" | "dynamicUpdateSlice" | "gather" | "scatter" | "sort"
> = {
  dynamicSlice: {
    each: ({ inputs: [x, ...indices], params }) => [
      {
        push: (t) => apply1("dynamicSlice", params, t, ...indices),
        pull: (ct) => apply1("dynamicUpdateSlice", {}, zeros(x!), ct, ...indices)
      }
    ]
  },
  dynamicUpdateSlice: {
    joint: () => [0, 1],
    pull: (ct, { inputs: [, update, ...indices] }) => [
      apply1("dynamicUpdateSlice", {}, ct, zeros(update!), ...indices),
      apply1("dynamicSlice", { sizes: update!.shape }, ct, ...indices)
    ]
  },
  gather: {
    each: ({ inputs: [x, indices], params }) => [
      {
        push: (t) => apply1("gather", params, t, indices!),
        pull: (ct) => apply1("scatter", scatterOf(params, "add"), zeros(x!), indices!, ct)
      }
    ]
  },
  scatter: { each: scatterLinears },
  // The keys' permutation moves each operand.
  sort: {
    rewrite: (inputs, params) => {
      const { axis } = params
      const { shape } = inputs[0]!
      const still = inputs.slice(0, params.keys).map((key) => apply1("stopGradient", {}, key))
      const places = apply("sort", params, [...still, iota(shape, axis)]).at(-1)!
      return inputs.map((input) => takeAlong(input, places, axis))
    }
  }
}
