import { describe, expect, it } from "vitest"
import type { Program } from "../../dsl/program.ts"
import { arrayOf } from "../../dsl/reference/array.ts"
import { run } from "../../dsl/reference/run.ts"
import { traceNow } from "../../dsl/trace.ts"
import { add, f32, grad, mul, slice, split, sum, type Tensor, take } from "../../pjrt/loopcarry.ts"
import { pruned } from "../support/passes.ts"

type Floats = Tensor<"f32">

/** The gradient of a sum of weighted slices, as a program, and its elements at 1, 2, 3, … */
const gradientOf = (size: number, fn: (x: Floats) => ReadonlyArray<Floats>) => {
  const loss = (x: Floats) =>
    fn(x)
      .map((part, i) => sum(mul(mul(part, part), i + 1)))
      .reduce((a, b) => add(a, b)) as Tensor<"f32", readonly []>
  const program = pruned(traceNow([f32(size)], (x: Floats) => grad(loss)(x)).program)
  const x = Array.from({ length: size }, (_, i) => i + 1)
  const [gradient] = run(program, [arrayOf({ dtype: "f32", shape: [size] }, x)])
  return { program, gradient: [...gradient!.data] }
}

const count = ({ equations }: Program, primitive: string): number =>
  equations.filter((equation) => equation.primitive === primitive).length

describe("cotangents of slices of one array", () => {
  it("are put together, in the order of the slices' places", () => {
    const { program, gradient } = gradientOf(6, (x) => split(x, 3).toReversed())
    expect(gradient).toEqual([6, 12, 12, 16, 10, 12])
    expect([count(program, "concatenate"), count(program, "pad")]).toEqual([1, 0])
  })

  it("have zeros where no slice lies", () => {
    const { program, gradient } = gradientOf(7, (x) => [slice(x, [5], [6]), slice(x, [1], [3])])
    expect(gradient).toEqual([0, 8, 12, 0, 0, 12, 0])
    expect([count(program, "concatenate"), count(program, "pad")]).toEqual([1, 0])
  })

  it("are added up where slices overlap", () => {
    const { gradient } = gradientOf(4, (x) => [slice(x, [0], [3]), slice(x, [1], [4])])
    expect(gradient).toEqual([2, 12, 18, 16])
  })

  it("are added up where slices skip elements", () => {
    const { gradient } = gradientOf(4, (x) => [slice(x, [0], [4], [2]), slice(x, [1], [4], [2])])
    expect(gradient).toEqual([2, 8, 6, 16])
  })

  it("are added to what else reads the array", () => {
    const { gradient } = gradientOf(4, (x) => [...split(x, 2), x])
    expect(gradient).toEqual([8, 16, 30, 40])
  })

  it("of many elements taken one by one are one concatenation", () => {
    const { program, gradient } = gradientOf(5, (x) => [0, 1, 2, 3, 4].map((i) => take(x, i) as Floats))
    expect(gradient).toEqual([2, 8, 18, 32, 50])
    expect([count(program, "concatenate"), count(program, "pad")]).toEqual([1, 0])
  })
})
