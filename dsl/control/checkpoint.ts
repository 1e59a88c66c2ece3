import { valueError } from "../errors.ts"
import type { Checkpoint } from "../program.ts"
import { isObject, shown } from "../required.ts"

/** What is asked for, checked; "all" where nothing is. */
export const plainCheckpoint = (op: string, checkpoint: Checkpoint = "all"): Checkpoint => {
  if (checkpoint === "all" || checkpoint === "sqrt" || checkpoint === "recompute") return checkpoint
  const every = isObject(checkpoint) ? (checkpoint as { readonly every?: unknown }).every : undefined
  if (Number.isSafeInteger(every) && (every as number) >= 1) return { every: every as number }
  throw valueError(
    op,
    `${op}: checkpoint is ${shown(checkpoint)}`,
    'give "all", "sqrt", "recompute" or { every: k } with a whole number k from 1'
  )
}
