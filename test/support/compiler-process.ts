import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

const main = fileURLToPath(new URL("compiler-main.ts", import.meta.url))

/** What a compiler said of a program: the opcodes of what it made of it, why it refused it, or that it ended. */
export type Verdict = { readonly opcodes: ReadonlyArray<string> } | { readonly refused: string } | "ended"

/** A plugin's compiler in a process of its own, which is started anew when a program ends it. */
export class CompilerProcess {
  #child: ChildProcess | undefined

  async compile(code: Uint8Array | string): Promise<Verdict> {
    this.#child ??= fork(main, {
      execArgv: ["--import", "tsx"],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"]
    })
    const child = this.#child
    const answered = new AbortController()
    const { signal } = answered
    const answer = Promise.race([
      once(child, "message", { signal }).then(([message]) => message as Verdict),
      once(child, "exit", { signal }).then(() => "ended" as const)
    ])
    child.send({ code })
    const verdict = await answer
    answered.abort()
    if (verdict === "ended") this.#child = undefined
    return verdict
  }

  close(): void {
    this.#child?.kill()
  }
}
