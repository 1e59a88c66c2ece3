import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"

interface Releasable {
  release(): void
}

/** What a scope must release. One finalizer serves all, so that a call's results cost one set insertion each. */
export class Owner {
  readonly #owned = new Set<Releasable>()
  #closed = false

  /** Where the scope has closed meanwhile, releases at once. */
  take(one: Releasable): void {
    if (this.#closed) one.release()
    else this.#owned.add(one)
  }

  forget(one: Releasable): void {
    this.#owned.delete(one)
  }

  close(): void {
    this.#closed = true
    for (const one of this.#owned) one.release()
  }
}

const owners = new WeakMap<Scope.Scope, Owner>()

/** The owner of what is made in a scope. */
export const ownerOf = (scope: Scope.Scope): Owner => {
  const known = owners.get(scope)
  if (known !== undefined) return known
  const owner = new Owner()
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
