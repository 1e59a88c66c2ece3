import type { Aval } from "../../dsl/shape.ts"
import type { Address } from "../../native/ffi.ts"
import { Args } from "../../native/struct.ts"
import type { BufferGone } from "../backend/errors.ts"
import { bufferGone } from "../backend/failures.ts"
import { type By, Owned } from "../backend/owner.ts"
import type { Client, PjrtDevice } from "./client.ts"
import { Handle } from "./handle.ts"

const isDeleted = new Args("Buffer_IsDeleted")

interface Named {
  readonly by: By | undefined
}

/** A plugin's array. It leads to no object that users hold, so that these can be collected. */
export class Held extends Owned {
  readonly client: Client
  readonly device: PjrtDevice
  readonly handle: Handle
  /** How many read its memory in place. */
  borrowed = 0
  /** Who is about to take it over. */
  #lent: Named | undefined
  /** Who released it while it was lent. */
  #unwanted: Named | undefined

  constructor(client: Client, device: PjrtDevice, pointer: Address, aval: Aval, destroyed?: () => void) {
    super(aval)
    this.client = client
    this.device = device
    this.handle = new Handle(client.api, "Buffer_Destroy", pointer, client.handle, destroyed)
    client.live.add(this)
  }

  override gone(device: string): BufferGone | undefined {
    return this.#lent === undefined
      ? super.gone(device)
      : bufferGone(this, device, "donated", this.#lent.by?.())
  }

  override release(by?: By): void {
    if (this.#lent === undefined) super.release(by)
    else this.#unwanted ??= { by }
  }

  override donate(by?: By): void {
    const lent = this.#lent
    this.#lent = undefined
    super.donate(by ?? lent?.by)
  }

  /** Marks that a program is about to take the memory over: nothing else may use it from now on. */
  lend(by?: By): void {
    if (!this.ended) this.#lent = { by }
  }

  /** Ends `lend` where the run has failed: the array is the caller's again, unless the plugin had taken it by then. */
  keepUnlessTaken(): void {
    if (this.#lent === undefined) return
    const { api } = this.client
    api.call(isDeleted.set("buffer", this.handle.pointer))
    if (isDeleted.getByte("is_deleted") !== 0) {
      this.donate()
      return
    }
    this.#lent = undefined
    if (this.#unwanted !== undefined) this.release(this.#unwanted.by)
  }

  protected free(): void {
    this.client.live.delete(this)
    this.handle.close()
  }
}
