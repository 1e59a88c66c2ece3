import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import { type Aval, bytesOf } from "../../../dsl/shape.ts"
import { freshBytes } from "../../../native/memory.ts"
import type { Analysis, DeviceInfo, DeviceMemory, HostArray, Identity, ProgramSource } from "../../Backend.ts"
import { DeviceLost, DeviceUnavailable, OutcomeUnknown, RemoteError } from "../../errors.ts"
import { errorOf, type Failure } from "../../served/failure.ts"
import type { Link, Made } from "../../served/link.ts"
import { makeWatch, type Watch, type WatchOptions } from "../../watch.ts"
import { receivedAnalysis, receivedIdentity, receivedMemory, sentPartitioning } from "../domain.ts"
import { frame } from "../frames.ts"
import { bytesType, paths, sessionHeader } from "../http2.ts"
import { decode, WireError } from "../wire/decode.ts"
import { encode } from "../wire/encode.ts"
import type { Answer, Ask, Compile, Welcome } from "../wire/wire.gen.ts"
import { Calls, patience } from "./calls.ts"
import { type Connection, Disconnected, type Reply, type Sending } from "./connection.ts"

/** Programs up to this many bytes are sent at once; of a larger one it is asked first whether the worker has it. */
const smallProgram = 1 << 14

/** An array up to this many bytes is on its way yet when putting it ends. */
const smallArray = 1 << 16

/** How long releases may wait for a request to go with, in milliseconds. */
const releaseWithin = 50

const protocolError = (address: string, message: string): RemoteError =>
  new RemoteError({
    address,
    reason: "protocol",
    message: `the worker at ${address} answers what is not understood: ${message}`,
    hint: "use the same version of loopcarry on both sides"
  })

/** A failure of the worker's as an error here, with the address that this side knows it by. */
export const errorOfAnswer = (address: string, { kind, fields }: Answer & { type: "Failure" }): unknown => {
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

const answerIn = (address: string, answer: Answer | undefined): Effect.Effect<Answer, unknown> => {
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
const reasonOf = (body: Uint8Array): string => {
  try {
    const { answer } = decode("Response", body)
    if (answer?.type === "Failure") return String(JSON.parse(answer.fields).message)
  } catch {
    // Not in words of ours.
  }
  return "the worker does not know it any more"
}

/** A session on a worker. It survives a connection that is lost and made again within the lease. */
export class RemoteLink implements Link {
  readonly watch: Watch
  readonly #connection: Connection
  readonly #headers: Readonly<Record<string, string>>
  readonly #name: string
  readonly #lease: number
  readonly #devices: ReadonlyArray<DeviceInfo>
  readonly #identity: Identity
  readonly #calls: Calls
  /** Calls that move bytes, and have no answer. */
  readonly #transfers = new Set<number>()
  readonly #beat: NodeJS.Timeout
  #next = 0
  #released: Array<number> = []
  #flush: NodeJS.Timeout | undefined
  #heard = performance.now()
  #lost: DeviceLost | undefined
  #closed = false

  constructor(
    connection: Connection,
    headers: Readonly<Record<string, string>>,
    { session, lease, identity }: Welcome,
    devices: ReadonlyArray<DeviceInfo>,
    limits: WatchOptions
  ) {
    this.#connection = connection
    this.#headers = { ...headers, [sessionHeader]: session }
    this.#name = connection.address.name
    this.#calls = new Calls(connection, this.#headers, {
      heard: () => {
        this.#heard = performance.now()
      },
      over: (error) => this.#over(error),
      forgotten: (body) => this.#forgotten(body)
    })
    this.#lease = lease
    this.#devices = devices
    this.#identity = receivedIdentity(identity)
    this.watch = makeWatch(limits, { hint: "the worker was told to give it up", stop: Effect.void })
    this.#beat = setInterval(() => this.#heartbeat(), Math.max(100, lease / 3)).unref()
  }

  get lost(): DeviceLost | undefined {
    return this.#lost
  }

  get identity() {
    return Effect.succeed(this.#identity)
  }

  #heartbeat(): void {
    if (this.#lost !== undefined || this.#closed) return
    Effect.runFork(Effect.ignore(this.#call({ type: "Heartbeat" })))
  }

  #lose(why: string): DeviceLost {
    clearInterval(this.#beat)
    this.#lost ??= new DeviceLost({
      device: `remote://${this.#name}`,
      message: `the session on the worker at ${this.#name} is gone: ${why}`,
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
    return encode("Request", { call, settled, released, ask })
  }

  /** Asks what is answered by a message. Cancelled where nobody waits for it any more. */
  #call(ask: Ask): Effect.Effect<Answer, unknown> {
    return Effect.callback<Answer, unknown>((resume) => {
      if (this.#lost !== undefined) return resume(Effect.fail(this.#lost))
      const call = this.#next++
      this.#calls.send(call, this.#message(call, ask), {
        answered: ({ answer }) => resume(answerIn(this.#name, answer)),
        failed: (error, sent) =>
          resume(
            Effect.fail(
              ask.type === "Run" && sent && error === this.#lost ? this.#unknownOutcome(this.#lost) : error
            )
          )
      })
      return Effect.sync(() => {
        this.#calls.forget(call)
        if (ask.type === "Run" || ask.type === "Compile" || ask.type === "Copy")
          Effect.runFork(Effect.ignore(this.#call({ type: "Cancel", target: call })))
      })
    })
  }

  /** Moves bytes, over as many connections as it takes while the worker keeps the session. */
  #transfer(
    ask: Ask,
    path: string,
    following?: Uint8Array,
    into?: Sending["into"]
  ): Effect.Effect<Reply, unknown> {
    return Effect.suspend(() => {
      if (this.#lost !== undefined) return Effect.fail(this.#lost)
      const call = this.#next++
      this.#transfers.add(call)
      const message = this.#message(call, ask)
      const parts = following === undefined ? [message] : [frame(message), following]
      return Effect.ensuring(
        this.#until({ path, headers: this.#headers, parts, ...(into && { into }) }, patience.first),
        Effect.sync(() => this.#transfers.delete(call))
      )
    })
  }

  #until(sending: Sending, wait: number): Effect.Effect<Reply, unknown> {
    return Effect.suspend(() => this.#connection.request(sending)).pipe(
      Effect.flatMap((reply): Effect.Effect<Reply, unknown> => {
        this.#heard = performance.now()
        return reply.status === 410 ? Effect.fail(this.#forgotten(reply.body)) : Effect.succeed(reply)
      }),
      Effect.catch((error): Effect.Effect<Reply, unknown> => {
        const passing =
          error instanceof Disconnected || (error instanceof RemoteError && error.reason === "unreachable")
        const end = passing ? this.#over(error) : (error as Error)
        if (end !== undefined) return Effect.fail(end)
        return Effect.andThen(Effect.sleep(wait), this.#until(sending, Math.min(2 * wait, patience.most)))
      })
    )
  }

  /** Why the session is over where the worker cannot be reached, or undefined while it may be kept there. */
  #over(error: Error): DeviceLost | undefined {
    if (this.#lost === undefined && performance.now() - this.#heard > this.#lease)
      this.#lose(`it could not be reached for ${Math.round(this.#lease / 1000)} s: ${error.message}`)
    return this.#lost
  }

  #forgotten(body: Uint8Array): DeviceLost {
    return this.#lose(reasonOf(body))
  }

  #unknownOutcome({ message }: DeviceLost): OutcomeUnknown {
    return new OutcomeUnknown({
      device: `remote://${this.#name}`,
      message: `whether the program has run is not known, and its results are gone: ${message}`,
      hint: "run it again, if running it twice does no harm"
    })
  }

  /** Asks what has one kind of answer. */
  #expect<T extends Answer["type"]>(ask: Ask, type: T): Effect.Effect<Answer & { type: T }, unknown> {
    return Effect.flatMap(this.#call(ask), (answer) =>
      answer.type === type
        ? Effect.succeed(answer as Answer & { type: T })
        : Effect.fail(protocolError(this.#name, `${answer.type} to ${ask.type}`))
    )
  }

  compile(
    id: number,
    { code, inputs, donated, partitioning, variable }: ProgramSource
  ): Effect.Effect<Made, unknown> {
    return Effect.suspend(() => {
      const bytes = typeof code === "string" ? new TextEncoder().encode(code) : code
      const ask: Compile = {
        executable: id,
        digest: createHash("sha256").update(bytes).digest(),
        code: bytes.length <= smallProgram ? bytes : undefined,
        bytecode: typeof code !== "string",
        inputs: inputs?.map(({ dtype, shape }) => ({ dtype, shape })) ?? [],
        hasInputs: inputs !== undefined,
        donated: donated ?? [],
        partitioning: partitioning && sentPartitioning(partitioning),
        variable: variable ?? true
      }
      return Effect.flatMap(
        this.#call({ type: "Compile", ...ask }),
        (first): Effect.Effect<Made, unknown> => {
          const answered =
            first.type === "Unknown"
              ? this.#call({ type: "Compile", ...ask, code: bytes })
              : Effect.succeed(first)
          return Effect.flatMap(answered, (answer) =>
            answer.type === "Made"
              ? Effect.succeed({
                  outputs: answer.outputs,
                  devices: answer.devices.map((number) => this.#devices.find((each) => each.id === number)!)
                })
              : Effect.fail(protocolError(this.#name, `${answer.type} to Compile`))
          )
        }
      )
    })
  }

  load(): Effect.Effect<never, DeviceUnavailable> {
    return Effect.fail(this.#notRemote("a worker loads no compiled programs, which are code of anybody's"))
  }

  serialized(): Effect.Effect<never, DeviceUnavailable> {
    return Effect.fail(this.#notRemote("a worker gives no compiled programs away"))
  }

  #notRemote(message: string): DeviceUnavailable {
    return new DeviceUnavailable({
      device: `remote://${this.#name}`,
      message,
      hint: "send the program itself, or load it on a device of this machine"
    })
  }

  analysis(executable: number): Effect.Effect<Analysis, unknown> {
    return Effect.map(this.#expect({ type: "Analyse", executable }, "Analysis"), receivedAnalysis)
  }

  put(id: number, { dtype, shape, bytes }: HostArray, device: number): Effect.Effect<void, unknown> {
    const ask: Ask = { type: "Put", array: id, aval: { dtype, shape }, device }
    const small = bytes.length <= smallArray
    return Effect.suspend(() => {
      // Sent now, so that the caller may write over its own.
      const putting = this.#transfer(ask, paths.put, small ? bytes.slice() : bytes).pipe(
        Effect.flatMap((reply) => answerOf(this.#name, reply)),
        Effect.asVoid
      )
      if (!small) return Effect.onInterrupt(putting, () => Effect.sync(() => this.release(id)))
      Effect.runFork(Effect.ignore(putting))
      return Effect.void
    })
  }

  run(executable: number, args: ReadonlyArray<number>, first: number, count: number) {
    const abandoned = Effect.sync(() => {
      for (let i = 0; i < count; i++) this.release(first + i)
    })
    return this.#expect({ type: "Run", executable, args, first }, "Ran").pipe(
      Effect.map(({ results }) =>
        results.length === count
          ? results.map(({ bytes }) => new Uint8Array(bytes ?? new Uint8Array(0)))
          : undefined
      ),
      Effect.onInterrupt(() => abandoned)
    )
  }

  read(id: number, aval: Aval): Effect.Effect<Uint8Array<ArrayBuffer>, unknown> {
    const length = bytesOf(aval)
    return Effect.flatMap(
      this.#transfer({ type: "Read", array: id }, paths.read, undefined, () => freshBytes(length)),
      (reply) => {
        if (reply.type === bytesType && reply.body.length === length) return Effect.succeed(reply.body)
        return Effect.flatMap(
          reply.type === bytesType
            ? Effect.fail(protocolError(this.#name, `${reply.body.length} bytes of an array of ${length}`))
            : answerOf(this.#name, reply),
          ({ type }) => Effect.fail(protocolError(this.#name, `${type} to Read`))
        )
      }
    )
  }

  copy(id: number, from: number, device: number): Effect.Effect<void, unknown> {
    return this.#expect({ type: "Copy", array: id, from, device }, "Done").pipe(
      Effect.onInterrupt(() => Effect.sync(() => this.release(id))),
      Effect.asVoid
    )
  }

  release(id: number): void {
    if (this.#lost !== undefined || this.#closed) return
    this.#released.push(id)
    this.#flush ??= setTimeout(() => {
      this.#flush = undefined
      if (this.#released.length > 0) this.#heartbeat()
    }, releaseWithin).unref()
  }

  memory(device: number): Effect.Effect<DeviceMemory, unknown> {
    return Effect.map(this.#expect({ type: "Memory", device }, "MemoryReport"), receivedMemory)
  }

  get close(): Effect.Effect<void> {
    return Effect.suspend(() => {
      clearInterval(this.#beat)
      clearTimeout(this.#flush)
      if (this.#closed) return Effect.void
      this.#closed = true
      const bye =
        this.#lost === undefined
          ? Effect.ignore(Effect.timeoutOption(this.#call({ type: "Bye" }), 1000))
          : Effect.void
      return Effect.andThen(
        bye,
        Effect.sync(() => {
          this.#calls.close()
          this.#connection.close()
        })
      )
    })
  }
}
