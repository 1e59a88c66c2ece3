import { count } from "../../../dsl/count.ts"

/** Of the length that stands before a message. */
const lengthBytes = 4

/** A message behind its length, as it stands in a stream of messages. */
export const frame = (message: Uint8Array): Uint8Array<ArrayBuffer> => {
  const framed = new Uint8Array(lengthBytes + message.length)
  new DataView(framed.buffer).setUint32(0, message.length, true)
  framed.set(message, lengthBytes)
  return framed
}

/** A message that is longer than any may be. */
export class FrameFault extends Error {}

/** Splits a stream into messages, however its chunks were cut. Each message is a copy. */
export class Frames {
  readonly #most: number
  #chunks: Array<Uint8Array> = []
  #length = 0

  constructor(most: number) {
    this.#most = most
  }

  /** The messages that are whole with this chunk. Throws `FrameFault` where one is too long. */
  *take(chunk: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    while (this.#length >= lengthBytes) {
      const head = this.#peek(lengthBytes)
      const length = new DataView(head.buffer).getUint32(0, true)
      if (length > this.#most)
        throw new FrameFault(`a message has ${count(length, "byte")}, and may have ${this.#most}`)
      if (this.#length < lengthBytes + length) return
      yield this.#shift(lengthBytes + length)
        .subarray(lengthBytes)
        .slice()
    }
  }

  /** Bytes of a message that has not come whole. */
  get unfinished(): number {
    return this.#length
  }

  /** What has come behind the messages that were taken, and is taken with this. */
  rest(): ReadonlyArray<Uint8Array> {
    const rest = this.#chunks
    this.#chunks = []
    this.#length = 0
    return rest
  }

  #peek(length: number): Uint8Array<ArrayBuffer> {
    const made = new Uint8Array(length)
    let at = 0
    for (const chunk of this.#chunks) {
      const part = chunk.subarray(0, length - at)
      made.set(part, at)
      at += part.length
      if (at === length) break
    }
    return made
  }

  #shift(length: number): Uint8Array {
    const first = this.#chunks[0]!
    this.#length -= length
    if (first.length > length) {
      this.#chunks[0] = first.subarray(length)
      return first.subarray(0, length)
    }
    const made = this.#peek(length)
    let left = length
    while (left > 0) {
      const chunk = this.#chunks[0]!
      if (chunk.length > left) this.#chunks[0] = chunk.subarray(left)
      else this.#chunks.shift()
      left -= Math.min(left, chunk.length)
    }
    return made
  }
}
