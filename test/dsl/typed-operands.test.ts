import { describe, expect, expectTypeOf, it } from "vitest"
import { add, constant, div, f32, gt, i64, mul, print, sub, type Tensor } from "../../dsl/index.ts"
import { traceNow } from "../../dsl/trace.ts"
import { thrown } from "../support/run.ts"

const trace = (specs: ReadonlyArray<unknown>, fn: unknown) =>
  traceNow(specs as never, fn as never, "jit").program
const message = (run: () => unknown) => thrown(run).message

type X = Tensor<"f32", readonly [2, 3]>
const bias = Float32Array.of(0.5, 1, 2)

describe("a typed array among operands", () => {
  it("is the constant of its dtype, on either side and among several", () => {
    const plain = trace([f32(2, 3)], (x: X) => [
      add(x, constant(bias)),
      sub(constant(bias), x),
      mul(x, x, constant(bias)),
      gt(x, constant(bias))
    ])
    const typed = trace([f32(2, 3)], (x: X) => {
      const results = [add(x, bias), sub(bias, x), mul(x, x, bias), gt(x, bias)] as const
      expectTypeOf(results[0]).toEqualTypeOf<Tensor<"f32", readonly [2, 3]>>()
      expectTypeOf(results[1]).toEqualTypeOf<Tensor<"f32", readonly [2, 3]>>()
      expectTypeOf(results[3]).toEqualTypeOf<Tensor<"bool", readonly [2, 3]>>()
      return results
    })
    expect(print(typed)).toBe(print(plain))
  })

  it("keeps bigints, and lengths that are type parameters", () => {
    const scaled = <N extends number>(x: Tensor<"i64", readonly [N]>): Tensor<"i64", readonly [N]> =>
      mul(x, BigInt64Array.of(2n ** 60n, -1n))
    expect(print(trace([i64(2)], scaled))).toContain("1152921504606846976")
  })

  it("is refused where its dtype or its length is another, or where it would make the result larger", () => {
    const refused = (fn: (x: X) => unknown) => message(() => trace([f32(2, 3)], fn as never))
    expect(refused((x) => add(x, Float64Array.of(1, 2, 3) as never))).toBe(
      "add: dtypes differ: f32[2,3] and f64[3]"
    )
    expect(refused((x) => add(x, Float32Array.of(1, 2)))).toBe(
      "add: shapes do not broadcast: f32[2,3] and f32[2]"
    )
    expect(message(() => trace([f32(1)], (x: Tensor<"f32", readonly [1]>) => div(x, bias)))).toBe(
      "div: shapes do not broadcast: f32[1] and f32[3]"
    )
    expect(message(() => trace([f32()], (x: Tensor<"f32", readonly []>) => div(bias, x)))).toContain(
      "div: shapes do not broadcast"
    )
    expect(message(() => add(bias as never, bias as never))).toContain("add: ")
  })
})
