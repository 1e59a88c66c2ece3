import * as Effect from "effect/Effect"
import { isRecord, shown } from "../../dsl/required.ts"
import { keyPath } from "../../dsl/tree.ts"
import { membersOf, type OpenMember, ZipFault } from "../../native/zip/reader.ts"
import { ArgumentError } from "../backend/errors.ts"
import { NpyError, type NpyHeader, npyArray, npyHeaderBytes, readNpyHeader } from "../formats/npy.ts"
import { npzParts } from "../formats/npz.ts"
import type { FileError, FormatError, MismatchError, ReadError } from "./errors.ts"
import { type IoError, openFile, requirePath, roomFor, working, writeParts } from "./file.ts"
import { type NamedArrays, type NamedSpecs, requireAval, requireNamedSpecs, requireNames } from "./fitting.ts"
import { type AnyNdArray, isNdArray, NdArray } from "./ndarray.ts"
import { notAnArray } from "./npy.ts"

const npzFaults = [
  [ZipFault, "npz files are made by numpy.savez, and by writeNpz; copy it again"],
  [NpyError, "npz files hold arrays as numpy.savez writes them; allow no pickled objects"]
] as const

const ending = ".npy"

/** Reads an array of an archive as it is unpacked: its header first, then its elements where they are to stay. */
const readMember = async (
  file: string,
  member: OpenMember,
  accept: (header: NpyHeader) => void
): Promise<NdArray> => {
  let made: NdArray | undefined
  await member.read(async (parts) => {
    let start: Uint8Array = new Uint8Array(0)
    let header: NpyHeader | undefined
    let elements = new Uint8Array(0)
    let filled = 0
    const take = (part: Uint8Array) => {
      const kept = part.subarray(0, elements.length - filled)
      elements.set(kept, filled)
      filled += kept.length
    }
    const begin = () => {
      try {
        header = readNpyHeader(start, member.size)
      } catch (error) {
        throw error instanceof NpyError ? new NpyError(`member ${member.name}: ${error.message}`) : error
      }
      accept(header)
      elements = roomFor(file, header.bytes)
      take(start.subarray(header.start))
    }
    for await (const part of parts) {
      if (header !== undefined) take(part)
      else {
        start = Buffer.concat([start, part])
        if (start.length >= Math.min(member.size, npyHeaderBytes)) begin()
      }
    }
    if (header === undefined) begin()
    const { dtype, shape, bytes } = npyArray(header!, elements)
    made = new NdArray(dtype, shape, bytes)
  })
  return made!
}

const read = (path: string, specs: NamedSpecs | undefined) =>
  Effect.gen(function* () {
    const name = yield* requirePath("readNpz", path)
    const file = yield* openFile(name)
    return yield* working<Readonly<Record<string, NdArray>>, IoError>(
      name,
      async () => {
        const wanted = specs === undefined ? undefined : requireNamedSpecs("readNpz", specs)
        const all = await membersOf(file.handle, file.size)
        const foreign = all.find((member) => !member.name.endsWith(ending))
        if (foreign !== undefined) throw new NpyError(`member ${foreign.name} is no array`)
        const members = new Map(all.map((member) => [member.name.slice(0, -ending.length), member]))
        const names = wanted === undefined ? [...members.keys()] : Object.keys(wanted)
        requireNames(name, names, [...members.keys()])
        const arrays: Array<readonly [string, NdArray]> = []
        for (const key of names) {
          const accept = (header: NpyHeader) => {
            if (wanted !== undefined) requireAval(name, key, header, wanted[key]!)
          }
          arrays.push([key, await readMember(name, members.get(key)!, accept)])
        }
        return Object.fromEntries(arrays)
      },
      npzFaults
    )
  }).pipe(Effect.scoped)

/**
 * Reads arrays by name that `numpy.savez` or `writeNpz` has written. With specs the result has those arrays alone, and
 * any other dtype, shape or name fails with a `MismatchError`. A file that is none or damaged fails with a
 * `FormatError`, one that cannot be read with a `FileError`, arguments of another kind with an `ArgumentError`.
 *
 * @example
 * yield* writeNpz("run.npz", { loss: ndarray(f32(2), [3, 1]), step: ndarray(i32(), 7) })
 * const { loss } = yield* readNpz("run.npz", { loss: f32(2) })
 * loss.data // Float32Array [3, 1]
 */
export const readNpz = read as {
  <const T extends NamedSpecs>(
    path: string,
    specs: T
  ): Effect.Effect<NamedArrays<T>, ReadError | MismatchError | ArgumentError>
  (path: string): Effect.Effect<Readonly<Record<string, AnyNdArray>>, ReadError | ArgumentError>
}

/** Refuses what are no arrays by name. Throws an ArgumentError. */
export const requireArrays = (operation: string, arrays: unknown): Readonly<Record<string, NdArray>> => {
  if (!isRecord(arrays))
    throw new ArgumentError({
      path: "arrays",
      message: `arrays is ${shown(arrays)}, not a record of arrays`,
      hint: `give each a name: ${operation}("FILE", { x: ndarray(f32(3), [1, 2, 3]) })`
    })
  for (const [key, array] of Object.entries(arrays))
    if (!isNdArray(array)) throw notAnArray(keyPath("arrays", key), array)
  return arrays as Readonly<Record<string, NdArray>>
}

/**
 * Writes arrays by name for `numpy.load` and `readNpz`, whole or not at all. Fails with a `FileError` where the file
 * cannot be written, and with an `ArgumentError` for what is no array of `ndarray`.
 *
 * @example
 * yield* writeNpz("two.npz", { a: ndarray(i64(), 2n), b: ndarray(f64(1), [0.5]) })
 * const arrays = yield* readNpz("two.npz")
 * Object.keys(arrays) // ["a", "b"]
 */
export const writeNpz = (
  path: string,
  arrays: Readonly<Record<string, NdArray>>
): Effect.Effect<void, FileError | FormatError | ArgumentError> =>
  Effect.gen(function* () {
    const name = yield* requirePath("writeNpz", path)
    yield* writeParts(name, () => npzParts(Object.entries(requireArrays("writeNpz", arrays))))
  })
