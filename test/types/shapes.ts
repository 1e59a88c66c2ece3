/** What the editor must know of shapes and dtypes. This file compiles, or the type check fails. */
import type * as Effect from "effect/Effect"
import { expectTypeOf } from "vitest"
import type { DeviceArray, Tensor } from "../../pjrt/loopcarry.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const { add, arange, f32, i32, jit, scan, scalar, zeros } = lc

const a = zeros([3, 4], "f32")
const row = zeros([4], "f32")
const column = zeros([3, 1], "f32")
declare const n: number
const unknown = zeros([n, 4], "f32")

expectTypeOf(a).toEqualTypeOf<Tensor<"f32", readonly [3, 4]>>()
expectTypeOf(scalar(1, "i64")).toEqualTypeOf<Tensor<"i64", readonly []>>()
expectTypeOf(
  lc.constant(
    [
      [1, 2, 3],
      [4, 5, 6]
    ],
    "u8"
  )
).toEqualTypeOf<Tensor<"u8", readonly [2, 3]>>()

expectTypeOf(add(a, row)).toEqualTypeOf<Tensor<"f32", readonly [3, 4]>>()
expectTypeOf(add(column, row)).toEqualTypeOf<Tensor<"f32", readonly [3, 4]>>()
expectTypeOf(add(1, a, a, 2)).toEqualTypeOf<Tensor<"f32", readonly [3, 4]>>()
expectTypeOf(add(row, column, a)).toEqualTypeOf<Tensor<"f32", readonly [3, 4]>>()
expectTypeOf(add(unknown, column)).toEqualTypeOf<Tensor<"f32", readonly [3, 4]>>()
expectTypeOf(add(unknown, row)).toEqualTypeOf<Tensor<"f32", readonly [number, 4]>>()
expectTypeOf(lc.lt(a, 0)).toEqualTypeOf<Tensor<"bool", readonly [3, 4]>>()
expectTypeOf(lc.convert(a, "bf16")).toEqualTypeOf<Tensor<"bf16", readonly [3, 4]>>()

expectTypeOf(lc.sum(a)).toEqualTypeOf<Tensor<"f32", readonly []>>()
expectTypeOf(lc.sum(a, 0)).toEqualTypeOf<Tensor<"f32", readonly [4]>>()
expectTypeOf(lc.sum(a, -1)).toEqualTypeOf<Tensor<"f32", readonly [3]>>()
expectTypeOf(lc.max(a, [0, 1])).toEqualTypeOf<Tensor<"f32", readonly []>>()
expectTypeOf(lc.mean(a, 1, { keepDims: true })).toEqualTypeOf<Tensor<"f32", readonly [3, 1]>>()
expectTypeOf(lc.transpose(a)).toEqualTypeOf<Tensor<"f32", readonly [4, 3]>>()
expectTypeOf(lc.transpose(zeros([2, 3, 4], "f32"), [2, 0, 1])).toEqualTypeOf<
  Tensor<"f32", readonly [4, 2, 3]>
>()
expectTypeOf(lc.reshape(a, [2, 6])).toEqualTypeOf<Tensor<"f32", readonly [2, 6]>>()
expectTypeOf(lc.matmul(a, zeros([4, 5], "f32"))).toEqualTypeOf<Tensor<"f32", readonly [3, 5]>>()
expectTypeOf(lc.matmul(a, row)).toEqualTypeOf<Tensor<"f32", readonly [3]>>()

expectTypeOf(arange(10)).toEqualTypeOf<Tensor<"i32", readonly [10]>>()
expectTypeOf(arange(10, "f32")).toEqualTypeOf<Tensor<"f32", readonly [10]>>()
expectTypeOf(arange(-3)).toEqualTypeOf<Tensor<"i32", readonly [0]>>()
expectTypeOf(arange(2.5)).toEqualTypeOf<Tensor<"f32", readonly [number]>>()

const [carry, ys] = scan({ m: scalar(0, "f32"), k: scalar(0, "i32") }, arange(10, "f32"), (c, x) => [
  { m: add(c.m, x), k: add(c.k, 1) },
  { x, pair: [c.m, row] }
])
expectTypeOf(carry.m).toEqualTypeOf<Tensor<"f32", readonly []>>()
expectTypeOf(carry.k).toEqualTypeOf<Tensor<"i32", readonly []>>()
expectTypeOf(ys.x).toEqualTypeOf<Tensor<"f32", readonly [10]>>()
expectTypeOf(ys.pair[1]).toEqualTypeOf<Tensor<"f32", readonly [10, 4]>>()

declare const traced: Tensor<"i32", readonly []>
const ragged = scan(row, arange(traced, { max: 7 }), (c, x) => [c, x])[1]
expectTypeOf(ragged.values).toEqualTypeOf<Tensor<"i32", readonly [7]>>()
expectTypeOf(ragged.length).toEqualTypeOf<Tensor<"i32", readonly []>>()
expectTypeOf(scan(row, arange(traced), (c) => [c, null])[1]).toEqualTypeOf<null>()
expectTypeOf(scan(row, null, (c) => [c, c], { length: 5 })[1]).toEqualTypeOf<Tensor<"f32", readonly [5, 4]>>()

/** Code generic in a dimension type-checks. */
export const decayed = <H extends number>(
  start: Tensor<"f32", readonly [H]>,
  xs: Tensor<"f32", readonly [9, H]>
) =>
  scan(start, xs, (c, x) => {
    const next = add(lc.mul(c, 0.9), x)
    return [next, next]
  })
expectTypeOf(decayed(row, zeros([9, 4], "f32"))[0]).toEqualTypeOf<Tensor<"f32", readonly [4]>>()

const call = jit([f32(3), { n: i32() }], (x, { n }) => ({ y: add(x, 1), n }))
type Result = ReturnType<typeof call> extends Effect.Effect<infer A, infer _E, infer _R> ? A : never
expectTypeOf<Result["y"]>().toEqualTypeOf<DeviceArray<"f32", readonly [3]>>()
expectTypeOf<Result["n"]>().toEqualTypeOf<DeviceArray<"i32", readonly []>>()
expectTypeOf<Effect.Success<Result["y"]["read"]>>().toEqualTypeOf<Float32Array>()
expectTypeOf<Effect.Success<Result["n"]["read"]>>().toEqualTypeOf<number>()
