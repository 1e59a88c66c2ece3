import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { DType } from "../../dsl/dtype.ts"
import { localAval, meshSize, type Sharding, showMesh } from "../../dsl/mesh.ts"
import { type Aval, type Shape, show } from "../../dsl/shape.ts"
import type { Backend, DeviceBuffer, DeviceInfo, HostArray } from "../backend/backend.ts"
import type { DeviceUnavailable, PutError, TransferError } from "../backend/errors.ts"
import type { By } from "../backend/owner.ts"
import { joinBytes, representatives, splitBytes } from "../backend/partition.ts"
import { devicesFrom } from "../platforms/mesh-devices.ts"
import { DeviceArray, isDeviceArray } from "./array.ts"
import { decode, type HostValue, type NestedValue } from "./host.ts"

/** An array divided among the devices of a mesh. Reading it puts the parts together. */
export class ShardedArray<
  out D extends DType = DType,
  out S extends Shape = Shape,
  out V = HostValue<D, S>,
  out N = NestedValue<D, S>
> extends DeviceArray<D, S, V, N> {
  readonly sharding: Sharding
  /** Each device's part, in the order of the mesh. */
  readonly shards: ReadonlyArray<DeviceBuffer>
  readonly #aval: Aval

  constructor(aval: Aval, sharding: Sharding, shards: ReadonlyArray<DeviceBuffer>) {
    super(shards[0]!)
    this.#aval = { dtype: aval.dtype, shape: aval.shape }
    this.sharding = sharding
    this.shards = shards
  }

  override get shape(): S {
    return this.#aval.shape as S
  }

  override get bytes(): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> {
    const { mesh, spec } = this.sharding
    const devices = representatives(this.#aval, mesh, spec)
    return Effect.map(
      Effect.forEach(devices, (device) =>
        Effect.map(this.shards[device]!.bytes, (bytes) => ({ device, bytes }))
      ),
      (parts) => joinBytes(parts, this.#aval, mesh, spec)
    )
  }

  protected override bytesNow(): Uint8Array<ArrayBuffer> | undefined {
    const { mesh, spec } = this.sharding
    const parts: Array<{ device: number; bytes: Uint8Array<ArrayBuffer> }> = []
    for (const device of representatives(this.#aval, mesh, spec)) {
      const bytes = this.shards[device]!.bytesNow?.()
      if (bytes === undefined) return undefined
      parts.push({ device, bytes })
    }
    return joinBytes(parts, this.#aval, mesh, spec)
  }

  override get view(): Effect.Effect<V, TransferError> {
    return Effect.map(this.bytes, (bytes) => decode(this.dtype, this.shape, bytes) as V)
  }

  protected override free(by: By): void {
    for (const shard of this.shards) shard.release(by)
  }

  protected override keep(scope: Scope.Scope): void {
    for (const shard of this.shards) shard.keep(scope)
  }

  override toString(): string {
    return `${show(this.#aval)} on ${showMesh(this.sharding.mesh)}`
  }
}

export const isSharded = (value: unknown): value is ShardedArray =>
  isDeviceArray(value) && value instanceof ShardedArray

/** The backend's device and those after it, as many as a mesh has. */
export const meshDevices = (
  backend: Backend["Service"],
  sharding: Sharding
): Effect.Effect<ReadonlyArray<DeviceInfo>, DeviceUnavailable> => {
  const { device, devices, target } = backend
  const count = meshSize(sharding.mesh)
  // An interpreter stands for as many as are asked of it.
  if (target.takes === "program") return Effect.succeed(Array.from({ length: count }, () => device))
  return devicesFrom(devices, device, count, `the mesh ${showMesh(sharding.mesh)}`)
}

/** Divides an array of host memory among the devices of a mesh. */
export const putSharded = (
  backend: Backend["Service"],
  array: HostArray,
  sharding: Sharding,
  scope: Scope.Scope
): Effect.Effect<ReadonlyArray<DeviceBuffer>, PutError | DeviceUnavailable> =>
  Effect.gen(function* () {
    const { mesh, spec } = sharding
    const devices = yield* meshDevices(backend, sharding)
    const parts = splitBytes(array.bytes, array, mesh, spec)
    const { dtype, shape } = localAval("put", mesh, spec, array)
    return yield* Effect.forEach(devices, (device, i) =>
      backend.put({ dtype, shape, bytes: parts[i]! }, scope, device)
    )
  })
