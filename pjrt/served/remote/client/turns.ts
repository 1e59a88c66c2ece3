/** For each call that may be under way, how many answers may have come that the worker does not know of. */
const untoldForEach = 2

/** Who waits for a turn. */
interface Waiting {
  readonly begin: () => void
  readonly failed: (error: Error) => void
}

/**
 * Makes the calls of a session wait here, in the order of the calls, so that a worker never has more than it grants.
 * Its two limits: calls without an answer, and answers that it keeps until it is told that they have come.
 */
export class Turns {
  readonly #most: number
  /** Sends a message that only says what has come. */
  readonly #tell: () => void
  readonly #waiting = new Set<Waiting>()
  #underWay = 0
  /** Calls whose answers have come, that are to be told with the next message. */
  #got: Array<number> = []
  /** Answers that have come in all; of how many the worker was told; and of how many it is known to have heard. */
  #come = 0
  #told = 0
  #heard = 0
  /** As many as are known to have been heard when what was sent for that alone is answered. */
  #telling: number | undefined
  #ended: Error | undefined

  constructor(most: number, tell: () => void) {
    this.#most = most
    this.#tell = tell
  }

  /** Calls `begin` when it is its turn. What it returns gives the turn up, and says whether it had not begun. */
  take(begin: () => void, failed: (error: Error) => void): () => boolean {
    if (this.#ended !== undefined) {
      failed(this.#ended)
      return () => false
    }
    const one: Waiting = { begin, failed }
    this.#waiting.add(one)
    this.#advance()
    return () => this.#waiting.delete(one)
  }

  /** A call that had its turn has its answer, or will have none. */
  over(call: number): void {
    this.#underWay--
    this.#come++
    this.#got.push(call)
    this.#advance()
  }

  /**
   * What a message tells the worker: which calls from this one on have been answered. What it returns beside is called
   * when the message has been answered, and with it all that were sent before.
   */
  tell(settled: number): { readonly got: ReadonlyArray<number>; readonly heard: () => void } {
    const got = this.#got.filter((call) => call >= settled)
    this.#told += this.#got.length
    this.#got = []
    const told = this.#told
    return {
      got,
      heard: () => {
        this.#heard = Math.max(this.#heard, told)
        if (this.#telling !== undefined && told >= this.#telling) this.#telling = undefined
        this.#advance()
      }
    }
  }

  /** There are no more turns: current and later callers get this reason. */
  end(error: Error): void {
    this.#ended ??= error
    const all = [...this.#waiting]
    this.#waiting.clear()
    for (const { failed } of all) failed(error)
  }

  #advance(): void {
    for (const one of this.#waiting) {
      if (this.#underWay >= this.#most) return
      if (this.#come - this.#heard >= untoldForEach * this.#most) {
        if (this.#telling !== undefined) return
        this.#telling = this.#come
        this.#tell()
        return
      }
      this.#waiting.delete(one)
      this.#underWay++
      one.begin()
    }
  }
}
