import { describe, expect, it } from "vitest"
import { fission } from "../../../dsl/passes/fission/fission.ts"
import { compiler } from "../../../dsl/passes/pass.ts"
import { prune } from "../../../dsl/passes/prune.ts"
import { isEquation, type Program } from "../../../dsl/program.ts"
import { traceNow } from "../../../dsl/trace.ts"
import { add, f32, mul, scalar, scan, sin, type Tensor } from "../../../pjrt/loopcarry.ts"
import { contextOf } from "../../support/passes.ts"

type Scalar = Tensor<"f32", readonly []>

/** A scan whose step takes so many sines of its row, one of another; the carry reads all of them, or the last. */
const chain = (links: number, all: boolean): Program =>
  traceNow([f32(20_000)], (xs) =>
    scan(scalar(0, "f32"), xs, (c: Scalar, x: Scalar) => {
      let link = x
      let next = mul(c, 0.5)
      for (let i = 0; i < links; i++) {
        link = sin(link)
        if (all || i === links - 1) next = add(mul(next, 0.5), link)
      }
      return [next, null]
    })
  ).program

const sinesInLoop = (program: Program): number => {
  const made = fission.run(prune.run(program), contextOf(compiler))
  const loop = made.equations.find((equation) => isEquation(equation, "scan"))!
  return loop.params.body.equations.filter(({ primitive }) => primitive === "sin").length
}

describe("functions of a row", () => {
  it("leave the loop where only the last of a chain is read", () => {
    for (const links of [1, 6, 30]) expect(sinesInLoop(chain(links, false))).toBe(0)
  })

  it("stay where all are read, which a compiler would compute again for each", () => {
    expect(sinesInLoop(chain(1, true))).toBe(0)
    for (const links of [3, 6, 30]) expect(sinesInLoop(chain(links, true))).toBe(links)
  })
})
