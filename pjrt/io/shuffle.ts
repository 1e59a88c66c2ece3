/** A key of `random.key`, once read, or a whole number. */
export type Seed = number | Uint32Array

/** The two words of a seed. */
const wordsOf = (seed: Seed): readonly [number, number] =>
  typeof seed === "number" ? [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0] : [seed[0]!, seed[1]!]

/** Random words of 32 bits: Chris Doty-Humphrey's sfc32, of PractRand, with three words of state that are given. */
const words = (a: number, b: number, c: number): (() => number) => {
  let counter = 1
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  // As PractRand does, so that seeds which are alike give words which are not.
  for (let i = 0; i < 20; i++) next()
  return next
}

/** The numbers below `count` in a random order, which the seed and the epoch alone decide. */
export const shuffled = (seed: Seed, epoch: number, count: number): Uint32Array => {
  const next = words(...wordsOf(seed), epoch | 0)
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const bound = i + 1
    // What is left over beyond the last multiple would make some places likelier.
    const most = 2 ** 32 - (2 ** 32 % bound)
    let word = next()
    while (word >= most) word = next()
    const j = word % bound
    const held = order[i]!
    order[i] = order[j]!
    order[j] = held
  }
  return order
}
