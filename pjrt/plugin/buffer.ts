import * as Effect from "effect/Effect"
import { type DType, dtypes } from "../../dsl/dtype.ts"
import { type Aval, bytesOf, type Shape, show } from "../../dsl/shape.ts"
import type { PjrtError } from "../../native/errors.ts"
import { type Address, addressOf, copyFrom, copyFromAsync } from "../../native/ffi.ts"
import { Args } from "../../native/struct.ts"
import {
  BufferGone,
  failWith,
  type OutOfMemory,
  pjrtFailure,
  type RunError,
  runError,
  type TransferError
} from "../errors.ts"
import type { Owner } from "../owner.ts"
import type { Client, PjrtDevice } from "./client.ts"
import { awaitEvent, hasFired } from "./event.ts"
import { Handle } from "./handle.ts"
import { type ElementOrder, elementOrder, rowMajorLayout } from "./layout.ts"
import { toRowMajor } from "./order.ts"

/** Copies up to this many bytes are quicker on this thread than handed to another. */
export const promptBytes = 1 << 20

const readyEvent = new Args("Buffer_ReadyEvent")
const dataPointer = new Args("Buffer_OpaqueDeviceMemoryDataPointer")

/** How elements lie, once asked; the same for every run of one executable's output. */
export interface LayoutMemo {
  order: ElementOrder | undefined
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
  #owner: Owner | undefined

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
    this.#owner?.forget(this)
    this.handle.close()
  }

  /** Makes the scope release this buffer when it closes. */
  ownedBy(owner: Owner): this {
    this.#owner = owner
    owner.take(this)
    return this
  }

  /** The elements, row-major, in the machine's byte order. Waits until the device has written them. */
  get bytes(): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> {
    return Effect.suspend((): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> => {
      const { gone } = this
      if (gone !== undefined) return Effect.fail(gone)
      try {
        const { api } = this.client
        const inPlace = this.#readsInPlace()
        api.call(readyEvent.set("buffer", this.handle.pointer))
        const event = readyEvent.get("event")
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
    this.#layout.order ??= elementOrder(api, this.handle.pointer, this.shape.length)
    return this.#layout.order !== "tiled"
  }

  #hostAddress(): Address {
    this.client.api.call(dataPointer.set("buffer", this.handle.pointer))
    return dataPointer.get("device_memory_ptr")
  }

  #copyNow(): Uint8Array<ArrayBuffer> {
    return this.#inOrder(copyFrom(this.#hostAddress(), bytesOf(this)))
  }

  /** Done here and not by the plugin: that of PJRT 0.81 ignores the layout that a transfer asks for. */
  #inOrder(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const { order } = this.#layout
    return typeof order === "object" ? toRowMajor(bytes, this.shape, order, dtypes[this.dtype].bytes) : bytes
  }

  #copyInPlace(): Effect.Effect<Uint8Array<ArrayBuffer>, PjrtError> {
    return Effect.suspend(() => {
      if (bytesOf(this) <= promptBytes) return Effect.succeed(this.#copyNow())
      this.handle.pin()
      return Effect.callback<Uint8Array<ArrayBuffer>>((resume) => {
        copyFromAsync(this.#hostAddress(), bytesOf(this), (bytes) => {
          this.handle.unpin()
          resume(Effect.sync(() => this.#inOrder(bytes)))
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
      return awaitEvent(api, args.get("event"), () => this.handle.unpin(), bytes).pipe(
        Effect.map(() => bytes.subarray(0, bytesOf(this)))
      )
    })
  }
}
