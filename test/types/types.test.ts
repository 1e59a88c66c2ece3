import { describe, expect, it } from "vitest"
import { tsc } from "../support/tsc.ts"

/**
 * Type instantiations for the whole project, tests and deliberate errors included, as one checker counts them. A change
 * that makes types much costlier shows here before it shows in an editor; budgets.test.ts says of which feature. The
 * ceiling is some 1.2 times what was counted: 2,308,000.
 */
const ceiling = 2_800_000

describe("the editor's messages", () => {
  it("are these, for programs that must not compile", async () => {
    // Of whole programs, programs.test.ts keeps the last line.
    const said = tsc("-p", "test/types/tsconfig.errors.json")
      .split(/\n(?=\S)/)
      .filter((each) => !each.startsWith("test/types/errors/programs-"))
      .join("\n")
    expect(said).toContain("scan: carry.v goes in as f32[4] but comes out as i32[4]")
    await expect(said).toMatchFileSnapshot("./errors.snapshot.txt")
  })

  it("and there are none elsewhere, within the budget of instantiations", () => {
    const said = tsc("-p", "tsconfig.json", "--noEmit", "--extendedDiagnostics", "--singleThreaded")
    expect(said).not.toMatch(/error TS/)
    const instantiations = Number(/Instantiations:\s+(\d+)/.exec(said)?.[1])
    expect(instantiations).toBeGreaterThan(1000)
    expect(instantiations).toBeLessThan(ceiling)
  })
})
