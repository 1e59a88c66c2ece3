import * as Effect from "effect/Effect"
import { type Aval, bytesOf } from "../../../dsl/shape.ts"
import { freshBytes } from "../../../native/memory.ts"
import { readProcess, writeProcess } from "../../../native/process-memory.ts"
import type { HostArray, ProgramSource, SourceFacts } from "../../backend/backend.ts"
import { promptRank } from "../../backend/prompt.ts"
import type { Watch } from "../../backend/watch.ts"
import type { Link } from "../link.ts"
import type { Child } from "./process.ts"
import { fromBase64, inlineBytes, pieceBytes, sentSource, toBase64 } from "./protocol.ts"

/** What a child process is asked as the holder of a device. Large arrays are copied from process to process. */
export class ChildLink implements Link {
  readonly #child: Child
  /** Whether something is written at its end. */
  readonly #writes: boolean
  #uploads = 0

  constructor(child: Child, writes: boolean) {
    this.#child = child
    this.#writes = writes
  }

  get lost() {
    return this.#child.lost
  }

  get watch(): Watch {
    return this.#child.watch
  }

  get identity() {
    return this.#child.call("identity", null)
  }

  compile(id: number, source: ProgramSource) {
    return this.#child.call("compile", { id, source: sentSource(source) })
  }

  load(id: number, serialized: Uint8Array, source: SourceFacts) {
    return this.#child.call("load", { id, serialized: toBase64(serialized), source })
  }

  analysis(executable: number) {
    return this.#child.call("analysis", { executable })
  }

  tilings(executable: number) {
    return this.#child.call("tilings", { executable })
  }

  serialized(executable: number) {
    return Effect.map(this.#child.call("serialized", { executable }), fromBase64)
  }

  put(id: number, { dtype, shape, bytes }: HostArray, device: number): Effect.Effect<void, unknown> {
    const aval = { dtype, shape }
    if (bytes.length <= inlineBytes) {
      const ask = () => ({ id, aval, bytes: toBase64(bytes), device })
      // What the other process does at once is done before it is asked for more.
      if (shape.length <= promptRank) return Effect.sync(() => this.#child.tell("put", ask()))
      return Effect.suspend(() => Effect.asVoid(this.#child.call("put", ask(), () => this.release(id))))
    }
    return Effect.suspend(() => {
      const reserved = this.#uploads++
      const ask = { id, aval, bytes: { reserved }, device }
      return this.#upload(reserved, bytes).pipe(
        Effect.andThen(this.#child.call("put", ask, () => this.release(id))),
        Effect.onError(() => Effect.sync(() => this.#child.tell("unreserve", { id: reserved }))),
        Effect.asVoid
      )
    })
  }

  /**
   * Writes straight into memory of the other process; where that is forbidden, the bytes go there piece by piece. The
   * memory may not be given back while a thread still writes there, so that the writing is not interrupted.
   */
  #upload(id: number, bytes: Uint8Array): Effect.Effect<void, unknown> {
    const child = this.#child
    return Effect.gen(function* () {
      const address = yield* child.call("reserve", { id, bytes: bytes.length }, () =>
        child.tell("unreserve", { id })
      )
      const copied = yield* Effect.uninterruptible(
        Effect.callback<boolean>((resume) =>
          writeProcess(child.pid, bytes, address, (done) => resume(Effect.succeed(done)))
        )
      )
      for (let at = 0; !copied && at < bytes.length; at += pieceBytes)
        yield* child.call("fill", { id, at, bytes: toBase64(bytes.subarray(at, at + pieceBytes)) })
    })
  }

  run(executable: number, args: ReadonlyArray<number>, first: number, count: number) {
    const abandoned = () => {
      for (let i = 0; i < count; i++) this.release(first + i)
    }
    return Effect.map(this.#child.call("run", { executable, args, first }, abandoned), (known) =>
      known?.map(fromBase64)
    )
  }

  read(id: number, aval: Aval): Effect.Effect<Uint8Array<ArrayBuffer>, unknown> {
    const asked = this.#child.call("read", { id }, (answer) => {
      if (typeof answer === "object") this.#child.tell("unpin", { pin: answer.pin })
    })
    return Effect.flatMap(asked, (answer) =>
      typeof answer === "string" ? Effect.succeed(fromBase64(answer)) : this.#fetch(bytesOf(aval), answer)
    )
  }

  /** Copies straight from the other process; where that is forbidden, piece by piece through messages. */
  #fetch(bytes: number, { address, pin }: { readonly address: number; readonly pin: number }) {
    const into = freshBytes(bytes)
    const unpin = () => this.#child.tell("unpin", { pin })
    return Effect.flatMap(
      Effect.callback<boolean>((resume) => {
        let abandoned = false
        readProcess(this.#child.pid, address, into, (copied) => {
          if (copied || abandoned) unpin()
          resume(Effect.succeed(copied))
        })
        return Effect.sync(() => {
          abandoned = true
        })
      }),
      (copied) =>
        copied ? Effect.succeed(into) : Effect.ensuring(this.#pieces(pin, into), Effect.sync(unpin))
    )
  }

  #pieces(pin: number, into: Uint8Array<ArrayBuffer>) {
    const starts = Array.from({ length: Math.ceil(into.length / pieceBytes) }, (_, i) => i * pieceBytes)
    return Effect.as(
      Effect.forEach(starts, (at) =>
        Effect.map(
          this.#child.call("part", { pin, at, bytes: Math.min(pieceBytes, into.length - at) }),
          (part) => into.set(fromBase64(part), at)
        )
      ),
      into
    )
  }

  copy(id: number, from: number, device: number) {
    return Effect.asVoid(this.#child.call("copy", { id, from, device }, () => this.release(id)))
  }

  release(id: number): void {
    this.#child.tell("release", { id })
  }

  memory(device: number) {
    return this.#child.call("memory", { device })
  }

  /** Its process is ended with all it holds; only what it writes must be written first. */
  get close(): Effect.Effect<void> {
    const ending = this.#writes ? Effect.ignore(this.#child.call("close", null)) : Effect.void
    return Effect.andThen(ending, this.#child.close)
  }
}
