import type { Writable } from "node:stream"

/** How much is given to a connection at a time. Node reads nothing from one while a piece is on its way. */
const pieceBytes = 1 << 17

/** Receives the progress of sending. */
export interface Sender {
  /** So many bytes have gone to the network so far. */
  readonly sent?: (bytes: number) => void
  /** The bytes may be written again. */
  readonly done?: () => void
}

/** Sends bytes and ends the stream, which is given no more at a time than it takes. */
export const sendPieces = (
  stream: Writable,
  parts: ReadonlyArray<Uint8Array>,
  { sent, done }: Sender = {}
): void => {
  const all = parts.flatMap((part) =>
    Array.from({ length: Math.ceil(part.length / pieceBytes) }, (_, i) =>
      part.subarray(i * pieceBytes, (i + 1) * pieceBytes)
    )
  )
  let next = 0
  let bytes = 0
  if (done !== undefined) stream.once("close", done)
  const go = () => {
    while (next < all.length) {
      if (stream.destroyed) return
      const piece = all[next++]!
      bytes += piece.length
      const soFar = bytes
      if (!stream.write(piece, () => sent?.(soFar))) return void stream.once("drain", go)
    }
    stream.end()
  }
  go()
}
