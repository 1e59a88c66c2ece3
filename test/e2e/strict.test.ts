import { describe, expect, it } from "vitest"
import { example, loopcarry } from "../support/command.ts"
import { userFolder } from "../support/scripts.ts"

const mistaken = `import * as Effect from "effect/Effect"
import { experiment, f32, gt, jit, neg } from "loopcarry"
export const upward = jit([f32()], (x) => {
  if (gt(x, 0)) return x
  return neg(x)
})
export default experiment("upward", {
  run: () => Effect.map(upward(-1), (y) => ({ y }))
})
`

const words = "gt: its result, bool[], is used by nothing"
const line = /mistaken\.mjs:4:7\b/

describe("a script with a comparison that nothing uses", () => {
  it("is warned of on stderr, and refused under --strict", async () => {
    const user = userFolder()
    user.write("mistaken.mjs", mistaken)
    const plain = await user.run("mistaken.mjs", ["--json", "--device", "reference"])
    expect(plain.status).toBe(0)
    expect(JSON.parse(plain.stdout).results.y.data).toEqual([-1])
    expect(plain.stderr.split(words)).toHaveLength(2)
    expect(plain.stderr).toMatch(line)
    const strict = await user.run("mistaken.mjs", ["--json", "--device", "reference", "--strict"])
    expect(strict.status).not.toBe(0)
    expect(strict.stdout).toBe("")
    expect(strict.stderr).toContain(words)
    expect(strict.stderr).toContain("write select(p, a, b) or cond(p, f, g)")
    expect(strict.stderr).toMatch(line)
  })
})

describe("the examples", () => {
  it.each(["all", "gradient-descent", "data-parallel"])("%s is strict", async (name) => {
    const { status, stderr } = await example(name, ["--json", "--device", "reference", "--strict"])
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
  })

  it("are emitted, and explained, under --strict", async () => {
    for (const what of ["--program", "--explain"])
      expect(await loopcarry(["emit", "examples/moving-average.ts", what, "--strict"])).toMatchObject({
        status: 0,
        stderr: ""
      })
  })
})
