import * as Effect from "effect/Effect"
import { DeviceLost, RemoteError } from "../../errors.ts"
import type { Moved } from "../../watch.ts"
import { frame } from "../frames.ts"
import { sessionHeader } from "../http2.ts"
import { encode } from "../wire/encode.ts"
import type { Answer, Ask, Welcome } from "../wire/wire.gen.ts"
import { answerIn, protocolError, reasonOf } from "./answers.ts"
import { Calls, patience, smallBytes } from "./calls.ts"
import { type Connection, Disconnected, type Reply, type Sending } from "./connection.ts"
import { tooLong, unknownOutcome } from "./losses.ts"

/** Bytes that follow what is asked, or that are asked for. */
export interface Transfer extends Pick<Sending, "path" | "into"> {
  readonly following?: Uint8Array
  readonly moved: Moved
}

/** How many heartbeats there are in a lease. */
const beatsInLease = 3

/** After so many heartbeats without a word the wire may be only half there: the one before the last had no answer. */
const beatsOfSilence = 2

/** The same where much is being sent: a system keeps megabytes of it for a slow network. */
const beatsOfSending = 4 * beatsInLease

/** How long releases may wait for a request to go with, in milliseconds. */
const releaseWithin = 50

/** A session on a worker. It survives a connection that is lost and made again within the lease. */
export class RemoteSession {
  /** `host:port` of its worker. */
  readonly name: string
  /** For calls, and for what is small. */
  readonly #connection: Connection
  /** For transfers of what is not small. */
  readonly #bulk: Connection
  readonly #headers: Readonly<Record<string, string>>
  readonly #lease: number
  readonly #messageLimit: number
  readonly #calls: Calls
  /** Calls that move bytes, and have no answer. */
  readonly #transfers = new Set<number>()
  readonly #beat: NodeJS.Timeout
  #next = 0
  #released: Array<number> = []
  #flush: NodeJS.Timeout | undefined
  /** Heartbeats since the worker was last heard of. Time in which this process was held up is nobody's silence. */
  #unheard = 0
  /** Heartbeats since part of a transfer was last moved. */
  #unmoved = 0
  #lost: DeviceLost | undefined
  #closed = false

  constructor(
    connection: Connection,
    bulk: Connection,
    headers: Readonly<Record<string, string>>,
    { session, lease, messageLimit }: Pick<Welcome, "session" | "lease" | "messageLimit">
  ) {
    this.name = connection.address.name
    this.#connection = connection
    this.#bulk = bulk
    this.#headers = { ...headers, [sessionHeader]: session }
    this.#lease = lease
    this.#messageLimit = messageLimit
    this.#calls = new Calls(connection, this.#headers, {
      heard: this.#hear,
      over: (error) => this.#over(error),
      forgotten: (body) => this.#forgotten(body)
    })
    connection.heard = this.#hear
    bulk.heard = this.#move
    connection.dismissed = bulk.dismissed = () => this.#lose("the worker was told to end")
    this.#beat = setInterval(() => this.#beats(), Math.max(100, lease / beatsInLease)).unref()
  }

  /** Why it is over, and all that the worker had of it is gone. */
  get lost(): DeviceLost | undefined {
    return this.#lost
  }

  readonly #hear = (): void => {
    this.#unheard = 0
  }

  readonly #move = (): void => {
    this.#unmoved = 0
  }

  #beats(): void {
    const silent = ++this.#unheard >= (this.#calls.large ? beatsOfSending : beatsOfSilence)
    // Over another connection the session may still be kept.
    if (silent) this.#connection.drop()
    if (++this.#unmoved > beatsOfSending || silent) this.#bulk.drop()
    this.#heartbeat()
  }

  #heartbeat(): void {
    if (this.#lost !== undefined || this.#closed) return
    Effect.runFork(Effect.ignore(this.call({ type: "Heartbeat" })))
  }

  #lose(why: string): DeviceLost {
    clearInterval(this.#beat)
    this.#lost ??= new DeviceLost({
      device: `remote://${this.name}`,
      message: `the session on the worker at ${this.name} is gone: ${why}`,
      hint: "its arrays are gone; the next call begins a new session"
    })
    return this.#lost
  }

  /** A message, as it is sent until it is answered. What is released goes along once. */
  #message(call: number, ask: Ask): Uint8Array {
    const released = this.#released
    this.#released = []
    let settled = Math.min(this.#calls.oldest ?? call, call)
    for (const open of this.#transfers) settled = Math.min(settled, open)
    return encode("Request", { call, settled, released, ask, got: this.#calls.takeGot(settled) })
  }

  /** Asks what is answered by a message. Cancelled where nobody waits for it any more. */
  call(ask: Ask): Effect.Effect<Answer, unknown> {
    return Effect.callback<Answer, unknown>((resume) => {
      if (this.#lost !== undefined) return resume(Effect.fail(this.#lost))
      if (ask.type === "Compile" && ask.code !== undefined && ask.code.length > this.#messageLimit)
        return resume(Effect.fail(tooLong(this.name, ask.code.length, this.#messageLimit)))
      const call = this.#next++
      this.#calls.send(call, this.#message(call, ask), {
        answered: ({ answer }) => {
          // What takes too long there ends with its process, and all sessions with it.
          if (answer?.type === "Failure" && answer.kind === "TimedOut")
            this.#lose("a program took longer than the worker's time limit")
          resume(answerIn(this.name, answer))
        },
        failed: (error, sent) =>
          resume(
            Effect.fail(
              ask.type === "Run" && sent && error === this.#lost
                ? unknownOutcome(this.name, this.#lost)
                : error
            )
          )
      })
      return Effect.sync(() => {
        this.#calls.forget(call)
        if (ask.type === "Run" || ask.type === "Compile" || ask.type === "Copy")
          Effect.runFork(Effect.ignore(this.call({ type: "Cancel", target: call })))
      })
    })
  }

  /** Moves bytes, over as many connections as it takes while the worker keeps the session. */
  transfer(ask: Ask, { following, ...rest }: Transfer): Effect.Effect<Reply, unknown> {
    return Effect.suspend(() => {
      if (this.#lost !== undefined) return Effect.fail(this.#lost)
      const call = this.#next++
      this.#transfers.add(call)
      const released = this.#released
      const message = this.#message(call, ask)
      const parts = following === undefined ? [message] : [frame(message), following]
      const large = rest.moved.total > smallBytes
      this.#move()
      const sending = { ...rest, headers: this.#headers, parts, heard: large ? this.#move : this.#hear }
      return Effect.onExit(
        this.#until(large ? this.#bulk : this.#connection, sending, patience.first),
        (exit) =>
          Effect.sync(() => {
            this.#transfers.delete(call)
            this.#calls.gets(call)
            // Whether the message has arrived is not known; releasing twice is releasing.
            if (exit._tag === "Failure") this.#released.push(...released)
          })
      )
    })
  }

  #until(connection: Connection, sending: Sending, wait: number): Effect.Effect<Reply, unknown> {
    return Effect.suspend(() => connection.request(sending)).pipe(
      Effect.flatMap((reply): Effect.Effect<Reply, unknown> => {
        this.#hear()
        return reply.status === 410 ? Effect.fail(this.#forgotten(reply.body)) : Effect.succeed(reply)
      }),
      Effect.catch((error): Effect.Effect<Reply, unknown> => {
        const passing =
          error instanceof Disconnected || (error instanceof RemoteError && error.reason === "unreachable")
        const end = passing ? this.#over(error) : (error as Error)
        if (end !== undefined) return Effect.fail(end)
        return Effect.andThen(
          Effect.sleep(wait),
          this.#until(connection, sending, Math.min(2 * wait, patience.most))
        )
      })
    )
  }

  /** Why the session is over where the worker cannot be reached, or undefined while it may be kept there. */
  #over(error: Error): DeviceLost | undefined {
    if (this.#lost === undefined && this.#unheard > beatsInLease)
      this.#lose(`it could not be reached for ${Math.round(this.#lease / 1000)} s: ${error.message}`)
    return this.#lost
  }

  #forgotten(body: Uint8Array): DeviceLost {
    return this.#lose(reasonOf(body))
  }

  /** Asks what has one kind of answer. */
  expect<T extends Answer["type"]>(ask: Ask, type: T): Effect.Effect<Answer & { type: T }, unknown> {
    return Effect.flatMap(this.call(ask), (answer) =>
      answer.type === type
        ? Effect.succeed(answer as Answer & { type: T })
        : Effect.fail(protocolError(this.name, `${answer.type} to ${ask.type}`))
    )
  }

  /** An array is not needed any more; told with the next message, or soon. */
  release(id: number): void {
    if (this.#lost !== undefined || this.#closed) return
    this.#released.push(id)
    this.#flush ??= setTimeout(() => {
      this.#flush = undefined
      if (this.#released.length > 0) this.#heartbeat()
    }, releaseWithin).unref()
  }

  get close(): Effect.Effect<void> {
    return Effect.suspend(() => {
      clearInterval(this.#beat)
      clearTimeout(this.#flush)
      if (this.#closed) return Effect.void
      this.#closed = true
      const bye =
        this.#lost === undefined
          ? Effect.ignore(Effect.timeoutOption(this.call({ type: "Bye" }), 1000))
          : Effect.void
      return Effect.andThen(
        bye,
        Effect.sync(() => {
          this.#calls.close()
          this.#connection.close()
          this.#bulk.close()
        })
      )
    })
  }
}
