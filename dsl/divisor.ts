/** The greatest divisor of a length up to `most` and above `least`; `most` itself where there is none. */
export const divisorNear = (length: number, most: number, least: number): number => {
  for (let divisor = most; divisor > least; divisor--) if (length % divisor === 0) return divisor
  return most
}
