import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { count } from "../../../../dsl/count.ts"
import { type Aval, bytesOf } from "../../../../dsl/shape.ts"
import { freshBytes } from "../../../../native/memory.ts"
import type {
  Analysis,
  DeviceInfo,
  DeviceMemory,
  HostArray,
  Identity,
  ProgramSource
} from "../../../backend/backend.ts"
import type { DeviceLost, DeviceUnavailable, RemoteError } from "../../../backend/errors.ts"
import { type Moved, makeWatch, type Watch, type WatchOptions } from "../../../backend/watch.ts"
import type { Link, Made } from "../../link.ts"
import { receivedAnalysis, receivedMemory } from "../domain.ts"
import { bytesType, paths } from "../http2.ts"
import type { Answer, Ask } from "../wire/wire.gen.ts"
import { answerOf, protocolError } from "./answers.ts"
import { smallBytes } from "./calls.ts"
import { compileAsk } from "./compile.ts"
import { notRemote } from "./losses.ts"
import type { RemoteSession } from "./session.ts"

/** What a worker is asked as the holder of a device. */
export class RemoteLink implements Link {
  readonly watch: Watch
  readonly identity: Effect.Effect<Identity>
  readonly #session: RemoteSession
  readonly #devices: ReadonlyArray<DeviceInfo>
  /** Digests of programs that were sent over it. */
  readonly #sent = new Set<string>()
  /** Small arrays that wait for their turn to be sent. */
  readonly #queued = new Map<number, Fiber.Fiber<void>>()

  constructor(
    session: RemoteSession,
    identity: Identity,
    devices: ReadonlyArray<DeviceInfo>,
    limits: WatchOptions
  ) {
    this.#session = session
    this.#devices = devices
    this.identity = Effect.succeed(identity)
    this.watch = makeWatch(limits, { hint: "the worker was told to give it up", stop: Effect.void })
  }

  get lost(): DeviceLost | undefined {
    return this.#session.lost
  }

  compile(id: number, source: ProgramSource): Effect.Effect<Made, unknown> {
    return Effect.suspend(() => {
      const { ask, code } = compileAsk(id, source)
      const digest = Buffer.from(ask.digest).toString("hex")
      const first = this.#sent.has(digest) ? ask : { ...ask, code }
      this.#sent.add(digest)
      return this.#session.call(first).pipe(
        // Of many programs the worker forgets some.
        Effect.flatMap((answer) =>
          answer.type === "Unknown" ? this.#session.call({ ...ask, code }) : Effect.succeed(answer)
        ),
        Effect.flatMap((answer) =>
          answer.type === "Made"
            ? Effect.map(Effect.forEach(answer.devices, this.#device), (devices) => ({
                outputs: answer.outputs,
                devices
              }))
            : Effect.fail(protocolError(this.#session.name, `${answer.type} to Compile`))
        )
      )
    })
  }

  readonly #device = (number: number): Effect.Effect<DeviceInfo, RemoteError> => {
    const found = this.#devices.find(({ id }) => id === number)
    return found === undefined
      ? Effect.fail(protocolError(this.#session.name, `device ${number}, which it has not named`))
      : Effect.succeed(found)
  }

  /** Asks for arrays to be made, which are released where nobody waits for them any more and the worker may know them. */
  #making<T extends Answer["type"]>(
    ask: Ask,
    type: T,
    release: () => void
  ): Effect.Effect<Answer & { type: T }, unknown> {
    let begun = false
    const asked = this.#expect(ask, type, () => {
      begun = true
    })
    const abandoned = Effect.sync(() => {
      if (begun) release()
    })
    return Effect.onInterrupt(asked, () => abandoned)
  }

  /** Asks what has one kind of answer. */
  #expect<T extends Answer["type"]>(
    ask: Ask,
    type: T,
    begun?: () => void
  ): Effect.Effect<Answer & { type: T }, unknown> {
    return Effect.flatMap(this.#session.call(ask, begun), (answer) =>
      answer.type === type
        ? Effect.succeed(answer as Answer & { type: T })
        : Effect.fail(protocolError(this.#session.name, `${answer.type} to ${ask.type}`))
    )
  }

  load(): Effect.Effect<never, DeviceUnavailable> {
    return Effect.fail(
      notRemote(
        this.#session.name,
        "a worker loads no compiled programs: they are machine code, which it cannot check"
      )
    )
  }

  tilings(): Effect.Effect<never, DeviceUnavailable> {
    return Effect.fail(
      notRemote(this.#session.name, "a worker does not say how a program's arrays lie among its partitions")
    )
  }

  serialized(): Effect.Effect<never, DeviceUnavailable> {
    return Effect.fail(notRemote(this.#session.name, "a worker gives no compiled programs away"))
  }

  analysis(executable: number): Effect.Effect<Analysis, unknown> {
    return Effect.map(this.#expect({ type: "Analyse", executable }, "Analysis"), receivedAnalysis)
  }

  put(
    id: number,
    { dtype, shape, bytes }: HostArray,
    device: number,
    moved: Moved
  ): Effect.Effect<void, unknown> {
    const ask: Ask = { type: "Put", array: id, aval: { dtype, shape }, device }
    // It may be on its way yet when putting it ends.
    const small = bytes.length <= smallBytes
    return Effect.suspend(() => {
      let begun = false
      const putting = this.#session
        .transfer(ask, {
          path: paths.put,
          // The caller may write over its own.
          following: small ? bytes.slice() : bytes,
          begun: () => {
            begun = true
            this.#queued.delete(id)
          },
          moved
        })
        .pipe(
          Effect.flatMap((reply) => answerOf(this.#session.name, reply)),
          Effect.asVoid
        )
      const release = Effect.sync(() => {
        if (begun) this.release(id)
      })
      if (!small) return Effect.onInterrupt(putting, () => release)
      const fiber = Effect.runFork(Effect.ignore(putting))
      if (!begun && fiber.pollUnsafe() === undefined) this.#queued.set(id, fiber)
      return Effect.void
    })
  }

  run(executable: number, args: ReadonlyArray<number>, first: number, count: number) {
    const release = () => {
      for (let i = 0; i < count; i++) this.release(first + i)
    }
    return Effect.map(
      this.#making({ type: "Run", executable, args, first }, "Ran", release),
      ({ results }) =>
        results.length === count
          ? results.map(({ bytes }) => new Uint8Array(bytes ?? new Uint8Array(0)))
          : undefined
    )
  }

  read(id: number, aval: Aval, moved: Moved): Effect.Effect<Uint8Array<ArrayBuffer>, unknown> {
    const length = bytesOf(aval)
    return Effect.flatMap(
      this.#session.transfer(
        { type: "Read", array: id },
        { path: paths.read, into: () => freshBytes(length), moved }
      ),
      (reply) => {
        if (reply.type === bytesType && reply.body.length === length) return Effect.succeed(reply.body)
        return Effect.flatMap(
          reply.type === bytesType
            ? Effect.fail(
                protocolError(
                  this.#session.name,
                  `${count(reply.body.length, "byte")} of an array of ${length}`
                )
              )
            : answerOf(this.#session.name, reply),
          ({ type }) => Effect.fail(protocolError(this.#session.name, `${type} to Read`))
        )
      }
    )
  }

  copy(id: number, from: number, device: number): Effect.Effect<void, unknown> {
    return Effect.asVoid(
      this.#making({ type: "Copy", array: id, from, device }, "Done", () => this.release(id))
    )
  }

  release(id: number): void {
    const queued = this.#queued.get(id)
    if (queued === undefined) this.#session.release(id)
    else {
      // The worker never hears of it.
      this.#queued.delete(id)
      queued.interruptUnsafe()
    }
  }

  memory(device: number): Effect.Effect<DeviceMemory, unknown> {
    return Effect.map(this.#expect({ type: "Memory", device }, "MemoryReport"), receivedMemory)
  }

  get close(): Effect.Effect<void> {
    return this.#session.close
  }
}
