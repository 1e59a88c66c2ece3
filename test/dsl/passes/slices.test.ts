import { describe, expect, it } from "vitest"
import { compiler } from "../../../dsl/passes/pass.ts"
import { prune } from "../../../dsl/passes/prune.ts"
import { slices } from "../../../dsl/passes/slices.ts"
import { print } from "../../../dsl/printer.ts"
import type { Program } from "../../../dsl/program.ts"
import { sizeOf } from "../../../dsl/shape.ts"
import { traceNow } from "../../../dsl/trace.ts"
import { verify } from "../../../dsl/verifier.ts"
import {
  add,
  exp,
  f32,
  mul,
  scan,
  slice,
  split,
  sum,
  type Tensor,
  tanh,
  zeros
} from "../../../pjrt/loopcarry.ts"
import { contextOf } from "../../support/passes.ts"

type Floats = Tensor<"f32">

const moved = (program: Program): Program => {
  const made = slices.run(prune.run(program), contextOf(compiler))
  verify(made)
  return made
}

const made = ({ equations }: Program, primitive: string) =>
  equations.filter((equation) => equation.primitive === primitive)

/** How many elements a program computes. */
const work = (program: Program, primitive: string): number =>
  made(program, primitive).reduce((total, { outputs }) => total + sizeOf(outputs[0]!.aval.shape), 0)

describe("slices", () => {
  it("go through elementwise operations and broadcasts, to their operands", () => {
    const { program } = traceNow([f32(3, 8), f32(8)], (x, b) => split(tanh(add(x, b)), 4, 1))
    const now = moved(program)
    expect(made(now, "tanh")).toHaveLength(4)
    expect(work(now, "tanh")).toBe(24)
    const inputs = new Set(now.inputs)
    for (const { inputs: operands } of made(now, "slice")) expect(inputs.has(operands[0]!)).toBe(true)
  })

  it("leave uncomputed what nobody reads", () => {
    const { program } = traceNow([f32(100)], (x) => slice(exp(mul(x, x)), [10], [12]))
    expect(work(moved(program), "exp")).toBe(2)
  })

  it("stay where the whole is read too", () => {
    const { program } = traceNow([f32(8)], (x) => {
      const y = exp(x)
      return [...split(y, 2), sum(y)]
    })
    expect(print(moved(program))).toBe(print(program))
  })

  it("stay where elements would be computed twice", () => {
    const { program } = traceNow([f32(8)], (x) => {
      const y = exp(x)
      return [slice(y, [0], [6]), slice(y, [2], [8])]
    })
    expect(print(moved(program))).toBe(print(program))
  })

  it("stay behind products", () => {
    const { program } = traceNow([f32(8, 8)], (x) => split(exp(x), 2, 1).map((part) => sum(part)))
    expect(made(moved(program), "slice")).toHaveLength(2)
  })

  it("of scalars that are repeated read the scalar", () => {
    const { program } = traceNow([f32(), f32(8)], (s, x) => slice(mul(s, x), [0], [8], [3]))
    const now = moved(program)
    expect(work(now, "mul")).toBe(3)
    expect(made(now, "slice")).toHaveLength(1)
  })

  it("go through operations inside loops", () => {
    const { program } = traceNow([f32(5, 8)], (xs: Floats) =>
      scan(zeros([4], "f32"), xs, (c, x) => {
        const [a, b] = split(tanh(x), 2) as readonly [
          Tensor<"f32", readonly [4]>,
          Tensor<"f32", readonly [4]>
        ]
        return [add(c, mul(a, b)), null]
      })
    )
    expect(print(moved(program)).match(/tanh/g)).toHaveLength(2)
  })
})
