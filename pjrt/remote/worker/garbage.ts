/**
 * What is received comes in small buffers. V8 counts their heads and not their bytes when it decides that there is
 * enough to free: tens of megabytes of an upload would wait for that.
 */

/** How many bytes of such buffers may wait to be freed. */
const mostBytes = 4 << 20

let waiting = 0

/** So many bytes have come, and been copied to where they belong. */
export const received = (bytes: number): void => {
  waiting += bytes
  if (waiting < mostBytes) return
  waiting = 0
  // There where the process was started with --expose-gc. Looking at what is new takes some hundred microseconds.
  globalThis.gc?.({ type: "minor", execution: "sync" })
}
