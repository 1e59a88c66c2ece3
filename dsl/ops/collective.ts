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
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { Tree } from "../tree.ts"
import { div, filled, range, reshape } from "../values.ts"
import { eachLeaf } from "./each-leaf.ts"

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

const reduced = <T extends Tree>(op: string, how: "sum" | "max" | "min", x: T, axes: Axes): T => {
  const all = axesOf(op, axes)
  const along = alongOf(op, all)
  return eachLeaf(op, x, (value) => apply1("allReduce", { op: how, along }, value, ...tiesOf(all)))
}

/**
 * Sums over the devices along axes of the mesh; each of them gets the sum. Of a tree it sums each array. Fails with a
 * `ScopeError` for an axis that `shardMap` did not give.
 *
 * @example
 * const m = mesh({ x: 4 })
 * const rows = sharding(m, "x")
 * const each = shardMap(({ x }, part: Tensor<"f32", readonly [number]>) => psum(part, x), { mesh: m, in: rows, out: null })
 * each(arange(4, "f32")) // f32[1]: [6]
 */
export const psum = <const T extends Tree>(x: T, axes: Axes): T => reduced("psum", "sum", x, axes)

/**
 * Gives the greatest of each element over the devices along axes of the mesh. Has no derivative. Fails with a
 * `ScopeError` for an axis that `shardMap` did not give.
 *
 * @example
 * const m = mesh({ x: 4 })
 * const rows = sharding(m, "x")
 * const each = shardMap(({ x }, part: Tensor<"f32", readonly [number]>) => pmax(part, x), { mesh: m, in: rows, out: null })
 * each(arange(4, "f32")) // f32[1]: [3]
 */
export const pmax = <const T extends Tree>(x: T, axes: Axes): T => reduced("pmax", "max", x, axes)

/**
 * Gives the least of each element over the devices along axes of the mesh. Has no derivative. Fails with a
 * `ScopeError` for an axis that `shardMap` did not give.
 *
 * @example
 * const m = mesh({ x: 4 })
 * const rows = sharding(m, "x")
 * const each = shardMap(({ x }, part: Tensor<"f32", readonly [number]>) => pmin(part, x), { mesh: m, in: rows, out: null })
 * each(arange(4, "f32")) // f32[1]: [0]
 */
export const pmin = <const T extends Tree>(x: T, axes: Axes): T => reduced("pmin", "min", x, axes)

/**
 * Gives the mean over the devices along axes of the mesh, on each of them. Fails with a `ScopeError` for an axis that
 * `shardMap` did not give.
 *
 * @example
 * const m = mesh({ x: 4 })
 * const rows = sharding(m, "x")
 * const each = shardMap(({ x }, part: Tensor<"f32", readonly [number]>) => pmean(part, x), { mesh: m, in: rows, out: null })
 * each(arange(4, "f32")) // f32[1]: [1.5]
 */
export const pmean = named("pmean", <const T extends Tree>(x: T, axes: Axes): T => {
  const count = axesOf("pmean", axes).reduce((product, { size }) => product * size, 1)
  return eachLeaf("pmean", psum(x, axes), (total) => div(total, filled(total, count)))
})

/**
 * Gives the device's place along an axis of the mesh, from 0, as i32[]. Fails with a `ScopeError` for an axis that
 * `shardMap` did not give.
 *
 * @example
 * const m = mesh({ x: 4 })
 * const rows = sharding(m, "x")
 * const each = shardMap(({ x }, part: Tensor<"f32", readonly [number]>) => mul(part, convert(axisIndex(x), "f32")), { mesh: m, in: rows, out: rows })
 * each(arange(4, "f32")) // [0, 1, 4, 9]
 */
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
 * Gathers the arrays of all devices along an axis of the mesh, on each of them. They are stacked along a new `axis`
 * (0); with `tiled` they are joined along one that is there. Fails with a `ScopeError` for an axis that `shardMap`
 * did not give.
 *
 * @example
 * const m = mesh({ x: 4 })
 * const rows = sharding(m, "x")
 * const each = shardMap(({ x }, part: Tensor<"f32", readonly [number]>) => allGather(part, x, { tiled: true }), { mesh: m, in: rows, out: null })
 * each(arange(4, "f32")) // f32[4]: [0, 1, 2, 3]
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
  const given = requireOptions("allGather", options, ["axis", "tiled"])
  const tiled = requireFlag("allGather", "tiled", given.tiled)
  const at = plainAxis("allGather", given.axis ?? 0, value, value.shape.length + (tiled ? 0 : 1))
  const shape = [...value.shape.slice(0, at), 1, ...value.shape.slice(at)]
  const parts = tiled ? value : reshape(value, shape)
  return tensorOf<never, never>(moved("allGather", device, parts, { axis: at })) as never
})

/**
 * Sums over the devices along an axis of the mesh; each device gets its part of `axis` (0). Fails with a `ScopeError`
 * for an axis that `shardMap` did not give. Fails with a `ShapeError` where the axis does not divide.
 *
 * @example
 * const m = mesh({ x: 4 })
 * const rows = sharding(m, "x")
 * const each = shardMap(({ x }, part: Tensor<"f32", readonly [number]>) => psumScatter(allGather(part, x, { tiled: true }), x), { mesh: m, in: rows, out: rows })
 * each(arange(4, "f32")) // [0, 4, 8, 12]
 */
export const psumScatter = named(
  "psumScatter",
  <D extends Tensor["dtype"], S extends Shape>(
    x: Tensor<D, S>,
    device: DeviceAxis,
    options?: { readonly axis?: number }
  ): Tensor<D, Resized<S>> => {
    const value = requireTensor("psumScatter", "x", x)
    const at = plainAxis("psumScatter", requireOptions("psumScatter", options, ["axis"]).axis ?? 0, value)
    return tensorOf(moved("reduceScatter", device, value, { axis: at }))
  }
)

/**
 * Sends each device's array to another along an axis of the mesh, by pairs of places `[from, to]`. A device to which
 * nothing is sent has zeros. Fails with a `ScopeError` for an axis that `shardMap` did not give. Fails with a
 * `ValueError` for pairs that name a device twice or one that is not there.
 *
 * @example
 * const m = mesh({ x: 4 })
 * const rows = sharding(m, "x")
 * const each = shardMap(({ x }, part: Tensor<"f32", readonly [number]>) => ppermute(part, x, [[0, 1], [1, 2]]), { mesh: m, in: rows, out: rows })
 * each(arange(4, "f32")) // [0, 0, 1, 0]
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

/**
 * Makes the pairs for `ppermute` that send each device's array `by` places on around the ring of an axis. Fails with
 * a `ScopeError` for an axis that `shardMap` did not give.
 *
 * @example
 * const m = mesh({ x: 4 })
 * const rows = sharding(m, "x")
 * const each = shardMap(({ x }, part: Tensor<"f32", readonly [number]>) => ppermute(part, x, ring(x)), { mesh: m, in: rows, out: rows })
 * each(arange(4, "f32")) // [3, 0, 1, 2]
 */
export const ring = (device: DeviceAxis, by = 1): ReadonlyArray<readonly [from: number, to: number]> => {
  requireAxes("ring", [device])
  requireWhole("ring", "by", by)
  return range(device.size).map((place) => [
    place,
    (((place + by) % device.size) + device.size) % device.size
  ])
}

/**
 * Sends part i of axis `split` to device i along an axis of the mesh. What comes from all devices is joined in their
 * order along `concat`. Fails with a `ScopeError` for an axis that `shardMap` did not give. Fails with a `ShapeError`
 * where the axis does not divide.
 *
 * @example
 * const m = mesh({ x: 4 })
 * const rows = sharding(m, "x")
 * const each = shardMap(({ x }, part: Tensor<"f32", readonly [number]>) => allToAll(part, x, { split: 0, concat: 0 }), { mesh: m, in: rows, out: rows })
 * each(arange(16, "f32")) // f32[16]: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15]
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

/**
 * Gives the same array, and tells the compiler how it lies on a mesh; the compiler divides the work accordingly.
 * Fails with a `ShapeError` where the array does not divide, and a `ValueError` for what is no sharding.
 *
 * @example withSharding(arange(4), sharding(mesh({ x: 2 }), "x")) // [0, 1, 2, 3]
 */
export const withSharding = <D extends Tensor["dtype"], S extends Shape>(
  x: Tensor<D, S>,
  sharding: Sharding
): Tensor<D, S> => {
  const value = requireTensor("withSharding", "x", x)
  return tensorOf(apply1("withSharding", { sharding: requireSharding("withSharding", sharding) }, value))
}
