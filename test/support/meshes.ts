import type { Specs } from "../../dsl/spec.ts"
import { mesh, type Sharding, type Shardings, sharding, type Tensor } from "../../pjrt/loopcarry.ts"

/** A function of whole arrays that a mesh of devices works out, with how its arguments lie. */
export interface Sharded {
  readonly specs: ReadonlyArray<Specs>
  readonly fn: (...args: ReadonlyArray<never>) => unknown
  readonly in?: Shardings
  readonly out?: Shardings
  /** How many devices it takes, where that is not four. */
  readonly devices?: 8
  /** The same in plain words, without devices: what derivatives are held against, whose rules know of devices. */
  readonly plain?: (...args: ReadonlyArray<never>) => unknown
}

export type Any = Tensor<"f32">
export type Ints = Tensor<"i32">
export type Matrix = Tensor<"f32", readonly [number, number]>
export type Row = Tensor<"f32", readonly [number]>

export const line = mesh({ x: 4 })
export const grid = mesh({ x: 2, y: 4 })

export const rows: Sharding = sharding(line, "x")
export const tiles = sharding(grid, "x", "y")
export const across = sharding(grid, null, ["y", "x"])
