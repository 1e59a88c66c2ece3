import { count } from "./count.ts"
import { valueError } from "./errors.ts"
import { type Mesh, meshSize, type Sharding, showMesh } from "./mesh.ts"
import { isList, isObject, requireList, requireRecord, shown } from "./required.ts"

/** Each is named in a program: there are groups of them, and shards. */
const mostDevices = 2 ** 20

/**
 * Makes a mesh: devices in a grid with named axes. A program that names one runs on as many devices: the one that is
 * asked for, and those after it. Fails with a `ValueError` for an axis without a name or a size from 1.
 *
 * @example mesh({ x: 2, y: 4 }).axes // { x: 2, y: 4 }
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

/**
 * Says how an array lies on a mesh: for each of its axes the mesh axis that divides it, a list of them, or null for
 * none. Axes that are not named are whole; `sharding(m)` has the whole array on each device. Fails with a
 * `ValueError` for an axis that the mesh does not have, or one named twice.
 *
 * @example
 * const m = mesh({ x: 4 })
 * sharding(m, "x", null).spec // [["x"], []]
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
