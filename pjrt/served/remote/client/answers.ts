import * as Effect from "effect/Effect"
import { RemoteError } from "../../../backend/errors.ts"
import { errorOf, type Failure } from "../../failure.ts"
import { bytesType } from "../http2.ts"
import { decode, WireError } from "../wire/decode.ts"
import type { Answer } from "../wire/wire.gen.ts"
import type { Reply } from "./connection.ts"

/** The worker says what this client does not understand. */
export const protocolError = (address: string, message: string): RemoteError =>
  new RemoteError({
    address,
    reason: "protocol",
    message: `the worker at ${address} answers what is not understood: ${message}`,
    hint: "use the same version of loopcarry on both sides"
  })

/** A failure of the worker's as an error here, with the address that this side knows it by. */
const errorOfAnswer = (address: string, { kind, fields }: Answer & { type: "Failure" }): unknown => {
  let told: Readonly<Record<string, unknown>>
  try {
    told = JSON.parse(fields)
  } catch {
    return protocolError(address, "a failure without its fields")
  }
  const error = errorOf({ kind: kind as Failure["kind"], fields: told })
  return error instanceof RemoteError
    ? new RemoteError({ ...error, message: `${address}: ${error.message}`, address })
    : error
}

/** The answer of a message, or the error that it is. */
export const answerIn = (address: string, answer: Answer | undefined): Effect.Effect<Answer, unknown> => {
  if (answer === undefined) return Effect.fail(protocolError(address, "an empty answer"))
  return answer.type === "Failure" ? Effect.fail(errorOfAnswer(address, answer)) : Effect.succeed(answer)
}

/** The message of a reply, or why there is none. */
export const answerOf = (address: string, { type, body }: Reply): Effect.Effect<Answer, unknown> => {
  try {
    if (type === bytesType) throw new WireError("bytes where a message is due")
    return answerIn(address, decode("Response", body).answer)
  } catch (error) {
    return Effect.fail(protocolError(address, (error as Error).message))
  }
}

/** Why a worker does not know a session, in its words. */
export const reasonOf = (body: Uint8Array): string => {
  try {
    const { answer } = decode("Response", body)
    if (answer?.type === "Failure") return String(JSON.parse(answer.fields).message)
  } catch {
    // Not in words of ours.
  }
  return "the worker does not know it any more"
}
