import * as Effect from "effect/Effect"
import type { PjrtApi } from "../../native/api.ts"
import type { PjrtError } from "../../native/errors.ts"
import type { Address } from "../../native/ffi.ts"
import { Args } from "../../native/struct.ts"
import { destroy } from "./handle.ts"

const isReady = new Args("Event_IsReady")
const eventError = new Args("Event_Error")

/** Whether an event has fired, and with which error; destroys it if so. */
export const poll = (api: PjrtApi, event: Address): { readonly error: PjrtError | undefined } | undefined => {
  api.call(isReady.set("event", event))
  if (isReady.getByte("is_ready") === 0) return undefined
  try {
    api.call(eventError.set("event", event))
    return { error: undefined }
  } catch (error) {
    return { error: error as PjrtError }
  } finally {
    destroy(api, "Event_Destroy", event)
  }
}

/** How long it pays to ask again and again whether an event has fired, in milliseconds: waiting on another thread costs more. */
const soon = 0.05

/** Whether an event fires at once or very soon; destroys it if so. Throws the error it fired with. */
export const firesSoon = (api: PjrtApi, event: Address): boolean => {
  if (event === 0) return true
  let polled = poll(api, event)
  if (polled === undefined) {
    const until = performance.now() + soon
    while (polled === undefined && performance.now() < until) polled = poll(api, event)
  }
  if (polled?.error !== undefined) throw polled.error
  return polled !== undefined
}

/**
 * Waits for an event and destroys it. A thread of libuv's pool waits, so timers and other fibers go on. PJRT cannot
 * cancel: after an interruption the wait goes on in the background. `release` still runs when it ends. Until then
 * `held`, the memory that the device may be writing to, stays alive.
 */
export const awaitEvent = (
  api: PjrtApi,
  event: Address,
  release: () => void,
  held: object = {}
): Effect.Effect<void, PjrtError> =>
  Effect.suspend(() => {
    if (event === 0) {
      release()
      return Effect.void
    }
    const polled = poll(api, event)
    if (polled !== undefined) {
      release()
      return polled.error === undefined ? Effect.void : Effect.fail(polled.error)
    }
    return Effect.callback<void, PjrtError>((resume) => {
      api.callAsync(new Args("Event_Await").hold(held).set("event", event), (error) => {
        destroy(api, "Event_Destroy", event)
        release()
        resume(error === undefined ? Effect.void : Effect.fail(error))
      })
    })
  })
