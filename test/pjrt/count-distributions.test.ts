import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { onPlugins } from "../support/backends.ts"

/** A draw counts in the square root of this many. */
const draws = 20_000

/** Trials and chances: few and many successes of either outcome, and both ways in which they are drawn. */
const settings = [
  [5, 0.3],
  [40, 0.05],
  [40, 0.5],
  [25, 0.8],
  [1000, 0.9],
  [300, 0.01]
] as const

const trials = 30
const chances = [0.1, 0.25, 0, 0.65]

/** The chances of 0 to n successes. */
const weightsOf = (n: number, p: number): ReadonlyArray<number> => {
  const logs = [n * Math.log1p(-p)]
  for (let k = 1; k <= n; k++) logs.push(logs[k - 1]! + Math.log((n - k + 1) / k) + Math.log(p / (1 - p)))
  return logs.map(Math.exp)
}

const meanOf = (all: ReadonlyArray<number>): number => all.reduce((sum, each) => sum + each, 0) / all.length

/** How many standard errors the mean and the variance are off, and the greatest distance of the distributions. */
const distances = (all: ReadonlyArray<number>, n: number, p: number) => {
  const variance = n * p * (1 - p)
  const fourth = variance * (1 + 3 * (n - 2) * p * (1 - p)) + 2 * variance ** 2 - 2 * variance ** 2
  const mean = meanOf(all)
  const spread = meanOf(all.map((each) => (each - n * p) ** 2))
  const counts = new Array<number>(n + 1).fill(0)
  for (const each of all) counts[each]! += 1
  let [found, wanted, farthest] = [0, 0, 0]
  weightsOf(n, p).forEach((weight, k) => {
    found += counts[k]! / all.length
    wanted += weight
    farthest = Math.max(farthest, Math.abs(found - wanted))
  })
  return {
    mean: Math.abs(mean - n * p) / Math.sqrt(variance / all.length),
    variance: Math.abs(spread - variance) / Math.sqrt((fourth - variance ** 2) / all.length),
    distribution: farthest * Math.sqrt(all.length)
  }
}

/** Distances that one in some thousand fair samples exceeds. */
const requireFair = (all: ReadonlyArray<number>, n: number, p: number): void => {
  expect(all.every((each) => Number.isInteger(each) && each >= 0 && each <= n)).toBe(true)
  const far = distances(all, n, p)
  expect(far.mean, `mean of ${n}, ${p}`).toBeLessThan(3.5)
  expect(far.variance, `variance of ${n}, ${p}`).toBeLessThan(3.5)
  expect(far.distribution, `distribution of ${n}, ${p}`).toBeLessThan(1.95)
}

const program = lc.jit([], () => ({
  counts: settings.map(([n, p], i) => lc.random.binomial(lc.random.key(i), n, p, [draws])),
  outcomes: lc.random.multinomial(lc.random.key(7), trials, lc.constant(chances, "f32"), [draws])
}))

describe.each(onPlugins.slice(0, 1))("counts on $on", (device) => {
  const run = device.open()

  it("are distributed as binomial and multinomial ones are", async () => {
    const { counts, outcomes } = await run(Effect.flatMap(program(), (found) => lc.read(found)))
    settings.forEach(([n, p], i) => {
      requireFair([...counts[i]!], n, p)
    })
    const rows = Array.from({ length: draws }, (_, i) => [...outcomes.subarray(4 * i, 4 * i + 4)])
    expect(rows.every((row) => row.reduce((sum, each) => sum + each, 0) === trials)).toBe(true)
    for (const [k, p] of chances.entries())
      if (p > 0)
        requireFair(
          rows.map((row) => row[k]!),
          trials,
          p
        )
    expect(rows.every((row) => row[2] === 0)).toBe(true)
    // Counts of two outcomes have a covariance of -n p q.
    const together = meanOf(rows.map((row) => (row[0]! - 3) * (row[3]! - 19.5)))
    expect(Math.abs(together + trials * 0.1 * 0.65)).toBeLessThan(0.15)
  })
})
