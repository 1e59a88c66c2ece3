import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { displayedAs } from "../../dsl/display.ts"
import type { TraceError } from "../../dsl/errors.ts"

interface Displayed {
  readonly name: string
  /** The program in the printer's notation. */
  readonly text: Effect.Effect<string, TraceError>
}

const words = ({ name, text }: Displayed, brief: boolean): string => {
  const head = name === "" ? "jit of a function" : `jit of ${name}`
  if (brief) return head
  const made = Effect.runSyncExit(text)
  if (Exit.isSuccess(made)) return `${head}\n${made.value.trimEnd()}`
  const error = Exit.findErrorOption(made)
  return error._tag === "Some" ? `${head}, which cannot be traced: ${error.value.message}` : head
}

/** Makes a jitted function show its program, which it is traced for. */
export const displayedJit = (jitted: object, displayed: Displayed): void =>
  displayedAs(jitted, { text: (_, brief) => words(displayed, brief) })
