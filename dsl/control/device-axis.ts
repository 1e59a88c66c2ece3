import { scopeError } from "../errors.ts"
import type { Mesh } from "../mesh.ts"
import { isObject, shown } from "../required.ts"
import { isMesh } from "../sharding.ts"
import { isTensor, type Tensor } from "../tensor.ts"

/** An axis of a mesh within shardMap: what collectives go along, and where along it a device is. */
export interface DeviceAxis<N extends string = string, S extends number = number> {
  readonly name: N
  /** How many devices there are along it. */
  readonly size: S
  /** The device's place along it, from 0. */
  readonly index: Tensor<"i32", readonly []>
  readonly mesh: Mesh
}

const isDeviceAxis = (value: unknown): value is DeviceAxis => {
  if (!isObject(value)) return false
  const { name, size, index, mesh } = value as Partial<DeviceAxis>
  return isTensor(index) && isMesh(mesh) && typeof name === "string" && mesh.axes[name] === size
}

/** Axes of devices are those that `shardMap` hands to its function. */
export const requireAxes = (op: string, axes: ReadonlyArray<DeviceAxis>): ReadonlyArray<DeviceAxis> => {
  for (const axis of axes) {
    if (isDeviceAxis(axis)) continue
    throw scopeError(
      op,
      `${op}: an axis is ${shown(axis)}, not one of a mesh`,
      "take it from what shardMap gives its function: shardMap((axes, x) => psum(x, axes.x), …)"
    )
  }
  return axes
}
