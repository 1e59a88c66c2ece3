import type { FileHandle } from "node:fs/promises"
import { crc32 } from "node:zlib"
import * as Effect from "effect/Effect"
import { localAval, partStarts } from "../../dsl/mesh.ts"
import { type Aval, bytesOf } from "../../dsl/shape.ts"
import { viewOf } from "../../native/ffi.ts"
import { isSharded, type ShardedArray } from "../array/sharded.ts"
import type { DeviceBuffer } from "../backend/backend.ts"
import type { TransferError } from "../backend/errors.ts"
import { eachRun, representatives } from "../backend/partition.ts"
import type { FileError, FormatError } from "./errors.ts"
import { working, writeAt } from "./file.ts"
import { isNdArray } from "./ndarray.ts"
import { checksumOf, writeRuns } from "./runs.ts"
import type { Source } from "./saved.ts"

/** Uses an array's elements where they lie, or a copy of them where that cannot be. */
const usingBytes = <A, E>(
  buffer: DeviceBuffer,
  use: (bytes: Uint8Array) => Effect.Effect<A, E>
): Effect.Effect<A, E | TransferError> => {
  const { borrow } = buffer
  if (borrow === undefined) return Effect.flatMap(buffer.bytes, use)
  return Effect.acquireUseRelease(
    borrow,
    (lent) =>
      lent === undefined
        ? Effect.flatMap(buffer.bytes, use)
        : use(viewOf(lent.address, bytesOf(buffer), () => {})),
    (lent) => Effect.sync(() => lent?.giveBack())
  )
}

/** Writes the parts of an array, one at a time, each byte once. */
const writeShards = (name: string, file: FileHandle, array: ShardedArray, at: number) => {
  const { mesh, spec } = array.sharding
  const aval: Aval = { dtype: array.dtype, shape: array.shape }
  const part = localAval("saveTree", mesh, spec, aval)
  const starts = partStarts(mesh, spec, part.shape)
  return Effect.forEach(
    representatives(aval, mesh, spec),
    (device) =>
      usingBytes(array.shards[device]!, (bytes) =>
        working<void>(name, () =>
          writeRuns(file, bytes, at, (visit) => eachRun(aval, part, starts[device]!, visit))
        )
      ),
    { discard: true }
  )
}

/** Writes an array at its place in a file, and gives the CRC-32 of its bytes. */
export const writeArray = (
  name: string,
  file: FileHandle,
  source: Source,
  at: number
): Effect.Effect<number, FileError | FormatError | TransferError> => {
  const whole = (bytes: Uint8Array) =>
    working<number>(name, async () => {
      let sum = 0
      await writeAt(file, bytes, at, (piece) => {
        sum = crc32(piece, sum)
      })
      return sum
    })
  if (isNdArray(source)) return whole(source.bytes)
  if (!isSharded(source)) return usingBytes(source.buffer, whole)
  const sum = working<number>(name, () => checksumOf(file, at, bytesOf(source)))
  return Effect.andThen(writeShards(name, file, source, at), sum)
}
