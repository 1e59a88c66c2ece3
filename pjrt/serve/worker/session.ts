import { randomBytes } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { count as words } from "../../../dsl/count.ts"
import { type Aval, bytesOf } from "../../../dsl/shape.ts"
import type { DeviceBuffer, Executable, HeldArray } from "../../backend/backend.ts"
import type { RunError } from "../../backend/errors.ts"
import type { Request } from "../../served/remote/wire/wire.gen.ts"
import { unknown } from "./faults.ts"
import { Ledger } from "./ledger.ts"
import { beyond, type Limits } from "./limits.ts"
import { Unfinished } from "./unfinished.ts"

/** What an array is, and where. */
export interface Held extends Aval {
  readonly device: number
}

/** An array, or why there is none; it may still be on its way. */
interface Arriving {
  readonly held: Held
  readonly fiber: Fiber.Fiber<DeviceBuffer, unknown>
  /** How many are sending it. */
  readers: number
}

/**
 * What one client has on the worker: arrays and executables by the client's numbers, and the answers that it may not
 * have got. All of it goes at once when the session ends.
 */
export class Session {
  /** What the log calls it. */
  readonly number: number
  /** Whoever knows it may use the session. */
  readonly id = randomBytes(16).toString("hex")
  readonly limits: Limits
  /** Whence its client has connected. */
  readonly address: string
  /** Programs that it has sent. */
  readonly sent = new Set<string>()
  readonly calls: Ledger
  readonly unfinished: Unfinished
  readonly scope: Scope.Closeable = Scope.makeUnsafe()
  readonly #arrays = new Map<number, Arriving>()
  readonly #executables = new Map<number, Executable>()
  /** What it has had compiled, whether or not a number still stands for it, or anybody waited: it lives as long. */
  readonly #programs = new Set<string>()
  /** Why arrays were refused, for the calls that name them. */
  readonly #faults = new Map<number, unknown>()
  /** Released before they were there. */
  readonly #unwanted = new Set<number>()
  #bytes = 0
  /** Of arrays that are being received or computed. */
  readonly #coming = { bytes: 0, arrays: 0 }
  #seen = performance.now()

  constructor(limits: Limits, number: number, address: string) {
    this.address = address
    this.limits = limits
    this.number = number
    this.calls = new Ledger(limits.inFlight)
    this.unfinished = new Unfinished(limits.unfinishedBytes)
  }

  /** Bytes of its arrays. */
  get bytes(): number {
    return this.#bytes
  }

  get arrays(): number {
    return this.#arrays.size
  }

  /** Milliseconds since its client was last heard of. */
  get silent(): number {
    return performance.now() - this.#seen
  }

  hear(): void {
    this.#seen = performance.now()
  }

  /** What its client has got, and what it is done with. */
  says(request: Pick<Request, "call" | "settled" | "got" | "released">): void {
    this.calls.hears(request.call)
    this.calls.settle(request)
    for (const id of request.released) this.release(id)
  }

  /** A call has come, and later calls may name what it makes. */
  comes(call: number): void {
    this.calls.comes(call)
    // A call that is still on its way may make what a later one has released.
    if (!this.calls.working && !this.calls.awaitsSome) this.#unwanted.clear()
  }

  /** Why so many bytes more, in so many arrays, are not granted, or undefined. */
  room(bytes: number, arrays: number): unknown {
    const total = this.#bytes + this.#coming.bytes + bytes
    if (total > this.limits.bytes)
      return beyond(
        `the session's arrays would have ${words(total, "byte")}`,
        `${this.limits.bytes} in all`,
        "release what is no longer needed (end its scope)"
      )
    const count = this.#arrays.size + this.#coming.arrays + arrays
    if (count > this.limits.arrays)
      return beyond(
        `the session would have ${words(count, "array")}`,
        `${this.limits.arrays}`,
        "release what is no longer needed (end its scope)"
      )
    return undefined
  }

  /** Counts arrays that will be kept, until what it returns is called. */
  reserve(bytes: number, arrays: number): () => void {
    this.#coming.bytes += bytes
    this.#coming.arrays += arrays
    let counted = true
    return () => {
      if (!counted) return
      counted = false
      this.#coming.bytes -= bytes
      this.#coming.arrays -= arrays
    }
  }

  /** Makes an array, which later calls may name at once. */
  make(
    id: number,
    held: Held,
    making: Effect.Effect<DeviceBuffer, unknown>
  ): Effect.Effect<DeviceBuffer, unknown> {
    const fiber = Effect.runFork(making)
    this.#keep(id, { held, fiber, readers: 0 })
    return Effect.onInterrupt(Fiber.join(fiber), () => Fiber.interrupt(fiber))
  }

  /** Keeps an array that is there. */
  keep(id: number, buffer: DeviceBuffer): void {
    const { dtype, shape, device } = buffer
    this.#keep(id, {
      held: { dtype, shape, device: device.id },
      fiber: Effect.runFork(Effect.succeed(buffer)),
      readers: 0
    })
  }

  #keep(id: number, arriving: Arriving): void {
    if (this.#arrays.has(id)) this.release(id)
    this.#arrays.set(id, arriving)
    this.#bytes += bytesOf(arriving.held)
    if (this.#unwanted.delete(id)) this.release(id)
  }

  /** An array that a call names. Requests overtake one another, so an earlier call may still bring it. */
  array(id: number, call: number): Effect.Effect<DeviceBuffer, unknown> {
    return Effect.suspend(() => {
      const found = this.#arrays.get(id)
      if (found !== undefined) return Fiber.join(found.fiber)
      if (this.#faults.has(id)) return Effect.fail(this.#faults.get(id))
      if (!this.calls.awaitsBefore(call)) return Effect.fail(unknown(`array ${id}`))
      return Effect.andThen(this.calls.nextCall(call), this.array(id, call))
    })
  }

  /** An array is being sent until what it returns is called: it takes room until then, also where it is released. */
  sends(id: number): () => void {
    const found = this.#arrays.get(id)
    if (found === undefined) return () => {}
    found.readers++
    return () => {
      found.readers--
      if (this.#arrays.get(id) !== found) this.#forget(found)
    }
  }

  /** Of what is released, and not being sent, the bytes count no more. */
  #forget({ readers, held }: Arriving): void {
    if (readers === 0) this.#bytes -= bytesOf(held)
  }

  /** Its arrays on a device, the largest first. */
  held(device: number): ReadonlyArray<HeldArray> {
    return [...this.#arrays.values()]
      .filter(({ held }) => held.device === device)
      .map(({ held: { dtype, shape } }) => ({ dtype, shape, bytes: bytesOf({ dtype, shape }) }))
      .sort((a, b) => b.bytes - a.bytes)
  }

  /** An array was not taken: its first use says why. */
  refuse(id: number, fault: unknown): void {
    if (this.#faults.size < this.limits.arrays) this.#faults.set(id, fault)
  }

  release(id: number): void {
    if (this.#faults.delete(id)) return
    const found = this.#arrays.get(id)
    if (found === undefined) {
      // What is still at work, or on its way, may make it yet.
      if (this.#unwanted.size < this.limits.arrays) this.#unwanted.add(id)
      return
    }
    this.#arrays.delete(id)
    this.#forget(found)
    const freed = Effect.flatMap(Fiber.await(found.fiber), (exit) =>
      Effect.sync(() => {
        if (Exit.isSuccess(exit)) exit.value.release()
      })
    )
    Effect.runFork(freed)
  }

  executable(id: number): Effect.Effect<Executable, RunError> {
    const found = this.#executables.get(id)
    return found === undefined ? Effect.fail(unknown(`executable ${id}`)) : Effect.succeed(found)
  }

  /** Has a program compiled, where there is room for another, and keeps it under a number; `key` tells it from others. */
  compile(
    id: number,
    key: string,
    making: Effect.Effect<Executable, unknown>
  ): Effect.Effect<Executable, unknown> {
    return Effect.suspend(() => {
      const fault = this.#programs.has(key) ? undefined : this.#programFault()
      if (fault !== undefined) return Effect.fail(fault)
      this.#programs.add(key)
      return making.pipe(
        Effect.tap((made) => Effect.sync(() => this.#executables.set(id, made))),
        // One that is given up goes on.
        Effect.tapError(() => Effect.sync(() => this.#programs.delete(key)))
      )
    })
  }

  #programFault(): unknown {
    const count = this.#programs.size
    return count < this.limits.programs
      ? undefined
      : beyond(
          `the session has ${count} programs`,
          `${this.limits.programs}`,
          "use fewer programs, or open the device anew"
        )
  }

  /** Ends all of its work and frees all that it has. */
  readonly close: Effect.Effect<void> = Effect.suspend(() => {
    this.calls.end()
    for (const id of [...this.#arrays.keys()]) this.release(id)
    this.#faults.clear()
    this.#executables.clear()
    return Scope.close(this.scope, Exit.void)
  })
}
