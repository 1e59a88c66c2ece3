/** What of protobuf's wire format is needed here: https://protobuf.dev/programming-guides/encoding/ */

export const varint = (value: number): ReadonlyArray<number> =>
  value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))]

/** A field holding an integer. */
export const integer = (field: number, value: number): ReadonlyArray<number> => [
  ...varint(field << 3),
  ...varint(value)
]

/** A field holding a message. */
export const message = (field: number, content: ReadonlyArray<number>): ReadonlyArray<number> => [
  ...varint((field << 3) | 2),
  ...varint(content.length),
  ...content
]

/** A field holding a text. */
export const text = (field: number, content: string): ReadonlyArray<number> =>
  message(field, [...Buffer.from(content)])

/** A field as it was read: an integer, or the bytes of a message, a text or packed integers. */
export interface Field {
  readonly field: number
  readonly value: number
  readonly bytes: Uint8Array
}

const none = new Uint8Array(0)

/** Integers one after the other, exact up to 2^53. */
export const packed = (bytes: Uint8Array): ReadonlyArray<number> => {
  const values: Array<number> = []
  for (let at = 0; at < bytes.length; ) {
    let value = 0
    let scale = 1
    let byte: number
    do {
      byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * scale
      scale *= 0x80
    } while (byte & 0x80)
    values.push(value)
  }
  return values
}

/** The fields of a message, in their order. */
export const fieldsOf = (bytes: Uint8Array): ReadonlyArray<Field> => {
  const fields: Array<Field> = []
  let at = 0
  const next = (): number => {
    const from = at
    while (bytes[at++]! & 0x80);
    return packed(bytes.subarray(from, at))[0] ?? 0
  }
  while (at < bytes.length) {
    const key = next()
    const field = Math.floor(key / 8)
    switch (key % 8) {
      case 0:
        fields.push({ field, value: next(), bytes: none })
        break
      case 2: {
        const length = next()
        fields.push({ field, value: 0, bytes: bytes.subarray(at, at + length) })
        at += length
        break
      }
      default:
        // Of fixed length.
        at += key % 8 === 1 ? 8 : 4
    }
  }
  return fields
}

/** The integers of a repeated field, which come one at a time or packed. */
export const numbers = (message: Uint8Array, wanted: number): ReadonlyArray<number> =>
  fieldsOf(message)
    .filter(({ field }) => field === wanted)
    .flatMap(({ value, bytes }) => (bytes.length > 0 ? packed(bytes) : [value]))
