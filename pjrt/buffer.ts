import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { DType } from "../dsl/dtype.ts"
import { type Aval, bytesOf, type Shape, show } from "../dsl/shape.ts"
import { enums } from "../native/abi.gen.ts"
import type { PjrtError } from "../native/errors.ts"
import { type Address, addressOf, copyFrom, copyFromAsync } from "../native/ffi.ts"
import { Args, Block, readWords, struct, words } from "../native/struct.ts"
import type { HostArray } from "./Backend.ts"
import type { Client, PjrtDevice } from "./client.ts"
import { elementType } from "./element.ts"
import { BufferGone, type OutOfMemory, type RunError, runError, type TransferError } from "./errors.ts"
import { awaitEvent, hasFired } from "./event.ts"
import { destroy, Handle } from "./handle.ts"

/** Copies up to this many bytes are quicker on this thread than handed to another. */
const promptBytes = 1 << 20

const readyEvent = new Args("Buffer_ReadyEvent")
const dataPointer = new Args("Buffer_OpaqueDeviceMemoryDataPointer")

/** Whether elements lie in row-major order without gaps; the same for every run of one executable's output. */
export interface LayoutMemo {
  rowMajor: boolean | undefined
}

/** An array on a device. */
export class DeviceBuffer implements Aval {
  readonly dtype: DType
  readonly shape: Shape
  readonly client: Client
  readonly device: PjrtDevice
  readonly handle: Handle
  readonly #layout: LayoutMemo
  #gone: "released" | "donated" | undefined
  #owner: Set<DeviceBuffer> | undefined

  constructor(client: Client, device: PjrtDevice, pointer: Address, aval: Aval, layout: LayoutMemo) {
    this.client = client
    this.device = device
    this.dtype = aval.dtype
    this.shape = aval.shape
    this.handle = new Handle(client.api, "Buffer_Destroy", pointer, client.handle)
    this.#layout = layout
  }

  /** Why the buffer can no longer be used, or undefined while it can. */
  get gone(): BufferGone | undefined {
    if (this.#gone === undefined) return undefined
    return new BufferGone({
      reason: this.#gone,
      message: `this ${show(this)} on ${this.device.name} was ${this.#gone} and holds nothing any more`,
      hint:
        this.#gone === "released"
          ? "read or use it before its scope ends, or give it a longer scope"
          : "a donated argument becomes the program's own memory; keep a copy, or do not donate it"
    })
  }

  /** Frees the device memory. Calls in flight that use it finish first. Doing it again does nothing. */
  release(): void {
    this.#give("released")
  }

  /** Marks that a program has taken this buffer's memory over. */
  donate(): void {
    this.#give("donated")
  }

  #give(how: "released" | "donated"): void {
    if (this.#gone !== undefined) return
    this.#gone = how
    this.#owner?.delete(this)
    this.handle.close()
  }

  /** Makes the scope release this buffer when it closes. */
  ownedBy(owner: Set<DeviceBuffer>): this {
    this.#owner = owner
    owner.add(this)
    return this
  }

  /** The elements, row-major, in the machine's byte order. Waits until the device has written them. */
  get bytes(): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> {
    return Effect.suspend((): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> => {
      const { gone } = this
      if (gone !== undefined) return Effect.fail(gone)
      try {
        const { api } = this.client
        api.call(readyEvent.set("buffer", this.handle.pointer))
        const event = readyEvent.get("event")
        const inPlace = this.#readsInPlace()
        // A small result that is ready is read at once: each further step would cost more than the copy.
        if (inPlace && bytesOf(this) <= promptBytes && hasFired(api, event))
          return Effect.succeed(this.#copyNow())
        return this.#bytesLater(event, inPlace)
      } catch (error) {
        return failWith(error)
      }
    })
  }

  /** Pinned once for the wait, which outlasts an interruption, and once for the whole, so that a release waits. */
  #bytesLater(
    event: Address,
    inPlace: boolean
  ): Effect.Effect<Uint8Array<ArrayBuffer>, OutOfMemory | RunError> {
    this.handle.pin()
    this.handle.pin()
    return awaitEvent(this.client.api, event, () => this.handle.unpin()).pipe(
      Effect.flatMap(() => (inPlace ? this.#copyInPlace() : this.#copyToHost())),
      Effect.catchDefect(pjrtFailure),
      Effect.mapError(runError),
      Effect.ensuring(Effect.sync(() => this.handle.unpin()))
    )
  }

  /** On CPU the device's memory is this process's own: reading it costs a fifth of a transfer call. */
  #readsInPlace(): boolean {
    const { api, platform } = this.client
    if (platform !== "cpu" || !api.has("Buffer_OpaqueDeviceMemoryDataPointer")) return false
    this.#layout.rowMajor ??= hasRowMajorLayout(this)
    return this.#layout.rowMajor
  }

  #hostAddress(): Address {
    this.client.api.call(dataPointer.set("buffer", this.handle.pointer))
    return dataPointer.get("device_memory_ptr")
  }

  #copyNow(): Uint8Array<ArrayBuffer> {
    return copyFrom(this.#hostAddress(), bytesOf(this))
  }

  #copyInPlace(): Effect.Effect<Uint8Array<ArrayBuffer>, PjrtError> {
    return Effect.suspend(() => {
      if (bytesOf(this) <= promptBytes) return Effect.succeed(this.#copyNow())
      this.handle.pin()
      return Effect.callback<Uint8Array<ArrayBuffer>>((resume) => {
        copyFromAsync(this.#hostAddress(), bytesOf(this), (bytes) => {
          this.handle.unpin()
          resume(Effect.succeed(bytes))
        })
      })
    })
  }

  #copyToHost(): Effect.Effect<Uint8Array<ArrayBuffer>, PjrtError> {
    return Effect.suspend(() => {
      const { api } = this.client
      const bytes = new Uint8Array(new ArrayBuffer(Math.max(1, bytesOf(this))))
      const args = new Args("Buffer_ToHostBuffer")
        .set("src", this.handle.pointer)
        .point("host_layout", rowMajorLayout(this.shape.length))
        .set("dst", addressOf(bytes))
        .set("dst_size", bytes.length)
      api.call(args)
      this.handle.pin()
      return awaitEvent(api, args.get("event"), () => this.handle.unpin()).pipe(
        Effect.map(() => bytes.subarray(0, bytesOf(this)))
      )
    })
  }
}

/** Elements in row-major order, for a transfer that must come back so whatever order the device keeps. */
const rowMajorLayout = (rank: number) => {
  const order = words(Array.from({ length: rank }, (_, i) => rank - 1 - i))
  const layout = struct("Buffer_MemoryLayout").setInt32("type", enums.Buffer_MemoryLayout_Type.Tiled)
  const tiled = struct("Buffer_MemoryLayout_Tiled")
  const at = layout.layout.layout
  layout.block.bytes.set(tiled.block.bytes, at)
  layout.block.setWord(at + tiled.layout.minor_to_major, order.address)
  layout.block.setWord(at + tiled.layout.minor_to_major_size, rank)
  return { address: layout.address, block: layout.block, order }
}

const hasRowMajorLayout = (buffer: DeviceBuffer): boolean => {
  const rank = buffer.shape.length
  if (rank <= 1) return true
  const args = new Args("Buffer_GetMemoryLayout").set("buffer", buffer.handle.pointer)
  args.block.setWord(args.layout.layout, struct("Buffer_MemoryLayout").layout.size)
  buffer.client.api.call(args)
  const layout = struct("Buffer_MemoryLayout").layout
  const tiled = struct("Buffer_MemoryLayout_Tiled").layout
  const base = args.layout.layout
  if (args.block.getInt32(base + layout.type) !== enums.Buffer_MemoryLayout_Type.Tiled) return false
  const at = base + layout.layout
  if (args.block.getWord(at + tiled.num_tiles) !== 0) return false
  const order = readWords(
    args.block.getWord(at + tiled.minor_to_major),
    args.block.getWord(at + tiled.minor_to_major_size)
  )
  return order.length === rank && order.every((dim, i) => dim === rank - 1 - i)
}

/** The buffers a scope owns: one finalizer for all, so that a call's results cost one set insertion each. */
const owners = new WeakMap<Scope.Scope, Set<DeviceBuffer>>()

export const ownerOf = (scope: Scope.Scope): Set<DeviceBuffer> => {
  const known = owners.get(scope)
  if (known !== undefined) return known
  const owned = new Set<DeviceBuffer>()
  const exit = Effect.runSyncExit(
    Scope.addFinalizer(
      scope,
      Effect.sync(() => {
        for (const buffer of owned) buffer.release()
      })
    )
  )
  if (Exit.isFailure(exit)) throw new Error("a scope refused a finalizer")
  owners.set(scope, owned)
  return owned
}

/** Fills in what to copy where. */
const putArgs = (
  args: Args<"Client_BufferFromHostBuffer">,
  client: Client,
  device: PjrtDevice,
  source: Uint8Array,
  aval: Aval,
  dims: Block
): Args<"Client_BufferFromHostBuffer"> => {
  aval.shape.forEach((dim, i) => {
    dims.setWord(8 * i, dim)
  })
  return args
    .set("client", client.handle.pointer)
    .set("data", addressOf(source))
    .setInt32("type", elementType[aval.dtype])
    .set("dims", dims.address)
    .set("num_dims", aval.shape.length)
    .setInt32("host_buffer_semantics", enums.HostBufferSemantics.kImmutableOnlyDuringCall)
    .set("device", device.pointer)
}

const putDone = (
  args: Args<"Client_BufferFromHostBuffer">,
  client: Client,
  device: PjrtDevice,
  aval: Aval
) => {
  const event = args.get("done_with_host_buffer")
  if (event !== 0) destroy(client.api, "Event_Destroy", event)
  return new DeviceBuffer(client, device, args.get("buffer"), aval, { rowMajor: undefined })
}

/** A synchronous copy uses these over and over. No array has more axes than XLA's own limit allows here. */
const promptPut = new Args("Client_BufferFromHostBuffer")
const maxRank = 64
const promptDims = new Block(8 * maxRank)

/**
 * Copies an array to a device. A small one is copied before this returns; the memory of a large one is read on
 * another thread, and must not be written until the effect ends.
 */
export const putBuffer = (
  client: Client,
  device: PjrtDevice,
  array: HostArray
): Effect.Effect<DeviceBuffer, OutOfMemory | RunError> =>
  Effect.suspend(() => {
    // An empty array still needs an address.
    const source = array.bytes.length === 0 ? new Uint8Array(8) : array.bytes
    try {
      if (source.length <= promptBytes && array.shape.length <= maxRank) {
        client.api.call(putArgs(promptPut, client, device, source, array, promptDims))
        return Effect.succeed(putDone(promptPut, client, device, array))
      }
      return putElsewhere(client, device, source, array)
    } catch (error) {
      return failWith(error)
    }
  })

const putElsewhere = (client: Client, device: PjrtDevice, source: Uint8Array, aval: Aval) =>
  Effect.callback<DeviceBuffer, OutOfMemory | RunError>((resume) => {
    let abandoned = false
    const dims = new Block(8 * aval.shape.length)
    const args = new Args("Client_BufferFromHostBuffer").hold(source).hold(dims)
    client.handle.pin()
    client.api.callAsync(putArgs(args, client, device, source, aval, dims), (error) => {
      client.handle.unpin()
      if (error !== undefined) return resume(Effect.fail(runError(error)))
      const buffer = putDone(args, client, device, aval)
      if (abandoned) buffer.release()
      else resume(Effect.succeed(buffer))
    })
    return Effect.sync(() => {
      abandoned = true
    })
  })

/** A typed failure of what a call into the plugin threw. */
export const failWith = (error: unknown): Effect.Effect<never, OutOfMemory | RunError> =>
  Effect.mapError(pjrtFailure(error), runError)

/** Calls into the plugin throw; inside an effect that is a typed failure. */
export const pjrtFailure = (defect: unknown): Effect.Effect<never, PjrtError> =>
  (defect as PjrtError | undefined)?._tag === "PjrtError"
    ? Effect.fail(defect as PjrtError)
    : Effect.die(defect)
