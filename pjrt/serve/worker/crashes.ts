import { isLoopback } from "../../served/remote/address.ts"
import type { AtWork } from "./at-work.ts"

/** How many programs, and addresses, are remembered; beyond, those of longest ago are forgotten. */
const most = 1000

/** For how long a program is refused, in milliseconds. */
const refusedFor = 24 * 60 * 60 * 1000

/** How often a program may be alone at work where a process ends that something else may have ended. */
const mostStrikes = 2

/** How long a client that has ended two processes is refused, in milliseconds. Each further one doubles it. */
const rest = { first: 1000, most: 60_000, forgotten: 60 * 60 * 1000 } as const

/** Signals that a process sends itself by what it does. Others come from outside, or for want of memory. */
const own = new Set(["SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS"])

/** V8's words where the process that serves has no room for more, whoever has filled it. */
const shortOfMemory = /^FATAL ERROR: .*JavaScript heap out of memory/

/** How a process ended. */
export interface End {
  readonly how: string
  readonly signal: string | undefined
  /** What it said that tells why. */
  readonly said: string | undefined
  readonly atWork: ReadonlyArray<AtWork>
}

/** What a new process is told about the earlier ones. */
export interface Record {
  /** Digests of programs that are not taken, and why. */
  readonly refused: ReadonlyArray<readonly [string, string]>
  /** Digests of programs that may have ended a process: they work with no other beside them until they have run. */
  readonly suspects: ReadonlyArray<string>
  /** Addresses from which no sessions begin, and for how many milliseconds. */
  readonly resting: ReadonlyArray<readonly [string, number]>
}

/** Remembers no more than so many. */
const remember = <A>(all: Map<string, A>, key: string, value: A): void => {
  all.delete(key)
  all.set(key, value)
  for (const oldest of all.keys()) {
    if (all.size <= most) break
    all.delete(oldest)
  }
}

/**
 * Which programs have ended the process that ran them. A program that ran alone is refused. Where several ran, each is
 * a suspect and runs alone from then on, so that the next crash tells which it was. A suspect that has run once is
 * cleared.
 */
export class Crashes {
  readonly #refused = new Map<string, { readonly why: string; readonly at: number }>()
  /** How often each was alone at work at an end that something else may have caused. */
  readonly #suspects = new Map<string, number>()
  readonly #addresses = new Map<string, { readonly count: number; readonly at: number }>()

  /** A process has ended; what it returns are the digests that are refused from now on. */
  add({ how, signal, said, atWork }: End): ReadonlyArray<string> {
    const digests = [...new Set(atWork.map(({ digest }) => digest))]
    const [only] = digests
    const refused: Array<string> = []
    if (only !== undefined && digests.length === 1) {
      const strikes = (this.#suspects.get(only) ?? 0) + 1
      const itself = signal !== undefined && own.has(signal) && !shortOfMemory.test(said ?? "")
      if (itself || strikes >= mostStrikes) {
        const { phase } = atWork[0]!
        this.#suspects.delete(only)
        remember(this.#refused, only, {
          why: `${how} while ${phase} it${said === undefined ? "" : `: ${said}`}`,
          at: Date.now()
        })
        refused.push(only)
        this.#counts(new Set(atWork.map(({ address }) => address)))
      } else remember(this.#suspects, only, strikes)
    } else for (const each of digests) remember(this.#suspects, each, this.#suspects.get(each) ?? 0)
    return refused
  }

  #counts(addresses: ReadonlySet<string>): void {
    for (const address of addresses) {
      // A tunnel ends at this machine's own address: those behind it are not one.
      if (isLoopback(address.replace(/^::ffff:/, ""))) continue
      const before = this.#addresses.get(address)
      const count = before !== undefined && Date.now() - before.at < rest.forgotten ? before.count + 1 : 1
      remember(this.#addresses, address, { count, at: Date.now() })
    }
  }

  /** A suspect has run with no other beside it. */
  clear(digest: string): void {
    this.#suspects.delete(digest)
  }

  /** Forgets all; how many programs are taken again. */
  lift(): number {
    const count = this.#refused.size
    this.#refused.clear()
    this.#suspects.clear()
    this.#addresses.clear()
    return count
  }

  get record(): Record {
    const now = Date.now()
    for (const [digest, { at }] of this.#refused) if (now - at > refusedFor) this.#refused.delete(digest)
    return {
      refused: [...this.#refused].map(([digest, { why }]) => [digest, why] as const),
      suspects: [...this.#suspects.keys()],
      resting: [...this.#addresses]
        .filter(([, { count }]) => count > 1)
        .map(
          ([address, { count, at }]) =>
            [address, at + Math.min(rest.first * 2 ** (count - 2), rest.most) - now] as const
        )
        .filter(([, milliseconds]) => milliseconds > 0)
    }
  }
}
