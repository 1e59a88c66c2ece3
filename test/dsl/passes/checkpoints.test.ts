import { describe, expect, it } from "vitest"
import { programsOf } from "../../../dsl/held.ts"
import { optimized } from "../../../dsl/passes/index.ts"
import { compiler } from "../../../dsl/passes/pass.ts"
import { isEquation, type Program } from "../../../dsl/program.ts"
import { bytesOf } from "../../../dsl/shape.ts"
import { traceNow } from "../../../dsl/trace.ts"
import * as lc from "../../../pjrt/loopcarry.ts"
import { eager } from "../../support/eager.ts"
import { pruned, verified } from "../../support/passes.ts"

const [steps, width] = [400, 16]

type Matrix = lc.Tensor<"f32", readonly [typeof width, typeof width]>
type Rows = lc.Tensor<"f32", readonly [typeof steps, typeof width]>

const gradient = (checkpoint: lc.Checkpoint): Program => {
  const loss = (w: Matrix, u: Matrix, xs: Rows) => {
    const last = lc.scan(
      lc.zeros([width], "f32"),
      xs,
      (h, x) => [lc.tanh(lc.add(lc.matmul(w, h), lc.matmul(u, x))), null],
      { checkpoint }
    )
    return lc.sum(last[0])
  }
  return traceNow([lc.f32(width, width), lc.f32(width, width), lc.f32(steps, width)], (w, u, xs) =>
    lc.grad(loss, { argnums: [0, 1] })(w, u, xs)
  ).program
}

const made = (program: Program): Program =>
  optimized(program, compiler, {
    after: verified,
    costs: { ...eager, unroll: { ...eager.unroll, whole: 0 } }
  })

/** The bytes of the largest array that has the steps, or a block of them, as an axis: beside arguments and results. */
const largest = (program: Program): number =>
  program.equations.reduce((most, equation) => {
    const own = equation.outputs.filter(({ aval }) => aval.shape.length > 1)
    const held = programsOf(equation).map(largest)
    return Math.max(most, ...own.map(({ aval }) => bytesOf(aval)), ...held)
  }, 0)

const row = 4 * width
const matrix = row * width

describe("a checkpoint policy", () => {
  it("of all values lets the passes stack rows of all steps", () => {
    const program = made(gradient("all"))
    expect(largest(program)).toBeGreaterThanOrEqual(steps * row)
  })

  it.each(["sqrt", { every: 20 }, { every: 1 }, "recompute"] as const)(
    "is not undone by the passes: %j",
    (checkpoint) => {
      const plain = pruned(gradient(checkpoint))
      const program = made(gradient(checkpoint))
      // Of a block of 20 steps, each value is at most a row; the argument itself is laid out in blocks.
      const allowed = Math.max(largest(plain), matrix)
      expect(largest(program)).toBeLessThanOrEqual(allowed)
      expect(lc.memoryOf(program).peak).toBeLessThanOrEqual(1.1 * lc.memoryOf(plain).peak)
    }
  )

  it("of all values still adds up weights' cotangents by one product", () => {
    const loops = made(gradient("all")).equations.filter((each) => isEquation(each, "scan"))
    expect(loops).toHaveLength(2)
    for (const { params } of loops) expect(params.carry).toBeLessThanOrEqual(2)
  })
})
