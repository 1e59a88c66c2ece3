import { parallelScan } from "../../parallel-scan.ts"
import type { GatherParams, ScatterParams } from "../../params.ts"
import { apply, apply1 } from "../../primitives/index.ts"
import { type Shape, sizeOf } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import {
  binary,
  broadcast,
  compare,
  convert,
  div,
  filled,
  iota,
  mul,
  range,
  reshape,
  select,
  sliceAxis,
  takeAlong,
  zeros
} from "../../values.ts"
import type { Linear, Site } from "./derivative.ts"

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

/** Which updates equal the result where they went, and by how many equal values it is shared there. */
const extremes = (site: Site<"scatter">) => {
  const [x, indices, updates] = site.inputs as [Value, Value, Value]
  const gathering = gatherOf(site.params, x.shape, updates.shape)
  const result = site.outputs[0]!
  const kept = compare("eq", x, result)
  const won = binary(
    "and",
    compare("eq", updates, apply1("gather", gathering, result, indices)),
    fitting(site)
  )
  const adding = { ...site.params, combine: "add" } as const
  const count = apply1("scatter", adding, convert(kept, "i32"), indices, convert(won, "i32"))
  const share = div(filled(x, 1), convert(count, x.dtype))
  const shares = apply1("gather", gathering, share, indices)
  return {
    toOperand: (t: Value) => select(kept, mul(t, share), zeros(t)),
    toUpdates: (t: Value) => select(won, mul(t, shares), zeros(t))
  }
}

/** Elements that tie share the derivative, as those of max do. */
const extremeLinears = (site: Site<"scatter">): ReadonlyArray<Linear | null> => {
  const [x, indices, updates] = site.inputs as [Value, Value, Value]
  const { toOperand, toUpdates } = extremes(site)
  const adding = { ...site.params, combine: "add" } as const
  const gathering = gatherOf(site.params, x.shape, updates.shape)
  return [
    { push: toOperand, pull: toOperand },
    null,
    {
      push: (t) => apply1("scatter", adding, zeros(x), indices, toUpdates(t)),
      pull: (ct) => toUpdates(apply1("gather", gathering, ct, indices))
    }
  ]
}

/** Running products of values in rows, which begin anew where `starts` holds; the value itself is left out. */
const productsBefore = (starts: Value, values: Value): Value => {
  const [, running] = parallelScan(
    ([a, x], [b, y]) => [binary("or", a!, b!), select(b!, y!, mul(x!, y!))],
    [starts, values]
  )
  const one = filled({ dtype: values.dtype, shape: [1] }, 1)
  const shifted = apply1("concatenate", { axis: 0 }, one, sliceAxis(running!, 0, 0, values.shape[0]! - 1))
  return select(starts, filled(shifted, 1), shifted)
}

/** For each update the product of the others that go to the same place: right where some are zero, at each order. */
const otherFactors = (site: Site<"scatter">): Value => {
  const [x, indices, updates] = site.inputs as [Value, Value, Value]
  const count = sizeOf(updates.shape)
  if (count < 2) return filled(updates, 1)
  const numbers = reshape(iota([sizeOf(x.shape)], 0), x.shape)
  const reached = apply1("gather", gatherOf(site.params, x.shape, updates.shape), numbers, indices)
  const none = filled(reached, sizeOf(x.shape))
  const places = reshape(select(fitting(site), reached, none), [count])
  const [sorted, order] = apply("sort", { axis: 0, keys: 1, descending: false }, [places, iota([count], 0)])
  const values = takeAlong(reshape(updates, [count]), order!, 0)
  const isNew = compare("ne", sliceAxis(sorted!, 0, 1, count), sliceAxis(sorted!, 0, 0, count - 1))
  const edge = filled({ dtype: "bool", shape: [1] }, true)
  const backward = (value: Value) => apply1("reverse", { axes: [0] }, value)
  const starts = apply1("concatenate", { axis: 0 }, edge, isNew)
  const ends = apply1("concatenate", { axis: 0 }, isNew, edge)
  const others = mul(
    productsBefore(starts, values),
    backward(productsBefore(backward(ends), backward(values)))
  )
  const back = apply("sort", { axis: 0, keys: 1, descending: false }, [order!, iota([count], 0)])[1]!
  return reshape(takeAlong(others, back, 0), updates.shape)
}

const productLinears = (site: Site<"scatter">): ReadonlyArray<Linear | null> => {
  const [x, indices, updates] = site.inputs as [Value, Value, Value]
  const { params } = site
  const gathering = gatherOf(params, x.shape, updates.shape)
  const adding = { ...params, combine: "add" } as const
  const factors = () => apply1("scatter", params, filled(x, 1), indices, updates)
  const by = (t: Value) => mul(t, factors())
  const toUpdates = (t: Value) => {
    const others = mul(apply1("gather", gathering, x, indices), otherFactors(site))
    return select(fitting(site), mul(t, others), zeros(t))
  }
  return [
    { push: by, pull: by },
    null,
    {
      push: (t) => apply1("scatter", adding, zeros(x), indices, toUpdates(t)),
      pull: (ct) => toUpdates(apply1("gather", gathering, ct, indices))
    }
  ]
}

const sumLinears = (site: Site<"scatter">): ReadonlyArray<Linear | null> => {
  const [x, indices, updates] = site.inputs as [Value, Value, Value]
  const { params } = site
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
}

/** How the operand and the updates of a scatter act on its result, by how it combines them. */
export const scatterLinears = (site: Site<"scatter">): ReadonlyArray<Linear | null> => {
  const linears = {
    set: setLinears,
    add: sumLinears,
    mul: productLinears,
    min: extremeLinears,
    max: extremeLinears
  }
  return linears[site.params.combine](site)
}
