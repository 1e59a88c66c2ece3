import type { PjrtError } from "../../native/errors.ts"
import { CompileError, DeviceUnavailable } from "../errors.ts"
import { hintFor } from "../hints.ts"
import { xlaHint } from "../xla.ts"

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
    hint: /^No such compile option|^While setting option/.test(error.message)
      ? `leave the option out, or give it a value of its type: ${xlaHint}`
      : "the plugin's own words are above; a StableHLO text needs a public func.func @main"
  })

/** Why a compilation failed: for the program's own faults, or because the plugin misses a part of its installation. */
export const compileFailure = (
  platform: string,
  error: Pick<PjrtError, "code" | "message">
): CompileError | DeviceUnavailable => {
  const hint = hintFor(platform, error.message)
  if (hint === undefined) return compileError(error)
  // XLA goes on to list all places where it has looked.
  const said = error.message.split("\n")[0]!
  return new DeviceUnavailable({
    device: platform,
    message: `the ${platform} plugin cannot compile: ${said}`,
    hint
  })
}
