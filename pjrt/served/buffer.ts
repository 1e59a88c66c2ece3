import * as Effect from "effect/Effect"
import type { DType } from "../../dsl/dtype.ts"
import { type Aval, bytesOf, type Shape, show } from "../../dsl/shape.ts"
import type { DeviceBuffer, DeviceInfo } from "../backend/backend.ts"
import { type BufferGone, DeviceLost, type TransferError } from "../backend/errors.ts"
import { bufferGone } from "../backend/failures.ts"
import { type Link, typed } from "./link.ts"

/** An array on the other side of a link. */
export class ServedBuffer implements DeviceBuffer {
  readonly dtype: DType
  readonly shape: Shape
  readonly device: DeviceInfo
  readonly id: number
  readonly link: Link
  /** The elements, where they came with the run that made them. */
  readonly #known: Uint8Array<ArrayBuffer> | undefined
  #gone: "released" | "donated" | undefined
  /** How many calls that name it have no answer yet. */
  #uses = 0

  constructor(link: Link, id: number, aval: Aval, device: DeviceInfo, known?: Uint8Array<ArrayBuffer>) {
    this.#known = known
    this.link = link
    this.id = id
    this.dtype = aval.dtype
    this.shape = aval.shape
    this.device = device
  }

  get gone(): BufferGone | DeviceLost | undefined {
    if (this.#gone !== undefined) return bufferGone(this, this.device.name, this.#gone)
    if (this.link.lost === undefined) return undefined
    return new DeviceLost({
      device: this.device.name,
      message: `this ${show(this)} was lost: ${this.link.lost.message}`,
      hint: "put or work it out again"
    })
  }

  release(): void {
    this.#end("released")
  }

  donate(): void {
    this.#end("donated")
  }

  #end(how: "released" | "donated"): void {
    if (this.#gone !== undefined) return
    this.#gone = how
    if (this.#uses === 0) this.link.release(this.id)
  }

  /**
   * A call is about to name it. Until `used`, the other side does not hear of its release, which might overtake the
   * call.
   */
  use(): void {
    this.#uses++
  }

  used(): void {
    if (--this.#uses === 0 && this.#gone !== undefined) this.link.release(this.id)
  }

  get bytes(): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> {
    return Effect.suspend(() => {
      const { gone } = this
      if (gone !== undefined) return Effect.fail(gone)
      // A copy each time, as every read gives one.
      if (this.#known !== undefined) return Effect.succeed(this.#known.slice())
      const moved = { total: bytesOf(this), bytes: 0 }
      return usingAll([this], this.link.watch("reading", typed(this.link.read(this.id, this, moved)), moved))
    })
  }

  get view(): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> {
    return this.bytes
  }
}

/** An effect that uses arrays that exist. */
export const usingAll = <A, E, R>(
  buffers: ReadonlyArray<ServedBuffer>,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    for (const buffer of buffers) buffer.use()
    return Effect.ensuring(
      effect,
      Effect.sync(() => {
        for (const buffer of buffers) buffer.used()
      })
    )
  })
