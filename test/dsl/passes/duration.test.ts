import { describe, expect, it } from "vitest"
import { add, arange, f32, i32, lt, matmul, scalar, scan, whileLoop } from "../../../dsl/index.ts"
import { longestRun } from "../../../dsl/passes/duration.ts"
import { traceNow } from "../../../dsl/trace.ts"

describe("the longest run of a program", () => {
  it("is short for 100 steps at most of at most 100 steps each", () => {
    const { program } = traceNow([], () =>
      scan(scalar(0, "i32"), arange(100), (total, i) => {
        const [inner] = scan(total, arange(i, { max: 100 }), (sum, j) => [add(sum, j), null])
        return [inner, inner]
      })
    )
    expect(longestRun(program)).toBeLessThan(300_000)
  })

  it("is as long as the bound allows", () => {
    const { program } = traceNow([i32()], (n) =>
      scan(scalar(0, "i32"), arange(n, { max: 10_000_000 }), (sum, j) => [add(sum, j), null])
    )
    expect(longestRun(program)).toBeGreaterThan(10_000_000)
  })

  it("is infinite for a loop without bound", () => {
    const loop = traceNow([], () =>
      whileLoop(
        (i) => lt(i, 5),
        (i) => add(i, 1),
        scalar(0, "i32")
      )
    )
    const scanned = traceNow([i32()], (n) =>
      scan(scalar(0, "i32"), arange(n), (sum, j) => [add(sum, j), null])
    )
    expect(longestRun(loop.program)).toBe(Number.POSITIVE_INFINITY)
    expect(longestRun(scanned.program)).toBe(Number.POSITIVE_INFINITY)
  })

  it("counts the multiplications of products", () => {
    const { program } = traceNow([f32(1000, 1000)], (x) => matmul(x, x))
    expect(longestRun(program)).toBeGreaterThan(100_000_000)
  })
})
