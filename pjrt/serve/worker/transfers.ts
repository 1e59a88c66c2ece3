import type { ServerHttp2Stream } from "node:http2"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { bytesOf } from "../../../dsl/shape.ts"
import type { DeviceBuffer } from "../../backend/backend.ts"
import { RemoteError } from "../../backend/errors.ts"
import { bytesType } from "../../served/remote/http2.ts"
import { sendPieces } from "../../served/remote/pieces.ts"
import { decode } from "../../served/remote/wire/decode.ts"
import type { Request, Response } from "../../served/remote/wire/wire.gen.ts"
import { put, putFault, settled } from "./answers.ts"
import { messageAndBytes } from "./body.ts"
import { again, begin } from "./calls.ts"
import { protocolFault } from "./faults.ts"
import { receiving } from "./receiving.ts"
import { asError, requestOf, sendFailure, sendResponse } from "./replies.ts"
import type { Session } from "./session.ts"
import type { WorkerContext } from "./welcome.ts"

/** Receives the bytes of an array, straight into the memory that it may keep. */
export const receiveArray = (context: WorkerContext, stream: ServerHttp2Stream, session: Session): void => {
  const reply = (response: Response) => sendResponse(stream, 200, response)
  let coming: { readonly request: Request; readonly array: number } | undefined
  /** The fault is reported now, and to later calls that name the array. */
  const refuse = (fault: unknown) => {
    if (coming !== undefined) {
      session.refuse(coming.array, asError(fault))
      session.comes(coming.request.call)
    }
    const limit = fault instanceof RemoteError && fault.reason === "limit"
    sendFailure(stream, limit ? 200 : 400, coming?.request.call ?? 0, fault)
  }
  messageAndBytes(
    stream,
    context.messageLimit,
    session.unfinished.part(),
    (message) => {
      const request = decode("Request", message)
      const { ask, call } = request
      if (ask?.type !== "Put") throw protocolFault("bytes follow what is no Put")
      coming = { request, array: ask.array }
      // What it releases makes room for what it brings.
      session.says(request)
      // No room is granted for what comes again.
      if (again(session, call, reply)) return undefined
      const fault = session.calls.fault(call) ?? putFault(context, session, ask)
      if (fault !== undefined) throw fault
      const kept = session.reserve(bytesOf(ask.aval), 1)
      const memory = receiving(bytesOf(ask.aval))
      return {
        into: memory.bytes,
        heard: () => session.hear(),
        done: (whole) => {
          kept()
          const begins =
            whole && session.calls.known(call) === undefined && session.calls.fault(call) === undefined
          if (!begins) memory.free()
          if (whole)
            begin(context, session, request, () => settled(put(context, session, ask, memory)), reply)
        }
      }
    },
    refuse
  )
}

/** Sends the bytes of an array, from where they lie. */
export const sendArray = async (
  context: WorkerContext,
  stream: ServerHttp2Stream,
  session: Session
): Promise<void> => {
  const request = await requestOf(stream, context.messageLimit, session.unfinished.part())
  if (request === undefined) return
  const { ask, call } = request
  session.says(request)
  session.comes(call)
  if (ask?.type !== "Read")
    return sendFailure(stream, 400, call, protocolFault("only a Read is answered with bytes"))
  const sent = (buffer: DeviceBuffer) => {
    const done = session.sends(ask.array)
    // A client that has gone away before needs no room.
    if (stream.destroyed) done()
    else stream.once("close", done)
    return buffer.view
  }
  const reading = Effect.runFork(Effect.flatMap(session.array(ask.array, call), sent))
  stream.once("close", () => Effect.runFork(Fiber.interrupt(reading)))
  const exit = await Effect.runPromise(Fiber.await(reading))
  if (exit._tag === "Failure") {
    const response = await Effect.runPromise(settled(Effect.failCause(exit.cause)))
    return sendResponse(stream, 200, { call, answer: response })
  }
  if (stream.destroyed) return
  stream.respond({ ":status": 200, "content-type": bytesType, "content-length": exit.value.length })
  const { value } = exit
  // Read in place, it must stay reachable until it has been sent.
  sendPieces(stream, [value], { done: () => void value })
}
