import * as Effect from "effect/Effect"
import { count as words } from "../../../dsl/count.ts"
import { begunAlready } from "./faults.ts"
import { giveBack } from "./garbage.ts"
import { beyond, type Limits } from "./limits.ts"
import { Session } from "./session.ts"

/** For how many looks nothing may be asked of a worker until it gives memory back that it does not use. */
const idleLooks = 4

/** How often sessions are looked at, in milliseconds. */
const lookEvery = 500

/** The sessions of a worker. One that is silent for longer than its lease is ended. */
export class Sessions {
  readonly #limits: Limits
  readonly #log: (line: string) => void
  readonly #all = new Map<string, Session>()
  readonly #timer: NodeJS.Timeout
  /** Told of the one session that there may be, where there may be one only. */
  readonly #only: ((now: "begun" | "ended") => void) | undefined
  #looked = performance.now()
  #opened = 0
  #calls = 0
  #idle = 0
  /** How many have been ended because nothing was heard of their clients. */
  expired = 0

  constructor(limits: Limits, log: (line: string) => void, only?: (now: "begun" | "ended") => void) {
    this.#limits = limits
    this.#only = only
    this.#log = log
    this.#timer = setInterval(() => this.#expire(), lookEvery).unref()
  }

  get all(): Iterable<Session> {
    return this.#all.values()
  }

  get count(): number {
    return this.#all.size
  }

  /** A new session for a client of such a version, or why there is none. */
  open(product: string, address: string): Session | unknown {
    if (this.#all.size >= this.#limits.sessions)
      return beyond(
        `${words(this.#all.size, "session is", "sessions are")} open`,
        `${this.#limits.sessions} at a time`,
        "try again later"
      )
    if (this.#only !== undefined && this.#opened > 0) return begunAlready
    this.#only?.("begun")
    const session = new Session(this.#limits, ++this.#opened, address)
    this.#all.set(session.id, session)
    // What a client says of itself may be anything, and is no line of the log.
    this.#log(
      `session ${session.number} begins: client ${/^[\w.+-]{1,32}$/.test(product) ? product : "unknown"}`
    )
    return session
  }

  find(id: string | undefined): Session | undefined {
    return id === undefined ? undefined : this.#all.get(id)
  }

  readonly close = (session: Session): Effect.Effect<void> =>
    Effect.suspend(() => {
      const ended = this.#all.delete(session.id)
      if (ended) this.#log(`session ${session.number} ends`)
      return Effect.tap(session.close, () =>
        Effect.sync(() => {
          if (ended) this.#only?.("ended")
        })
      )
    })

  /** A call has come, of any session. */
  readonly called = (): void => {
    this.#calls++
  }

  /** Once after work, when there is none for a while. */
  #rest(): void {
    let working = this.#calls > 0
    for (const session of this.#all.values()) working ||= session.calls.busy
    this.#calls = 0
    this.#idle = working ? 0 : this.#idle + 1
    if (this.#idle === idleLooks) giveBack()
  }

  #expire(): void {
    this.#rest()
    const before = this.#looked
    this.#looked = performance.now()
    // This process was held up: it has still to read what clients have said meanwhile.
    if (this.#looked - before > 2 * lookEvery) return
    for (const session of this.#all.values()) {
      // Its client waits, and need not speak before it has the answer.
      if (session.calls.busy) session.hear()
      if (session.silent < this.#limits.leaseSeconds * 1000) continue
      this.expired++
      this.#log(
        `session ${session.number}: nothing was heard of its client for ${this.#limits.leaseSeconds} s`
      )
      Effect.runFork(this.close(session))
    }
  }

  readonly closeAll: Effect.Effect<void> = Effect.suspend(() => {
    clearInterval(this.#timer)
    return Effect.forEach([...this.#all.values()], this.close, { discard: true })
  })
}
