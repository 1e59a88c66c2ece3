import { describe, expect, it } from "vitest"
import { type Edge, minCut } from "../../dsl/min-cut.ts"

const costOf = (edges: ReadonlyArray<Edge>, side: ReadonlyArray<boolean>): number =>
  edges.reduce((sum, { from, to, capacity }) => sum + (side[from] && !side[to] ? capacity : 0), 0)

/** The least cost over all divisions of a small network. */
const leastOf = (nodes: number, edges: ReadonlyArray<Edge>): number => {
  let least = Number.POSITIVE_INFINITY
  for (let bits = 0; bits < 2 ** (nodes - 2); bits++) {
    const side = Array.from(
      { length: nodes },
      (_, i) => i === 0 || (i < nodes - 1 && ((bits >> (i - 1)) & 1) === 1)
    )
    least = Math.min(least, costOf(edges, side))
  }
  return least
}

describe("minCut", () => {
  it("cuts the cheapest edge of a path", () => {
    const path = [5, 1, 3].map((capacity, i) => ({ from: i, to: i + 1, capacity }))
    expect(minCut(4, path, 0, 3)).toEqual([true, true, false, false])
  })

  it("never cuts an edge of infinite capacity", () => {
    const edges = [
      { from: 0, to: 1, capacity: 7 },
      { from: 1, to: 2, capacity: Number.POSITIVE_INFINITY },
      { from: 2, to: 3, capacity: 9 }
    ]
    expect(minCut(4, edges, 0, 3)).toEqual([true, false, false, false])
  })

  it("finds the least cost of random networks", () => {
    let seed = 7
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31
      return Math.floor((seed / 2 ** 31) * below)
    }
    for (let round = 0; round < 300; round++) {
      const nodes = 3 + random(6)
      const edges = Array.from({ length: random(20) }, () => ({
        from: random(nodes),
        to: random(nodes),
        capacity: random(10)
      }))
      const side = minCut(nodes, edges, 0, nodes - 1)
      expect([side[0], side[nodes - 1]]).toEqual([true, false])
      expect(costOf(edges, side)).toBe(leastOf(nodes, edges))
    }
  })

  it("takes a path of 100,000 edges", () => {
    const edges = Array.from({ length: 100_000 }, (_, i) => ({
      from: i,
      to: i + 1,
      capacity: 2 + (i % 7 === 3 ? -1 : 0)
    }))
    const side = minCut(100_001, edges, 0, 100_000)
    expect(side.filter(Boolean)).toHaveLength(4)
  })
})
