import { count } from "./count.ts"
import { shapeError, valueError } from "./errors.ts"
import { isList, isObject, requireList, requireRecord, shown } from "./required.ts"
import { type Aval, type Shape, show } from "./shape.ts"

/** Devices in a grid with named axes, the last of which varies fastest: `{x: 2, y: 4}` is two rows of four devices. */
export interface Mesh<A extends Readonly<Record<string, number>> = Readonly<Record<string, number>>> {
  readonly axes: A
}

/** Each is named in a program: there are groups of them, and shards. */
const mostDevices = 2 ** 20

/**
 * Makes a mesh. A program that speaks of one runs on as many devices as it has: the device that is asked for, and those
 * after it.
 *
 * @example mesh({ x: 4 })
 */
export const mesh = <const A extends Readonly<Record<string, number>>>(axes: A): Mesh<A> => {
  requireRecord("mesh", "axes", axes, "name each axis with its number of devices: mesh({ x: 4 })")
  for (const [name, size] of Object.entries(axes)) {
    if (!/^[A-Za-z_]\w*$/.test(name))
      throw valueError(
        "mesh",
        `mesh: ${JSON.stringify(name)} is no name for an axis`,
        "use letters and digits"
      )
    if (!Number.isSafeInteger(size) || size < 1)
      throw valueError(
        "mesh",
        `mesh: axis ${name} has ${Number.isFinite(size) ? count(size, "device") : shown(size)}`,
        "give a whole number from 1"
      )
  }
  if (Object.keys(axes).length === 0)
    throw valueError("mesh", "mesh: there is no axis", "name at least one: mesh({ x: 4 })")
  const devices = meshSize({ axes })
  if (devices > mostDevices)
    throw valueError(
      "mesh",
      `mesh: it has ${devices} devices; there are at most ${mostDevices}`,
      "give fewer"
    )
  return { axes: { ...axes } }
}

/** What `mesh` makes, or is written as it makes it. */
export const isMesh = (value: unknown): value is Mesh => {
  const axes = isObject(value) ? (value as Partial<Mesh>).axes : undefined
  if (!isObject(axes) || isList(axes)) return false
  const sizes: ReadonlyArray<unknown> = Object.values(axes)
  return (
    sizes.every((size) => Number.isSafeInteger(size) && (size as number) >= 1) &&
    meshSize({ axes }) <= mostDevices
  )
}

export const requireMesh = <M extends Mesh>(op: string, value: M): M => {
  if (isMesh(value)) return value
  throw valueError(op, `${op}: the mesh is ${shown(value)}, not a mesh`, "make one: mesh({ x: 4 })")
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

/**
 * How an array lies on a mesh: for each of its axes the mesh axis that divides it, several of them, or null for none.
 * Axes beyond those named are whole; `sharding(m)` has the whole array on each device.
 *
 * @example sharding(m, "x", null)
 */
export const sharding = <A extends Readonly<Record<string, number>>>(
  on: Mesh<A>,
  ...spec: ReadonlyArray<(keyof A & string) | null | ReadonlyArray<keyof A & string>>
): Sharding => {
  requireMesh("sharding", on)
  const plain = spec.map((part): ReadonlyArray<string> => {
    if (part === null) return []
    return typeof part === "string"
      ? [part]
      : requireList("sharding", "an entry", part, "name an axis of the mesh, several in a list, or null")
  })
  const named = plain.flat()
  for (const name of named) {
    if (typeof name !== "string" || !Object.hasOwn(on.axes, name))
      throw valueError(
        "sharding",
        `sharding: the mesh ${showMesh(on)} has no axis ${typeof name === "string" ? name : shown(name)}`,
        "name one of its axes"
      )
  }
  if (new Set(named).size !== named.length)
    throw valueError(
      "sharding",
      `sharding: a mesh axis is named twice`,
      "each can divide one axis of the array"
    )
  return { mesh: on, spec: plain }
}

/** What `sharding` makes, or is written as it makes it. */
export const isSharding = (value: unknown): value is Sharding => {
  if (!isObject(value)) return false
  const { mesh: on, spec } = value as Partial<Sharding>
  const isAxis = (name: unknown) => typeof name === "string" && isMesh(on) && Object.hasOwn(on.axes, name)
  return isMesh(on) && isList(spec) && [...spec].every((part) => isList(part) && [...part].every(isAxis))
}

export const requireSharding = (op: string, value: Sharding): Sharding => {
  if (isSharding(value)) return value
  throw valueError(
    op,
    `${op}: the sharding is ${shown(value)}, not a sharding`,
    'make one: sharding(mesh({ x: 4 }), "x")'
  )
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

/** Axes of a mesh that a collective goes along, or the axis of a batch, which has no mesh. */
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
