/** The process that holds a plugin: answers what `Child` asks over Node's own channel, and ends with its parent. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { exitNow } from "../../../native/ffi.ts"
import { stayAwake } from "../../served/child/awake.ts"
import type { Answered, Asked } from "../../served/child/protocol.ts"
import { failureOf } from "../../served/failure.ts"
import { operations } from "./operations.ts"

/** How long to stay awake after a message, in milliseconds: the next one of a loop comes by then. */
const awakeFor = 2

const send = (message: Answered): void => {
  process.send?.(message)
}

// The parent says it, as if there were one process.
process.removeAllListeners("warning")
process.on("warning", ({ name, message }) => send({ warned: message, type: name }))

const handle = operations((printed) => send({ printed }))

const answer = ({ op, call, ask }: Asked): void => {
  const made = handle(op, ask)
  const reply = (exit: Exit.Exit<unknown, unknown>) => {
    if (call < 0) return
    send(
      Exit.isSuccess(exit)
        ? { call, answer: exit.value }
        : { call, failure: failureOf(Cause.squash(exit.cause)) }
    )
  }
  // Some have their answer at once.
  if (Exit.isExit(made)) reply(made)
  else Effect.runCallback(made, { onExit: reply })
}

process.on("message", (message: ReadonlyArray<Asked>) => {
  stayAwake(awakeFor)
  message.forEach(answer)
})

// A parent that has gone, or wants this to go: what runs cannot be waited for.
process.on("disconnect", () => exitNow(0))
// The terminal's interrupt reaches the whole group; the parent decides.
process.on("SIGINT", () => {})
