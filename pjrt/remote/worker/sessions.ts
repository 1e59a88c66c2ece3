import * as Effect from "effect/Effect"
import type { Limits } from "./limits.ts"
import { beyond } from "./limits.ts"
import { Session } from "./session.ts"

/** How often sessions are looked at, in milliseconds. */
const lookEvery = 500

/** The sessions of a worker. One that is silent for longer than its lease is ended. */
export class Sessions {
  readonly #limits: Limits
  readonly #all = new Map<string, Session>()
  readonly #timer: NodeJS.Timeout
  /** How many have been ended because nothing was heard of their clients. */
  expired = 0

  constructor(limits: Limits) {
    this.#limits = limits
    this.#timer = setInterval(() => this.#expire(), lookEvery).unref()
  }

  get all(): Iterable<Session> {
    return this.#all.values()
  }

  get count(): number {
    return this.#all.size
  }

  open(): Session | unknown {
    if (this.#all.size >= this.#limits.sessions)
      return beyond(
        `${this.#all.size} sessions are open`,
        `${this.#limits.sessions} at a time`,
        "try again later"
      )
    const session = new Session(this.#limits)
    this.#all.set(session.id, session)
    return session
  }

  find(id: string | undefined): Session | undefined {
    return id === undefined ? undefined : this.#all.get(id)
  }

  readonly close = (session: Session): Effect.Effect<void> =>
    Effect.suspend(() => {
      this.#all.delete(session.id)
      return session.close
    })

  #expire(): void {
    for (const session of this.#all.values()) {
      if (session.silent < this.#limits.leaseSeconds * 1000) continue
      this.expired++
      Effect.runFork(this.close(session))
    }
  }

  readonly closeAll: Effect.Effect<void> = Effect.suspend(() => {
    clearInterval(this.#timer)
    return Effect.forEach([...this.#all.values()], this.close, { discard: true })
  })
}
