import * as Effect from "effect/Effect"
import type { ArgumentError } from "../backend/errors.ts"
import {
  dtypeOf,
  headerLength,
  lengthBytes,
  readHeader,
  SafetensorsError,
  type SafetensorsHeader,
  type StoredTensor,
  writeHeader
} from "../formats/safetensors.ts"
import type { FileError, FormatError, MismatchError, ReadError } from "./errors.ts"
import {
  type IoError,
  type OpenFile,
  openFile,
  readInto,
  requirePath,
  roomFor,
  working,
  writeParts
} from "./file.ts"
import { type NamedArrays, type NamedSpecs, requireAval, requireNamedSpecs, requireNames } from "./fitting.ts"
import { type AnyNdArray, NdArray } from "./ndarray.ts"
import { requireArrays } from "./npz.ts"

export const safetensorsFaults = [
  [
    SafetensorsError,
    "safetensors files are made by the library of that name, and by saveTree; copy or save it again"
  ]
] as const

const notWritten = [[SafetensorsError, "rename, convert or leave out what the format does not take"]] as const

/** The header of a file that is open. Rejects with a SafetensorsError. */
export const headerOf = async (file: OpenFile): Promise<SafetensorsHeader> => {
  const start = new Uint8Array(Math.min(lengthBytes, file.size))
  await readInto(file, start, 0)
  const header = new Uint8Array(headerLength(start, file.size))
  await readInto(file, header, lengthBytes)
  return readHeader(header, file.size)
}

/** Named arrays of a file, and the texts that it holds beside them. */
export interface Safetensors<T> {
  readonly tensors: T
  readonly metadata: Readonly<Record<string, string>>
}

const readTensor = async (file: OpenFile, tensor: StoredTensor): Promise<NdArray> => {
  const bytes = roomFor(file.name, tensor.bytes)
  await readInto(file, bytes, tensor.at)
  // Any other byte than 0 is true, as in npy files.
  if (tensor.dtype === "bool") for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) bytes[i] = 1
  return new NdArray(dtypeOf(tensor), tensor.shape, bytes)
}

const read = (path: string, specs: NamedSpecs | undefined) =>
  Effect.gen(function* () {
    const name = yield* requirePath("readSafetensors", path)
    const file = yield* openFile(name)
    return yield* working<Safetensors<Readonly<Record<string, NdArray>>>, IoError>(
      name,
      async () => {
        const wanted = specs === undefined ? undefined : requireNamedSpecs("readSafetensors", specs)
        const { tensors, metadata } = await headerOf(file)
        const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
        const names = wanted === undefined ? [...byName.keys()] : Object.keys(wanted)
        requireNames(name, names, [...byName.keys()])
        for (const key of names) {
          const tensor = byName.get(key)!
          const dtype = dtypeOf(tensor)
          if (wanted !== undefined) requireAval(name, key, { ...tensor, dtype }, wanted[key]!)
        }
        const arrays: Array<readonly [string, NdArray]> = []
        for (const key of names) arrays.push([key, await readTensor(file, byName.get(key)!)])
        return { tensors: Object.fromEntries(arrays), metadata }
      },
      safetensorsFaults
    )
  }).pipe(Effect.scoped)

/**
 * Reads the arrays of a safetensors file by name. With specs the result has those alone, and any other dtype, shape or
 * name fails with a `MismatchError`. A file that is none or damaged fails with a `FormatError`, and so does a dtype that
 * loopcarry does not have. A file that cannot be read fails with a `FileError`, arguments of another kind with an
 * `ArgumentError`. `loadTree` loads such a file to a device.
 *
 * @example
 * yield* writeSafetensors("model.safetensors", { w: ndarray(bf16(2), [1, 2]) }, { made: "today" })
 * const { tensors, metadata } = yield* readSafetensors("model.safetensors", { w: bf16(2) })
 * tensors.w.data // Float32Array [1, 2]
 * metadata.made // "today"
 */
export const readSafetensors = read as {
  <const T extends NamedSpecs>(
    path: string,
    specs: T
  ): Effect.Effect<Safetensors<NamedArrays<T>>, ReadError | MismatchError | ArgumentError>
  (path: string): Effect.Effect<Safetensors<Readonly<Record<string, AnyNdArray>>>, ReadError | ArgumentError>
}

/**
 * Writes arrays by name as a safetensors file, with texts beside them, whole or not at all. The format has no c128: such
 * an array fails with a `FormatError`. Fails with a `FileError` where the file cannot be written, and with an
 * `ArgumentError` for what is no array of `ndarray`.
 *
 * @example
 * yield* writeSafetensors("one.safetensors", { x: ndarray(u8(2), [1, 2]) })
 * const { tensors } = yield* readSafetensors("one.safetensors")
 * String(tensors.x) // "u8[2]"
 */
export const writeSafetensors = (
  path: string,
  arrays: Readonly<Record<string, NdArray>>,
  metadata: Readonly<Record<string, string>> = {}
): Effect.Effect<void, FileError | FormatError | ArgumentError> =>
  Effect.gen(function* () {
    const name = yield* requirePath("writeSafetensors", path)
    yield* writeParts(
      name,
      () => {
        const named = new Map(Object.entries(requireArrays("writeSafetensors", arrays)))
        const avals = [...named].map(([key, { dtype, shape }]) => ({ name: key, dtype, shape }))
        const { header, tensors } = writeHeader(avals, metadata)
        return [header, ...tensors.map((tensor) => named.get(tensor.name)!.bytes)]
      },
      notWritten
    )
  })
