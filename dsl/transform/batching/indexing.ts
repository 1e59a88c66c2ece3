import type { GatherParams, ScatterParams } from "../../params.ts"
import { apply, apply1 } from "../../primitives/index.ts"
import type { Shape } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { filled, range, reshape } from "../../values.ts"
import { allBatched, type BatchRule, type BatchRules, batchedInput, shifted, yes } from "./batch-rule.ts"

const zeroLike = (index: Value | undefined): Value => filled({ dtype: index?.dtype ?? "i32", shape: [] }, 0)

/** Index scalars, some of them batched, joined into one array of index vectors. */
const indexVectors = (
  indices: ReadonlyArray<Value>,
  batched: ReadonlyArray<boolean>,
  size: number
): Value => {
  const columns = indices.map((index, i) => reshape(batchedInput(index, batched[i]!, size), [size, 1]))
  return apply1("concatenate", { axis: 1 }, ...columns)
}

/**
 * Clamps start indices into the operand. A slice does that by itself; a scatter, such as a gather's derivative, would
 * skip the window instead.
 */
const movedInside = (indices: ReadonlyArray<Value>, lengths: Shape, sizes: Shape): ReadonlyArray<Value> =>
  indices.map((index, i) =>
    apply1("clamp", {}, filled(index, 0), index, filled(index, lengths[i]! - sizes[i]!))
  )

const dynamicSlice: BatchRule<"dynamicSlice"> = ({ params: { sizes }, inputs, batched, size }) => {
  const [x, ...indices] = inputs as [Value, ...Array<Value>]
  if (!batched.slice(1).some(Boolean)) {
    return yes([apply1("dynamicSlice", { sizes: [size, ...sizes] }, x, zeroLike(indices[0]), ...indices)])
  }
  const window: GatherParams = {
    offsetAxes: range(sizes.length, 1),
    collapsedAxes: [],
    operandBatchAxes: [],
    indicesBatchAxes: [],
    indexedAxes: range(sizes.length),
    sizes
  }
  const lengths = batched[0] ? x.shape.slice(1) : x.shape
  const vectors = indexVectors(movedInside(indices, lengths, sizes), batched.slice(1), size)
  if (!batched[0]) return yes([apply1("gather", window, x, vectors)])
  return yes([apply1("gather", batchedGather({ ...window, offsetAxes: range(sizes.length) }), x, vectors)])
}

/** A gather whose operand and indices both have the batch as their first axis. */
const batchedGather = (params: GatherParams): GatherParams => ({
  offsetAxes: shifted(params.offsetAxes),
  collapsedAxes: shifted(params.collapsedAxes),
  operandBatchAxes: [0, ...shifted(params.operandBatchAxes)],
  indicesBatchAxes: [0, ...shifted(params.indicesBatchAxes)],
  indexedAxes: shifted(params.indexedAxes),
  sizes: [1, ...params.sizes]
})

const batchedScatter = (params: ScatterParams): ScatterParams => ({
  combine: params.combine,
  windowAxes: shifted(params.windowAxes),
  insertedAxes: shifted(params.insertedAxes),
  operandBatchAxes: [0, ...shifted(params.operandBatchAxes)],
  indicesBatchAxes: [0, ...shifted(params.indicesBatchAxes)],
  indexedAxes: shifted(params.indexedAxes)
})

const dynamicUpdateSlice: BatchRule<"dynamicUpdateSlice"> = (site) => {
  const { inputs, batched, size } = site
  const [x, update] = allBatched({ ...site, inputs: inputs.slice(0, 2) }) as [Value, Value]
  const indices = inputs.slice(2)
  if (!batched.slice(2).some(Boolean)) {
    return yes([apply1("dynamicUpdateSlice", {}, x, update, zeroLike(indices[0]), ...indices)])
  }
  const inside = movedInside(indices, x.shape.slice(1), update.shape.slice(1))
  const params: ScatterParams = {
    combine: "set",
    windowAxes: range(indices.length),
    insertedAxes: [],
    operandBatchAxes: [],
    indicesBatchAxes: [],
    indexedAxes: range(indices.length)
  }
  return yes([
    apply1("scatter", batchedScatter(params), x, indexVectors(inside, batched.slice(2), size), update)
  ])
}

const gather: BatchRule<"gather"> = ({ params, inputs, batched, size }) => {
  if (batched[0] && batched[1]) return yes(apply("gather", batchedGather(params), inputs))
  if (batched[1]) {
    // The batch becomes one more axis to loop over.
    const looped = {
      ...params,
      offsetAxes: shifted(params.offsetAxes),
      indicesBatchAxes: shifted(params.indicesBatchAxes)
    }
    return yes(apply("gather", looped, inputs))
  }
  // The batch becomes one more axis of each window.
  const windowed = {
    offsetAxes: [0, ...shifted(params.offsetAxes)],
    collapsedAxes: shifted(params.collapsedAxes),
    operandBatchAxes: shifted(params.operandBatchAxes),
    indicesBatchAxes: params.indicesBatchAxes,
    indexedAxes: shifted(params.indexedAxes),
    sizes: [size, ...params.sizes]
  }
  return yes(apply("gather", windowed, inputs))
}

const scatter: BatchRule<"scatter"> = ({ params, inputs, batched, size }) => {
  const [x, indices, updates] = inputs as [Value, Value, Value]
  const operand = batchedInput(x, batched[0]!, size)
  const wide = batchedInput(updates, batched[2]!, size)
  if (batched[1]) return yes([apply1("scatter", batchedScatter(params), operand, indices, wide)])
  const windowed = {
    combine: params.combine,
    windowAxes: [0, ...shifted(params.windowAxes)],
    insertedAxes: shifted(params.insertedAxes),
    operandBatchAxes: shifted(params.operandBatchAxes),
    indicesBatchAxes: params.indicesBatchAxes,
    indexedAxes: shifted(params.indexedAxes)
  }
  return yes([apply1("scatter", windowed, operand, indices, wide)])
}

export const indexingBatching: BatchRules<
  "dynamicSlice" | "dynamicUpdateSlice" | "gather" | "scatter" | "sort"
> = {
  dynamicSlice,
  dynamicUpdateSlice,
  gather,
  scatter,
  sort: (site) => yes(apply("sort", { ...site.params, axis: site.params.axis + 1 }, allBatched(site)))
}
