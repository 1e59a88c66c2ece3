import { count } from "./count.ts"
import { shapeError } from "./errors.ts"
import { type Aval, type Shape, show } from "./shape.ts"

/** Devices in a grid with named axes, the last of which varies fastest: `{x: 2, y: 4}` is two rows of four devices. */
export interface Mesh<A extends Readonly<Record<string, number>> = Readonly<Record<string, number>>> {
  readonly axes: A
}

export const meshSize = ({ axes }: Mesh): number => Object.values(axes).reduce((a, b) => a * b, 1)

export const sameMesh = (a: Mesh, b: Mesh): boolean =>
  JSON.stringify(Object.entries(a.axes)) === JSON.stringify(Object.entries(b.axes))

export const showMesh = ({ axes }: Mesh): string =>
  `{${Object.entries(axes)
    .map(([name, size]) => `${name}: ${size}`)
    .join(", ")}}`

/** For each axis of an array the axes of the mesh among whose devices it is divided. */
export type PartitionSpec = ReadonlyArray<ReadonlyArray<string>>

/** How an array lies on the devices of a mesh. An axis of the array that is not spoken of is whole on each. */
export interface Sharding {
  readonly mesh: Mesh
  readonly spec: PartitionSpec
}

/** Among how many parts an axis is divided. */
export const partsOf = ({ axes }: Mesh, names: ReadonlyArray<string> | undefined): number =>
  (names ?? []).reduce((parts, name) => parts * axes[name]!, 1)

/** The type of each device's part of an array. Refuses what cannot be divided evenly. */
export const localAval = (op: string, on: Mesh, spec: PartitionSpec, aval: Aval): Aval => {
  if (spec.length > aval.shape.length) {
    throw shapeError(
      op,
      `${op}: a sharding of ${count(spec.length, "axis", "axes")} is given for ${show(aval)}`,
      "a sharding has at most one entry for each axis of the array"
    )
  }
  const shape = aval.shape.map((dim, axis) => {
    const parts = partsOf(on, spec[axis])
    if (dim % parts === 0) return dim / parts
    throw shapeError(
      op,
      `${op}: axis ${axis} of ${show(aval)} cannot be divided among ${parts} devices (${spec[axis]!.join(", ")} of the mesh ${showMesh(on)})`,
      "pad the array, or divide another axis"
    )
  })
  return { dtype: aval.dtype, shape }
}

/** The type of the array that the devices' parts make. */
export const globalAval = (on: Mesh, spec: PartitionSpec, aval: Aval): Aval => ({
  dtype: aval.dtype,
  shape: aval.shape.map((dim, axis) => dim * partsOf(on, spec[axis]))
})

/** The mesh axes along which a collective combines devices, or the axis of a batch, which has no mesh. */
export interface Along {
  readonly mesh: Mesh | null
  readonly names: ReadonlyArray<string>
}

/** Each device's place along the axes of a mesh, device by device. */
const places = ({ axes }: Mesh): ReadonlyArray<Readonly<Record<string, number>>> => {
  let all: ReadonlyArray<Readonly<Record<string, number>>> = [{}]
  for (const [name, size] of Object.entries(axes)) {
    all = all.flatMap((place) => Array.from({ length: size }, (_, i) => ({ ...place, [name]: i })))
  }
  return all
}

/** The devices in groups that differ in nothing but their place along the named axes, in the order of these. */
export const groupsAlong = (on: Mesh, names: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<number>> => {
  const groups = new Map<string, Array<readonly [order: number, device: number]>>()
  places(on).forEach((place, device) => {
    const others = Object.entries(place).filter(([name]) => !names.includes(name))
    const order = names.reduce((at, name) => at * on.axes[name]! + place[name]!, 0)
    const key = JSON.stringify(others)
    groups.set(key, [...(groups.get(key) ?? []), [order, device]])
  })
  return [...groups.values()].map((group) => group.sort((a, b) => a[0] - b[0]).map(([, device]) => device))
}

/** For each device of a mesh, where its part of an array begins. */
export const partStarts = (
  on: Mesh,
  spec: PartitionSpec,
  local: Shape
): ReadonlyArray<ReadonlyArray<number>> =>
  places(on).map((place) =>
    local.map((dim, axis) => {
      const names = spec[axis] ?? []
      return dim * names.reduce((at, name) => at * on.axes[name]! + place[name]!, 0)
    })
  )
