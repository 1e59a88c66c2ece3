import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { DType } from "../../dsl/dtype.ts"
import { type Aval, bytesOf, type Shape, show } from "../../dsl/shape.ts"
import type { DeviceBuffer, DeviceInfo } from "../backend/backend.ts"
import { type BufferGone, DeviceLost, type TransferError } from "../backend/errors.ts"
import { type By, Owned, type Owner, ownerOf } from "../backend/owner.ts"
import { freeWhenUnreachable } from "../backend/unreachable.ts"
import { type Link, typed } from "./link.ts"

/** The memory of an array on the other side of a link. */
class Held extends Owned {
  readonly link: Link
  readonly id: number
  /** How many calls that name it have no answer yet. */
  #uses = 0

  constructor(link: Link, id: number, aval: Aval) {
    super(aval)
    this.link = link
    this.id = id
  }

  protected free(): void {
    if (this.#uses === 0) this.link.release(this.id)
  }

  use(): void {
    this.#uses++
  }

  used(): void {
    if (--this.#uses === 0 && this.ended) this.link.release(this.id)
  }
}

/** An array on the other side of a link. */
export class ServedBuffer implements DeviceBuffer {
  readonly dtype: DType
  readonly shape: Shape
  readonly device: DeviceInfo
  readonly id: number
  readonly link: Link
  /** The elements, where they came with the run that made them. */
  readonly #known: Uint8Array<ArrayBuffer> | undefined
  readonly #held: Held

  constructor(link: Link, id: number, aval: Aval, device: DeviceInfo, known?: Uint8Array<ArrayBuffer>) {
    this.#known = known
    this.link = link
    this.id = id
    this.dtype = aval.dtype
    this.shape = aval.shape
    this.device = device
    this.#held = new Held(link, id, aval)
    freeWhenUnreachable(this, this.#held)
  }

  get gone(): BufferGone | DeviceLost | undefined {
    const gone = this.#held.gone(this.device.name)
    if (gone !== undefined || this.link.lost === undefined) return gone
    return new DeviceLost({
      device: this.device.name,
      message: `this ${show(this)} was lost: ${this.link.lost.message}`,
      hint: "put or work it out again"
    })
  }

  release(by?: By): void {
    this.#held.release(by)
  }

  donate(by?: By): void {
    this.#held.donate(by)
  }

  /** Makes the scope release it when it closes. */
  ownedBy(owner: Owner): this {
    this.#held.ownedBy(owner)
    return this
  }

  keep(scope: Scope.Scope): void {
    this.#held.ownedBy(ownerOf(scope))
  }

  /**
   * A call is about to name it. Until `used`, the other side does not hear of its release, which might overtake the
   * call.
   */
  use(): void {
    this.#held.use()
  }

  used(): void {
    this.#held.used()
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

  /** The elements, where they came with the run that made them. */
  bytesNow(): Uint8Array<ArrayBuffer> | undefined {
    return this.gone === undefined ? this.#known?.slice() : undefined
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
