import * as Effect from "effect/Effect"
import { DeviceLost, RemoteError } from "../../../backend/errors.ts"
import type { Moved } from "../../../backend/watch.ts"
import { frame } from "../frames.ts"
import { sessionHeader } from "../http2.ts"
import { encode } from "../wire/encode.ts"
import type { Answer, Ask, Welcome } from "../wire/wire.gen.ts"
import { answerIn, reasonOf } from "./answers.ts"
import { Calls, patience, smallBytes } from "./calls.ts"
import { type Connection, Disconnected, type Reply, type Sending } from "./connection.ts"
import { tooLong, unknownOutcome } from "./losses.ts"
import { beatsInLease, Silence } from "./silence.ts"
import { Turns } from "./turns.ts"

/** Bytes that follow what is asked, or that are asked for. */
export interface Transfer extends Pick<Sending, "path" | "into"> {
  readonly following?: Uint8Array
  /** Called when it is its turn. */
  readonly begun?: () => void
  readonly moved: Moved
}

/** How many calls a worker that does not tell lets be without an answer. */
const inFlightUntold = 256

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
  readonly #turns: Turns
  /** Calls that move bytes, and have no answer. */
  readonly #transfers = new Set<number>()
  readonly #beat: NodeJS.Timeout
  #next = 0
  #released: Array<number> = []
  #flush: NodeJS.Timeout | undefined
  readonly #silence = new Silence()
  #lost: DeviceLost | undefined
  #closed = false

  constructor(
    connection: Connection,
    bulk: Connection,
    headers: Readonly<Record<string, string>>,
    { session, lease, messageLimit, inFlight }: Welcome
  ) {
    this.name = connection.address.name
    this.#connection = connection
    this.#bulk = bulk
    this.#headers = { ...headers, [sessionHeader]: session }
    this.#lease = lease
    this.#messageLimit = messageLimit
    this.#turns = new Turns(inFlight || inFlightUntold, () => this.#heartbeat())
    this.#calls = new Calls(connection, this.#headers, {
      heard: this.#silence.hear,
      over: (error) => this.#over(error),
      forgotten: (body) => this.#forgotten(body)
    })
    connection.heard = this.#silence.hear
    bulk.heard = this.#silence.move
    connection.dismissed = bulk.dismissed = () => this.#lose("the worker was told to end")
    this.#beat = setInterval(() => this.#beats(), Math.max(100, lease / beatsInLease)).unref()
  }

  /** Why it is over, and all that the worker had of it is gone. */
  get lost(): DeviceLost | undefined {
    return this.#lost
  }

  #beats(): void {
    const { calls, transfers } = this.#silence.beat(this.#calls.large)
    // Over another connection the session may still be kept.
    if (calls) this.#connection.drop()
    if (transfers) this.#bulk.drop()
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
    this.#turns.end(this.#lost)
    return this.#lost
  }

  /** The client has the answers of all calls below, where this one is next. */
  #settled(call: number): number {
    let settled = Math.min(this.#calls.oldest ?? call, call)
    for (const open of this.#transfers) settled = Math.min(settled, open)
    return settled
  }

  /** What is released goes along with a message once. */
  #takeReleased(): ReadonlyArray<number> {
    const released = this.#released
    this.#released = []
    return released
  }

  /**
   * Asks what is answered by a message, when it is its turn; `begun` is called then. Cancelled where nobody waits for it
   * any more.
   */
  call(ask: Ask, begun: () => void = () => {}): Effect.Effect<Answer, unknown> {
    return Effect.callback<Answer, unknown>((resume) => {
      if (this.#lost !== undefined) return resume(Effect.fail(this.#lost))
      if (ask.type === "Compile" && ask.code !== undefined && ask.code.length > this.#messageLimit)
        return resume(Effect.fail(tooLong(this.name, ask.code.length, this.#messageLimit)))
      let call: number | undefined
      const send = (over: (call: number) => void) => {
        const number = this.#next++
        call = number
        begun()
        this.#send(number, ask, resume, () => over(number))
      }
      const free = ask.type === "Heartbeat" || ask.type === "Cancel" || ask.type === "Bye"
      if (free) send(() => {})
      const giveUp = free
        ? () => false
        : this.#turns.take(
            () => send((number) => this.#turns.over(number)),
            (error) => resume(Effect.fail(error))
          )
      return Effect.sync(() => {
        if (giveUp() || call === undefined) return
        this.#calls.forget(call)
        if (ask.type === "Run" || ask.type === "Compile" || ask.type === "Copy")
          Effect.runFork(Effect.ignore(this.call({ type: "Cancel", target: call })))
      })
    })
  }

  /** Sends a message until it is answered. `over` is called when there is nothing more to come. */
  #send(
    call: number,
    ask: Ask,
    resume: (effect: Effect.Effect<Answer, unknown>) => void,
    over: () => void
  ): void {
    const settled = this.#settled(call)
    const { got, heard } = this.#turns.tell(settled)
    this.#calls.send(call, encode("Request", { call, settled, released: this.#takeReleased(), ask, got }), {
      answered: ({ answer }) => {
        // What takes too long there ends with its process, and all sessions with it.
        if (answer?.type === "Failure" && answer.kind === "TimedOut")
          this.#lose("a program took longer than the worker's time limit")
        resume(answerIn(this.name, answer))
      },
      failed: (error, sent) =>
        resume(
          Effect.fail(
            ask.type === "Run" && sent && error === this.#lost ? unknownOutcome(this.name, this.#lost) : error
          )
        ),
      over: (answered) => {
        if (answered) heard()
        over()
      }
    })
  }

  /** Moves bytes when it is its turn, over as many connections as it takes while the worker keeps the session. */
  transfer(ask: Ask, transfer: Transfer): Effect.Effect<Reply, unknown> {
    const turn = Effect.callback<number, unknown>((resume) => {
      const giveUp = this.#turns.take(
        () => {
          transfer.begun?.()
          const call = this.#next++
          this.#transfers.add(call)
          resume(Effect.succeed(call))
        },
        (error) => resume(Effect.fail(error))
      )
      return Effect.sync(giveUp)
    })
    return Effect.acquireUseRelease(
      Effect.interruptible(turn),
      (call) => this.#transfer(call, ask, transfer),
      (call) =>
        Effect.sync(() => {
          this.#transfers.delete(call)
          this.#turns.over(call)
        })
    )
  }

  #transfer(
    call: number,
    ask: Ask,
    { following, begun: _, ...rest }: Transfer
  ): Effect.Effect<Reply, unknown> {
    return Effect.suspend(() => {
      if (this.#lost !== undefined) return Effect.fail(this.#lost)
      const released = this.#takeReleased()
      const settled = this.#settled(call)
      const message = encode("Request", { call, settled, released, ask, got: [] })
      const parts = following === undefined ? [message] : [frame(message), following]
      const large = rest.moved.total > smallBytes
      this.#silence.move()
      const sending = {
        ...rest,
        headers: this.#headers,
        parts,
        heard: large ? this.#silence.move : this.#silence.hear
      }
      return Effect.onExit(
        this.#until(large ? this.#bulk : this.#connection, sending, patience.first),
        (exit) =>
          Effect.sync(() => {
            // Whether the message has arrived is not known; releasing twice is releasing.
            if (exit._tag === "Failure") this.#released.push(...released)
          })
      )
    })
  }

  #until(connection: Connection, sending: Sending, wait: number): Effect.Effect<Reply, unknown> {
    return Effect.suspend(() => connection.request(sending)).pipe(
      Effect.flatMap((reply): Effect.Effect<Reply, unknown> => {
        this.#silence.hear()
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
    if (this.#lost === undefined && this.#silence.long)
      this.#lose(`it could not be reached for ${Math.round(this.#lease / 1000)} s: ${error.message}`)
    return this.#lost
  }

  #forgotten(body: Uint8Array): DeviceLost {
    return this.#lose(reasonOf(body))
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
