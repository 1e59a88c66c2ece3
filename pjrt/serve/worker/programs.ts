import { createHash } from "node:crypto"
import { isRecorded } from "../../../dsl/passes/names.ts"
import type { ProgramSource } from "../../backend/backend.ts"
import { type CompileError, RemoteError } from "../../backend/errors.ts"
import { receivedPartitioning } from "../../served/remote/domain.ts"
import type { Compile } from "../../served/remote/wire/wire.gen.ts"
import type { Limits } from "./limits.ts"
import { screen } from "./screen.ts"

interface Kept {
  readonly code: string | Uint8Array
  readonly loops: boolean
  readonly bytes: number
}

const wrongDigest = new RemoteError({
  address: "worker",
  reason: "protocol",
  message: "a program is not what its digest says",
  hint: "this is a fault of the client; please report it"
})

/** What tells a program's code from another's. */
export const digestOf = ({ digest }: Pick<Compile, "digest">): string => Buffer.from(digest).toString("hex")

/** The programs that clients have sent, by their digests: each is kept once, whoever has sent it. */
export class ProgramStore {
  readonly #limits: Limits
  readonly #most: number
  readonly #kept = new Map<string, Kept>()
  #bytes = 0

  /** `most` bytes of code are kept; beyond, what was used longest ago is forgotten, and asked for again. */
  constructor(limits: Limits, most = 64 * limits.programBytes) {
    this.#limits = limits
    this.#most = most
  }

  /**
   * The program that a client names; undefined where the client must send it; or why it is refused. `sent` are the
   * programs that its session has sent.
   */
  sourceOf(
    ask: Compile,
    sent: Set<string> = new Set()
  ): ProgramSource | CompileError | RemoteError | undefined {
    const key = `${ask.bytecode ? "bytecode" : "text"} ${digestOf(ask)}`
    // Whether others have sent it is not told.
    if (ask.code === undefined && !sent.has(key)) return undefined
    const kept = ask.code === undefined ? this.#find(key) : this.#receive(key, ask, ask.code)
    if (kept === undefined || kept instanceof Error) return kept
    sent.delete(key)
    sent.add(key)
    for (const oldest of sent) {
      if (sent.size <= this.#limits.programs) break
      sent.delete(oldest)
    }
    return {
      code: kept.code,
      screened: true,
      // What it takes, the compiler says, and not the client.
      inputs: undefined,
      donated: ask.donated,
      // Nor may it say that a loop is short: such a run would hold the thread that serves everybody.
      variable: ask.variable || kept.loops,
      passes: ask.passes?.names.filter(isRecorded),
      partitioning: ask.partitioning === undefined ? undefined : receivedPartitioning(ask.partitioning)
    }
  }

  #find(key: string): Kept | undefined {
    const found = this.#kept.get(key)
    if (found === undefined) return undefined
    this.#kept.delete(key)
    this.#kept.set(key, found)
    return found
  }

  #receive(key: string, { digest, bytecode }: Compile, sent: Uint8Array): Kept | CompileError | RemoteError {
    const taken = screen(sent, bytecode, this.#limits)
    if (taken instanceof Error) return taken
    if (!createHash("sha256").update(sent).digest().equals(digest)) return wrongDigest
    const code = bytecode ? sent.slice() : new TextDecoder().decode(sent)
    const kept = { code, loops: taken.loops, bytes: sent.length }
    this.#bytes += sent.length - (this.#kept.get(key)?.bytes ?? 0)
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#bytes <= this.#most) break
      this.#kept.delete(oldest)
      this.#bytes -= bytes
    }
    return kept
  }
}
