import * as Effect from "effect/Effect"
import { isTraceError } from "../../dsl/errors.ts"
import { requireOptions } from "../../dsl/required.ts"
import { ArgumentError, type TransferError } from "../backend/errors.ts"
import { SafetensorsError, writeHeader } from "../formats/safetensors.ts"
import type { FileError, FormatError } from "./errors.ts"
import { replacing, requirePath, working, writeAt } from "./file.ts"
import { checksumKey, type OfSaved, planOf } from "./saved.ts"
import { writeArray } from "./write-array.ts"

/** Why a tree cannot be saved. */
export type SaveError = FileError | FormatError | ArgumentError | TransferError

/** What may be said beside a tree when it is saved. */
export interface SaveOptions {
  /** Texts that are kept beside the arrays. */
  readonly metadata?: Readonly<Record<string, string>>
}

/** What is wrong with an argument, as an error of ours. */
export const argumentError = (error: unknown, path: string): ArgumentError => {
  if (error instanceof ArgumentError) return error
  if (!isTraceError(error)) throw error
  const { message, hint } = error
  return new ArgumentError({ path: "path" in error ? error.path : path, message, hint })
}

/** The checksums of tensors, in the order of their bytes: as long whatever they are. */
const checksumText = (sums: ReadonlyArray<number>): string =>
  sums.map((sum) => sum.toString(16).padStart(8, "0")).join("")

const faults = [[SafetensorsError, "rename or leave out what the format does not take"]] as const

/** `saveTree` of a tree whose type nobody has checked. */
export const saveAny = (
  path: string,
  tree: unknown,
  options: SaveOptions | undefined
): Effect.Effect<void, SaveError> =>
  Effect.gen(function* () {
    const name = yield* requirePath("saveTree", path)
    const { sources, avals, metadata } = yield* Effect.try({
      try: () => planOf(tree, requireOptions("saveTree", options, ["metadata"]).metadata ?? {}),
      catch: (error) => argumentError(error, "tree")
    })
    const headerWith = (sums: ReadonlyArray<number>) =>
      writeHeader(avals, { ...metadata, [checksumKey]: checksumText(sums) })
    // As long as the one with the true checksums, which are known only once all is written.
    const { tensors } = yield* working(name, async () => headerWith(avals.map(() => 0)), faults)
    yield* replacing(name, (file) =>
      Effect.gen(function* () {
        const sums: Array<number> = []
        for (const tensor of tensors)
          sums.push(yield* writeArray(name, file, sources.get(tensor.name)!, tensor.at))
        yield* working(name, () => writeAt(file, headerWith(sums).header, 0))
      })
    )
  })

/**
 * Saves a tree of arrays as a safetensors file: device arrays, arrays of `ndarray`, typed arrays and numbers, in records
 * and lists, null for nothing. Bits stay as they are. Numbers have no dtype until they are loaded. An array that is
 * divided among devices is written a part at a time. The file is whole or not there: a failure leaves the old one. Fails
 * with a `FileError` where it cannot be written, with an `ArgumentError` for what cannot be saved, and with a
 * `TransferError` of the device.
 *
 * @example
 * const step = jit([f32(2)], (w) => ({ w: mul(w, 2), steps: scalar(1, "i32") }))
 * yield* saveTree("state.safetensors", yield* step([1, 2]))
 * const state = yield* loadTree("state.safetensors", { w: f32(2), steps: i32() })
 * yield* read(state) // { w: [2, 4], steps: 1 }
 */
export const saveTree = <const T>(
  path: string,
  tree: T & OfSaved<T>,
  options?: SaveOptions
): Effect.Effect<void, SaveError> => saveAny(path, tree, options)
