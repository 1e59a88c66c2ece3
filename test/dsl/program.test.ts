import { describe, expect, it } from "vitest"
import { VerifyError } from "../../dsl/errors.ts"
import { print } from "../../dsl/printer.ts"
import type { Equation, Program, Var } from "../../dsl/program.ts"
import { traceNow } from "../../dsl/trace.ts"
import { verify } from "../../dsl/verifier.ts"
import { add, arange, f32, mul, scalar, scan, zeros } from "../../pjrt/loopcarry.ts"
import { stablehloOf } from "../support/passes.ts"
import { thrown } from "../support/run.ts"

const f: Var["aval"] = { dtype: "f32", shape: [] }
const v = (id: number, aval = f): Var => ({ id, aval })
const neg = (input: Var, output: Var): Equation => ({
  primitive: "neg",
  params: {},
  inputs: [input],
  outputs: [output]
})

const refused = (program: Program): string => {
  const error = thrown(() => verify(program))
  expect(error).toBeInstanceOf(VerifyError)
  return error.message
}

describe("the verifier refuses a program that", () => {
  const x = v(0)
  const y = v(1)

  it("uses a variable before it is defined", () => {
    expect(refused({ inputs: [], equations: [neg(x, y)], outputs: [y] })).toContain(
      "neg uses %0 before it is defined"
    )
    expect(refused({ inputs: [x], equations: [], outputs: [y] })).toContain("return uses %1")
  })

  it("defines a variable twice", () => {
    expect(refused({ inputs: [x], equations: [neg(x, x)], outputs: [x] })).toContain("%0 is defined twice")
  })

  it("states another type than the rule infers", () => {
    const wrong = v(1, { dtype: "f32", shape: [2] })
    expect(refused({ inputs: [x], equations: [neg(x, wrong)], outputs: [wrong] })).toContain(
      "neg gives f32[], not f32[2]"
    )
  })

  it("gives an operation what it does not take", () => {
    const b = v(0, { dtype: "bool", shape: [] })
    expect(refused({ inputs: [b], equations: [neg(b, y)], outputs: [y] })).toContain("neg: takes")
  })

  it("has a loop whose body breaks the rules", () => {
    const body: Program = { inputs: [v(0)], equations: [], outputs: [v(0, { dtype: "i32", shape: [] })] }
    const params = {
      length: 3,
      traced: false,
      reverse: false,
      consts: 0,
      carry: 1,
      xs: [],
      body,
      unroll: 1,
      checkpoint: "all"
    } as const
    const equation: Equation<"scan"> = { primitive: "scan", params, inputs: [x], outputs: [y] }
    expect(refused({ inputs: [x], equations: [equation], outputs: [y] })).toContain(
      "return takes %0 for i32[], but it is f32[]"
    )
  })
})

describe("tracing", () => {
  it("leaves out what no output needs", () => {
    const { program } = traceNow([f32()], (x) => {
      mul(x, 3)
      return add(x, 1)
    })
    expect(program.equations.map(({ primitive }) => primitive)).toEqual(["constant", "add"])
  })

  it("keeps an arange that is used as an array as well as by a scan", () => {
    const { program } = traceNow([], () => {
      const xs = arange(4, "f32")
      return [xs, scan(scalar(0, "f32"), xs, (c, x) => [add(c, x), null])[0]]
    })
    expect(program.equations.map(({ primitive }) => primitive)).toEqual(["arange", "constant", "scan"])
  })

  it("gives each closed-over value to the loop once", () => {
    const { program } = traceNow([f32(3)], (w) =>
      scan(zeros([3], "f32"), arange(2), (c) => [add(mul(c, w), w, w), null])
    )
    expect(print(program)).toContain("consts=(%0)")
  })

  it("passes values through two loops", () => {
    const { program } = traceNow([f32()], (w) =>
      scan(scalar(0, "f32"), arange(2), (c) => [scan(c, arange(3), (d) => [add(d, w), null])[0], null])
    )
    verify(program)
    expect(print(program).match(/consts=\(%0\)/g)).toHaveLength(2)
  })

  it("takes values made outside of any trace", () => {
    const table = add(arange(3, "f32"), 1)
    const { program } = traceNow([f32(3)], (x) => mul(x, table))
    expect(program.equations.map(({ primitive }) => primitive)).toEqual(["arange", "constant", "add", "mul"])
  })

  it("is linear in the size of the program, and does not overflow the stack", () => {
    const { program } = traceNow([f32()], (x) => {
      let y = x
      for (let i = 0; i < 20_000; i++) y = add(y, x)
      return y
    })
    expect(program.equations).toHaveLength(20_000)
    verify(program)
    expect(stablehloOf(program).split("\n").length).toBeGreaterThan(20_000)
    expect(print(program).split("\n").length).toBeGreaterThan(20_000)
  })
})
