import { describe, expect, it } from "vitest"
import type { Equation, Program, Var } from "../../dsl/program.ts"
import { run } from "../../dsl/reference/run.ts"
import { bytesOf } from "../../dsl/shape.ts"
import { traceNow } from "../../dsl/trace.ts"
import { recomputeCost } from "../../dsl/transform/recompute-cost.ts"
import { split } from "../../dsl/transform/split.ts"
import { splitByCost } from "../../dsl/transform/split-by-cost.ts"
import * as lc from "../../pjrt/loopcarry.ts"

type Scalar = lc.Tensor<"f32", readonly []>

const cost = (variable: Var): number => 16 + bytesOf(variable.aval)

/** A random program of two known inputs and an unknown one. Its first output is known. */
const randomProgram = (seed: number, size: number): Program => {
  let state = seed
  const random = (below: number): number => {
    state = (state * 1103515245 + 12345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
  const binary = [lc.add, lc.mul, lc.sub, lc.maximum]
  const unary = [lc.tanh, lc.sin, lc.neg]
  return traceNow([lc.f32(), lc.f32(), lc.f32()], (a, b, t) => {
    const known: Array<Scalar> = [a, b]
    for (let i = 0; i < size; i++) {
      const [x, y] = [known[random(known.length)]!, known[random(known.length)]!]
      known.push(random(3) === 0 ? unary[random(3)]!(x) : binary[random(4)]!(x, y))
    }
    const late = Array.from({ length: 3 }, () => lc.mul(t, known[random(known.length)]!))
    return [known.at(-1)!, late.reduce((x, y) => lc.add(x, y))]
  }).program
}

const isKnown = [true, true, false]

/** What a split costs: what it keeps, and what its unknown part computes of known values. */
const costOf = (kept: ReadonlyArray<Var>, again: ReadonlyArray<Equation>): number =>
  kept.reduce((total, variable) => total + cost(variable), 0) +
  again.reduce((total, equation) => total + recomputeCost(equation), 0)

/** The equations that do not depend on a program's last input. */
const knownEquations = (program: Program): ReadonlyArray<Equation> => {
  const late = new Set([program.inputs.at(-1)])
  return program.equations.filter(({ inputs, outputs }) => {
    const isLate = inputs.some((input) => late.has(input))
    if (isLate) for (const output of outputs) late.add(output)
    return !isLate
  })
}

/** The least cost over all choices of equations to compute again. */
const leastCost = (program: Program): number => {
  const known = knownEquations(program)
  const late = program.equations.filter((equation) => !known.includes(equation))
  const before = new Set([...program.inputs.slice(0, 2), ...known.flatMap(({ outputs }) => outputs)])
  let least = Number.POSITIVE_INFINITY
  for (let bits = 0; bits < 2 ** known.length; bits++) {
    const again = known.filter((_, i) => ((bits >> i) & 1) === 1)
    const made = new Set(again.flatMap(({ outputs }) => outputs))
    const read = new Set([...late, ...again].flatMap(({ inputs }) => inputs))
    const kept = [...read].filter((variable) => before.has(variable) && !made.has(variable))
    least = Math.min(least, costOf(kept, again))
  }
  return least
}

describe("splitByCost", () => {
  it("costs least of all ways to keep some values and compute others again", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const program = randomProgram(seed, 9)
      const { residuals, unknown } = splitByCost(program, isKnown, 1, cost)
      const again = knownEquations(unknown)
      expect(costOf(residuals, again)).toBeCloseTo(leastCost(program), 6)
    }
  })

  it("divides a program into two that give the same together", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const program = randomProgram(seed, 30)
      const array = (value: number) => ({ dtype: "f32", shape: [], data: [value] }) as const
      const [a, b, t] = [array(0.25), array(-1.5), array(3)]
      const { known, unknown } = splitByCost(program, isKnown, 1, cost)
      const [first, ...residuals] = run(known, [a, b])
      expect([first!, ...run(unknown, [...residuals, t])]).toStrictEqual(run(program, [a, b, t]))
    }
  })

  it("never keeps more than what an unknown part that computes nothing again reads", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const program = randomProgram(seed, 30)
      const kept = (residuals: ReadonlyArray<Var>) => residuals.reduce((sum, each) => sum + cost(each), 0)
      expect(kept(splitByCost(program, isKnown, 1, cost).residuals)).toBeLessThanOrEqual(
        kept(split(program, isKnown, 1).residuals)
      )
    }
  })

  it("keeps a sum rather than a value and a free one, and nothing for the free one", () => {
    const { program } = traceNow([lc.f32(8), lc.f32(8), lc.f32(8)], (a, b, t) => [
      a,
      lc.mul(t, lc.add(lc.tanh(a), b))
    ])
    const free = (variable: Var): number => (variable === program.inputs[1] ? 0 : cost(variable))
    const { residuals } = splitByCost(program, isKnown, 1, free)
    const sum = program.equations.find(({ primitive }) => primitive === "add")!
    expect(residuals).toEqual([sum.outputs[0]])
    const all = splitByCost(program, isKnown, 1, () => 0)
    expect(all.residuals).toEqual([sum.outputs[0]])
  })
})
