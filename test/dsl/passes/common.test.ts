import { describe, expect, it } from "vitest"
import { ProgramBuilder } from "../../../dsl/builder.ts"
import { holds, programsOf } from "../../../dsl/held.ts"
import { common } from "../../../dsl/passes/common.ts"
import { compiler } from "../../../dsl/passes/pass.ts"
import { prune } from "../../../dsl/passes/prune.ts"
import { print } from "../../../dsl/printer.ts"
import { isEquation, type Program } from "../../../dsl/program.ts"
import { traceNow } from "../../../dsl/trace.ts"
import { verify } from "../../../dsl/verifier.ts"
import * as lc from "../../../pjrt/loopcarry.ts"
import { contextOf } from "../../support/passes.ts"

const { add, arange, constant, debugPrint, f32, i32, mul, scan, sub } = lc
type Scalar = lc.Tensor<"f32", readonly []>

const merged = (program: Program): Program => {
  const made = common.run(prune.run(program), contextOf(compiler))
  verify(made)
  return made
}

const scanOf = ({ equations }: Program) => equations.find((equation) => isEquation(equation, "scan"))!

/** How many equations of a primitive there are, in held programs too. */
const count = (primitive: string, program: Program): number =>
  program.equations.reduce(
    (sum, equation) =>
      sum +
      Number(equation.primitive === primitive) +
      programsOf(equation).reduce((inner, held) => inner + count(primitive, held), 0),
    0
  )

describe("equations", () => {
  it("of the same operands are one, in either order where that cannot matter", () => {
    const { program } = traceNow([f32(), f32(), i32(), i32()], (a, b, i, j) => [
      sub(a, b),
      sub(a, b),
      sub(b, a),
      lc.maximum(a, b),
      lc.maximum(b, a),
      lc.maximum(i, j),
      lc.maximum(j, i),
      lc.eq(a, b),
      lc.eq(b, a)
    ])
    const made = merged(program)
    expect(count("sub", made)).toBe(2)
    // Of floats the order may choose between NaN and NaN.
    expect(count("maximum", made)).toBe(3)
    expect(count("eq", made)).toBe(1)
  })

  it("are told apart by parameters that JavaScript takes for equal", () => {
    const builder = new ProgramBuilder([])
    const f64 = { dtype: "f64", shape: [] } as const
    const values = [0, -0, Number.NaN, Number.NaN, 1, 1n, Number.POSITIVE_INFINITY]
    const program = builder.program(values.map((value) => builder.constant(f64, value)))
    expect(merged(program).outputs.map(({ id }) => id)).toEqual([0, 1, 2, 2, 3, 4, 5])
  })

  it("that print, or hold what prints, are never merged", () => {
    const { program } = traceNow([f32()], (x) => {
      const loop = () => scan(x, arange(2), (c) => [debugPrint("inside", mul(c, 2)), null])[0]
      return [debugPrint("x", x), debugPrint("x", x), loop(), loop(), mul(x, 3), mul(x, 3)]
    })
    const made = merged(program)
    expect(count("debugPrint", made)).toBe(4)
    expect(count("scan", made)).toBe(2)
    expect(count("mul", made)).toBe(3)
  })

  it("of unlike tables are two, of like small ones one", () => {
    const table = (last: number) => constant([1, 2, last], "f32")
    const { program } = traceNow([], () => [table(3), table(3), table(4)])
    expect(count("constant", merged(program))).toBe(2)
  })

  it("that call a function with a derivative of its own are one, and keep their operands", () => {
    const twice = lc.customVjp((x: Scalar, y: Scalar) => add(mul(x, y), mul(y, x)), {
      forward: (x: Scalar, y: Scalar) => [add(x, y), null] as const,
      backward: (_: null, g: Scalar) => [g, g] as const
    })
    const { program } = traceNow([f32()], (x) => [twice(x, x), twice(x, x)])
    const made = merged(program)
    expect(count("customDerivative", made)).toBe(1)
    expect(count("mul", made)).toBe(1)
    expect(made.equations.at(-1)!.inputs).toHaveLength(2)
  })
})

describe("a loop's carry", () => {
  const carried = (step: (c: ReadonlyArray<Scalar>) => ReadonlyArray<Scalar>) => {
    const { program } = traceNow(
      [f32()],
      (x) => scan([x, x, x], null, (c) => [step(c) as never, null], { length: 3 })[0]
    )
    return (scanOf(merged(program)).params as { readonly carry: number }).carry
  }

  it("has one leaf where all begin and go on alike", () => {
    expect(carried((c) => c.map((each) => mul(each, 2)))).toBe(1)
    expect(carried(([a, b, c]) => [mul(b!, 2), mul(c!, 2), mul(a!, 2)])).toBe(1)
  })

  it("has as many as go different ways, also where they part at a later step", () => {
    expect(carried(([a, b, c]) => [mul(a!, 2), mul(b!, 2), mul(c!, 3)])).toBe(2)
    expect(carried(([a, b, c]) => [mul(b!, 2), mul(c!, 2), mul(a!, 3)])).toBe(3)
  })

  it("of more leaves than rounds of splitting stays as it is", () => {
    const { program } = traceNow([f32()], (x) => {
      const init = Array.from({ length: 20 }, () => x)
      return scan(init, null, (c) => [[mul(c[0]!, 2), ...c.slice(0, 19)] as never, null], { length: 3 })[0]
    })
    expect(scanOf(merged(program)).params).toMatchObject({ carry: 20 })
  })

  it("of a while loop is merged in its condition and its body, and names stay with what is left", () => {
    const { program } = traceNow([f32()], (x) => [
      lc.whileLoop(
        ([a, b]) => lc.lt(add(a, b), 9),
        ([a, b]) => [mul(a, 2), mul(b, 2)] as const,
        [x, x] as const
      ),
      scan(
        { a: x, b: x, c: x },
        null,
        ({ a, b, c }) => [{ a: mul(a, 2), b: mul(b, 2), c: mul(c, b) }, null],
        {
          length: 2
        }
      )[0]
    ])
    const made = merged(program)
    expect(made.equations[0]!.outputs).toHaveLength(1)
    expect(scanOf(made).params).toMatchObject({ names: ["carry.a", "carry.c"] })
  })

  it("is no const, though both are one value outside", () => {
    const { program } = traceNow([f32()], (x) => scan(x, null, (c) => [mul(c, x), null], { length: 2 })[0])
    expect(merged(program).equations[0]!.inputs).toHaveLength(2)
  })
})

describe("what a loop takes and gives", () => {
  it("is taken once and stacked once", () => {
    const { program } = traceNow([f32(), f32(3), f32(3)], (x, a, b) => {
      const [p, q] = [add(a, b), add(a, b)]
      return scan(x, { a, b: a, c: b }, (c, row) => [
        lc.sum(add(mul(c, row.a), mul(p, mul(row.b, row.c)))),
        [mul(row.a, row.c), mul(row.b, row.c), lc.sum(q)]
      ])
    })
    const loop = scanOf(merged(program))
    expect(loop.params).toMatchObject({ consts: 2, carry: 1, xs: [{ kind: "rows" }, { kind: "rows" }] })
    expect(loop.outputs).toHaveLength(3)
  })

  it("is told apart by range", () => {
    const { program } = traceNow([i32()], (x) =>
      scan(x, [arange(4), arange(4), arange(0, 8, 2)] as never, (c, row) => {
        const [a, b, d] = row as unknown as readonly [typeof x, typeof x, typeof x]
        return [add(c, add(mul(a, b), d)), null]
      })
    )
    expect(scanOf(merged(program)).params).toMatchObject({ xs: { length: 2 } })
  })

  it("is one result of a switch where every branch gives one value", () => {
    const { program } = traceNow([f32(), i32()], (x, n) => {
      const [p, q] = [mul(x, 3), mul(x, 3)]
      return lc.switchCase(n, [() => [mul(p, 2), mul(q, 2), x], () => [x, x, x]] as never)
    })
    const last = merged(program).equations.at(-1)!
    expect(last.inputs).toHaveLength(3)
    expect(last.outputs).toHaveLength(2)
  })

  it("is told apart by how it is divided among devices", () => {
    const mesh = lc.mesh({ x: 2 })
    const { program } = traceNow([f32(4)], (x) =>
      lc.shardMap(
        (_, a: lc.Tensor<"f32">, b: lc.Tensor<"f32">, c: lc.Tensor<"f32">) => [a, b, c, mul(a, c)] as never,
        {
          mesh,
          in: [lc.sharding(mesh, "x"), null, lc.sharding(mesh, "x")],
          out: [lc.sharding(mesh, "x"), null, lc.sharding(mesh, "x"), lc.sharding(mesh, "x")]
        }
      )(x, x, x)
    )
    const [made] = merged(program).equations
    expect(made!.inputs).toHaveLength(2)
    expect(made!.outputs).toHaveLength(3)
  })
})

describe("loops in loops", () => {
  it("are merged where what is around them makes their operands one", () => {
    const { program } = traceNow(
      [f32(3)],
      (x) =>
        scan(
          [x, x] as const,
          null,
          ([a, b]) => {
            const inner = (y: typeof x) => scan(y, null, (c) => [mul(c, c), null], { length: 2 })[0]
            return [[inner(a), inner(b)] as const, null]
          },
          { length: 2 }
        )[0]
    )
    const made = merged(program)
    expect(count("scan", made)).toBe(2)
    expect(holds("mul", made)).toBe(true)
    expect(made.outputs[0]).toBe(made.outputs[1])
  })

  it("print their text twice the same", () => {
    const { program } = traceNow([f32()], (x) =>
      [1, 2].map(() => scan([x, x], null, ([a, b]) => [[mul(a, 2), mul(b, 2)], a], { length: 2 }))
    )
    const made = merged(program)
    expect(print(merged(made))).toBe(print(made))
  })
})
