import { describe, expect, it } from "vitest"
import { programsOf } from "../../dsl/held.ts"
import {
  add,
  arange,
  cond,
  debugPrint,
  f32,
  grad,
  gt,
  lt,
  memoryOf,
  mul,
  scalar,
  scan,
  type Tensor,
  whileLoop,
  zeros
} from "../../dsl/index.ts"
import type { Program } from "../../dsl/program.ts"
import { traceNow } from "../../dsl/trace.ts"
import { verify } from "../../dsl/verifier.ts"
import { pruned } from "../support/passes.ts"

type Scalar = Tensor<"f32", readonly []>

const primitives = ({ equations }: Program): ReadonlyArray<string> =>
  equations.flatMap((equation) => [equation.primitive, ...programsOf(equation).flatMap(primitives)])

/** Traces a function of one number, checks the program's promises, and gives it. */
const traced = (fn: (x: Scalar) => Scalar): Program => {
  const { program } = traceNow([f32()], fn)
  verify(program)
  return pruned(program)
}

describe("a pruned program", () => {
  it("carries only what a result needs", () => {
    const program = traced(
      (x) =>
        scan({ used: x, needed: x, dead: zeros([1000], "f32") }, arange(10), ({ used, needed, dead }) => [
          { used: mul(used, needed), needed: add(needed, 1), dead: add(dead, used) },
          null
        ])[0].used
    )
    const loop = program.equations.find(({ primitive }) => primitive === "scan")
    expect(loop!.params).toMatchObject({ carry: 2, names: ["carry.used", "carry.needed"], xs: [] })
    expect(memoryOf(program).peak).toBeLessThan(100)
  })

  it("carries what a condition needs", () => {
    const program = traced(
      (x) =>
        whileLoop(
          ([, i]) => lt(i, 3),
          ([a, i, b]) => [mul(a, 2), add(i, 1), mul(b, a)] as const,
          [x, scalar(0, "i32"), x] as const
        )[0]
    )
    expect(program.equations.at(-1)!.outputs).toHaveLength(2)
  })

  it("gives a branch only the operands that some branch needs", () => {
    const program = traced((x) => {
      const big = mul(zeros([100], "f32"), x)
      return cond(
        gt(x, 0),
        (a: Scalar, b: Tensor<"f32", readonly [100]>) => [mul(a, 2), mul(b, 2)] as const,
        (a, b) => [a, b] as const,
        x,
        big
      )[0]
    })
    expect(program.equations.at(-1)!.inputs).toHaveLength(2)
    expect(memoryOf(program).peak).toBeLessThan(100)
  })

  it("keeps what prints, and what that needs, though nothing uses it", () => {
    const program = traced(
      (x) => scan([x, x], arange(3), ([a, b]) => [[mul(a, 2), debugPrint("b", mul(b, 3))], null])[0][0]
    )
    expect(primitives(program)).toContain("debugPrint")
    expect(program.equations.at(-1)!.outputs).toHaveLength(2)
  })

  it("differentiates and keeps nothing of a part that no result needs", () => {
    const beside = (x: Scalar) =>
      scan([x, zeros([1000], "f32")], arange(1000), ([c, d]) => [[mul(c, 1.5), add(d, c)], null])[0][0]
    expect(memoryOf(traced(grad(beside))).peak).toBeLessThan(100)
  })
})
