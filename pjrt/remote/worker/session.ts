import { randomBytes } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { type Aval, bytesOf } from "../../../dsl/shape.ts"
import type { Buffer, Executable, HeldArray } from "../../Backend.ts"
import { RunError } from "../../errors.ts"
import type { Answer, Request } from "../wire/wire.gen.ts"
import { beyond, type Limits } from "./limits.ts"

/** Something that a session speaks of and that is not there, which is the client's fault or that of a restart. */
export const unknown = (what: string): RunError =>
  new RunError({
    code: "NOT_FOUND",
    call: "none",
    message: `${what} is not known to the worker`,
    hint: "this is a fault of loopcarry's, or of another client that uses this session; please report it"
  })

/** What an array is, and where. */
export interface Held extends Aval {
  readonly device: number
}

/** An array, or why there is none; it may still be on its way. */
interface Arriving {
  readonly held: Held
  readonly fiber: Fiber.Fiber<Buffer, unknown>
}

/**
 * What one client has on the worker: arrays and executables by the client's numbers, and the answers that it may not
 * have got. All of it goes at once when the session ends.
 */
export class Session {
  /** Who knows it may use the session. */
  readonly id = randomBytes(16).toString("hex")
  readonly limits: Limits
  readonly scope: Scope.Closeable = Scope.makeUnsafe()
  readonly #arrays = new Map<number, Arriving>()
  readonly #executables = new Map<number, Executable>()
  readonly #answers = new Map<number, Fiber.Fiber<Answer, never>>()
  /** Why arrays were not taken, for the calls that speak of them. */
  readonly #faults = new Map<number, unknown>()
  /** Released before they were there. */
  readonly #unwanted = new Set<number>()
  /** Calls that were cancelled before they had come. */
  readonly #cancelled = new Set<number>()
  /** Calls that have come, of those that are not settled. */
  readonly #come = new Set<number>()
  /** Who waits for an earlier call. */
  readonly #waiting: Array<() => void> = []
  #settled = 0
  #bytes = 0
  /** Bytes that are on their way here. */
  #receiving = 0
  #seen = performance.now()
  #ended = false

  constructor(limits: Limits) {
    this.limits = limits
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
    return this.#answers.size > 0 && this.working ? 0 : performance.now() - this.#seen
  }

  /** Whether a call has no answer yet. */
  get working(): boolean {
    for (const fiber of this.#answers.values()) if (fiber.pollUnsafe() === undefined) return true
    return false
  }

  hear(): void {
    this.#seen = performance.now()
  }

  /**
   * The answer to a call: worked out once, however often it is asked. `cancel` ends the work, unless it is done.
   */
  answer(call: number, work: () => Effect.Effect<Answer>): Fiber.Fiber<Answer, never> {
    const known = this.#answers.get(call)
    if (known !== undefined) return known
    const fiber = Effect.runFork(work())
    this.#answers.set(call, fiber)
    return fiber
  }

  /** Whether a call was answered before, and its answer is no longer kept, or may not begin for want of room. */
  fault(call: number): unknown {
    if (call < this.#settled) return unknown(`the answer of call ${call}, which the client had already,`)
    if (this.#cancelled.has(call)) return unknown(`the answer of call ${call}, which was cancelled,`)
    let working = 0
    for (const fiber of this.#answers.values()) if (fiber.pollUnsafe() === undefined) working++
    return working < this.limits.inFlight
      ? undefined
      : beyond(
          `${working} calls have no answer yet`,
          `${this.limits.inFlight} at a time`,
          "wait for some of them"
        )
  }

  #settle(settled: number): void {
    if (settled <= this.#settled) return
    this.#settled = settled
    for (const call of this.#answers.keys()) if (call < settled) this.#answers.delete(call)
    for (const call of this.#come) if (call < settled) this.#come.delete(call)
    for (const call of this.#cancelled) if (call < settled) this.#cancelled.delete(call)
  }

  /** What its client has got, and what it is done with. */
  says({ settled, released }: Pick<Request, "settled" | "released">): void {
    this.#settle(settled)
    for (const id of released) this.release(id)
  }

  /** A call has come, and what it makes can be spoken of. */
  comes(call: number): void {
    if (call >= this.#settled) this.#come.add(call)
    if (!this.working && !this.#awaitsBefore(call)) this.#unwanted.clear()
    this.#wake()
  }

  #wake(): void {
    for (const look of this.#waiting.splice(0)) look()
  }

  /** Whether a call that was begun before this one is still on its way. */
  #awaitsBefore(call: number): boolean {
    for (let earlier = this.#settled; earlier < call; earlier++) if (!this.#come.has(earlier)) return true
    return false
  }

  cancel(call: number): void {
    const fiber = this.#answers.get(call)
    if (fiber !== undefined) Effect.runFork(Fiber.interrupt(fiber))
    else if (call >= this.#settled && !this.#come.has(call)) this.#cancelled.add(call)
  }

  /** Why so many bytes more, in so many arrays, are not granted, or undefined. */
  room(bytes: number, arrays: number): unknown {
    const total = this.#bytes + this.#receiving + bytes
    if (total > this.limits.bytes)
      return beyond(
        `the session's arrays would have ${total} bytes`,
        `${this.limits.bytes} in all`,
        "release what is no longer needed (end its scope)"
      )
    if (this.#arrays.size + arrays > this.limits.arrays)
      return beyond(
        `the session would have ${this.#arrays.size + arrays} arrays`,
        `${this.limits.arrays}`,
        "release what is no longer needed (end its scope)"
      )
    return undefined
  }

  /** Counts bytes that are on their way, until what it returns is called. */
  receive(bytes: number): () => void {
    this.#receiving += bytes
    let counted = true
    return () => {
      if (counted) this.#receiving -= bytes
      counted = false
    }
  }

  /** The answer that a call has got or is getting, where it has been asked before. */
  known(call: number): Fiber.Fiber<Answer, never> | undefined {
    return this.#answers.get(call)
  }

  /** Makes an array, which calls that come later may speak of already. */
  make(id: number, held: Held, making: Effect.Effect<Buffer, unknown>): Effect.Effect<Buffer, unknown> {
    const fiber = Effect.runFork(making)
    this.#keep(id, { held, fiber })
    return Effect.onInterrupt(Fiber.join(fiber), () => Fiber.interrupt(fiber))
  }

  /** Keeps an array that is there. */
  keep(id: number, buffer: Buffer): void {
    const { dtype, shape, device } = buffer
    this.#keep(id, {
      held: { dtype, shape, device: device.id },
      fiber: Effect.runFork(Effect.succeed(buffer))
    })
  }

  #keep(id: number, arriving: Arriving): void {
    if (this.#arrays.has(id)) this.release(id)
    this.#arrays.set(id, arriving)
    this.#bytes += bytesOf(arriving.held)
    if (this.#unwanted.delete(id)) this.release(id)
  }

  /** An array that a call speaks of. Requests overtake one another: it may be one that an earlier call brings. */
  array(id: number, call: number): Effect.Effect<Buffer, unknown> {
    return Effect.suspend(() => {
      const found = this.#arrays.get(id)
      if (found !== undefined) return Fiber.join(found.fiber)
      if (this.#faults.has(id)) return Effect.fail(this.#faults.get(id))
      if (this.#ended || !this.#awaitsBefore(call)) return Effect.fail(unknown(`array ${id}`))
      return Effect.andThen(this.#nextCall, this.array(id, call))
    })
  }

  readonly #nextCall = Effect.callback<void>((resume) => {
    this.#waiting.push(() => resume(Effect.void))
  })

  /** Ends when all calls that were begun before this one have come. */
  before(call: number): Effect.Effect<void> {
    return Effect.suspend(() =>
      !this.#ended && this.#awaitsBefore(call)
        ? Effect.andThen(this.#nextCall, this.before(call))
        : Effect.void
    )
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
      this.#unwanted.add(id)
      return
    }
    this.#arrays.delete(id)
    this.#bytes -= bytesOf(found.held)
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

  keepExecutable(id: number, executable: Executable): unknown {
    if (this.#executables.size >= this.limits.programs)
      return beyond(
        `the session has ${this.#executables.size} programs`,
        `${this.limits.programs}`,
        "use fewer programs, or open the device anew"
      )
    this.#executables.set(id, executable)
    return undefined
  }

  /** Ends all of its work and frees all that it has. */
  readonly close: Effect.Effect<void> = Effect.suspend(() => {
    this.#ended = true
    this.#wake()
    for (const fiber of this.#answers.values()) Effect.runFork(Fiber.interrupt(fiber))
    for (const id of [...this.#arrays.keys()]) this.release(id)
    this.#answers.clear()
    this.#faults.clear()
    this.#executables.clear()
    return Scope.close(this.scope, Exit.void)
  })
}
