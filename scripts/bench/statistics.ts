/** What the rounds of one program took, in microseconds a call. */
export interface Times {
  readonly best: number
  readonly median: number
  /** The distance between the quartiles, as a share of the median. */
  readonly spread: number
  readonly rounds: number
}

/** The value below which a share of the sorted values lies, between neighbours in proportion. */
const quantile = (sorted: ReadonlyArray<number>, share: number): number => {
  const at = share * (sorted.length - 1)
  const below = sorted[Math.floor(at)]!
  return below + (sorted[Math.ceil(at)]! - below) * (at - Math.floor(at))
}

export const timesOf = (rounds: ReadonlyArray<number>): Times => {
  const sorted = rounds.toSorted((a, b) => a - b)
  const median = quantile(sorted, 0.5)
  return {
    best: sorted[0]!,
    median,
    spread: (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / median,
    rounds: sorted.length
  }
}

/** Undefined where there are no values. */
export const geometricMean = (values: ReadonlyArray<number>): number | undefined =>
  values.length === 0
    ? undefined
    : Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
