import { apply } from "../../primitives/index.ts"
import type { Cumulative, Params, Primitive, Program } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import { broadcast, range } from "../../values.ts"

/** Values, and which of them are batched: those have the batch as their first axis. */
export interface Batched {
  readonly values: ReadonlyArray<Value>
  readonly batched: ReadonlyArray<boolean>
}

/**
 * Applies a whole program to a batch, for rules of primitives that hold programs. `counts` says which members of the
 * batch count; undefined: all.
 */
export type BatchProgram = (
  program: Program,
  inputs: Batched,
  size: number,
  counts: Value | undefined
) => Batched

export interface BatchSite<P extends Primitive> {
  readonly primitive: P
  readonly params: Params[P]
  readonly inputs: ReadonlyArray<Value>
  /** Which inputs are batched: at least one is. */
  readonly batched: ReadonlyArray<boolean>
  /** The length of the batch. */
  readonly size: number
  /** The mesh axis whose devices are the batch; undefined for other batches. */
  readonly axis: string | undefined
  /** Which members of the batch count: those that take this branch, or whose loop still runs. Undefined: all. */
  readonly counts: Value | undefined
  readonly batch: BatchProgram
}

export type BatchRule<P extends Primitive> = (site: BatchSite<P>) => Batched
export type BatchRules<P extends Primitive> = { readonly [K in P]: BatchRule<K> }

/** Repeats a value along a new first axis. */
export const repeated = (value: Value, size: number): Value =>
  broadcast(value, [size, ...value.shape], range(value.shape.length, 1))

/** Adds a batch axis to a value that has none. */
export const batchedInput = (value: Value, isBatched: boolean, size: number): Value =>
  isBatched ? value : repeated(value, size)

export const allBatched = ({
  inputs,
  batched,
  size
}: Pick<BatchSite<Primitive>, "inputs" | "batched" | "size">): ReadonlyArray<Value> =>
  inputs.map((input, i) => batchedInput(input, batched[i]!, size))

export const yes = (values: ReadonlyArray<Value>): Batched => ({ values, batched: values.map(() => true) })

export const shifted = (axes: ReadonlyArray<number>): ReadonlyArray<number> => axes.map((axis) => axis + 1)

/** Applies an operation along its axis, which the batch moves up by one. */
export const alongAxis = <P extends Cumulative | "argmax" | "argmin">({
  primitive,
  params,
  inputs
}: BatchSite<P>) => yes(apply<P>(primitive, { ...params, axis: params.axis + 1 }, inputs))
