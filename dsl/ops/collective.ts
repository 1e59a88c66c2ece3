import { type DeviceAxis, requireAxes } from "../control/device-axis.ts"
import { named, valueError } from "../errors.ts"
import type { Sharding } from "../mesh.ts"
import { apply1 } from "../primitives/index.ts"
import type { Params } from "../program.ts"
import {
  isList,
  plainAxis,
  requireFlag,
  requireList,
  requireOptions,
  requireRecord,
  requireTensor,
  requireWhole,
  shown
} from "../required.ts"
import type { Resized, Shape } from "../shape.ts"
import { requireSharding } from "../sharding.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { flatten, type Tree, unflatten } from "../tree.ts"
import { div, filled, range, reshape } from "../values.ts"

type Axes = DeviceAxis | ReadonlyArray<DeviceAxis>

const axesOf = (op: string, axes: Axes): ReadonlyArray<DeviceAxis> =>
  requireAxes(op, isList(axes) ? axes : [axes as DeviceAxis])

const alongOf = (op: string, axes: ReadonlyArray<DeviceAxis>) => {
  const [first] = axes
  if (first === undefined) throw valueError(op, `${op}: no axis is given`, "give an axis of the mesh")
  return { mesh: first.mesh, names: axes.map(({ name }) => name) }
}

/** The device's places keep a collective within the shardMap that it belongs to, whatever its data depend on. */
const tiesOf = (axes: ReadonlyArray<DeviceAxis>): ReadonlyArray<Value> =>
  axes.map(({ index }) => valueOf(index))

const eachLeaf = <T extends Tree>(op: string, x: T, change: (value: Value) => Value): T => {
  const { leaves, structure } = flatten<Tensor>(x, isTensor, op, "x")
  const made = leaves.map((leaf) => tensorOf<never, never>(change(valueOf(leaf))))
  return unflatten<Tensor>(structure, made) as T
}

const reduced = <T extends Tree>(op: string, how: "sum" | "max" | "min", x: T, axes: Axes): T => {
  const all = axesOf(op, axes)
  const along = alongOf(op, all)
  return eachLeaf(op, x, (value) => apply1("allReduce", { op: how, along }, value, ...tiesOf(all)))
}

/** The sum over the devices along axes of the mesh, on each of them. Of a tree, the sum of each array. */
export const psum = <const T extends Tree>(x: T, axes: Axes): T => reduced("psum", "sum", x, axes)

/** The greatest of each element over the devices along axes of the mesh. */
export const pmax = <const T extends Tree>(x: T, axes: Axes): T => reduced("pmax", "max", x, axes)

/** The least of each element over the devices along axes of the mesh. */
export const pmin = <const T extends Tree>(x: T, axes: Axes): T => reduced("pmin", "min", x, axes)

/** The mean over the devices along axes of the mesh, on each of them. */
export const pmean = named("pmean", <const T extends Tree>(x: T, axes: Axes): T => {
  const count = axesOf("pmean", axes).reduce((product, { size }) => product * size, 1)
  return eachLeaf("pmean", psum(x, axes), (total) => div(total, filled(total, count)))
})

/** The device's place along an axis of the mesh, from 0. */
export const axisIndex = (axis: DeviceAxis): Tensor<"i32", readonly []> => {
  const [one] = requireAxes("axisIndex", [axis])
  return one!.index
}

const names = {
  allGather: "allGather",
  reduceScatter: "psumScatter",
  permute: "ppermute",
  allToAll: "allToAll"
} as const

const moved = <P extends "allGather" | "reduceScatter" | "permute" | "allToAll">(
  primitive: P,
  device: DeviceAxis,
  x: Value,
  params: Omit<Params[P], "along">
): Value => {
  requireAxes(names[primitive], [device])
  const along = { mesh: device.mesh, names: [device.name] }
  return apply1(primitive, { ...params, along } as unknown as Params[P], x, ...tiesOf([device]))
}

interface GatherOptions {
  readonly axis?: number
  readonly tiled?: boolean
}

/**
 * The arrays of all devices along an axis of the mesh, on each of them: stacked along a new axis, or with `tiled` put
 * one after the other along one that is there.
 */
export const allGather: {
  <D extends Tensor["dtype"], S extends Shape>(
    x: Tensor<D, S>,
    device: DeviceAxis,
    options: { readonly axis?: number; readonly tiled: true }
  ): Tensor<D, Resized<S>>
  <D extends Tensor["dtype"], S extends Shape>(
    x: Tensor<D, S>,
    device: DeviceAxis,
    options?: { readonly axis?: number; readonly tiled?: false }
  ): Tensor<D>
} = named("allGather", (x: Tensor, device: DeviceAxis, options?: GatherOptions): never => {
  const value = requireTensor("allGather", "x", x)
  const given = requireOptions("allGather", options)
  const tiled = requireFlag("allGather", "tiled", given.tiled)
  const at = plainAxis("allGather", given.axis ?? 0, value, value.shape.length + (tiled ? 0 : 1))
  const shape = [...value.shape.slice(0, at), 1, ...value.shape.slice(at)]
  const parts = tiled ? value : reshape(value, shape)
  return tensorOf<never, never>(moved("allGather", device, parts, { axis: at })) as never
})

/** The sum over the devices along an axis of the mesh, of which each device gets its part of `axis`. */
export const psumScatter = named(
  "psumScatter",
  <D extends Tensor["dtype"], S extends Shape>(
    x: Tensor<D, S>,
    device: DeviceAxis,
    options?: { readonly axis?: number }
  ): Tensor<D, Resized<S>> => {
    const value = requireTensor("psumScatter", "x", x)
    const at = plainAxis("psumScatter", requireOptions("psumScatter", options).axis ?? 0, value)
    return tensorOf(moved("reduceScatter", device, value, { axis: at }))
  }
)

/**
 * Each device's array sent to another along an axis of the mesh, by pairs of places `[from, to]`. A device to which
 * nothing is sent has zeros.
 *
 * @example ppermute(x, axes.x, [[0, 1], [1, 2], [2, 3], [3, 0]])
 */
export const ppermute = <const T extends Tree>(
  x: T,
  device: DeviceAxis,
  places: ReadonlyArray<readonly [from: number, to: number]>
): T => {
  requireAxes("ppermute", [device])
  const hint = "give pairs of places: [[0, 1], [1, 0]]"
  const pairs = requireList("ppermute", "pairs", places, hint).map((each) => {
    const [from, to, ...more] = requireList("ppermute", "a pair", each, hint)
    if (more.length > 0) throw valueError("ppermute", "ppermute: a pair has more than two places", hint)
    return [from!, to!] as const
  })
  for (const place of pairs.flat()) {
    if (Number.isInteger(place) && place >= 0 && place < device.size) continue
    throw valueError(
      "ppermute",
      `ppermute: there is no device ${shown(place)} along ${device.name}`,
      `places go from 0 to ${device.size - 1}`
    )
  }
  for (const side of [0, 1] as const) {
    if (new Set(pairs.map((pair) => pair[side])).size === pairs.length) continue
    const what = side === 0 ? "sends" : "receives"
    throw valueError("ppermute", `ppermute: a device ${what} twice`, `name each once`)
  }
  return eachLeaf("ppermute", x, (value) => moved("permute", device, value, { pairs }))
}

/** Pairs for `ppermute` that send each device's array `by` places on, around the ring of an axis. */
export const ring = (device: DeviceAxis, by = 1): ReadonlyArray<readonly [from: number, to: number]> => {
  requireAxes("ring", [device])
  requireWhole("ring", "by", by)
  return range(device.size).map((place) => [
    place,
    (((place + by) % device.size) + device.size) % device.size
  ])
}

/**
 * Part i of axis `split` sent to device i along an axis of the mesh; what comes from all devices, in their order, along
 * `concat`.
 */
export const allToAll = <D extends Tensor["dtype"], S extends Shape>(
  x: Tensor<D, S>,
  device: DeviceAxis,
  options: { readonly split: number; readonly concat: number }
): Tensor<D, Resized<S>> => {
  const value = requireTensor("allToAll", "x", x)
  const hint = "name two axes: { split: 0, concat: 1 }"
  const { split, concat } = requireRecord("allToAll", "options", options, hint)
  const params = {
    split: plainAxis("allToAll", split, value),
    concat: plainAxis("allToAll", concat, value)
  }
  return tensorOf(moved("allToAll", device, value, params))
}

/** The same array, said to lie on a mesh so: a word to the compiler, which divides the work accordingly. */
export const withSharding = <D extends Tensor["dtype"], S extends Shape>(
  x: Tensor<D, S>,
  sharding: Sharding
): Tensor<D, S> => {
  const value = requireTensor("withSharding", "x", x)
  return tensorOf(apply1("withSharding", { sharding: requireSharding("withSharding", sharding) }, value))
}
