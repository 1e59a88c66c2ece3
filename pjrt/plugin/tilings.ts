import type { Aval } from "../../dsl/shape.ts"
import type { PjrtApi } from "../../native/api.ts"
import type { Address } from "../../native/ffi.ts"
import { CompileError } from "../backend/errors.ts"
import { replicated, type Tiling, type Tilings } from "../backend/tiling.ts"
import { hloModule, only } from "./hlo-module.ts"
import { fieldsOf, numbers } from "./protobuf.ts"

/** OpSharding.Type (xla/xla_data.proto). */
const types = { replicated: 0, tuple: 2, other: 3 } as const

const unread = (what: string): CompileError =>
  new CompileError({
    code: "UNIMPLEMENTED",
    message: `the compiler does not say in a known way how ${what} lies among the partitions`,
    hint: "give each parameter and result of @main a sharding over the mesh, or none"
  })

const product = (dims: ReadonlyArray<number>): number => dims.reduce((all, dim) => all * dim, 1)

/** The place of an element of a row-major array, along each axis. */
const unravel = (index: number, dims: ReadonlyArray<number>): ReadonlyArray<number> => {
  const at = new Array<number>(dims.length)
  let rest = index
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    at[axis] = rest % dims[axis]!
    rest = Math.floor(rest / dims[axis]!)
  }
  return at
}

/** Partitions in the order of the tiles: counted up in `dims`, its axes then put in the order of `permutation`. */
const iota = (dims: ReadonlyArray<number>, permutation: ReadonlyArray<number>): ReadonlyArray<number> => {
  const order = permutation.length === 0 ? dims.map((_, axis) => axis) : permutation
  const turned = order.map((axis) => dims[axis]!)
  return Array.from({ length: product(dims) }, (_, i) => {
    const at = unravel(i, turned)
    return dims.reduce((flat, dim, axis) => flat * dim + at[order.indexOf(axis)]!, 0)
  })
}

/**
 * An OpSharding (xla/xla_data.proto). Its fields: type (1); tile_assignment_dimensions (3), of axes and then of what is
 * replicated (replicate_on_last_tile_dim (6), last_tile_dims (8)). The partitions follow in their order: listed (4), or
 * as an iota (9) transposed (10).
 */
export const tilingOf = (sharding: Uint8Array, { shape }: Aval, partitions: number, what: string): Tiling => {
  // A NamedSharding (14) of no mesh (1) is whole; XLA writes others as tiles.
  const named = only(sharding, 14)
  if (named !== undefined && only(named, 1) !== undefined) throw unread(what)
  const type = numbers(sharding, 1)[0] ?? types.replicated
  if (type === types.replicated) return replicated(shape.length, partitions)
  const dims = numbers(sharding, 3)
  const tiles = dims.slice(0, shape.length)
  const kinds = numbers(sharding, 8)
  const last = kinds.length > 0 ? kinds.length : (numbers(sharding, 6)[0] ?? 0)
  const listed = numbers(sharding, 4)
  const order = listed.length > 0 ? listed : iota(numbers(sharding, 9), numbers(sharding, 10))
  const known =
    type === types.other &&
    kinds.every((kind) => kind === types.replicated) &&
    dims.length === shape.length + last &&
    order.length === partitions &&
    product(dims) === partitions
  if (!known) throw unread(what)
  const at = Array.from({ length: partitions }, (_, partition) =>
    unravel(order.indexOf(partition), dims).slice(0, shape.length)
  )
  return { tiles, at }
}

/**
 * How a compiled program's arguments and results are divided among its partitions. The module's
 * spmd_parameters_shardings (14) and spmd_output_sharding (12) say so; a tuple (2) has its own in tuple_shardings (5).
 * With one partition all are whole. Throws a CompileError.
 */
export const tilingsOf = (
  api: PjrtApi,
  executable: Address,
  inputs: ReadonlyArray<Aval> | undefined,
  outputs: ReadonlyArray<Aval>,
  partitions: number
): Tilings => {
  const whole = (avals: ReadonlyArray<Aval>) => avals.map(({ shape }) => replicated(shape.length, partitions))
  if (partitions === 1) return { inputs: whole(inputs ?? []), outputs: whole(outputs) }
  const module = hloModule(api, executable)
  if (module === undefined || inputs === undefined) throw unread("an array")
  const fields = fieldsOf(module)
  const given = fields.filter(({ field }) => field === 14).map(({ bytes }) => bytes)
  const results = fields
    .filter(({ field }) => field === 12)
    .flatMap(({ bytes }) =>
      numbers(bytes, 1)[0] === types.tuple
        ? fieldsOf(bytes)
            .filter(({ field }) => field === 5)
            .map((each) => each.bytes)
        : [bytes]
    )
  /** Without any sharding, XLA has left all arrays whole. */
  const all = (shardings: ReadonlyArray<Uint8Array>, avals: ReadonlyArray<Aval>, what: string) => {
    if (shardings.length === 0) return whole(avals)
    if (shardings.length !== avals.length) throw unread(what)
    return avals.map((aval, i) => tilingOf(shardings[i]!, aval, partitions, `${what} ${i}`))
  }
  return { inputs: all(given, inputs, "parameter"), outputs: all(results, outputs, "output") }
}
