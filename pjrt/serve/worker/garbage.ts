import { trimMemory } from "../../../native/trim.ts"

/**
 * Received data comes in small buffers. To decide when to collect, V8 counts their heads and not their bytes. By itself
 * it leaves tens of megabytes of an upload uncollected.
 */

/** How many bytes of such buffers may wait to be freed. */
const mostBytes = 6 << 20

let waiting = 0

/** So many bytes have come, and been copied to where they belong. */
export const received = (bytes: number): void => {
  waiting += bytes
  if (waiting < mostBytes) return
  waiting = 0
  // Only in a process that was started with the flags below. Looking at what is new takes some hundred microseconds.
  globalThis.gc?.({ type: "minor", execution: "sync" })
}

/**
 * Gives the system back what nobody uses: what V8 keeps of a heap that was larger, and glibc of what was freed. It takes
 * some ten milliseconds.
 */
export const giveBack = (): void => {
  globalThis.gc?.()
  // What the first has found to be free is destroyed by callbacks; the second frees what these held.
  setImmediate(() => {
    globalThis.gc?.()
    trimMemory()
  })
}

/**
 * For a process that receives data: V8 collects the young generation when told to, and early by itself. It does not
 * collect the whole heap for every 64 MiB received, which would take a quarter of an upload's time.
 */
export const collectionFlags = ["--expose-gc", "--max-semi-space-size=1", "--initial-old-space-size=256"]

/**
 * When buffers are freed together, glibc gives their memory back to the system, which clears it for the next ones: a
 * tenth of an upload's time. These are the thresholds (mallopt(3)) that glibc adopts by itself once a process has freed
 * a block of 32 MiB. Both must be set: setting one freezes the other at its default.
 */
export const mallocEnvironment = {
  MALLOC_MMAP_THRESHOLD_: String(32 << 20),
  MALLOC_TRIM_THRESHOLD_: String(64 << 20)
}
