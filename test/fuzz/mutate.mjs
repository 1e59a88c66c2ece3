/** Numbers below a bound, the same for the same seed (xorshift, 32 bits). */
export const randomFrom = (seed) => {
  let state = seed >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return below === 0 ? 0 : state % below
  }
}

/** Numbers at which readers go wrong. */
const odd = [0, 1, -1, 2, 4, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe]

const words = [
  "0",
  "-1",
  "999999999999",
  "(",
  ")",
  "[",
  "{",
  '"',
  "\\",
  "\n",
  ":",
  "/",
  ",",
  "=",
  "%",
  "e9",
  "nan",
  "\0"
]

/** No input grows beyond this, in bytes. */
const most = 8192

const once = (bytes, other, random) => {
  const at = random(bytes.length + 1)
  const until = at + random(Math.min(64, bytes.length - at) + 1)
  switch (random(8)) {
    case 0:
      bytes[at] ^= 1 << random(8)
      return bytes
    case 1:
      bytes[at] = random(256)
      return bytes
    case 2: {
      const width = [1, 2, 4, 8][random(4)]
      const number = Buffer.alloc(8)
      number.writeBigInt64LE(BigInt(odd[random(odd.length)]))
      number.copy(bytes, at, 0, width)
      return bytes
    }
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(until)])
    case 4:
      return Buffer.concat([bytes.subarray(0, until), bytes.subarray(at)])
    case 5:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(words[random(words.length)]),
        bytes.subarray(until)
      ])
    case 6:
      return bytes.subarray(0, at)
    default: {
      const from = random(other.length + 1)
      return Buffer.concat([
        bytes.subarray(0, at),
        other.subarray(from, from + random(64)),
        bytes.subarray(until)
      ])
    }
  }
}

/** Some bytes changed, left out, put in, or taken from another input. */
export const mutate = (bytes, other, random) => {
  let made = Buffer.from(bytes)
  for (let i = random(4); i >= 0; i--) made = Buffer.from(once(made, other, random))
  return made.subarray(0, most)
}
