import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import { callersNow, type Stack, userLines } from "../../dsl/place.ts"
import { told } from "./faults.ts"

/** What may be said of how something is waited for. */
export interface WaitOptions {
  /** Ends the wait: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

interface Settling extends WaitOptions {
  /** What is said of an end that no signal asked for. */
  readonly interrupted?: (() => Error | undefined) | undefined
}

/** Milliseconds after which a loop of calls that never wait lets timers, signals and sockets have their turn. */
const turn = 10

let lastTurn = performance.now()

/** Whether the event loop has waited for so long that the next promise should let it turn. */
const turnDue = (): boolean => {
  const now = performance.now()
  if (now - lastTurn < turn) return false
  lastTurn = now
  return true
}

/** Adds the lines of the user's call to an error's stack, which begins where the library found the fault. */
const withCallers = (error: unknown, callers: Stack): unknown => {
  if (!(error instanceof Error)) return error
  const [first, ...rest] = userLines(callers.stack ?? "")
  const stack = error.stack ?? String(error)
  if (first === undefined || stack.includes(first)) return error
  try {
    error.stack = [stack, first, ...rest].join("\n")
  } catch {
    // A frozen error stays as it is.
  }
  return error
}

/** An outcome as a promise. What was failed with is what it rejects with. */
const settled = <A, E>(
  exit: Exit.Exit<A, E>,
  { signal, interrupted }: Settling,
  callers: Stack | undefined
): Promise<A> => {
  if (Exit.isSuccess(exit))
    return turnDue()
      ? new Promise((resolve) => setImmediate(() => resolve(exit.value)))
      : Promise.resolve(exit.value)
  const ended = Cause.hasInterruptsOnly(exit.cause)
  if (ended && signal?.aborted) return Promise.reject(signal.reason)
  const error = (ended ? interrupted?.() : undefined) ?? told(Cause.squash(exit.cause))
  return Promise.reject(withCallers(error, callers ?? callersNow()))
}

/** Runs an Effect as a promise. One that is an outcome already, or ends without waiting, costs no more than that. */
export const settle = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  context: Context.Context<R>,
  settling: Settling = {}
): Promise<A> => {
  const { signal } = settling
  if (signal?.aborted) return Promise.reject(signal.reason)
  if (Exit.isExit(effect)) return settled(effect as Exit.Exit<A, E>, settling, undefined)
  const fiber: Fiber.Fiber<A, E> = Effect.runForkWith(context)(effect, { signal })
  const done = fiber.pollUnsafe()
  if (done !== undefined) return settled(done, settling, undefined)
  const callers = callersNow()
  return new Promise((resolve) => fiber.addObserver((exit) => resolve(settled(exit, settling, callers))))
}
