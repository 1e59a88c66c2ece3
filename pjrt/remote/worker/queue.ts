import * as Effect from "effect/Effect"

type Start = () => void

/**
 * Lets so many effects go on at a time, and takes turns among those who wait: one that asks for much does not keep
 * another waiting for all of it.
 */
export class FairQueue {
  readonly #most: number
  /** What waits, by who asked; whose turn is next comes first. */
  readonly #waiting = new Map<object, Array<Start>>()
  #running = 0

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
  take<A, E>(whose: object, effect: Effect.Effect<A, E>): Effect.Effect<A, E> {
    const turn = Effect.callback<void>((resume) => {
      if (this.#running < this.#most) {
        this.#running++
        return resume(Effect.void)
      }
      const start = () => resume(Effect.void)
      const own = this.#waiting.get(whose)
      if (own === undefined) this.#waiting.set(whose, [start])
      else own.push(start)
      return Effect.sync(() => this.#forget(whose, start))
    })
    return Effect.acquireUseRelease(
      Effect.interruptible(turn),
      () => effect,
      () => Effect.sync(() => this.#next())
    )
  }

  #forget(whose: object, start: Start): void {
    const own = this.#waiting.get(whose)?.filter((each) => each !== start) ?? []
    if (own.length === 0) this.#waiting.delete(whose)
    else this.#waiting.set(whose, own)
  }

  /** Hands the place that has become free to the next session; it then goes to the end of the line. */
  #next(): void {
    for (const [whose, starts] of this.#waiting) {
      const start = starts.shift()!
      this.#waiting.delete(whose)
      if (starts.length > 0) this.#waiting.set(whose, starts)
      start()
      return
    }
    this.#running--
  }
}
