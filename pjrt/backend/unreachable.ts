import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as Effect from "effect/Effect"

/**
 * An array that nothing can reach is freed when V8 collects the object that stands for it. V8 sees that object and not
 * the memory on the device, so it is told when to collect.
 */

interface Freed {
  release(): void
}

const registry = new FinalizationRegistry<Freed>((memory) => memory.release())

/** Frees memory when nothing can reach the object that stands for it. `memory` must not lead to `holder`. */
export const freeWhenUnreachable = (holder: object, memory: Freed): void => registry.register(holder, memory)

/** How many bytes, and how many arrays, may be made and not given up before V8 is told to look for them. */
const most = { bytes: 128 << 20, arrays: 20_000 }

/** What is held now, and what was held when V8 last looked. */
const held = { bytes: 0, arrays: 0 }
const before = { bytes: 0, arrays: 0 }

/** What this process holds on its devices now. */
export const heldNow = (): { readonly bytes: number; readonly arrays: number } => held

export const grown = (bytes: number): void => {
  held.bytes += bytes
  held.arrays++
}

export const shrunk = (bytes: number): void => {
  held.bytes -= bytes
  held.arrays--
  // What was given up by hand leaves room for as much.
  if (held.bytes < before.bytes) before.bytes = held.bytes
  if (held.arrays < before.arrays) before.arrays = held.arrays
}

/** A quarter of what is held for good, where that is more: else each step of a large model would wait for V8. */
export const collectionDue = (): boolean =>
  held.bytes - before.bytes > Math.max(most.bytes, before.bytes / 4) ||
  held.arrays - before.arrays > Math.max(most.arrays, before.arrays / 4)

let gc: (() => void) | undefined

/** V8's own collector, which Node hides. Where it cannot be had, V8 collects in its own time. */
const collector = (): (() => void) => {
  if (gc !== undefined) return gc
  try {
    setFlagsFromString("--expose-gc")
    gc = globalThis.gc ?? (runInNewContext("gc") as () => void)
  } catch {
    gc = () => {}
  }
  return gc
}

/** Collects, and waits until what was found has been freed. */
export const collect: Effect.Effect<void> = Effect.callback<void>((resume) => {
  collector()()
  // V8 hands over what it has found in a turn of the event loop of its own.
  setImmediate(() =>
    setImmediate(() => {
      before.bytes = held.bytes
      before.arrays = held.arrays
      resume(Effect.void)
    })
  )
})
