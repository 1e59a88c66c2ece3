import { valueError } from "../errors.ts"
import type { Checkpoint } from "../program.ts"
import { shownGiven } from "../required.ts"

/** What is asked for, checked; "all" where nothing is. */
export const plainCheckpoint = (op: string, checkpoint: Checkpoint = "all"): Checkpoint => {
  if (checkpoint === "all" || checkpoint === "sqrt" || checkpoint === "recompute") return checkpoint
  const every = (checkpoint as { readonly every?: unknown } | null)?.every
  if (Number.isSafeInteger(every) && (every as number) >= 1) return { every: every as number }
  throw valueError(
    op,
    `${op}: checkpoint is ${shownGiven(checkpoint)}`,
    'give "all", "sqrt", "recompute" or { every: k } with a whole number k from 1'
  )
}
