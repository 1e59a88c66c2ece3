import type { Along } from "../../mesh.ts"
import { apply, apply1 } from "../../primitives/index.ts"
import type { Params } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import { moveAxis, range, reshape, sliceAxis, zeros } from "../../values.ts"
import {
  type Batched,
  type BatchRule,
  type BatchRules,
  type BatchSite,
  batchedInput,
  yes
} from "./batch-rule.ts"
import { batchedProgram } from "./program.ts"

type Collective = "allReduce" | "allGather" | "reduceScatter" | "permute" | "allToAll"

const same = (value: Value): Batched => ({ values: [value], batched: [false] })

/** The operands that tie a collective to its mesh are shared by all members of the batch. */
const ties = ({ inputs, batched }: Pick<BatchSite<Collective>, "inputs" | "batched">): ReadonlyArray<Value> =>
  inputs
    .slice(1)
    .map((tie, i) => (batched[i + 1] ? reshape(sliceAxis(tie, 0, 0, 1), tie.shape.slice(1)) : tie))

/** Applies a collective to each member of the batch by itself. */
const apart = <P extends Collective>(site: BatchSite<P>, params: Params[P]): Batched => {
  const [x] = site.inputs
  if (!site.batched[0]) return same(apply1(site.primitive, site.params, x!, ...ties(site)))
  return yes([apply1(site.primitive, params, x!, ...ties(site))])
}

/**
 * The data of all devices along the collective's axis, one after the other, where the batch is those devices; else
 * undefined.
 */
const devicesOf = <P extends Collective>(site: BatchSite<P>): Value | undefined =>
  site.axis !== undefined && (site.params as { along: Along }).along.names.includes(site.axis)
    ? batchedInput(site.inputs[0]!, site.batched[0]!, site.size)
    : undefined

/** Moves axis `from` to just before axis `before` of the rest, and merges the two. */
const merged = (x: Value, from: number, before: number): Value => {
  const moved = moveAxis(x, from, before)
  const { shape } = moved
  return reshape(moved, [
    ...shape.slice(0, before),
    shape[before]! * shape[before + 1]!,
    ...shape.slice(before + 2)
  ])
}

/** Splits an axis in two, of which the first has length `count` and moves to the front. */
const parts = (x: Value, axis: number, count: number): Value => {
  const { shape } = x
  const split = reshape(x, [...shape.slice(0, axis), count, shape[axis]! / count, ...shape.slice(axis + 1)])
  return moveAxis(split, axis, 0)
}

const reduce: BatchRule<"allReduce"> = (site) => {
  const devices = devicesOf(site)
  if (devices === undefined) return apart(site, site.params)
  const { op, along } = site.params
  const total = apply1(op, { axes: [0] }, devices)
  const names = along.names.filter((name) => name !== site.axis)
  return same(
    names.length === 0 ? total : apply1("allReduce", { op, along: { ...along, names } }, total, ...ties(site))
  )
}

const gather: BatchRule<"allGather"> = (site) => {
  const { along, axis } = site.params
  const devices = devicesOf(site)
  return devices === undefined ? apart(site, { along, axis: axis + 1 }) : same(merged(devices, 0, axis))
}

const scatter: BatchRule<"reduceScatter"> = (site) => {
  const { along, axis } = site.params
  const devices = devicesOf(site)
  if (devices === undefined) return apart(site, { along, axis: axis + 1 })
  return yes([parts(apply1("sum", { axes: [0] }, devices), axis, site.size)])
}

const permute: BatchRule<"permute"> = (site) => {
  const devices = devicesOf(site)
  if (devices === undefined) return apart(site, site.params)
  const { pairs } = site.params
  const from = (place: number) => pairs.find(([, to]) => to === place)?.[0]
  const rows = range(site.size).map((place) => {
    const source = from(place)
    return source === undefined
      ? zeros({ dtype: devices.dtype, shape: [1, ...devices.shape.slice(1)] })
      : sliceAxis(devices, 0, source, source + 1)
  })
  return yes(apply("concatenate", { axis: 0 }, rows))
}

const exchange: BatchRule<"allToAll"> = (site) => {
  const { along, split, concat } = site.params
  const devices = devicesOf(site)
  if (devices === undefined) return apart(site, { along, split: split + 1, concat: concat + 1 })
  // Axes [to, from, ...]: what each device sends to each other one, then side by side for each receiver.
  return yes([merged(parts(devices, split + 1, site.size), 1, concat + 1)])
}

const map: BatchRule<"shardMap"> = (site) => {
  const { params, inputs, batched, counts } = site
  const which = counts === undefined ? [] : [counts]
  const { mesh, in: specs, out, body } = params
  const flags = [...Object.keys(mesh.axes).map(() => false), ...batched]
  const made = batchedProgram(site, body, flags)
  const wider = {
    mesh,
    in: [...specs.map((spec, i) => (batched[i] ? [[], ...spec] : spec)), ...which.map(() => [[]])],
    out: out.map((spec, i) => (made.out[i] ? [[], ...spec] : spec)),
    body: made.program
  }
  return { values: apply("shardMap", wider, [...inputs, ...which]), batched: made.out }
}

export const shardingBatching: BatchRules<"withSharding" | "shardMap" | Collective> = {
  withSharding: ({ params: { sharding }, inputs }) =>
    yes([apply1("withSharding", { sharding: { ...sharding, spec: [[], ...sharding.spec] } }, inputs[0]!)]),
  shardMap: map,
  allReduce: reduce,
  allGather: gather,
  reduceScatter: scatter,
  permute,
  allToAll: exchange
}
