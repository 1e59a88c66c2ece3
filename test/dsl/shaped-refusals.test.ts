import { describe, expect, it } from "vitest"
import * as lc from "../../dsl/index.ts"
import { run } from "../../dsl/reference/run.ts"
import { traceNow } from "../../dsl/trace.ts"
import { type Loose, refusal } from "../support/refused.ts"

const { constant, f32, shaped } = lc

describe("shaped", () => {
  it("gives the tensor itself", () => {
    const { program } = traceNow([f32(3, 4)], (x) => shaped(x, [3, 4]))
    expect(program.equations).toHaveLength(0)
    expect(traceNow([f32(3, 4)], (x) => shaped(x, [null, 4])).program.equations).toHaveLength(0)
  })

  it("refuses another shape, and says both", () => {
    expect(refusal([f32(3, 4)], (x: Loose) => shaped(x, [3, 5]))).toContain(
      "shaped: f32[3,4] is not f32[3,5]"
    )
    expect(refusal([f32(3, 4)], (x: Loose) => shaped(x, [12]))).toContain("shaped: f32[3,4] is not f32[12]")
    expect(refusal([f32(3, 4)], (x: Loose) => shaped(x, [null, 5]))).toContain(
      "shaped: f32[3,4] is not f32[?,5]"
    )
    expect(refusal([f32(3)], (x: Loose) => shaped(x, [1.5] as never))).toContain("a dimension is 1.5")
    expect(refusal([f32(3)], (x: Loose) => shaped(x, 3 as never))).toContain("shape is 3, not a list")
  })
})

const made = (fn: () => lc.Tensor) => {
  const { program } = traceNow([], fn)
  const { dtype, shape } = run(program, [])[0]!
  return { type: `${dtype}[${shape}]`, values: [...run(program, [])[0]!.data] }
}

describe("a constant of a typed array", () => {
  it.each([
    [new Float32Array([1, 2.5]), "f32[2]"],
    [new Float64Array([1, 2.5]), "f64[2]"],
    [new Int8Array([-1, 2]), "i8[2]"],
    [new Int16Array([-1, 2]), "i16[2]"],
    [new Int32Array([-1, 2]), "i32[2]"],
    [new BigInt64Array([-1n, 2n]), "i64[2]"],
    [new Uint8Array([1, 2]), "u8[2]"],
    [new Uint16Array([1, 2]), "u16[2]"],
    [new Uint32Array([1, 2]), "u32[2]"],
    [new BigUint64Array([1n, 2n]), "u64[2]"],
    [new Float32Array(0), "f32[0]"]
  ] as const)("has its dtype: %#", (array, type) => {
    const found = made(() => constant(array as Float32Array))
    expect(found.type).toBe(type)
    expect(found.values.map(Number)).toEqual([...(array as Float32Array)].map(Number))
  })

  it("has another dtype where one is given, and its numbers are checked", () => {
    expect(made(() => constant(new Float32Array([1, 2]), "bf16"))).toEqual({
      type: "bf16[2]",
      values: [1, 2]
    })
    expect(made(() => constant(new Uint8Array([1, 2]), "i64")).type).toBe("i64[2]")
    expect(refusal([], () => constant(new Float32Array([1.5]), "i32"))).toContain("1.5 is not an integer")
    expect(refusal([], () => constant(new Int32Array([300]), "u8"))).toContain("300 is out of range for u8")
  })

  it("is no list of booleans or complex numbers", () => {
    expect(refusal([], () => constant(new Uint8Array([1]), "bool" as never))).toContain("takes a list")
    expect(refusal([], () => constant(new Float32Array([1, 2]), "c64" as never))).toContain("takes a list")
  })

  it("is made of an operand of its own dtype alone: what says another or none is refused", () => {
    expect(refusal([f32(3)], (x: Loose) => lc.add(x, new Float64Array(3) as Loose))).toContain(
      "dtypes differ: f32[3] and f64[3]"
    )
    expect(refusal([f32(3)], (x: Loose) => lc.add(x, new Uint8ClampedArray(3) as Loose))).toContain(
      "an operand is a Uint8ClampedArray, not a tensor"
    )
    expect(refusal([], () => (constant as Loose)(new Uint8ClampedArray(2), "u8"))).toContain("constant:")
    expect(refusal([], () => (constant as Loose)([1, 2]))).toContain("no dtype")
  })

  it("keeps its elements when the array changes later", () => {
    const array = new Float32Array([1, 2])
    const { program } = traceNow([], () => constant(array))
    array[0] = 9
    expect([...run(program, [])[0]!.data]).toEqual([1, 2])
  })
})
