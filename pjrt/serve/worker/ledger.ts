import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { count } from "../../../dsl/count.ts"
import type { RunError } from "../../backend/errors.ts"
import type { Answer, Request } from "../../served/remote/wire/wire.gen.ts"
import { unknown } from "./faults.ts"
import { beyond } from "./limits.ts"

/** How many answers are kept for a client that does not say that it has got them: so many for each call under way. */
const keptForEach = 4

/** How many calls may come before one that was begun earlier. */
const mostAhead = 1 << 16

const had = (call: number): RunError => unknown(`the answer of call ${call}, which the client had already,`)

export const cancelled = (call: number): RunError =>
  unknown(`the answer of call ${call}, which was cancelled,`)

/** The calls of a session: which have come, and the answers that the client may not have got. Each is done once. */
export class Ledger {
  readonly #inFlight: number
  readonly #answers = new Map<number, Fiber.Fiber<Answer, never>>()
  /** Calls whose answers the client has got, while one before them has none yet. */
  readonly #had = new Set<number>()
  /** Calls that were cancelled before they had come. */
  readonly #cancelled = new Set<number>()
  /** All calls below have come. */
  #come = 0
  /** Calls that have come, of those beyond. */
  readonly #ahead = new Set<number>()
  /** The client has the answers of all calls below. */
  #settled = 0
  /** The newest call of which something was heard. */
  #newest = 0
  #working = 0
  #ended = false
  /** Those that wait for a call that has not arrived yet. */
  readonly #waiting: Array<() => void> = []
  /** Calls that wait so, and do nothing meanwhile. */
  readonly #held = new Set<number>()

  constructor(inFlight: number) {
    this.#inFlight = inFlight
  }

  /** Whether a call has no answer yet. */
  get working(): boolean {
    return this.#working > 0
  }

  /** Whether something is done for the client: a call that waits for what the client has still to say is none of it. */
  get busy(): boolean {
    let held = 0
    for (const call of this.#held) if (this.#answers.has(call)) held++
    return this.#working > held
  }

  /** The answer that a call has got or is getting, where it has been asked before. */
  known(call: number): Fiber.Fiber<Answer, never> | undefined {
    return this.#answers.get(call)
  }

  /** The answer to a call: computed once, however often it is asked for. `cancel` ends the work, unless it is done. */
  answer(call: number, work: () => Effect.Effect<Answer>): Fiber.Fiber<Answer, never> {
    const known = this.#answers.get(call)
    if (known !== undefined) return known
    this.#working++
    const fiber = Effect.runFork(work())
    this.#answers.set(call, fiber)
    fiber.addObserver(() => void this.#working--)
    return fiber
  }

  /** Whether a call was answered before, and its answer is no longer kept, or may not begin for want of room. */
  fault(call: number): unknown {
    if (call < this.#settled || this.#had.has(call)) return had(call)
    if (this.#cancelled.has(call)) return cancelled(call)
    if (this.#working >= this.#inFlight)
      return beyond(
        `${count(this.#working, "call has", "calls have")} no answer yet`,
        `${this.#inFlight} at a time`,
        "wait for some of them"
      )
    const kept = this.#answers.size - this.#working
    return kept < keptForEach * this.#inFlight
      ? undefined
      : beyond(
          `${count(kept, "answer is", "answers are")} kept that the client has not acknowledged`,
          `${keptForEach * this.#inFlight}`,
          "this is a fault of the client; please report it"
        )
  }

  /** What the client has got. */
  settle({ settled, got }: Pick<Request, "settled" | "got">): void {
    for (const call of got)
      if (this.#answers.get(call)?.pollUnsafe() !== undefined) {
        this.#answers.delete(call)
        this.#had.add(call)
      }
    if (settled <= this.#settled) return
    this.#settled = settled
    for (const calls of [this.#answers, this.#had, this.#cancelled, this.#ahead])
      for (const call of calls.keys()) if (call < settled) calls.delete(call)
    if (settled > this.#come) this.#advance(settled)
  }

  #advance(to: number): void {
    this.#come = to
    while (this.#ahead.delete(this.#come)) this.#come++
  }

  /** Something was heard of a call, which may not have come whole. */
  hears(call: number): void {
    this.#newest = Math.max(this.#newest, call)
  }

  comes(call: number): void {
    if (call === this.#come) this.#advance(call + 1)
    else if (call > this.#come && this.#ahead.size < mostAhead) this.#ahead.add(call)
    this.#wake()
  }

  #wake(): void {
    for (const look of this.#waiting.splice(0)) look()
  }

  /** Whether a call that was begun before this one is still on its way. */
  awaitsBefore(call: number): boolean {
    return !this.#ended && this.#come < call
  }

  /** Whether a call is still on its way that was begun before another of which something was heard. */
  get awaitsSome(): boolean {
    return this.awaitsBefore(this.#newest)
  }

  /** Ends when another call has come than this one, or the session ends. */
  nextCall(call: number): Effect.Effect<void> {
    const next = Effect.callback<void>((resume) => {
      this.#held.add(call)
      this.#waiting.push(() => resume(Effect.void))
    })
    return Effect.ensuring(
      next,
      Effect.sync(() => this.#held.delete(call))
    )
  }

  /** Ends when all calls that were begun before this one have come. */
  before(call: number): Effect.Effect<void> {
    return Effect.suspend(() =>
      this.awaitsBefore(call) ? Effect.andThen(this.nextCall(call), this.before(call)) : Effect.void
    )
  }

  cancel(call: number): void {
    const fiber = this.#answers.get(call)
    if (fiber !== undefined) Effect.runFork(Fiber.interrupt(fiber))
    else if (call >= this.#come && !this.#ahead.has(call) && this.#cancelled.size < mostAhead)
      this.#cancelled.add(call)
  }

  /** Ends all work, and all waiting. */
  end(): void {
    this.#ended = true
    this.#wake()
    for (const fiber of this.#answers.values()) Effect.runFork(Fiber.interrupt(fiber))
    this.#answers.clear()
  }
}
