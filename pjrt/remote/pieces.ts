import type { Writable } from "node:stream"

/** How much of a large array is given to a connection at a time. */
const pieceBytes = 1 << 20

/** Sends bytes and ends the stream; it is given no more at a time than it takes. They may not be written until `done`. */
export const sendPieces = (
  stream: Writable,
  parts: ReadonlyArray<Uint8Array>,
  done: () => void = () => {}
): void => {
  const all = parts.flatMap((part) =>
    Array.from({ length: Math.ceil(part.length / pieceBytes) }, (_, i) =>
      part.subarray(i * pieceBytes, (i + 1) * pieceBytes)
    )
  )
  let next = 0
  stream.once("close", done)
  const go = () => {
    while (next < all.length) {
      if (stream.destroyed) return
      if (!stream.write(all[next++])) return void stream.once("drain", go)
    }
    stream.end()
  }
  go()
}
