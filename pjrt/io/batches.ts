import { requireDim, requireFlag, requireOneOf, requireRecord, shown } from "../../dsl/required.ts"
import { unflatten } from "../../dsl/tree.ts"
import { ArgumentError } from "../backend/errors.ts"
import type { NdArray } from "./ndarray.ts"
import { type HostRows, type OfRows, rowsAt, rowsBetween, takeRows } from "./rows.ts"
import { type Seed, shuffled } from "./shuffle.ts"

/** How rows are divided into batches. */
export interface BatchOptions<N extends number = number, L extends LastBatch = LastBatch> {
  /** Rows of a batch. */
  readonly size: N
  /** How often all rows are taken; endlessly where it is left out. */
  readonly epochs?: number
  /** Whether each epoch has an order of its own (true). */
  readonly shuffle?: boolean
  /** What decides the orders: a whole number from 0, or what reading a `random.key` gives (0). */
  readonly seed?: Seed
  /**
   * What becomes of the rows that are left at the end of an epoch. `"drop"`: they are left out, so all batches have one
   * shape (so it is where this is left out). `"keep"`: a smaller batch. `"pad"`: a batch with rows of zeros after them.
   */
  readonly last?: L
}

/** What becomes of the rows that are left at the end of an epoch. */
export type LastBatch = "drop" | "keep" | "pad"

/** Some rows of the data. */
export interface Batch<T> {
  /** How many batches came before, over all epochs. */
  readonly step: number
  readonly epoch: number
  /** How many rows are the data's own; beyond them are zeros, where a batch is padded. */
  readonly rows: number
  readonly data: T
}

/** The rows of a batch: as many as was said, or unknown where the last one is kept. */
export type BatchRows<N extends number, L extends LastBatch> = "keep" extends L ? number : N

/** Data in batches. A batch depends on the seed and its step alone, so that a loop is taken up again by its step. */
export interface Batches<T, N extends number = number> {
  /** Batches of an epoch. */
  readonly perEpoch: number
  /** Batches in all; infinite where epochs are not counted. */
  readonly steps: number
  /** The batch of a step. Throws an `ArgumentError` for a step that there is not. */
  readonly at: (step: number) => Batch<HostRows<T, N>>
  /** The batches from a step on. */
  readonly from: (step: number) => Iterable<Batch<HostRows<T, N>>>
}

const requireSeed = (seed: unknown): Seed => {
  const isWhole = Number.isSafeInteger(seed) && (seed as number) >= 0
  if (isWhole || (seed instanceof Uint32Array && seed.length === 2)) return seed as Seed
  throw new ArgumentError({
    path: "seed",
    message: `seed is ${shown(seed)}, neither a whole number from 0 nor a key that was read`,
    hint: "give a number, or yield* key.read of a random.key"
  })
}

const names = ["size", "epochs", "shuffle", "seed", "last"]

const readOptions = (options: BatchOptions) => {
  const given = requireRecord("batches", "options", options, "say how large batches are: { size: 32 }")
  const other = Object.keys(given).find((name) => !names.includes(name))
  if (other !== undefined)
    throw new ArgumentError({
      path: `options.${other}`,
      message: `batches: there is no option ${shown(other)}`,
      hint: `options are ${names.join(", ")}`
    })
  const { size, epochs, shuffle = true, seed = 0, last = "drop" } = given
  return {
    size: requireDim("batches", "size", size, 1),
    epochs: epochs === undefined ? Number.POSITIVE_INFINITY : requireDim("batches", "epochs", epochs),
    shuffle: requireFlag("batches", "shuffle", shuffle),
    seed: requireSeed(seed),
    last: requireOneOf("batches", "last", last, ["drop", "keep", "pad"])
  }
}

const tooFew = (count: number, size: number): ArgumentError =>
  new ArgumentError({
    path: "size",
    message: `size is ${size}, but the data have ${count} rows: there would be no batch`,
    hint: count === 0 ? "give some rows" : 'give a smaller size, or last: "keep" or "pad"'
  })

/**
 * Divides a tree of arrays into batches of rows, in another order for each epoch. A batch is a pure function of the
 * seed and its step. So a loop that was saved at a step goes on with `from(step)`, bit for bit. Throws an
 * `ArgumentError` for data that have not as many rows each, a `ShapeError` or `ValueError` for options that are wrong.
 *
 * @example
 * const data = { x: ndarray(f32(4, 2), new Float32Array(8)), y: Int32Array.of(0, 1, 2, 3) }
 * const train = batches(data, { size: 2, epochs: 3, seed: 1 })
 * train.steps // 6
 * const { data: batch, epoch } = train.at(5)
 * epoch // 2
 * batch.x.shape // [2, 2]
 */
export const batches = <const T, const N extends number, const L extends LastBatch = "drop">(
  data: T & OfRows<T>,
  options: BatchOptions<N, L>
): Batches<T, BatchRows<N, L>> => {
  const { size, epochs, shuffle, seed, last } = readOptions(options)
  const { flat, count } = takeRows(data)
  const perEpoch = last === "drop" ? Math.floor(count / size) : Math.ceil(count / size)
  if (perEpoch === 0) throw tooFew(count, size)
  const steps = perEpoch * epochs
  let known: { readonly epoch: number; readonly order: Uint32Array } | undefined
  const orderOf = (epoch: number): Uint32Array => {
    if (known?.epoch !== epoch) known = { epoch, order: shuffled(seed, epoch, count) }
    return known.order
  }
  const take = (array: NdArray, epoch: number, from: number, to: number): NdArray => {
    const wanted = last === "pad" ? size : to - from
    if (shuffle) return rowsAt(array, orderOf(epoch).subarray(from, to), wanted)
    if (to - from === wanted) return rowsBetween(array, from, to)
    return rowsAt(
      array,
      Uint32Array.from({ length: to - from }, (_, i) => from + i),
      wanted
    )
  }
  const at = (step: number): Batch<never> => {
    const checked = requireDim("batches", "step", step)
    if (checked >= steps)
      throw new ArgumentError({
        path: "step",
        message: `step is ${checked}, but there are ${steps} batches`,
        hint: "steps count from 0, over all epochs"
      })
    const epoch = Math.floor(checked / perEpoch)
    const from = (checked % perEpoch) * size
    const to = Math.min(from + size, count)
    const taken = flat.leaves.map((array) => take(array, epoch, from, to))
    return { step: checked, epoch, rows: to - from, data: unflatten(flat.structure, taken) as never }
  }
  const iterate = function* (first: number) {
    for (let step = first; step < steps; step++) yield at(step)
  }
  return {
    perEpoch,
    steps,
    at,
    // A list of its own each time it is asked for.
    from: (step) => {
      const first = requireDim("batches", "step", step)
      return { [Symbol.iterator]: () => iterate(first) }
    }
  }
}
