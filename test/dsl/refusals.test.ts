import { describe, expect, it } from "vitest"
import { traceNow } from "../../dsl/trace.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { thrown } from "../support/run.ts"

const { add, arange, f32, i32, mul, scalar, scan, zeros } = lc

/** Tracing a function that must be refused. The casts let the tests say what the editor would not let pass. */
const refusal = (specs: ReadonlyArray<lc.Specs>, fn: (...args: ReadonlyArray<never>) => unknown) => {
  const error = thrown(() => traceNow(specs, fn as never))
  expect(error.hint, "every refusal says what to do").toMatch(/\w/)
  return `${error._tag}: ${error.message}`
}

describe("operations refuse, by name and with both types,", () => {
  it("shapes that do not broadcast", () => {
    expect(refusal([f32(3, 4), f32(4, 5)], (a, b) => add(a, b))).toBe(
      "ShapeError: add: shapes do not broadcast: f32[3,4] and f32[4,5]"
    )
  })

  it("dtypes that differ", () => {
    expect(refusal([f32(3), i32(3)], (a, b) => mul(a, b))).toBe(
      "DTypeError: mul: dtypes differ: f32[3] and i32[3]"
    )
  })

  it("dtypes they do not take", () => {
    expect(refusal([i32(3)], (a) => lc.exp(a))).toBe(
      "DTypeError: exp: takes floats or complex numbers, not i32[3]"
    )
    expect(refusal([lc.bool(2)], (a) => lc.neg(a))).toContain("not bool[2]")
    expect(refusal([f32(2)], (a) => lc.and(a, a))).toContain(
      "takes signed integers, unsigned integers or booleans"
    )
  })

  it.each([
    [1.5, "1.5 is not an integer"],
    [Number.NaN, "NaN is not an integer"],
    [2 ** 31, "2147483648 is out of range for i32 (-2147483648 to 2147483647)"],
    [true, "true is no i32"]
  ])("%s for an i32", (value, why) => {
    expect(refusal([i32(3)], (a) => add(a, value as never))).toBe(`ValueError: add: ${why}`)
  })

  it("a number that a float would make infinite, and keep NaN", () => {
    expect(refusal([lc.f16()], (a) => add(a, 1e6))).toContain("1000000 is out of range for f16")
    expect(() => traceNow([f32()], (a) => add(a, Number.NaN))).not.toThrow()
  })

  it("numbers alone, which say no dtype", () => {
    expect(refusal([], () => add(1 as never, 2 as never))).toContain("nothing says the dtype")
  })

  it("what is neither tensor nor number", () => {
    expect(refusal([f32()], (a) => add(a, "1" as never))).toContain(`an operand is "1", not a tensor`)
  })

  it("axes out of range or named twice", () => {
    expect(refusal([f32(2, 3)], (a) => lc.sum(a, 2))).toBe(
      "ShapeError: sum: axis 2 is out of range for f32[2,3]"
    )
    expect(refusal([f32(2, 3)], (a) => lc.sum(a, [0, -2]))).toContain("an axis is named twice in [0, 0]")
    expect(refusal([f32(2, 3)], (a) => lc.transpose(a, [0, 0]))).toContain("named twice")
  })

  it("reshapes, slices and concatenations that do not fit", () => {
    expect(refusal([f32(2, 3)], (a) => lc.reshape(a, [4]))).toContain(
      "f32[2,3] has 6 elements, but f32[4] has 4"
    )
    expect(refusal([f32(2, 3)], (a) => lc.reshape(a, [-1, 4]))).toContain("does not fit [-1,4]")
    expect(refusal([f32(5)], (a) => lc.slice(a, [2], [7]))).toContain("2 to 7 is out of range on axis 0")
    expect(refusal([f32(2, 3), f32(3, 3)], (a, b) => lc.concatenate([a, b], 1))).toContain(
      "differ beside axis 1"
    )
    expect(refusal([f32(2, 3)], (a) => lc.broadcastTo(a, [3, 3]))).toContain("does not broadcast to [3,3]")
  })

  it("matrix products whose inner dimensions differ", () => {
    expect(refusal([f32(3, 4), f32(5, 6)], (a, b) => lc.matmul(a, b))).toBe(
      "ShapeError: matmul: inner dimensions differ: f32[3,4] x f32[5,6]"
    )
  })

  it("the maximum of nothing", () => {
    expect(refusal([f32(0)], (a) => lc.max(a))).toContain("nothing has no greatest element")
  })

  it("ragged constants and unknown dtypes", () => {
    expect(refusal([], () => lc.constant([[1, 2], [3]], "f32"))).toContain("ragged")
    expect(refusal([], () => lc.zeros([2], "float32" as never))).toContain("float32 is no dtype")
  })

  it("JavaScript's own operators, which cannot see a traced value", () => {
    expect(refusal([f32()], (a) => (a as unknown as number) + 1)).toContain(
      "ScopeError: f32[] is not a JavaScript number"
    )
    traceNow([f32(3)], (a) => {
      expect(`${a}`).toBe("f32[3]")
      return a
    })
  })
})

describe("arange refuses", () => {
  it.each([
    [[0, 10, 0], "the step is 0"],
    [[0, 1.5, 1, "i32"], "the stop 1.5 is not an integer, but the dtype is i32"],
    [[Number.NaN], "the stop is NaN"],
    [[0, Number.POSITIVE_INFINITY], "the stop is Infinity"],
    [[300, "u8"], "a range of 300 steps from 0 to 299 does not fit u8"],
    [[-1, 3, "u8"], "does not fit u8"],
    [[1e6, "f16"], "does not fit f16"],
    [[3e9], "does not fit i32"],
    [[10, "bool"], "takes an integer or float dtype, not bool"]
  ])("%j", (args, why) => {
    expect(refusal([], () => (arange as (...args: ReadonlyArray<unknown>) => unknown)(...args))).toContain(
      why
    )
  })

  it("traced bounds that are no integer scalars", () => {
    expect(refusal([f32()], (n) => arange(n))).toContain("a traced bound is f32[], not an integer scalar")
    expect(refusal([i32(2)], (n) => arange(n))).toContain("a traced bound is i32[2]")
  })

  it("a traced step, and a max that is no length", () => {
    expect(refusal([i32()], (n) => arange(0, 10, n))).toContain("the step is i32[]")
    expect(refusal([i32()], (n) => arange(n, { max: -1 }))).toContain("max is -1")
  })
})

describe("scan refuses", () => {
  const zero = () => scalar(0, "f32")

  it("a carry of another dtype, with the path and both types", () => {
    expect(
      refusal([f32(4)], (v) =>
        scan({ v }, arange(3), (c: { v: lc.Tensor }) => [{ v: lc.convert(c.v, "i32") }, null] as never)
      )
    ).toBe("TreeError: scan: carry.v goes in as f32[4] but comes out as i32[4]")
  })

  it("a carry of another shape", () => {
    expect(
      refusal([f32(4)], (v) => scan({ a: [v] }, arange(3), () => [{ a: [zero()] }, null] as never))
    ).toBe("TreeError: scan: carry.a[0] goes in as f32[4] but comes out as f32[]")
  })

  it.each([
    ["a missing key", () => ({ mean: zero() }), "carry goes in as {mean, count} but comes out as {mean}"],
    [
      "another key",
      () => ({ mean: zero(), n: zero() }),
      "carry goes in as {mean, count} but comes out as {mean, n}"
    ],
    [
      "a list for a record",
      () => [zero(), zero()],
      "carry goes in as {mean, count} but comes out as [2 items]"
    ],
    [
      "null for a tensor",
      () => ({ mean: zero(), count: null }),
      "carry.count goes in as f32[] but comes out as null"
    ],
    [
      "a record for a tensor",
      () => ({ mean: zero(), count: { a: zero() } }),
      "carry.count goes in as f32[] but comes out as {a}"
    ],
    ["a tensor for the record", () => zero(), "carry goes in as {mean, count} but comes out as f32[]"]
  ])("a carry of another tree: %s", (_, give, why) => {
    expect(
      refusal([], () => scan({ mean: zero(), count: zero() }, arange(3), () => [give(), null] as never))
    ).toBe(`TreeError: scan: ${why}`)
  })

  it("accepts records whose keys come in another order", () => {
    const { program } = traceNow([], () =>
      scan({ a: scalar(1, "i32"), b: zero() }, arange(3), (c) => [{ b: c.b, a: c.a }, null])
    )
    expect(program.outputs.map(({ aval }) => aval.dtype)).toEqual(["i32", "f32"])
  })

  it("numbers in a carry, which say no dtype", () => {
    expect(refusal([], () => scan(0 as never, arange(3), (c) => [c, null]))).toContain(
      "carry is the number 0, which is no tensor"
    )
  })

  it("a body that returns no pair", () => {
    expect(refusal([], () => scan(zero(), arange(3), (c) => c as never))).toContain("must return a pair")
  })

  it("xs of different lengths, and scalars among them", () => {
    expect(refusal([f32(3), f32(4)], (a, b) => scan(zero(), { a, b }, (c) => [c, null]))).toContain(
      "xs.a is f32[3] but xs.b is f32[4]: they have different lengths"
    )
    expect(refusal([f32()], (a) => scan(zero(), { a }, (c) => [c, null]))).toContain(
      "xs.a is the scalar f32[]"
    )
  })

  it("lengths that are missing, contradictory or no lengths", () => {
    expect(refusal([], () => scan(zero(), null as unknown as lc.F32<[3]>, (c) => [c, null]))).toContain(
      "nothing says how many steps"
    )
    expect(refusal([f32(3)], (a) => scan(zero(), a, (c) => [c, null], { length: 4 }))).toContain(
      "xs have 3 rows but the length is 4"
    )
    expect(refusal([], () => scan(zero(), null, (c) => [c, null], { length: 1.5 as number }))).toContain(
      "the length is 1.5"
    )
    expect(refusal([f32()], (n) => scan(zero(), null, (c) => [c, null], { length: n }))).toContain(
      "the length is f32[]"
    )
  })

  it("outputs of a loop whose length has no bound", () => {
    expect(refusal([i32()], (n) => scan(zero(), arange(n), (c, x) => [c, x as never]))).toContain(
      "the body puts out i32[], but the length has no bound"
    )
  })
})

describe("a tensor outside its trace is refused", () => {
  it("when an inner one is used after its loop", () => {
    let leaked: lc.Tensor | undefined
    expect(
      refusal([], () => {
        scan(scalar(0, "f32"), arange(3), (c) => {
          leaked = c
          return [c, null]
        })
        return add(leaked as never, 1)
      })
    ).toContain("ScopeError: add: a tensor of a scan body is used after that function was traced")
    expect(
      refusal([], () => {
        let leaked = scalar(0, "f32")
        scan(scalar(0, "f32"), arange(3, "f32"), (c, x) => {
          leaked = x
          return [add(c, x), null]
        })
        return leaked
      })
    ).toBe(
      "ScopeError: the result of a traced function: a tensor of a scan body is used after that function was traced"
    )
  })

  it("when it is returned as it is", () => {
    let leaked: lc.Tensor | undefined
    traceNow([f32()], (x) => {
      leaked = x
      return x
    })
    expect(refusal([], () => leaked)).toContain("a tensor of a traced function is used after")
  })

  it("also where the inner function threw", () => {
    let leaked: lc.Tensor | undefined
    const attempt = () =>
      traceNow([f32()], (x) => {
        leaked = x
        throw new Error("mine")
      })
    expect(attempt).toThrow("mine")
    expect(refusal([], () => add(leaked as never, 1))).toContain("ScopeError")
  })
})

describe("a refusal names the user's own line", () => {
  it("not the library's", () => {
    const error = thrown(() => traceNow([f32(3), i32(3)], (a, b) => add(a as never, b)))
    expect((error as { source?: string }).source).toMatch(/test\/dsl\/refusals\.test\.ts:\d+:\d+$/)
  })

  it("zeros, for good measure, needs whole dimensions", () => {
    expect(refusal([], () => zeros([1.5] as never, "f32"))).toContain("a dimension is 1.5")
  })
})
