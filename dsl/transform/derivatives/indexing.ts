import { scopeError } from "../../errors.ts"
import type { GatherParams, ScatterParams } from "../../params.ts"
import { apply, apply1 } from "../../primitives/index.ts"
import { type Shape, sizeOf } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import {
  binary,
  broadcast,
  compare,
  filled,
  iota,
  mul,
  range,
  reshape,
  select,
  takeAlong,
  zeros
} from "../../values.ts"
import type { Derivatives, Linear, Site } from "./derivative.ts"

/** The scatter that writes windows where a gather reads them. */
const scatterOf = (params: GatherParams, combine: ScatterParams["combine"]): ScatterParams => ({
  combine,
  windowAxes: params.offsetAxes,
  insertedAxes: params.collapsedAxes,
  operandBatchAxes: params.operandBatchAxes,
  indicesBatchAxes: params.indicesBatchAxes,
  indexedAxes: params.indexedAxes
})

/** The gather that reads windows where a scatter writes them. */
const gatherOf = (params: ScatterParams, operand: Shape, updates: Shape): GatherParams => {
  const windows = params.windowAxes.map((axis) => updates[axis]!)
  let next = 0
  const dropped = [...params.insertedAxes, ...params.operandBatchAxes]
  return {
    offsetAxes: params.windowAxes,
    collapsedAxes: params.insertedAxes,
    operandBatchAxes: params.operandBatchAxes,
    indicesBatchAxes: params.indicesBatchAxes,
    indexedAxes: params.indexedAxes,
    sizes: operand.map((_, axis) => (dropped.includes(axis) ? 1 : windows[next++]!))
  }
}

/** Which updates lie inside the operand. A scatter skips the others, where a gather would clamp them. */
const fitting = ({ inputs, params }: Site<"scatter">): Value => {
  const [x, indices, updates] = inputs as [Value, Value, Value]
  const { sizes } = gatherOf(params, x.shape, updates.shape)
  const last = indices.shape.length - 1
  const most = params.indexedAxes.map((axis) => x.shape[axis]! - sizes[axis]!)
  const bound = apply1("constant", { aval: { dtype: indices.dtype, shape: [most.length] }, value: most })
  const below = compare("le", indices, broadcast(bound, indices.shape, [last]))
  const inside = binary("and", compare("ge", indices, zeros(indices)), below)
  const loop = range(updates.shape.length).filter((axis) => !params.windowAxes.includes(axis))
  return broadcast(apply1("all", { axes: [last] }, inside), updates.shape, loop)
}

/** Which updates survive in a scatter that sets, where several may write to one position. */
const winners = ({ inputs, params }: Site<"scatter">) => {
  const [x, indices, updates] = inputs as [Value, Value, Value]
  const ids = reshape(
    binary(
      "add",
      iota([sizeOf(updates.shape)], 0),
      filled({ dtype: "i32", shape: [sizeOf(updates.shape)] }, 1)
    ),
    updates.shape
  )
  const placed = apply1("scatter", params, filled({ dtype: "i32", shape: x.shape }, 0), indices, ids)
  const seen = apply1("gather", gatherOf(params, x.shape, updates.shape), placed, indices)
  return {
    untouched: compare("eq", placed, zeros(placed)),
    won: compare("eq", seen, ids)
  }
}

const setLinears = (site: Site<"scatter">): ReadonlyArray<Linear | null> => {
  const [x, indices, updates] = site.inputs as [Value, Value, Value]
  const { untouched, won } = winners(site)
  const keep = (t: Value) => select(untouched, t, zeros(t))
  const adding = { ...site.params, combine: "add" } as const
  return [
    { push: keep, pull: keep },
    null,
    {
      push: (t) => apply1("scatter", adding, zeros(x), indices, select(won, t, zeros(t))),
      pull: (ct) => {
        const taken = apply1("gather", gatherOf(site.params, x.shape, updates.shape), ct, indices)
        return select(won, taken, zeros(taken))
      }
    }
  ]
}

const noDerivative = (what: string, hint: string): Linear => ({
  push: () => {
    throw scopeError("scatter", `scatter: ${what}`, hint)
  }
})

const scatterLinears = (site: Site<"scatter">): ReadonlyArray<Linear | null> => {
  const [x, indices, updates] = site.inputs as [Value, Value, Value]
  const { params } = site
  switch (params.combine) {
    case "set":
      return setLinears(site)
    case "add":
      return [
        { push: (t) => t, pull: (ct) => ct },
        null,
        {
          push: (t) => apply1("scatter", params, zeros(x), indices, t),
          pull: (ct) => {
            const taken = apply1("gather", gatherOf(params, x.shape, updates.shape), ct, indices)
            return select(fitting(site), taken, zeros(taken))
          }
        }
      ]
    case "mul": {
      const factors = () => apply1("scatter", params, filled(x, 1), indices, updates)
      const by = (t: Value) => mul(t, factors())
      const reason = noDerivative(
        "multiplying at indices has no derivative with respect to the factors",
        "indices may repeat; take the elements, multiply, and set them"
      )
      return [{ push: by, pull: by }, null, reason]
    }
    default: {
      const reason = noDerivative(
        `${params.combine} at indices has no derivative`,
        "take the elements, combine them, and set them"
      )
      return [reason, null, reason]
    }
  }
}

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
    rewrite: (inputs, { axis, keys, descending }) => {
      const { shape } = inputs[0]!
      const still = inputs.slice(0, keys).map((key) => apply1("stopGradient", {}, key))
      const places = apply("sort", { axis, keys, descending }, [...still, iota(shape, axis)]).at(-1)!
      return inputs.map((input) => takeAlong(input, places, axis))
    }
  }
}
