import type { PjrtError } from "../../native/errors.ts"
import { CompileError } from "../errors.ts"
import { hintFor } from "../hints.ts"

/** XLA's parser and verifier say where as `loc("-":3:8)` or `<unknown>:3:8`. */
const location = (message: string): { line: number; column: number } | undefined => {
  const found = /(?:"[^"]*"|-|<[^>]*>):(\d+):(\d+)/.exec(message)
  return found === null ? undefined : { line: Number(found[1]), column: Number(found[2]) }
}

export const compileError = (error: Pick<PjrtError, "code" | "message">): CompileError =>
  new CompileError({
    code: error.code,
    message: error.message,
    ...location(error.message),
    hint:
      hintFor("cuda", error.message) ??
      "the plugin's own words are above; a StableHLO text needs a public func.func @main"
  })
