import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type DType, dtypes } from "../../dsl/dtype.ts"
import { type Aval, bytesOf, type Shape, show } from "../../dsl/shape.ts"
import type { PjrtError } from "../../native/errors.ts"
import { type Address, addressOf, copyFrom, copyFromAsync, viewOf } from "../../native/ffi.ts"
import { freshBytes } from "../../native/memory.ts"
import { Args } from "../../native/struct.ts"
import type { Borrowed, DeviceBuffer } from "../backend/backend.ts"
import type { BufferGone, OutOfMemory, RunError, TransferError } from "../backend/errors.ts"
import { toRowMajor } from "../backend/order.ts"
import { type By, type Owner, ownerOf } from "../backend/owner.ts"
import { freeWhenUnreachable } from "../backend/unreachable.ts"
import type { Client, PjrtDevice } from "./client.ts"
import { awaitEvent, firesSoon } from "./event.ts"
import { destroy, type Handle } from "./handle.ts"
import { Held } from "./held.ts"
import { type ElementOrder, elementOrder, rowMajorLayout } from "./layout.ts"
import { failWith } from "./memory.ts"

const readyEvent = new Args("Buffer_ReadyEvent")
const dataPointer = new Args("Buffer_OpaqueDeviceMemoryDataPointer")

/** How elements lie, once asked; the same for every run of one executable's output. */
export interface LayoutMemo {
  order: ElementOrder | undefined
}

/** An array on a device. */
export class PluginBuffer implements DeviceBuffer {
  readonly dtype: DType
  readonly shape: Shape
  readonly client: Client
  readonly device: PjrtDevice
  readonly #held: Held
  readonly #layout: LayoutMemo

  /** `destroyed` is called when the plugin has been told to destroy the array. */
  constructor(
    client: Client,
    device: PjrtDevice,
    pointer: Address,
    aval: Aval,
    layout: LayoutMemo,
    destroyed?: () => void
  ) {
    this.client = client
    this.device = device
    this.dtype = aval.dtype
    this.shape = aval.shape
    this.#held = new Held(client, device, pointer, aval, destroyed)
    this.#layout = layout
    freeWhenUnreachable(this, this.#held)
  }

  get handle(): Handle {
    return this.#held.handle
  }

  /** Why the buffer can no longer be used, or undefined while it can. */
  get gone(): BufferGone | undefined {
    return this.#held.gone(this.device.name)
  }

  /** Whether something reads this buffer's memory in place. */
  get viewed(): boolean {
    return this.#held.borrowed > 0
  }

  /** Frees the device memory. Calls in flight that use it finish first. Doing it again does nothing. */
  release(by?: By): void {
    this.#held.release(by)
  }

  /** Marks that a program has taken this buffer's memory over. */
  donate(by?: By): void {
    this.#held.donate(by)
  }

  /** Marks that a program is about to take the memory over: nothing else may use it from now on. */
  lend(by?: By): void {
    this.#held.lend(by)
  }

  /** Ends `lend` where the run has failed: the array is the caller's again, unless the plugin had taken it by then. */
  keepUnlessTaken(): void {
    this.#held.keepUnlessTaken()
  }

  /** Makes the scope release this buffer when it closes. */
  ownedBy(owner: Owner): this {
    this.#held.ownedBy(owner)
    return this
  }

  keep(scope: Scope.Scope): void {
    this.#held.ownedBy(ownerOf(scope))
  }

  /** The elements, row-major, in the machine's byte order. Waits until the device has written them. */
  get bytes(): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> {
    return Effect.suspend((): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> => {
      const { gone } = this
      if (gone !== undefined) return Effect.fail(gone)
      try {
        const inPlace = this.#readsInPlace()
        const event = this.#readyEvent()
        // A small result that is ready is read at once: each further step would cost more than the copy.
        if (inPlace && bytesOf(this) <= this.client.traits.prompt.bytes && firesSoon(this.client.api, event))
          return Effect.succeed(this.#copyNow())
        return this.client.watch("reading", this.#bytesLater(event, inPlace))
      } catch (error) {
        return this.#failed(error)
      }
    })
  }

  /** The elements, if they are few and can be had without waiting. What goes wrong here, `bytes` says. */
  bytesNow(): Uint8Array<ArrayBuffer> | undefined {
    if (this.gone !== undefined || bytesOf(this) > this.client.traits.prompt.bytes) return undefined
    try {
      if (!this.#readsInPlace()) return undefined
      const event = this.#readyEvent()
      if (firesSoon(this.client.api, event)) return this.#copyNow()
      destroy(this.client.api, "Event_Destroy", event)
    } catch {
      // An array that could not be made: its error is there to be asked for again.
    }
    return undefined
  }

  #readyEvent(): Address {
    this.client.api.call(readyEvent.set("buffer", this.handle.pointer))
    return readyEvent.get("event")
  }

  /**
   * The address of the elements, row-major, until it is given back: that pins the memory, also beyond a release, and
   * keeps it from being donated. Undefined where the device's memory is not this process's own, or keeps the elements in
   * another order.
   */
  get borrow(): Effect.Effect<Borrowed | undefined, TransferError> {
    return Effect.suspend((): Effect.Effect<Borrowed | undefined, TransferError> => {
      const { gone } = this
      if (gone !== undefined) return Effect.fail(gone)
      if (!this.#readsInPlace() || this.#layout.order !== "row-major") return Effect.succeed(undefined)
      // Before the wait, which ends with a pin less: what was released meanwhile would be destroyed then.
      this.handle.pin()
      const held = this.#held
      held.borrowed++
      const giveBack = () => {
        held.borrowed--
        held.handle.unpin()
      }
      return Effect.map(this.client.watch("reading", this.ready), () => ({
        address: this.#hostAddress(),
        giveBack
      })).pipe(Effect.onError(() => Effect.sync(giveBack)))
    }).pipe(Effect.catchDefect((thrown) => this.#failed(thrown)))
  }

  /** The elements without a copy, for as long as that array is reachable; a copy where they cannot be borrowed. */
  get view(): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> {
    return Effect.flatMap(this.borrow, (lent) =>
      lent === undefined ? this.bytes : Effect.succeed(viewOf(lent.address, bytesOf(this), lent.giveBack))
    )
  }

  /** Ends when the device has written the elements; at once where they are given up. */
  get ready(): Effect.Effect<void, OutOfMemory | RunError> {
    return Effect.suspend(() => {
      if (this.gone !== undefined) return Effect.void
      const event = this.#readyEvent()
      try {
        if (firesSoon(this.client.api, event)) return Effect.void
      } catch (error) {
        return Effect.fail(error)
      }
      this.handle.pin()
      return awaitEvent(this.client.api, event, () => this.handle.unpin())
    }).pipe(Effect.catch((error) => this.#failed(error)))
  }

  #failed(thrown: unknown): Effect.Effect<never, OutOfMemory | RunError> {
    return failWith(this.client, this.device, `reading ${show(this)}`, thrown)
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
      Effect.catch((error) => this.#failed(error)),
      Effect.catchDefect((thrown) => this.#failed(thrown)),
      Effect.ensuring(Effect.sync(() => this.handle.unpin()))
    )
  }

  /** On CPU the device's memory is this process's own: reading it costs a fifth of a transfer call. */
  #readsInPlace(): boolean {
    const { api, traits } = this.client
    if (!traits.hostMemory || !api.has("Buffer_OpaqueDeviceMemoryDataPointer")) return false
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
      if (bytesOf(this) <= this.client.traits.prompt.bytes) return Effect.succeed(this.#copyNow())
      this.handle.pin()
      return Effect.callback<Uint8Array<ArrayBuffer>>((resume) => {
        const bytes = freshBytes(bytesOf(this))
        copyFromAsync(this.#hostAddress(), bytes, () => {
          this.handle.unpin()
          resume(Effect.sync(() => this.#inOrder(bytes)))
        })
      })
    })
  }

  #copyToHost(): Effect.Effect<Uint8Array<ArrayBuffer>, PjrtError> {
    return Effect.suspend(() => {
      const { api } = this.client
      const bytes = freshBytes(Math.max(1, bytesOf(this)))
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
