import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { f32, isSpec } from "../../../pjrt/loopcarry.ts"
import { aims, reasons } from "../../../scripts/bench/aims.ts"
import { callComparisons } from "../../../scripts/bench/calls.ts"
import { logProbabilities, normal, uniform } from "../../../scripts/bench/inputs.ts"
import { readsOption } from "../../../scripts/bench/options.ts"
import { rows } from "../../../scripts/bench/rows/index.ts"

const names = rows.map(({ name }) => name)

describe("the rows", () => {
  it("have names of their own, and so have aims and reasons", () => {
    expect(new Set(names).size).toBe(names.length)
    const all = [...names, ...callComparisons.map(({ name }) => name)]
    for (const name of [...Object.keys(aims), ...Object.keys(reasons)]) expect(all).toContain(name)
  })

  it.each(rows)("$name is traced, with one array for each input", async ({ jit, inputs }) => {
    const { inputs: parameters, outputs } = await Effect.runPromise(jit({}).program)
    expect(parameters.map(({ aval }) => aval.shape)).toEqual(inputs.map(({ spec }) => spec.shape))
    expect(inputs.every(({ spec }) => isSpec(spec))).toBe(true)
    expect(outputs.length).toBeGreaterThan(0)
  })

  it("with permission stand beside the same without", () => {
    const permitted = rows.filter(({ reassociate }) => reassociate)
    expect(permitted.length).toBeGreaterThan(5)
    for (const { name } of permitted) expect(names).toContain(name.replace(", reassociate", ""))
  })
})

describe("inputs", () => {
  it("are the same each time", () => {
    expect(normal(f32(100), 7).values()).toEqual(normal(f32(100), 7).values())
    expect(normal(f32(100), 7).values()).not.toEqual(normal(f32(100), 8).values())
  })

  it("are of their distributions", () => {
    const drawn = [...normal(f32(10_000), 1, 3).values()]
    const mean = drawn.reduce((sum, each) => sum + each, 0) / drawn.length
    const square = drawn.reduce((sum, each) => sum + each * each, 0) / drawn.length
    expect(Math.abs(mean)).toBeLessThan(0.1)
    expect(square).toBeGreaterThan(8.5)
    expect(square).toBeLessThan(9.5)
    for (const each of uniform(f32(1000), 2, -1, 2).values()) {
      expect(each).toBeGreaterThanOrEqual(-1)
      expect(each).toBeLessThanOrEqual(2)
    }
    const states = logProbabilities(f32(3, 4), 3, 4).values()
    for (let row = 0; row < 3; row++) {
      const total = [0, 1, 2, 3].reduce((sum, i) => sum + Math.exp(states[4 * row + i]!), 0)
      expect(total).toBeCloseTo(1, 5)
    }
  })
})

describe("an option of jit", () => {
  it("is known where jit looks at it", () => {
    expect(readsOption("donate")).toBe(true)
    expect(readsOption("polish")).toBe(false)
  })
})
