import type { PjrtApi } from "../../native/api.ts"
import type { Address } from "../../native/ffi.ts"
import type { HostMemory } from "../../native/memory.ts"
import { poll } from "./event.ts"

/** Memory of this process that holds an array of a plugin. */
export interface Lent {
  readonly api: PjrtApi
  readonly memory: HostMemory
  /** Fires when the plugin is done with the memory, which is after the last run that uses the array. */
  readonly done: Address
}

/** What the plugin still has of arrays that are gone. */
const outstanding = new Set<Lent>()
let asking = false

/** How long until the plugin is asked again, in milliseconds. */
const pause = 20

const freeDone = (): void => {
  for (const lent of outstanding) {
    if (lent.done !== 0 && poll(lent.api, lent.done) === undefined) continue
    outstanding.delete(lent)
    lent.memory.free()
  }
  if (outstanding.size === 0 || asking) return
  asking = true
  setTimeout(() => {
    asking = false
    freeDone()
  }, pause).unref()
}

/** Frees the memory of an array that has been destroyed, once the plugin is done with it. */
export const takeBack = (lent: Lent): void => {
  outstanding.add(lent)
  freeDone()
}
