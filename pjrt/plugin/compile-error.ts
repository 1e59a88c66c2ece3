import type { PjrtError } from "../../native/errors.ts"
import { CompileError, DeviceUnavailable } from "../backend/errors.ts"
import { programHint } from "../backend/program-hints.ts"
import { refusesOption, xlaHint } from "../backend/xla.ts"
import { hintFor } from "../platforms/hints.ts"

/** XLA's parser and verifier say where as `loc("-":3:8)` or `<unknown>:3:8`; 0:0 is nowhere in a text. */
const location = (message: string): { line: number; column: number } | undefined => {
  const found = /(?:"[^"]*"|-|<[^>]*>):(\d+):(\d+)/.exec(message)
  return found === null || found[1] === "0" ? undefined : { line: Number(found[1]), column: Number(found[2]) }
}

const optionHint = `leave the option out, or give it a value of its type: ${xlaHint}`

/** A plugin's complaint, or one that knows what to do, of a program. */
export const compileError = (
  error: Pick<PjrtError, "code" | "message"> & { readonly hint?: string }
): CompileError =>
  new CompileError({
    code: error.code,
    message: error.message,
    ...location(error.message),
    hint: error.hint ?? (refusesOption(error.message) ? optionHint : programHint(error.message))
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
