import { count } from "../../../dsl/count.ts"
import { beyond } from "./limits.ts"

/** The bytes of messages that have not come whole, of one session. */
export class Unfinished {
  readonly #most: number
  #bytes = 0

  constructor(most: number) {
    this.#most = most
  }

  /** For one message after another: says how many of its bytes are here, and throws where that is beyond. */
  part(): (bytes: number) => void {
    let own = 0
    return (bytes) => {
      this.#bytes += bytes - own
      own = bytes
      if (this.#bytes > this.#most && bytes > 0)
        throw beyond(
          `${count(this.#bytes, "byte")} of messages have not come whole`,
          `${this.#most} of a session`,
          "send fewer at a time"
        )
    }
  }
}
