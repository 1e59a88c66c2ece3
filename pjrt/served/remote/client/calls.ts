import type { ClientHttp2Stream } from "node:http2"
import { Frames, frame } from "../frames.ts"
import { paths } from "../http2.ts"
import { decode } from "../wire/decode.ts"
import type { Response } from "../wire/wire.gen.ts"
import { protocolError } from "./answers.ts"
import type { Connection } from "./connection.ts"

/** Between attempts to connect again, in milliseconds: at first, and at most. */
export const patience = { first: 50, most: 2000 } as const

/** What has more bytes may take long to send, and calls do not wait behind it. */
export const smallBytes = 1 << 16

/** No answer has more bytes. */
const mostBytes = 64 << 20

/** What becomes of a call. */
export interface Waiting {
  readonly answered: (response: Response) => void
  /** There will be no answer; `sent` where the worker may have got the call. */
  readonly failed: (error: Error, sent: boolean) => void
  /** Called in any case, also where nobody waits any more. */
  readonly over: (answered: boolean) => void
}

interface Pending {
  readonly message: Uint8Array
  /** Undefined where nobody waits any more. It is sent all the same, for the other things that its message says. */
  waiting: Waiting | undefined
  readonly over: Waiting["over"]
  sent: boolean
}

/** What a session's calls need to know of it. */
export interface Life {
  /** Something was heard of the worker. */
  readonly heard: () => void
  /** Why the session is over, after this failure to reach the worker, or undefined while it may go on. */
  readonly over: (error: Error) => Error | undefined
  /** The worker does not know the session any more. */
  readonly forgotten: (body: Uint8Array) => Error
}

/**
 * The calls of a session and their answers: a stream of messages each way. When the stream is lost, all calls without
 * an answer are sent again on the next one. The worker knows them by their numbers, and runs each once.
 */
export class Calls {
  readonly #connection: Connection
  readonly #headers: Readonly<Record<string, string>>
  readonly #life: Life
  readonly #pending = new Map<number, Pending>()
  /** How many of them are waited for. */
  #awaited = 0
  #stream: ClientHttp2Stream | undefined
  #connecting = false

  constructor(connection: Connection, headers: Readonly<Record<string, string>>, life: Life) {
    this.#connection = connection
    this.#headers = headers
    this.#life = life
  }

  /** The oldest call that has no answer. */
  get oldest(): number | undefined {
    for (const call of this.#pending.keys()) return call
    return undefined
  }

  /** Whether one of them takes long to send. */
  get large(): boolean {
    for (const { message } of this.#pending.values()) if (message.length > smallBytes) return true
    return false
  }

  send(call: number, message: Uint8Array, waiting: Waiting): void {
    if (this.#awaited++ === 0) this.#connection.hold()
    const one: Pending = { message, waiting, over: waiting.over, sent: false }
    this.#pending.set(call, one)
    if (this.#stream === undefined) this.#connect(patience.first)
    else this.#write(this.#stream, one)
  }

  /** The answer is not waited for any more. */
  forget(call: number): void {
    const one = this.#pending.get(call)
    if (one !== undefined) this.#letGo(one)
  }

  /** Stops waiting for a call. */
  #letGo(one: Pending): Waiting | undefined {
    const { waiting } = one
    one.waiting = undefined
    if (waiting !== undefined && --this.#awaited === 0) this.#connection.letGo()
    return waiting
  }

  #write(stream: ClientHttp2Stream, one: Pending): void {
    one.sent = true
    stream.write(frame(one.message))
  }

  #failAll(error: Error): void {
    const all = [...this.#pending.values()]
    this.#pending.clear()
    for (const one of all) {
      one.over(false)
      this.#letGo(one)?.failed(error, one.sent)
    }
  }

  #connect(wait: number): void {
    if (this.#connecting) return
    this.#connecting = true
    this.#connection.open(paths.call, this.#headers).then(
      (stream) => {
        this.#connecting = false
        this.#listen(stream)
      },
      (error: Error) => {
        this.#connecting = false
        this.#again(error, wait)
      }
    )
  }

  /** Tries again, while the worker keeps the session and somebody waits. */
  #again(error: Error, wait: number): void {
    if (this.#awaited === 0) return
    const end = this.#life.over(error)
    if (end !== undefined) this.#failAll(end)
    else setTimeout(() => this.#connect(Math.min(2 * wait, patience.most)), wait)
  }

  #listen(stream: ClientHttp2Stream): void {
    const { name } = this.#connection.address
    const frames = new Frames(mostBytes)
    const refusal: Array<Buffer> = []
    let status = 200
    this.#stream = stream
    stream.once("response", (headers) => {
      status = Number(headers[":status"])
    })
    stream.on("data", (chunk: Buffer) => {
      this.#life.heard()
      if (status !== 200) return void refusal.push(chunk)
      try {
        for (const message of frames.take(chunk)) this.#answer(message)
      } catch (error) {
        this.#failAll(protocolError(name, (error as Error).message))
        stream.close()
      }
    })
    stream.on("error", () => {})
    stream.once("end", () => stream.end())
    stream.once("close", () => {
      if (this.#stream === stream) this.#stream = undefined
      if (status === 410) this.#failAll(this.#life.forgotten(new Uint8Array(Buffer.concat(refusal))))
      else if (status !== 200) this.#failAll(protocolError(name, `status ${status}`))
      else this.#again(new Error("the connection was lost"), patience.first)
    })
    for (const one of this.#pending.values()) this.#write(stream, one)
  }

  #answer(message: Uint8Array): void {
    const response = decode("Response", message)
    const one = this.#pending.get(response.call)
    if (one === undefined) return
    this.#pending.delete(response.call)
    one.over(true)
    this.#letGo(one)?.answered(response)
  }

  close(): void {
    this.#stream?.end()
  }
}
