import * as Effect from "effect/Effect"
import type { DType } from "../../dsl/dtype.ts"
import { type Aval, type Shape, show } from "../../dsl/shape.ts"
import { freshBytes } from "../../native/memory.ts"
import { readProcess } from "../../native/process-memory.ts"
import type { Buffer, DeviceInfo } from "../Backend.ts"
import { type BufferGone, bufferGone, DeviceLost, type TransferError } from "../errors.ts"
import { type Child, typed } from "./process.ts"
import { type Base64, fromBase64, pieceBytes } from "./protocol.ts"

/** An array in a child process. */
export class ChildBuffer implements Buffer {
  readonly dtype: DType
  readonly shape: Shape
  readonly device: DeviceInfo
  readonly id: number
  readonly child: Child
  /** The elements, where they came with the run that made them. */
  readonly #known: Base64 | undefined
  #gone: "released" | "donated" | undefined

  constructor(child: Child, id: number, aval: Aval, device: DeviceInfo, known?: Base64) {
    this.#known = known
    this.child = child
    this.id = id
    this.dtype = aval.dtype
    this.shape = aval.shape
    this.device = device
  }

  get gone(): BufferGone | DeviceLost | undefined {
    if (this.#gone !== undefined) return bufferGone(this, this.device.name, this.#gone)
    if (this.child.lost === undefined) return undefined
    return new DeviceLost({
      device: this.device.name,
      message: `this ${show(this)} was lost: ${this.child.lost.message}`,
      hint: "put or work it out again"
    })
  }

  release(): void {
    this.#end("released")
  }

  donate(): void {
    this.#end("donated")
  }

  #end(how: "released" | "donated"): void {
    if (this.#gone !== undefined) return
    this.#gone = how
    this.child.tell("release", { id: this.id })
  }

  get bytes(): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> {
    return Effect.suspend(() => {
      const { gone } = this
      if (gone !== undefined) return Effect.fail(gone)
      if (this.#known !== undefined) return Effect.succeed(fromBase64(this.#known))
      const read = this.child.call("read", { id: this.id })
      return this.child.watch(
        "reading",
        typed(
          Effect.flatMap(read, (answer) =>
            typeof answer === "string" ? Effect.succeed(fromBase64(answer)) : this.#fetch(answer)
          )
        )
      )
    })
  }

  get view(): Effect.Effect<Uint8Array<ArrayBuffer>, TransferError> {
    return this.bytes
  }

  /** Copies straight from the other process; where that is forbidden, piece by piece through messages. */
  #fetch({ address, bytes, pin }: { address: number; bytes: number; pin: number }) {
    const into = freshBytes(bytes)
    const unpin = () => this.child.tell("unpin", { pin })
    return Effect.flatMap(
      Effect.callback<boolean>((resume) => {
        let abandoned = false
        readProcess(this.child.pid, address, into, (copied) => {
          if (copied || abandoned) unpin()
          resume(Effect.succeed(copied))
        })
        return Effect.sync(() => {
          abandoned = true
        })
      }),
      (copied) =>
        copied ? Effect.succeed(into) : Effect.ensuring(this.#parts(pin, into), Effect.sync(unpin))
    )
  }

  #parts(pin: number, into: Uint8Array<ArrayBuffer>) {
    const starts = Array.from({ length: Math.ceil(into.length / pieceBytes) }, (_, i) => i * pieceBytes)
    return Effect.as(
      Effect.forEach(starts, (at) =>
        Effect.map(
          this.child.call("part", { pin, at, bytes: Math.min(pieceBytes, into.length - at) }),
          (part) => into.set(fromBase64(part), at)
        )
      ),
      into
    )
  }
}
