import { count } from "../count.ts"
import { shapeError, valueError } from "../errors.ts"
import { localAval, type Mesh, type Sharding, sameMesh, showMesh } from "../mesh.ts"
import { prefixLeaves } from "../prefix.ts"
import { apply } from "../primitives/index.ts"
import type { ShardMapParams } from "../program.ts"
import { replay } from "../replay.ts"
import { requireFunction, requireRecord } from "../required.ts"
import { type Resized, show } from "../shape.ts"
import { isSharding, requireMesh } from "../sharding.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { capture, programOf } from "../trace.ts"
import { flatten, type Structure, type Tree, unflatten } from "../tree.ts"
import type { DeviceAxis } from "./device-axis.ts"

/** The axes of a mesh, by name. */
export type DeviceAxes<A> = { readonly [K in keyof A & string]: DeviceAxis<K, A[K] & number> }

/** Shardings for a tree: one for all its leaves, null for arrays that are whole on each device, or a tree of such. */
export type Shardings = Sharding | null | ReadonlyArray<Shardings> | { readonly [key: string]: Shardings }

/** A tree of the arrays that the devices' parts make: their dimensions are known only while tracing. */
export type Gathered<R> = [Tree] extends [R]
  ? Tree
  : R extends Tensor<infer D, infer S>
    ? Tensor<D, Resized<S>>
    : R extends null
      ? null
      : { -readonly [K in keyof R]: Gathered<R[K]> }

/** The mesh of a `shardMap`, and how arrays lie on it. */
export interface ShardMapOptions<A extends Readonly<Record<string, number>>> {
  readonly mesh: Mesh<A>
  /** How each argument is divided: a list with an entry for each, or one for all. */
  readonly in: Shardings
  /** How the results are put together. */
  readonly out: Shardings
}

const isShardingOrNull = (value: unknown): value is Sharding | null => value === null || isSharding(value)

/** The sharding of each leaf of a tree, all of one mesh. */
export const shardingsOf = (
  op: string,
  what: string,
  structure: Structure,
  given: unknown,
  mesh?: Mesh
): ReadonlyArray<Sharding | null> => {
  const all = prefixLeaves(op, what, structure, given, isShardingOrNull, "a sharding or null")
  const foreign = all.find((each) => each !== null && mesh !== undefined && !sameMesh(each.mesh, mesh))
  if (foreign) {
    throw valueError(
      op,
      `${op}: a sharding in ${what} is of the mesh ${showMesh(foreign.mesh)}, not of ${showMesh(mesh!)}`,
      "use one mesh"
    )
  }
  return all
}

/**
 * Runs a function on each device of a mesh, on its part of the arguments. The function gets the mesh's axes first,
 * for collectives such as `psum`; the results are put together as `out` says. Where `out` leaves out a mesh axis, the
 * result must be the same on all devices along it, as after a `psum`.
 *
 * Fails with a `ShapeError` where an array does not divide, and a `ValueError` for shardings of another mesh.
 *
 * @example
 * const m = mesh({ x: 4 })
 * const total = shardMap(({ x }, rows: Tensor<"f32", readonly [number]>) => psum(sum(rows), x), {
 *   mesh: m,
 *   in: [sharding(m, "x")],
 *   out: null
 * })
 * total(arange(8, "f32")) // 28
 */
export const shardMap =
  <
    const M extends Readonly<Record<string, number>>,
    const A extends ReadonlyArray<Tree>,
    const R extends Tree
  >(
    fn: (axes: DeviceAxes<M>, ...args: A) => R,
    options: ShardMapOptions<M>
  ) =>
  (...args: { readonly [K in keyof A]: Gathered<A[K]> }): Gathered<R> => {
    requireFunction("shardMap", "the function", fn)
    requireRecord("shardMap", "options", options, "say the mesh and how arrays lie on it: { mesh, in, out }")
    requireMesh("shardMap", options.mesh)
    const { mesh, in: inSharding, out: outSharding } = options
    const flat = flatten<Tensor>(args as ReadonlyArray<Tree>, isTensor, "shardMap", "args")
    const specs = shardingsOf("shardMap", "in", flat.structure, inSharding, mesh).map(
      (each) => each?.spec ?? []
    )
    const locals = flat.leaves.map((leaf, i) => localAval("shardMap", mesh, specs[i]!, valueOf(leaf)))
    const names = Object.keys(mesh.axes)
    const place = { dtype: "i32", shape: [] } as const
    const structure: Structure = {
      kind: "list",
      items: [{ kind: "list", items: names.map(() => ({ kind: "leaf" }) as const) }, flat.structure]
    }
    const body = (places: ReadonlyArray<Tensor<"i32", readonly []>>, given: ReadonlyArray<Tree>) => {
      const axes = names.map((name, i) => [name, { name, size: mesh.axes[name]!, index: places[i]!, mesh }])
      return fn(Object.fromEntries(axes), ...(given as unknown as A))
    }
    const traced = capture("shardMap", body as never, structure, [...names.map(() => place), ...locals])
    const out = shardingsOf("shardMap", "out", traced.outputs.structure, outSharding, mesh).map(
      (each) => each?.spec ?? []
    )
    traced.outputs.leaves.forEach((leaf, i) => {
      if (out[i]!.length <= leaf.shape.length) return
      throw shapeError(
        "shardMap",
        `shardMap: a sharding of ${count(out[i]!.length, "axis", "axes")} is given for the result ${show(leaf)}`,
        "a sharding has at most one entry for each axis of the array"
      )
    })
    const params: ShardMapParams = {
      mesh,
      in: [...traced.captured.map(() => []), ...specs],
      out,
      body: placesFirst(traced, names.length)
    }
    const results = apply("shardMap", params, [...traced.captured, ...flat.leaves.map(valueOf)])
    const leaves = results.map((result) => tensorOf<never, never>(result))
    return unflatten<Tensor>(traced.outputs.structure, leaves) as Gathered<R>
  }

/** Values that the function captures come after the device's indices, with the other operands. */
const placesFirst = (
  {
    program,
    captured
  }: { readonly program: ShardMapParams["body"]; readonly captured: ReadonlyArray<Value> },
  places: number
): ShardMapParams["body"] => {
  const avals = program.inputs.map(({ aval }) => aval)
  const own = captured.length
  const order = [...avals.slice(own, own + places), ...avals.slice(0, own), ...avals.slice(own + places)]
  return programOf(order, (values) =>
    replay(program, [
      ...values.slice(places, places + own),
      ...values.slice(0, places),
      ...values.slice(places + own)
    ])
  )
}
