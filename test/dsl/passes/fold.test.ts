import { describe, expect, it } from "vitest"
import { ProgramBuilder } from "../../../dsl/builder.ts"
import { holds } from "../../../dsl/held.ts"
import { fold } from "../../../dsl/passes/fold.ts"
import { compiler, type Target } from "../../../dsl/passes/pass.ts"
import { prune } from "../../../dsl/passes/prune.ts"
import type { Equation, Program } from "../../../dsl/program.ts"
import { traceNow } from "../../../dsl/trace.ts"
import { verify } from "../../../dsl/verifier.ts"
import * as lc from "../../../pjrt/loopcarry.ts"
import { contextOf } from "../../support/passes.ts"

const { add, arange, constant, convert, debugPrint, f32, full, i32, mul, scalar, scan } = lc
// biome-ignore lint/suspicious/noExplicitAny: values of several dtypes.
type Any = any

const folded = (program: Program, target: Target = compiler): Program => {
  const made = fold.run(prune.run(program), contextOf(target))
  verify(made)
  return made
}

const primitives = ({ equations }: Program): ReadonlyArray<string> =>
  equations.map(({ primitive }) => primitive)

/** The constant that a function of nothing becomes; undefined where something is left to the device. */
const valueOf = (fn: () => Any, target?: Target): unknown => {
  const { equations } = folded(traceNow([], fn).program, target)
  const [only, ...more] = equations
  if (more.length > 0 || only!.primitive !== "constant") return undefined
  return (only as Equation<"constant">).params.value
}

const f = (...values: ReadonlyArray<number>) => constant([...values], "f32")
const i = (...values: ReadonlyArray<number>) => constant([...values], "i32")

describe("constants", () => {
  it.each<readonly [string, () => Any, unknown]>([
    ["sums", () => add(f(0.1, 1), f(0.2, 2)), [Math.fround(Math.fround(0.1) + Math.fround(0.2)), 3]],
    ["products", () => mul(full([3], 0.5, "f32"), -4), -2],
    ["integers that wrap", () => add(scalar(2 ** 31 - 1, "i32"), 1), -(2 ** 31)],
    ["integers of 64 bits", () => mul(scalar(2n ** 40n, "i64"), 4), 2n ** 42n],
    ["quotients of integers", () => lc.div(i(-7, 7), i(2, -2)), -3],
    ["quotients by a power of two", () => lc.div(f(3, 5), 4), [0.75, 1.25]],
    ["comparisons", () => lc.lt(f(1, Number.NaN, -0), f(2, 2, 0)), [true, false, false]],
    ["choices", () => lc.select(lc.gt(i(1, 3), 2), f(1, 2), f(3, -0)), [3, 2]],
    ["zeros that have signs", () => lc.neg(f(0, 1)), [-0, -1]],
    ["conversions", () => convert(i(1, 3), "f32"), [1, 3]],
    ["conversions of small floats", () => convert(f(0.5, 2), "bf16"), [0.5, 2]],
    ["bits", () => lc.bitcast(f(1, -0), "u32"), [0x3f800000, 0x80000000]],
    [
      "rearrangements",
      () =>
        lc.transpose(
          constant(
            [
              [1, 2],
              [3, 4]
            ],
            "i32"
          )
        ),
      [1, 3, 2, 4]
    ],
    ["NaN that is moved", () => lc.reverse(f(1, Number.NaN)), [Number.NaN, 1]],
    [
      "what is everywhere the same, whatever its size",
      () => lc.broadcastTo(add(scalar(2, "f32"), 1), [1000, 1000]),
      3
    ],
    ["sums over integers", () => lc.sum(i(1, 2, 3)), 6],
    ["elements that are taken", () => lc.take(i(5, 6, 7), 1), 6],
    ["shifts", () => lc.shiftLeft(i(1, 3), 4), [16, 48]]
  ])("%s", (_, fn, wanted) => {
    expect(valueOf(fn)).toStrictEqual(wanted)
  })

  it.each<readonly [string, () => Any]>([
    ["transcendental functions", () => lc.exp(f(1, 2))],
    ["quotients", () => lc.div(f(1, 2), 3)],
    ["quotients by zero", () => lc.div(i(1, 2), 0)],
    ["the quotient that no integer holds", () => lc.div(scalar(-(2 ** 31), "i32"), -1)],
    ["shifts by all bits", () => lc.shiftLeft(i(1, 3), 32)],
    ["NaN and infinities in arithmetic", () => add(f(Number.POSITIVE_INFINITY, 1), 1)],
    ["overflow", () => mul(f(3e38, 1), 2)],
    ["subnormal numbers", () => mul(f(1e-30, 1), 1e-15)],
    ["a subnormal number that is compared", () => lc.eq(f(1e-40, 1), 0)],
    ["-0 + 0", () => add(f(-0, -0), 0)],
    ["0 + -0", () => add(f(0, 0), -0)],
    ["the greater of floats", () => lc.maximum(f(0, 1), -0)],
    ["sums over floats", () => lc.sum(f(1, 2))],
    ["arithmetic of half floats", () => add(constant([1, 2], "f16"), 1)],
    ["conversions that round", () => convert(f(0.1, 1), "bf16")],
    ["conversions that cut off", () => convert(f(1.5, 2), "i32")],
    ["conversions out of range", () => convert(f(3e9, 1), "i32")],
    ["an integer that no f32 holds", () => convert(scalar(2 ** 24 + 1, "i32"), "f32")],
    ["ranges", () => arange(4)]
  ])("but not %s", (_, fn) => {
    expect(valueOf(fn)).toBeUndefined()
  })

  it("of f64, but not for a TPU, which computes it by other means", () => {
    const sum = () => add(constant([0.1, 1], "f64"), 0.2)
    expect(valueOf(sum)).toStrictEqual([0.1 + 0.2, 1.2])
    expect(valueOf(sum, { platform: "tpu", takes: "stablehlo" })).toBeUndefined()
  })

  it("of up to 64 elements, and no more than that many beyond what the program had", () => {
    const list = (length: number) =>
      constant(
        Array.from({ length }, (_, k) => k),
        "i32"
      )
    const tables = (length: number, count: number) =>
      folded(
        traceNow([], () => {
          const table = list(length)
          return [table, ...Array.from({ length: count }, (_, k) => mul(table, k + 2))]
        }).program
      )
    expect(primitives(tables(64, 1))).toEqual(["constant", "constant"])
    expect(primitives(tables(65, 1))).toContain("mul")
    expect(primitives(tables(20, 5)).filter((name) => name === "mul")).toHaveLength(2)
    // What nothing uses any more makes room.
    const chain = traceNow([], () =>
      Array.from({ length: 9 }).reduce<Any>((x) => add(mul(x, 3), 1), list(60))
    ).program
    expect(primitives(folded(chain))).toEqual(["constant"])
  })
})

describe("operations that change nothing", () => {
  const left = (fn: (x: Any, n: Any, p: Any) => Any) =>
    primitives(folded(traceNow([f32(2, 3), i32(2, 3), lc.bool(2, 3)], fn).program))

  it.each<readonly [string, (x: Any, n: Any, p: Any) => Any]>([
    ["x + -0", (x) => add(x, -0)],
    ["x - 0", (x) => lc.sub(x, 0)],
    ["x * 1", (x) => mul(1, x)],
    ["x / 1", (x) => lc.div(x, 1)],
    ["n + 0", (_, n) => add(0, n)],
    ["n & -1", (_, n) => lc.and(n, -1)],
    ["n | 0", (_, n) => lc.or(n, 0)],
    ["p and true", (_, __, p) => lc.and(p, true)],
    ["n << 0", (_, n) => lc.shiftLeft(n, 0)],
    ["- - x", (x) => lc.neg(lc.neg(x))],
    ["a choice of one thing", (x, _, p) => lc.select(p, x, x)],
    ["two transposes", (x) => lc.transpose(lc.transpose(x))],
    ["two reversals", (x) => lc.reverse(lc.reverse(x, 0), 0)],
    ["two reshapes", (x) => lc.reshape(lc.reshape(x, [6]), [2, 3])],
    ["a slice of all", (x) => lc.slice(lc.concatenate([x]), [0, 0], [2, 3])],
    ["a gradient that is stopped", (x) => lc.stopGradient(x)]
  ])("%s", (_, fn) => {
    expect(left(fn)).toEqual([])
  })

  it.each<readonly [string, (x: Any, n: Any, p: Any) => Any]>([
    ["x + 0, which is 0 for -0", (x) => add(x, 0)],
    ["x - -0", (x) => lc.sub(x, -0)],
    ["0 - x", (x) => lc.sub(0, x)],
    ["x * 0", (x) => mul(x, 0)],
    ["x * -1", (x) => mul(x, -1)],
    ["1 / x", (x) => lc.div(1, x)],
    ["1 << n", (_, n) => lc.shiftLeft(1, n)],
    ["x - x", (x) => lc.sub(x, x)],
    ["x == x", (x) => lc.eq(x, x)]
  ])("but not %s", (_, fn) => {
    expect(left(fn).length).toBeGreaterThan(0)
  })

  it("leaves one operation of two that rearrange", () => {
    const { program } = traceNow([f32(2, 3, 4)], (x) => [
      lc.transpose(lc.transpose(x, [1, 2, 0]), [0, 2, 1]),
      lc.reverse(lc.reverse(x, [0, 1]), [1, 2]),
      lc.broadcastTo(lc.reshape(lc.slice(x, [0, 0, 0], [1, 3, 1]), [3, 1]), [3, 5])
    ])
    expect(folded(program).equations.slice(0, 2)).toMatchObject([
      { primitive: "transpose", params: { permutation: [1, 0, 2] } },
      { primitive: "reverse", params: { axes: [2, 0] } }
    ])
  })
})

describe("loops and branches", () => {
  it("of no step are what they begin with, and print nothing", () => {
    const { program } = traceNow([f32()], (x) => [
      scan(x, arange(0), (c) => [debugPrint("c", mul(c, 2)), c]),
      lc.whileLoop(
        (c) => lc.lt(c, 3),
        (c) => mul(c, 2),
        x,
        { max: 0 }
      ),
      lc.whileLoop(
        () => lc.lt(scalar(1, "f32"), 0),
        (c) => mul(c, 2),
        x
      )
    ])
    const made = folded(program)
    expect(primitives(made)).toEqual(["constant"])
    expect(made.outputs[0]).toBe(made.inputs[0])
  })

  it("print what a condition prints, also where it never holds", () => {
    const { program } = traceNow([f32()], (x) =>
      lc.whileLoop(
        (c) => lc.and(lc.lt(debugPrint("c", c), 3), false),
        (c) => mul(c, 2),
        x
      )
    )
    expect(holds("debugPrint", folded(program))).toBe(true)
  })

  it.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [7, 2],
    [-1, 2]
  ])("branch %i is branch %i of three", (index, taken) => {
    const branches = [2, 3, 4].map((factor) => traceNow([f32()], (x) => mul(x, factor)).program)
    const builder = new ProgramBuilder([{ dtype: "f32", shape: [] }])
    const chosen = builder.constant({ dtype: "i32", shape: [] }, index)
    const made = folded(builder.program(builder.apply("switch", { branches }, chosen, builder.inputs[0]!)))
    expect(made.equations).toMatchObject([{ params: { value: taken + 2 } }, { primitive: "mul" }])
  })

  it("know what is constant around them, but not what they change, nor the range from a known start", () => {
    const { program } = traceNow([f32()], (x) => {
      const [two, ones] = [add(scalar(1, "f32"), 1), lc.broadcastTo(scalar(1, "f32"), [4])]
      const start = add(scalar(2, "i32"), 1)
      return scan([x, two] as const, ones, ([a, b], one) => {
        const inner = scan(a, arange(start, add(start, 2), { max: 2 }), (c, n) => [
          add(mul(c, two), convert(n, "f32")),
          null
        ])[0]
        return [[mul(inner, one), mul(b, a)] as const, null]
      })
    })
    const [, loop] = folded(program).equations as ReadonlyArray<Equation<"scan">>
    expect(loop!.params).toMatchObject({ consts: 0, carry: 2, xs: [] })
    const inner = loop!.params.body.equations.find(({ primitive }) => primitive === "scan")!
    expect(primitives((inner as Equation<"scan">).params.body)).toEqual(["constant", "mul", "convert", "add"])
  })
})
