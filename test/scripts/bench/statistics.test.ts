import { describe, expect, it } from "vitest"
import { meansOf } from "../../../scripts/bench/side-by-side.ts"
import { geometricMean, timesOf } from "../../../scripts/bench/statistics.ts"
import { compared } from "../../support/compared.ts"

describe("the times of rounds", () => {
  it("have the best, the median, and the quartiles' distance as a share of it", () => {
    expect(timesOf([5, 1, 3, 2, 4])).toEqual({ best: 1, median: 3, spread: 2 / 3, rounds: 5 })
  })

  it("lie between neighbours where their number is even", () => {
    expect(timesOf([4, 1, 3, 2])).toEqual({ best: 1, median: 2.5, spread: 1.5 / 2.5, rounds: 4 })
  })

  it("of one round have no spread", () => {
    expect(timesOf([7])).toEqual({ best: 7, median: 7, spread: 0, rounds: 1 })
  })
})

describe("geometric means", () => {
  it("treat twice and half as one", () => {
    expect(geometricMean([0.5, 2])).toBeCloseTo(1)
    expect(geometricMean([1, 4, 2])).toBeCloseTo(2)
    expect(geometricMean([])).toBeUndefined()
  })

  it("are over the rows that both sides have", () => {
    const both = compared("both", 2, 4)
    const { jax: _, ...alone } = compared("alone", 100, 1)
    const means = meansOf([both, alone])
    expect(means.run).toBeCloseTo(0.5)
    expect(means.asWritten).toBeUndefined()
    expect(means.lower).toBeCloseTo(0.1)
    expect(means.compile).toBeCloseTo(2)
  })
})
