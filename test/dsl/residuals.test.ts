import { describe, expect, it } from "vitest"
import { isEquation, type Program } from "../../dsl/program.ts"
import { traceNow } from "../../dsl/trace.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { cells, steps, width } from "../support/cells.ts"
import { pruned } from "../support/passes.ts"

const vector = 4 * width

/** A cell's gradient by its first two arguments. */
const gradient = (name: keyof typeof cells, checkpoint: lc.Checkpoint): Program => {
  const { specs, loss } = cells[name]
  const traced = traceNow(
    specs as never,
    lc.grad(loss(checkpoint) as never, { argnums: [0, 1] } as never) as never
  )
  return pruned((traced as { readonly program: Program }).program)
}

const stacked = (program: Program): number =>
  lc.memoryOf(program).scans.reduce((total, scan) => total + scan.stacked, 0)

describe("what a cell's gradient keeps of each step", () => {
  it.each([
    ["tanh RNN", "its state", vector],
    ["RNN with outputs", "its state, which is its output", vector],
    ["GRU", "its state, two gates and the candidate", 4 * vector],
    ["LSTM", "its two states, three gates, the candidate and the squashed state", 7 * vector],
    ["Kalman filter", "mean and variance", 2 * 4]
  ] as const)("%s: %s", (name, _, bytes) => {
    expect(stacked(gradient(name, "all"))).toBe(bytes * steps)
  })

  it("does not compute a transcendental function or a product of matrices twice", () => {
    for (const name of ["tanh RNN", "GRU", "LSTM"] as const) {
      const [forward, backward] = gradient(name, "all").equations.filter((each) => isEquation(each, "scan"))
      const count = (equation: typeof forward, primitive: string): number =>
        equation!.params.body.equations.filter((each) => each.primitive === primitive).length
      for (const primitive of ["tanh", "logistic"]) expect(count(backward, primitive)).toBe(0)
      expect(count(forward, "tanh")).toBeGreaterThan(0)
    }
  })

  // Bytes stacked, then bytes at the peak, when every value that the backward loop reads was kept.
  it.each([
    ["tanh RNN", "all", 320, 1104],
    ["tanh RNN", "sqrt", 176, 1428],
    ["tanh RNN", { every: 1 }, 160, 944],
    ["tanh RNN", "recompute", 0, 784],
    ["RNN with outputs", "all", 480, 1264],
    ["RNN with outputs", "sqrt", 432, 1620],
    ["RNN with outputs", { every: 1 }, 320, 1104],
    ["RNN with outputs", "recompute", 160, 944],
    ["GRU", "all", 1280, 3024],
    ["GRU", "sqrt", 560, 3156],
    ["GRU", { every: 1 }, 160, 1904],
    ["GRU", "recompute", 0, 1744],
    ["LSTM", "all", 1920, 4480],
    ["LSTM", "sqrt", 864, 4676],
    ["LSTM", { every: 1 }, 320, 2880],
    ["LSTM", "recompute", 0, 2560],
    ["Kalman filter", "all", 240, 352],
    ["Kalman filter", "sqrt", 120, 312],
    ["Kalman filter", { every: 1 }, 80, 200],
    ["Kalman filter", "recompute", 0, 124]
  ] as const)(
    "%s under %j keeps no more than every value: %d bytes, at most %d",
    (name, checkpoint, kept, peak) => {
      const program = gradient(name, checkpoint)
      expect(stacked(program)).toBeLessThanOrEqual(kept)
      expect(lc.memoryOf(program).peak).toBeLessThanOrEqual(peak)
    }
  )

  it("keeps what a comparison says, not the number that is no longer there", () => {
    const loss = (x: lc.Tensor<"f32", readonly [64]>) =>
      lc.sum(
        lc.scan(x, null, (c) => [lc.select(lc.gt(lc.sin(lc.stopGradient(c)), 0), c, lc.neg(c)), null], {
          length: 5
        })[0]
      )
    const { program } = traceNow([lc.f32(64)], lc.grad(loss))
    expect(stacked(pruned(program))).toBe(5 * 64)
  })

  it("carries large states back from step to step, and keeps one array of them", () => {
    const loss = (x: lc.Tensor<"f32", readonly [2048]>) =>
      lc.sum(lc.scan(x, null, (c) => [lc.tanh(lc.mul(c, c)), null], { length: 3 })[0])
    const { program } = traceNow([lc.f32(2048)], lc.grad(loss))
    const [forward, backward] = pruned(program).equations.filter((each) => isEquation(each, "scan"))
    expect(forward!.outputs.slice(forward!.params.carry).map(({ aval }) => aval.shape)).toEqual([[3, 2048]])
    expect(backward!.params.carry).toBe(2)
    expect(pruned(program).equations.some(({ primitive }) => primitive === "concatenate")).toBe(false)
  })
})
