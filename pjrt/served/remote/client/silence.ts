/** How many heartbeats there are in a lease. */
export const beatsInLease = 3

/** After so many heartbeats without a word the wire may be only half there: the one before the last had no answer. */
const beatsOfSilence = 2

/** The same where much is being sent: a system keeps megabytes of it for a slow network. */
const beatsOfSending = 4 * beatsInLease

/** For how many heartbeats nothing was heard of a worker. Time in which this process was held up is nobody's silence. */
export class Silence {
  #unheard = 0
  /** Since part of a transfer was last moved. */
  #unmoved = 0

  readonly hear = (): void => {
    this.#unheard = 0
  }

  readonly move = (): void => {
    this.#unmoved = 0
  }

  /** Another heartbeat: whether the connection of calls, and that of transfers, is to be given up. */
  beat(sending: boolean): { readonly calls: boolean; readonly transfers: boolean } {
    const calls = ++this.#unheard >= (sending ? beatsOfSending : beatsOfSilence)
    return { calls, transfers: ++this.#unmoved > beatsOfSending || calls }
  }

  /** Whether it has lasted for a lease. */
  get long(): boolean {
    return this.#unheard > beatsInLease
  }
}
