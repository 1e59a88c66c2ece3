import { crc32 } from "node:zlib"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { localAval, partStarts, type Sharding } from "../../dsl/mesh.ts"
import { type Aval, bytesOf } from "../../dsl/shape.ts"
import { HostMemory } from "../../native/memory.ts"
import { DeviceArray } from "../array/array.ts"
import { meshDevices, ShardedArray } from "../array/sharded.ts"
import type { Backend, DeviceBuffer, DeviceInfo, HostArray } from "../backend/backend.ts"
import type { DeviceUnavailable, PutError } from "../backend/errors.ts"
import { eachRun } from "../backend/partition.ts"
import { promptBytes } from "../backend/prompt.ts"
import { inPhase } from "../backend/spans.ts"
import type { FileError, FormatError } from "./errors.ts"
import { formatError, type OpenFile, readPieces, requireRoom, roomFor, working } from "./file.ts"
import { checksumOf, readRuns } from "./runs.ts"
import type { StoredArray } from "./saved-header.ts"

type LoadFault = FileError | FormatError | PutError | DeviceUnavailable

const requireSum = (file: string, path: string, wanted: number | undefined, found: number): void => {
  if (wanted === undefined || wanted === found) return
  throw formatError(
    file,
    `${path} is damaged: the CRC-32 of its bytes is another than when it was saved`,
    "load an earlier file, or a copy of this one"
  )
}

/** Any other byte than 0 is true; a device takes 0 and 1. */
const plainBooleans = ({ dtype }: Aval, bytes: Uint8Array): void => {
  if (dtype === "bool") for (let i = 0; i < bytes.length; i++) if (bytes[i]! > 1) bytes[i] = 1
}

/**
 * Reads an array and puts it on a device. Where the device takes memory over, it is read to where it stays. What holds
 * memory of C is not interrupted.
 */
const readAndPut = (
  backend: Backend["Service"],
  file: OpenFile,
  aval: Aval,
  fill: (bytes: Uint8Array) => Promise<void>,
  scope: Scope.Scope,
  device?: DeviceInfo
): Effect.Effect<DeviceBuffer, LoadFault> => {
  const bytes = bytesOf(aval)
  const filled = (memory: HostMemory | undefined) =>
    working<HostArray>(file.name, async () => {
      try {
        requireRoom(file.name, bytes)
        const into = memory?.bytes ?? roomFor(file.name, bytes)
        await fill(into)
        plainBooleans(aval, into)
        const { dtype, shape } = aval
        return { dtype, shape, bytes: into, ...(memory === undefined ? {} : { memory }) }
      } catch (error) {
        memory?.free()
        throw error
      }
    })
  const put = (array: HostArray) => inPhase("upload", backend.put(array, scope, device))
  return Effect.suspend(() => {
    const memory =
      backend.takesMemory === true && bytes > promptBytes ? HostMemory.allocate(bytes, false) : undefined
    return memory === undefined
      ? Effect.flatMap(filled(undefined), put)
      : Effect.uninterruptible(Effect.flatMap(filled(memory), put))
  })
}

const loadWhole = (
  backend: Backend["Service"],
  file: OpenFile,
  path: string,
  array: StoredArray,
  scope: Scope.Scope
): Effect.Effect<DeviceArray, LoadFault> => {
  const fill = async (bytes: Uint8Array) => {
    let sum = 0
    await readPieces(file, bytes, array.at, (piece) => {
      if (array.sum !== undefined) sum = crc32(piece, sum)
    })
    requireSum(file.name, path, array.sum, sum)
  }
  return Effect.map(readAndPut(backend, file, array, fill, scope), (buffer) => new DeviceArray(buffer))
}

const loadShards = (
  backend: Backend["Service"],
  file: OpenFile,
  path: string,
  array: StoredArray,
  sharding: Sharding,
  scope: Scope.Scope
): Effect.Effect<DeviceArray, LoadFault> =>
  Effect.gen(function* () {
    const { mesh, spec } = sharding
    const { at, bytes, sum } = array
    const part = localAval("loadTree", mesh, spec, array)
    const starts = partStarts(mesh, spec, part.shape)
    const devices = yield* meshDevices(backend, sharding)
    // Before anything of it is on a device.
    if (sum !== undefined)
      yield* working<void>(file.name, async () => {
        requireSum(file.name, path, sum, await checksumOf(file.handle, at, bytes))
      })
    const shards = yield* Effect.forEach(devices, (device, i) =>
      readAndPut(
        backend,
        file,
        part,
        (into) => readRuns(file.handle, into, at, (visit) => eachRun(array, part, starts[i]!, visit)),
        scope,
        device
      )
    )
    return new ShardedArray(array, sharding, shards)
  })

/** Loads an array of a file to the backend's device, or divided among the devices of a mesh. */
export const loadArray = (
  backend: Backend["Service"],
  file: OpenFile,
  path: string,
  array: StoredArray,
  sharding: Sharding | null,
  scope: Scope.Scope
): Effect.Effect<DeviceArray, LoadFault> =>
  sharding === null
    ? loadWhole(backend, file, path, array, scope)
    : loadShards(backend, file, path, array, sharding, scope)
