import type { ServerHttp2Stream } from "node:http2"
import { count } from "../../../dsl/count.ts"
import { Frames } from "../../served/remote/frames.ts"
import { received } from "./garbage.ts"

/** Why a request's body is not taken. */
export class BodyFault extends Error {}

/** The whole body, if it has at most so many bytes; undefined where the client went away before its end. */
export const wholeBody = (
  stream: ServerHttp2Stream,
  most: number,
  unfinished: (bytes: number) => void = () => {}
): Promise<Uint8Array | undefined> =>
  new Promise((resolve, reject) => {
    const chunks: Array<Buffer> = []
    let length = 0
    stream.on("data", (chunk: Buffer) => {
      length += chunk.length
      try {
        unfinished(length)
        if (length > most) throw new BodyFault(`the message has more than ${count(most, "byte")}`)
        chunks.push(chunk)
      } catch (fault) {
        // What else comes is not read.
        stream.pause()
        reject(fault)
      }
    })
    stream.once("close", () => unfinished(0))
    stream.once("end", () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)))
    stream.once("close", () => resolve(undefined))
    stream.once("error", () => resolve(undefined))
  })

/** What is to be done with the bytes that follow a message. */
export interface Following {
  /** Called when some of them have come. */
  readonly heard: () => void
  /** Where they go. */
  readonly into: Uint8Array<ArrayBuffer>
  /** Called when they are all there, or will never be. */
  readonly done: (whole: boolean) => void
}

/**
 * A body that holds a message, then bytes. `unfinished` is told how much of the message has come, and may throw.
 * `begin` gets the message. It says where the following bytes go, and so how many there must be, or that they are not
 * needed. Where it throws, or the number of bytes differs, `failed` gets the fault.
 */
export const messageAndBytes = (
  stream: ServerHttp2Stream,
  most: number,
  unfinished: (bytes: number) => void,
  begin: (message: Uint8Array) => Following | undefined,
  failed: (fault: unknown) => void
): void => {
  // The stream forgets it when it ends.
  const connection = stream.session
  const frames = new Frames(most)
  let following: Following | undefined
  let at = 0
  let over = false
  const fail = (fault: unknown) => {
    if (over) return
    over = true
    following?.done(false)
    failed(fault)
  }
  const take = (chunk: Uint8Array) => {
    if (following === undefined) return
    const { into, heard } = following
    heard()
    if (at + chunk.length > into.length)
      return fail(new BodyFault(`more than ${count(into.length, "byte")} follow the message`))
    into.set(chunk, at)
    at += chunk.length
    received(chunk.length)
  }
  stream.on("data", (chunk: Buffer) => {
    if (over) return
    if (following !== undefined) return take(chunk)
    try {
      for (const message of frames.take(chunk)) {
        following = begin(message)
        unfinished(0)
        if (following === undefined) over = true
        for (const part of frames.rest()) take(part)
        break
      }
      if (following === undefined && !over) unfinished(frames.unfinished)
    } catch (fault) {
      fail(fault)
    }
  })
  /** It has ended with less than it says. */
  let short = false
  const gone = () => {
    if (over) return
    over = true
    following?.done(false)
  }
  stream.once("end", () => {
    if (over) return
    const wanted = following?.into.length
    if (following !== undefined && at === wanted) {
      over = true
      return following.done(true)
    }
    short = true
    // A lost connection ends a body too, and reports it later: the whole body comes again on another connection. A
    // request that its client has given up does not come again, so the calls that wait for it are told.
    setImmediate(() => {
      if (connection?.destroyed !== false) return gone()
      fail(
        new BodyFault(
          `${count(at, "byte follows", "bytes follow")} the message, not ${wanted ?? "what it says"}`
        )
      )
    })
  })
  const closed = () => {
    unfinished(0)
    if (!short) gone()
  }
  stream.once("close", closed)
  stream.once("error", closed)
}
