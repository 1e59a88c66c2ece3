import { describe, expect, it } from "vitest"
import { tsc } from "../support/tsc.ts"

/**
 * Type instantiations for the whole project, tests and deliberate errors included. A change that makes types much
 * costlier shows here before it shows in an editor; raise it only knowing why: 500,000 until the remote part came, whose
 * Effects add some 40,000, and 550,000 until results of experiments were looked at part by part, whose tests add 5,000;
 * 850,000 until functions could be generic in their dimensions, interfaces were trees, and functions of trees came, whose
 * tests add 110,000. Carries and branches that gain something took 50,000 more, literal lengths and operands 160,000,
 * and tests of these 100,000. The right programs of users take 390,000, what is generic in dimensions 60,000, and what is
 * refused of programs with one mistake 50,000. Functions under NumPy's names and tests of their shapes took 100,000, and
 * those of linalg, nn, random, special and stats 300,000. Lengths that stay type parameters through einsum, reshape,
 * arange and what broadcasts to a whole shape took 110,000, and programs that use them 60,000. Literals that are no
 * lengths, elements, indices, steps or axes took 150,000, and their tests 40,000.
 */
const ceiling = 3_200_000

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
    const said = tsc("-p", "tsconfig.json", "--noEmit", "--extendedDiagnostics")
    expect(said).not.toMatch(/error TS/)
    const instantiations = Number(/Instantiations:\s+(\d+)/.exec(said)?.[1])
    expect(instantiations).toBeGreaterThan(1000)
    expect(instantiations).toBeLessThan(ceiling)
  })
})
