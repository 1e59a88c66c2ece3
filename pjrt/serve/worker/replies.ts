import http2, { type ServerHttp2Stream } from "node:http2"
import { FrameFault } from "../../served/remote/frames.ts"
import { messageType } from "../../served/remote/http2.ts"
import { decode, WireError } from "../../served/remote/wire/decode.ts"
import { encode } from "../../served/remote/wire/encode.ts"
import type { Request, Response } from "../../served/remote/wire/wire.gen.ts"
import { failureAnswer } from "./answers.ts"
import { BodyFault, wholeBody } from "./body.ts"
import { protocolFault } from "./faults.ts"

export const sendText = (stream: ServerHttp2Stream, status: number, text: string): void => {
  stream.respond({ ":status": status, "content-type": "text/plain; charset=utf-8" })
  stream.end(text)
}

export const sendResponse = (stream: ServerHttp2Stream, status: number, response: Response): void => {
  if (stream.destroyed || stream.headersSent) return
  const bytes = encode("Response", response)
  stream.respond({ ":status": status, "content-type": messageType, "content-length": bytes.length })
  // What the client still sends is of no use any more.
  stream.end(bytes, () => {
    if (!stream.readableEnded) stream.close(http2.constants.NGHTTP2_NO_ERROR)
  })
}

/** A fault in what was sent, as an error that its client knows. */
export const asError = (fault: unknown): unknown =>
  fault instanceof WireError || fault instanceof BodyFault || fault instanceof FrameFault
    ? protocolFault(fault.message)
    : fault

export const sendFailure = (stream: ServerHttp2Stream, status: number, call: number, fault: unknown): void =>
  sendResponse(stream, status, { call, answer: failureAnswer(asError(fault)) })

/** A request that is a message alone; undefined where it has been answered already or its client has gone. */
export const requestOf = async (
  stream: ServerHttp2Stream,
  most: number,
  unfinished?: (bytes: number) => void
): Promise<Request | undefined> => {
  try {
    const body = await wholeBody(stream, most, unfinished)
    return body === undefined ? undefined : decode("Request", body)
  } catch (error) {
    sendFailure(stream, 400, 0, error)
    return undefined
  }
}
