import { describe, expect, it } from "vitest"
import { print } from "../../dsl/printer.ts"
import { verify } from "../../dsl/verifier.ts"
import { pruned, stablehloOf } from "../support/passes.ts"
import { golden } from "../support/programs.ts"

describe.each(Object.entries(golden))("%s", (name, make) => {
  const { program } = make()

  it("is a valid program, before each pass and after it", () => {
    verify(program)
    stablehloOf(program)
  })

  it("prints as its golden text", async () => {
    await expect(print(pruned(program))).toMatchFileSnapshot(`../golden/${name}.txt`)
  })

  it("emits its golden StableHLO", async () => {
    await expect(stablehloOf(program)).toMatchFileSnapshot(`../golden/${name}.mlir`)
  })

  it("emits the same text every time", () => {
    expect(stablehloOf(make().program)).toBe(stablehloOf(program))
  })
})

describe("a scan", () => {
  it("is one stablehlo.while, and an arange that only feeds it is never materialised", () => {
    const text = stablehloOf(golden["cumulative-sum"]().program)
    expect(text.match(/stablehlo\.while/g)).toHaveLength(1)
    expect(text).not.toContain("iota")
    expect(text).not.toContain("dynamic_slice")
  })

  it("hoists what does not depend on the loop out of its body", () => {
    const { program } = golden["hoisted-constants"]()
    expect(print(program)).toMatch(/add .*\n.*constant \[1, 2, 3\].*\n.*scan/)
  })
})
