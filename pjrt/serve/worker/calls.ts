import http2, { type ServerHttp2Stream } from "node:http2"
import * as Effect from "effect/Effect"
import { Frames, frame } from "../../served/remote/frames.ts"
import { messageType } from "../../served/remote/http2.ts"
import { decode } from "../../served/remote/wire/decode.ts"
import { encode } from "../../served/remote/wire/encode.ts"
import type { Answer, Request, Response } from "../../served/remote/wire/wire.gen.ts"
import { answer, failureAnswer } from "./answers.ts"
import { protocolFault } from "./faults.ts"
import { cancelled } from "./ledger.ts"
import type { Session } from "./session.ts"
import { spanned } from "./tracing.ts"
import type { WorkerContext } from "./welcome.ts"

/** Gives a call that has been asked before the answer of the first time, and says whether it has been. */
export const again = (session: Session, call: number, answered: (response: Response) => void): boolean => {
  const fiber = session.calls.known(call)
  fiber?.addObserver((exit) =>
    answered({
      call,
      answer: exit._tag === "Success" ? exit.value : failureAnswer(cancelled(call))
    })
  )
  return fiber !== undefined
}

/** Begins a call that has not been asked before, and whose words the session has heard; its answer comes in any case. */
export const begin = (
  { tracer }: Pick<WorkerContext, "tracer">,
  session: Session,
  request: Request,
  work: () => Effect.Effect<Answer>,
  answered: (response: Response) => void
): void => {
  const { call, ask } = request
  if (again(session, call, answered)) return
  const fault = session.calls.fault(call)
  if (fault === undefined) session.calls.answer(call, () => spanned(tracer, ask?.type ?? "nothing", work()))
  session.comes(call)
  if (fault === undefined) again(session, call, answered)
  else answered({ call, answer: failureAnswer(fault) })
}

/** A stream of calls, each answered when it is done. Of a client that does not read its answers nothing more is read. */
export const answerCalls = (context: WorkerContext, stream: ServerHttp2Stream, session: Session): void => {
  const frames = new Frames(context.messageLimit)
  const unfinished = session.unfinished.part()
  /** Calls whose answers will come over this stream. */
  const awaited = new Set<number>()
  stream.once("close", () => unfinished(0))
  stream.respond({ ":status": 200, "content-type": messageType })
  const send = (response: Response) => {
    awaited.delete(response.call)
    if (!stream.destroyed && !stream.writableEnded) stream.write(frame(encode("Response", response)))
  }
  stream.on("data", (chunk: Buffer) => {
    session.hear()
    try {
      for (const message of frames.take(chunk)) {
        const request = decode("Request", message)
        if (awaited.has(request.call)) continue
        awaited.add(request.call)
        answerCall(context, session, request, send)
      }
      unfinished(frames.unfinished)
      if (!stream.writableNeedDrain) return
      stream.pause()
      stream.once("drain", () => stream.resume())
    } catch {
      // Without a readable message there is no call to name as failed.
      stream.close(http2.constants.NGHTTP2_PROTOCOL_ERROR)
    }
  })
  stream.once("end", () => stream.end())
}

const answerCall = (
  context: WorkerContext,
  session: Session,
  request: Request,
  send: (response: Response) => void
): void => {
  const { call, ask } = request
  if (ask?.type !== "Heartbeat") context.sessions.called()
  const done = () => send({ call, answer: { type: "Done" } })
  session.says(request)
  if (ask === undefined) send({ call, answer: failureAnswer(protocolFault("a request asks nothing")) })
  else if (ask.type === "Bye") Effect.runCallback(context.sessions.close(session), { onExit: done })
  else if (ask.type === "Cancel" || ask.type === "Heartbeat") {
    if (ask.type === "Cancel") session.calls.cancel(ask.target)
    session.comes(call)
    done()
  } else begin(context, session, request, () => answer(context, session, ask, call), send)
}
