import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { type Aval, bytesOf } from "../../dsl/shape.ts"
import type { BufferGone } from "./errors.ts"
import { bufferGone } from "./failures.ts"
import { grown, shrunk } from "./unreachable.ts"

/** Says when or by whom an array was given up: `by release at train.ts:12:3`. */
export type By = () => string

/**
 * The memory of an array on a device, apart from the object that users hold. It is freed once: by hand, by its scope, by
 * a program that takes it over, or when nothing can reach the array any more. So a scope holds this, and no array.
 */
export abstract class Owned {
  readonly dtype: Aval["dtype"]
  readonly shape: Aval["shape"]
  readonly #bytes: number
  #ended: BufferGone["reason"] | undefined
  #by: By | undefined
  #owner: Owner | undefined

  constructor(aval: Aval) {
    this.dtype = aval.dtype
    this.shape = aval.shape
    this.#bytes = bytesOf(aval)
    grown(this.#bytes)
  }

  protected abstract free(): void

  get ended(): boolean {
    return this.#ended !== undefined
  }

  /** Why it can no longer be used, or undefined while it can. */
  gone(device: string): BufferGone | undefined {
    return this.#ended === undefined ? undefined : bufferGone(this, device, this.#ended, this.#by?.())
  }

  /** Doing it again does nothing. */
  release(by?: By): void {
    this.end("released", by)
  }

  /** Marks that a program has taken it over. */
  donate(by?: By): void {
    this.end("donated", by)
  }

  protected end(reason: BufferGone["reason"], by: By | undefined): void {
    if (this.#ended !== undefined) return
    this.#ended = reason
    this.#by = by
    this.#owner?.forget(this)
    shrunk(this.#bytes)
    this.free()
  }

  /** Makes the scope release it when it closes, and no other. */
  ownedBy(owner: Owner): void {
    if (this.ended) return
    this.#owner?.forget(this)
    this.#owner = owner
    owner.take(this)
  }
}

const atEndOfScope: By = () => "when its scope ended"

/** What a scope must free. One finalizer serves all, so that a call's results cost one set insertion each. */
export class Owner {
  readonly #owned = new Set<Owned>()
  readonly #by: By
  #closed = false

  constructor(by: By) {
    this.#by = by
  }

  /** Where the scope has closed meanwhile, releases at once. */
  take(one: Owned): void {
    if (this.#closed) one.release(this.#by)
    else this.#owned.add(one)
  }

  forget(one: Owned): void {
    this.#owned.delete(one)
  }

  close(): void {
    this.#closed = true
    for (const one of this.#owned) one.release(this.#by)
  }
}

const owners = new WeakMap<Scope.Scope, Owner>()

/** The owner of what is made in a scope. `by` says how the scope ends, where nothing has been made in it yet. */
export const ownerOf = (scope: Scope.Scope, by: By = atEndOfScope): Owner => {
  const known = owners.get(scope)
  if (known !== undefined) return known
  const owner = new Owner(by)
  owners.set(scope, owner)
  // A scope that has closed already runs this at once.
  Effect.runSync(
    Scope.addFinalizer(
      scope,
      Effect.sync(() => owner.close())
    )
  )
  return owner
}
