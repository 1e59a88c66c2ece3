import { RemoteError } from "../../backend/errors.ts"
import type { Record } from "./crashes.ts"
import { beyond } from "./limits.ts"

/** What earlier processes have come to: which programs this one does not take, and which work alone. */
export class Suspicion {
  readonly #refused: Map<string, string>
  readonly #suspects: Set<string>
  readonly #resting: Map<string, number>
  readonly #cleared: (digest: string) => void

  constructor(
    { refused, suspects, resting }: Record = { refused: [], suspects: [], resting: [] },
    cleared: (digest: string) => void = () => {}
  ) {
    this.#refused = new Map(refused)
    this.#suspects = new Set(suspects)
    this.#resting = new Map(resting.map(([address, wait]) => [address, performance.now() + wait]))
    this.#cleared = cleared
  }

  /** How many programs are refused. */
  get refused(): number {
    return this.#refused.size
  }

  /** Why a program is not taken, or undefined. */
  fault(digest: string): RemoteError | undefined {
    const why = this.#refused.get(digest)
    if (why === undefined) return undefined
    return new RemoteError({
      address: "worker",
      reason: "denied",
      message: `this program is refused, for it has ended the worker's process: ${why}`,
      hint: "change the program. The worker takes it again after a day, or when its operator sends SIGHUP to loopcarry serve"
    })
  }

  /** Why no session begins from an address now, or undefined. */
  resting(address: string): RemoteError | undefined {
    const left = (this.#resting.get(address) ?? 0) - performance.now()
    if (left <= 0) return undefined
    return beyond(
      "programs from this address have ended the worker's process again and again",
      `no sessions from there for ${Math.ceil(left / 1000)} s`,
      "try again then, with other programs"
    )
  }

  /** Whether a program works with no other beside it. */
  suspects(digest: string): boolean {
    return this.#suspects.has(digest)
  }

  /** It has run to its end. */
  ran(digest: string): void {
    if (this.#suspects.delete(digest)) this.#cleared(digest)
  }

  lift(): void {
    this.#refused.clear()
    this.#suspects.clear()
    this.#resting.clear()
  }
}
