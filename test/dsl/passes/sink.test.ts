import { describe, expect, it } from "vitest"
import { compiler } from "../../../dsl/passes/pass.ts"
import { prune } from "../../../dsl/passes/prune.ts"
import { sink } from "../../../dsl/passes/sink.ts"
import type { Equation, Program } from "../../../dsl/program.ts"
import { traceNow } from "../../../dsl/trace.ts"
import { verify } from "../../../dsl/verifier.ts"
import * as lc from "../../../pjrt/loopcarry.ts"
import { contextOf } from "../../support/passes.ts"

const { add, arange, broadcastTo, f32, i32, mul, scan } = lc
type Vector = lc.Tensor<"f32", readonly [64]>

const sunk = (program: Program): Program => {
  const made = sink.run(prune.run(program), contextOf(compiler))
  verify(made)
  return made
}

/** A loop over a vector that uses what `make` makes of a number outside of it. */
const loopWith = (
  make: (x: lc.Tensor<"f32", readonly []>) => Vector,
  step: (c: Vector, wide: Vector) => readonly [Vector, unknown]
) => {
  const { program } = traceNow([f32(64), f32()], (c, x) => {
    const wide = make(x)
    return scan(c, null, (s) => step(s, wide) as readonly [Vector, null], { length: 9 })
  })
  const made = sunk(program)
  return made.equations.find(({ primitive }) => primitive === "scan") as Equation<"scan">
}

const repeated = (x: lc.Tensor<"f32", readonly []>) => broadcastTo(x, [64])

describe("rows that are all the same", () => {
  const rowsOf = (make: (x: lc.Tensor<"f32", readonly [3]>) => lc.Tensor<"f32", readonly [3, 3]>) => {
    const { program } = traceNow([f32(3), f32(3)], (c, x) => {
      const other = lc.exp(broadcastTo(lc.sum(x), [3, 3]))
      return scan(c, [other, make(x)] as const, (s, [a, b]) => [lc.sort(add(mul(s, b), a)), lc.sort(b)])
    })
    return sunk(program).equations.find(({ primitive }) => primitive === "scan") as Equation<"scan">
  }

  it("are one array that the loop takes whole", () => {
    const loop = rowsOf((x) => broadcastTo(x, [3, 3]))
    expect(loop.params).toMatchObject({ consts: 1, carry: 1, xs: [{ kind: "rows" }] })
    const filled = rowsOf((x) => broadcastTo(lc.sum(x), [3, 3]))
    expect(filled.inputs[0]!.aval.shape).toEqual([3])
  })

  it("and are not, where a row repeats its own element", () => {
    const loop = rowsOf((x) => broadcastTo(lc.reshape(x, [3, 1]), [3, 3]))
    expect(loop.params).toMatchObject({ consts: 0, xs: { length: 2 } })
  })
})

describe("what a loop repeats", () => {
  it("is made inside: the loop's state has the small array", () => {
    const loop = loopWith(repeated, (c, wide) => [mul(c, wide), null])
    expect(loop.inputs.map(({ aval }) => aval.shape)).toEqual([[], [64]])
    expect(loop.params.body.equations).toMatchObject([{ primitive: "broadcast" }, { primitive: "mul" }])
  })

  it("stays outside where a step stores it, or does more with it than element by element", () => {
    const shapes = (step: Parameters<typeof loopWith>[1]) =>
      loopWith(repeated, step).inputs.map(({ aval }) => aval.shape)
    expect(shapes((c, wide) => [mul(c, wide), wide])).toEqual([[64], [64]])
    expect(shapes((c, wide) => [mul(c, lc.sum(lc.concatenate([c, wide], 0))), null])).toEqual([[64], [64]])
    expect(
      shapes((c, wide) => [add(mul(c, wide), lc.dynamicUpdateSlice(wide, lc.slice(c, [0], [1]), [3])), null])
    ).toEqual([[64], [64]])
  })

  it("stays outside where it is computed", () => {
    const loop = loopWith(
      (x) => lc.exp(repeated(x)),
      (c, wide) => [mul(c, wide), null]
    )
    expect(loop.inputs.map(({ aval }) => aval.shape)).toEqual([[64], [64]])
  })

  it("is a range of integers, and not of floats, whose elements cost a conversion", () => {
    const { program } = traceNow([f32(64), i32(64)], (c, n) => {
      const [floats, integers] = [arange(64, "f32"), arange(3, 131, 2)]
      return scan(
        [c, n] as const,
        null,
        ([s, k]) => [[mul(s, floats as never), mul(k, integers as never)] as const, null],
        {
          length: 9
        }
      )
    })
    const loop = sunk(program).equations.find(({ primitive }) => primitive === "scan")!
    expect(loop.inputs.map(({ aval }) => aval.dtype)).toEqual(["f32", "f32", "i32"])
  })

  it("is made where a condition and a body use it, and in loops within loops", () => {
    const { program } = traceNow([f32(64), f32()], (c, x) => {
      const wide = broadcastTo(x, [64])
      return lc.whileLoop(
        (s) => lc.any(lc.lt(s, wide)),
        (s) => scan(s, null, (t) => [mul(t, wide), null], { length: 3 })[0],
        c
      )
    })
    const made = sunk(program)
    expect(made.equations).toHaveLength(1)
    expect(made.equations[0]!.inputs.map(({ aval }) => aval.shape)).toEqual([[], [], [64]])
  })
})
