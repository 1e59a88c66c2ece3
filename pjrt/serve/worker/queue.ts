import * as Effect from "effect/Effect"

interface Waiter {
  readonly start: () => void
  /** Whether nothing else may be under way meanwhile. */
  readonly alone: boolean
}

/**
 * Limits how many effects run at a time, and takes turns among those who wait. A client that asks for much does not
 * make another wait for all of it.
 */
export class FairQueue {
  readonly #most: number
  /** The waiting effects of each client, the next in turn first. */
  readonly #waiting = new Map<object, Array<Waiter>>()
  #running = 0
  #alone = false

  constructor(most: number) {
    this.#most = most
  }

  /** How many wait. */
  get length(): number {
    let total = 0
    for (const starts of this.#waiting.values()) total += starts.length
    return total
  }

  get running(): number {
    return this.#running
  }

  /** Runs an effect when it is its turn. Interrupted before that, it never begins. */
  take<A, E>(whose: object, effect: Effect.Effect<A, E>, alone = false): Effect.Effect<A, E> {
    const turn = Effect.callback<void>((resume) => {
      const waiter = { start: () => resume(Effect.void), alone }
      const own = this.#waiting.get(whose)
      if (own === undefined) this.#waiting.set(whose, [waiter])
      else own.push(waiter)
      this.#next()
      return Effect.sync(() => this.#forget(whose, waiter))
    })
    return Effect.acquireUseRelease(
      Effect.interruptible(turn),
      () => effect,
      () =>
        Effect.sync(() => {
          this.#running--
          this.#alone = false
          this.#next()
        })
    )
  }

  #forget(whose: object, waiter: Waiter): void {
    const own = this.#waiting.get(whose)?.filter((each) => each !== waiter) ?? []
    if (own.length === 0) this.#waiting.delete(whose)
    else this.#waiting.set(whose, own)
    this.#next()
  }

  /** Hands places that are free to the next sessions; each then goes to the end of the line. */
  #next(): void {
    for (const [whose, waiters] of this.#waiting) {
      const { start, alone } = waiters[0]!
      // An effect that must run alone is not overtaken by others.
      if (this.#alone || this.#running >= this.#most || (alone && this.#running > 0)) return
      waiters.shift()
      this.#waiting.delete(whose)
      if (waiters.length > 0) this.#waiting.set(whose, waiters)
      this.#running++
      this.#alone = alone
      start()
    }
  }
}
