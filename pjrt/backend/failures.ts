import * as Effect from "effect/Effect"
import { count } from "../../dsl/count.ts"
import { type Aval, bytesOf, show } from "../../dsl/shape.ts"
import type { PjrtError } from "../../native/errors.ts"
import { ArgumentError, BufferGone, RunError } from "./errors.ts"

/** What is said of an array that holds nothing any more. */
export const bufferGone = (
  array: Aval,
  device: string,
  reason: BufferGone["reason"],
  by?: string
): BufferGone =>
  new BufferGone({
    reason,
    message: `this ${show(array)} on ${device} was ${reason}${by === undefined ? "" : ` ${by}`} and holds nothing any more`,
    hint:
      reason === "released"
        ? "read or use it before its scope ends, or give it a longer scope"
        : "a donated argument becomes the program's own memory; keep a copy, or do not donate it"
  })

/** The plugin's failure while running or moving data, where memory is not what it lacks. */
export const runError = (error: PjrtError): RunError =>
  new RunError({
    code: error.code,
    call: error.call,
    message: error.message,
    hint: "the plugin's own words are above; run again with --verbose for the call that failed"
  })

/** Calls into the plugin throw; inside an effect that is a typed failure. */
export const pjrtFailure = (defect: unknown): Effect.Effect<never, PjrtError> =>
  (defect as PjrtError | undefined)?._tag === "PjrtError"
    ? Effect.fail(defect as PjrtError)
    : Effect.die(defect)

/** Why an array's bytes are not those of its shape, or undefined where they are. */
export const lengthFault = (array: Aval & { readonly bytes: Uint8Array }): ArgumentError | undefined =>
  bytesOf(array) === array.bytes.length
    ? undefined
    : new ArgumentError({
        path: "array",
        message: `${show(array)} needs ${count(bytesOf(array), "byte")}, not ${array.bytes.length}`,
        hint: "give as many elements as the shape says"
      })

/** A device used after its layer's scope has ended. */
export const deviceClosed = (
  device: string,
  hint = "use the device within the scope of its layer; open it again for more"
): RunError =>
  new RunError({
    code: "FAILED_PRECONDITION",
    call: "none",
    message: `${device} has been closed`,
    hint
  })
