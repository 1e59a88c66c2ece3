import * as Effect from "effect/Effect"
import type { DType } from "../../dsl/dtype.ts"
import { shown } from "../../dsl/required.ts"
import type { Shape } from "../../dsl/shape.ts"
import { isSpec, type Spec } from "../../dsl/spec.ts"
import { ArgumentError } from "../backend/errors.ts"
import { NpyError, npyArray, npyHeaderBytes, npyParts, readNpyHeader } from "../formats/npy.ts"
import type { FileError, FormatError, MismatchError, ReadError } from "./errors.ts"
import { type IoError, openFile, readInto, requirePath, roomFor, working, writeParts } from "./file.ts"
import { requireAval } from "./fitting.ts"
import { type AnyNdArray, isNdArray, NdArray } from "./ndarray.ts"

const npyFaults = [
  [NpyError, "npy files are made by numpy.save, and by writeNpy; allow no pickled objects"]
] as const

const read = (path: string, spec: Spec | undefined) =>
  Effect.gen(function* () {
    const name = yield* requirePath("readNpy", path)
    if (spec !== undefined && !isSpec(spec))
      return yield* new ArgumentError({
        path: "spec",
        message: `spec is ${shown(spec)}, not a spec`,
        hint: 'say what the array is: readNpy("FILE", f32(3))'
      })
    const file = yield* openFile(name)
    return yield* working<NdArray, IoError>(
      name,
      async () => {
        const start = new Uint8Array(Math.min(file.size, npyHeaderBytes))
        await readInto(file, start, 0)
        const header = readNpyHeader(start, file.size)
        if (spec !== undefined) requireAval(name, "the array", header, spec)
        const elements = roomFor(name, header.bytes)
        await readInto(file, elements, header.start)
        const { dtype, shape, bytes } = npyArray(header, elements)
        return new NdArray(dtype, shape, bytes)
      },
      npyFaults
    )
  }).pipe(Effect.scoped)

/**
 * Reads an array that `numpy.save` or `writeNpy` has written. With a spec the result has its dtype and shape, and any
 * other array fails with a `MismatchError`. A file that is none fails with a `FormatError`, one that cannot be read
 * with a `FileError`, a path that is no text with an `ArgumentError`.
 *
 * @example
 * yield* writeNpy("weights.npy", ndarray(f32(2), [1, 2]))
 * const weights = yield* readNpy("weights.npy", f32(2))
 * weights.data // Float32Array [1, 2]
 */
export const readNpy = read as {
  <D extends DType, S extends Shape>(
    path: string,
    spec: Spec<D, S>
  ): Effect.Effect<NdArray<D, S>, ReadError | MismatchError | ArgumentError>
  (path: string): Effect.Effect<AnyNdArray, ReadError | ArgumentError>
}

export const notAnArray = (path: string, value: unknown): ArgumentError =>
  new ArgumentError({
    path,
    message: `${path} is ${shown(value)}, not an array of this process`,
    hint: "make one of data: ndarray(f32(3), [1, 2, 3]); arrays on a device are saved by saveTree"
  })

/**
 * Writes an array for `numpy.load` and `readNpy`, whole or not at all. Fails with a `FileError` where the file cannot
 * be written, and with an `ArgumentError` for what is no array of `ndarray`.
 *
 * @example
 * yield* writeNpy("flags.npy", ndarray(bool(3), [true, false, true]))
 * const flags = yield* readNpy("flags.npy", bool(3))
 * flags.data // Uint8Array [1, 0, 1]
 */
export const writeNpy = (
  path: string,
  array: NdArray
): Effect.Effect<void, FileError | FormatError | ArgumentError> =>
  Effect.gen(function* () {
    const name = yield* requirePath("writeNpy", path)
    if (!isNdArray(array)) return yield* notAnArray("array", array)
    yield* writeParts(name, () => npyParts(array))
  })
