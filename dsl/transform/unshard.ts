import { type Mesh, type PartitionSpec, partsOf } from "../mesh.ts"
import type { Program, ShardMapParams } from "../program.ts"
import { replay } from "../replay.ts"
import type { Value } from "../tensor.ts"
import { programOf } from "../trace.ts"
import { broadcast, iota, range, reshape, sliceAxis, transpose } from "../values.ts"
import { batch } from "./batch.ts"
import { batchedInput } from "./batching/batch-rule.ts"

/** An array's parts on all devices of a mesh, as one array whose first axes are those of the mesh. */
const apart = (x: Value, { axes }: Mesh, spec: PartitionSpec): Value => {
  const names = Object.keys(axes)
  // Splits each axis by the mesh axes that divide it, in the order of the spec; the rest comes last.
  const pieces = x.shape.flatMap((dim, axis) => {
    const by = spec[axis] ?? []
    return [
      ...by.map((name) => ({ name, size: axes[name]! })),
      { name: undefined, size: dim / partsOf({ axes }, by) }
    ]
  })
  const split = reshape(
    x,
    pieces.map(({ size }) => size)
  )
  const mentioned = names.filter((name) => pieces.some((piece) => piece.name === name))
  const order = [
    ...mentioned.map((name) => pieces.findIndex((piece) => piece.name === name)),
    ...pieces.flatMap(({ name }, i) => (name === undefined ? [i] : []))
  ]
  const local = pieces.flatMap(({ name, size }) => (name === undefined ? [size] : []))
  const whole = [...names.map((name) => axes[name]!), ...local]
  const places = [...mentioned.map((name) => names.indexOf(name)), ...range(local.length, names.length)]
  return broadcast(transpose(split, order), whole, places)
}

/** The array that the devices' parts make up. Along mesh axes that the spec does not name, all parts are equal. */
const together = (x: Value, { axes }: Mesh, spec: PartitionSpec): Value => {
  const names = Object.keys(axes)
  const spoken = spec.flat()
  let parts = x
  names.forEach((name, axis) => {
    if (!spoken.includes(name)) parts = sliceAxis(parts, axis, 0, 1)
  })
  const local = x.shape.slice(names.length)
  const order = local.flatMap((_, axis) => [
    ...(spec[axis] ?? []).map((name) => names.indexOf(name)),
    names.length + axis
  ])
  const dropped = names.flatMap((name, axis) => (spoken.includes(name) ? [] : [axis]))
  const moved = transpose(parts, [...dropped, ...order])
  return reshape(
    moved,
    local.map((dim, axis) => dim * partsOf({ axes }, spec[axis]))
  )
}

/** A program of the devices along one mesh axis, as a program of a batch. */
const overAxis = (program: Program, name: string, size: number): Program =>
  programOf(
    program.inputs.map(({ aval }) => ({ dtype: aval.dtype, shape: [size, ...aval.shape] })),
    (values) => {
      const batched = { values, batched: values.map(() => true) }
      const results = batch(program, batched, size, name)
      return results.values.map((value, i) => batchedInput(value, results.batched[i]!, size))
    }
  )

/**
 * What a shardMap computes, on one device: its body over a batch of all devices. Collectives become sums, moves and
 * copies within the batch. Tests compare sharded programs with it.
 */
export const unshardedMap = ({ mesh, in: specs, out, body }: ShardMapParams): Program => {
  const names = Object.keys(mesh.axes)
  const sizes = Object.values(mesh.axes)
  // Adds the innermost mesh axis first, so that the first mesh axis ends in front.
  const whole = names.reduceRight((program, name) => overAxis(program, name, mesh.axes[name]!), body)
  const locals = body.inputs.slice(names.length)
  const globals = locals.map(({ aval }, i) => ({
    dtype: aval.dtype,
    shape: aval.shape.map((dim, axis) => dim * partsOf(mesh, specs[i]![axis]))
  }))
  return programOf(globals, (values) => {
    const places = names.map((_, axis) => iota(sizes, axis))
    const parts = values.map((value, i) => apart(value, mesh, specs[i]!))
    const results = replay(whole, [...places, ...parts])
    return results.map((result, i) => together(result, mesh, out[i]!))
  })
}
