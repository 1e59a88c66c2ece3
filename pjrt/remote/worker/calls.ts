import http2, { type ServerHttp2Stream } from "node:http2"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { Frames, frame } from "../frames.ts"
import { messageType } from "../http2.ts"
import { decode } from "../wire/decode.ts"
import { encode } from "../wire/encode.ts"
import type { Answer, Request, Response } from "../wire/wire.gen.ts"
import { answer, failureAnswer } from "./answers.ts"
import { protocolFault } from "./faults.ts"
import { type Session, unknown } from "./session.ts"
import { spanned } from "./tracing.ts"
import type { House } from "./welcome.ts"

/** Begins a call that has not been asked before; gives its answer in any case. */
export const begin = (
  { tracer }: Pick<House, "tracer">,
  session: Session,
  request: Request,
  work: () => Effect.Effect<Answer>
): Promise<Response> => {
  const { call, settled: had, released } = request
  const fault = session.known(call) === undefined ? session.fault(call) : undefined
  if (fault !== undefined) {
    session.comes(call, had, released)
    return Promise.resolve({ call, answer: failureAnswer(fault) })
  }
  const fiber = session.answer(call, () =>
    Effect.map(
      spanned(tracer, request.ask?.type ?? "nothing", work()),
      (made): Response => ({ call, answer: made })
    )
  )
  session.comes(call, had, released)
  return Effect.runPromise(
    Effect.map(Fiber.await(fiber), (exit) =>
      exit._tag === "Success"
        ? exit.value
        : { call, answer: failureAnswer(unknown(`the answer of call ${call}, which was cancelled,`)) }
    )
  )
}

/** A stream of calls, each answered when it is done. */
export const answerCalls = (house: House, stream: ServerHttp2Stream, session: Session): void => {
  const frames = new Frames(house.messageLimit)
  stream.respond({ ":status": 200, "content-type": messageType })
  const send = (response: Response) => {
    if (!stream.destroyed && !stream.writableEnded) stream.write(frame(encode("Response", response)))
  }
  stream.on("data", (chunk: Buffer) => {
    session.hear()
    try {
      for (const message of frames.take(chunk))
        void answerCall(house, session, decode("Request", message)).then(send)
    } catch {
      // Who sends what is no message cannot be told which call has failed.
      stream.close(http2.constants.NGHTTP2_PROTOCOL_ERROR)
    }
  })
  stream.once("end", () => stream.end())
}

const answerCall = async (house: House, session: Session, request: Request): Promise<Response> => {
  const { call, ask, settled: had, released } = request
  if (ask === undefined) return { call, answer: failureAnswer(protocolFault("a request asks nothing")) }
  if (ask.type === "Cancel") session.cancel(ask.target)
  if (ask.type === "Bye") await Effect.runPromise(house.sessions.close(session))
  if (ask.type === "Cancel" || ask.type === "Bye" || ask.type === "Heartbeat") {
    session.comes(call, had, released)
    return { call, answer: { type: "Done" } }
  }
  return await begin(house, session, request, () => answer(house, session, ask, call))
}
