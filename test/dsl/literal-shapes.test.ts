import { describe, expect, it } from "vitest"
import { traceNow } from "../../dsl/trace.ts"
import type { Agreement } from "../support/agree.ts"
import { functionShapes } from "../types/function-shapes.ts"
import { shapes } from "../types/literal-shapes.ts"
import { signalShapes } from "../types/signal-shapes.ts"
import { sortingShapes } from "../types/sorting-shapes.ts"

const traced = (): ReadonlyArray<Agreement> => {
  let made: ReadonlyArray<Agreement> = []
  traceNow([], () => {
    made = [...shapes(), ...functionShapes(), ...signalShapes(), ...sortingShapes()]
    return made.map(({ found }) => found)
  })
  return made
}

describe("the shapes that the editor shows", () => {
  const cases = traced().map(({ found, dtype, shape }, i) => ({
    i,
    found: `${found.dtype}[${found.shape}]`,
    wanted: `${dtype}[${shape}]`
  }))

  it.each(cases)("are those of tracing: case $i, $wanted", ({ found, wanted }) => {
    expect(found).toBe(wanted)
  })

  it("are many", () => {
    expect(cases.length).toBeGreaterThan(90)
  })
})
