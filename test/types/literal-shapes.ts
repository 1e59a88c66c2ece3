/**
 * Shapes that the type checker computes, each beside what tracing must find: this file compiles, or the type check
 * fails; test/dsl/literal-shapes.test.ts traces it.
 */
import { expectTypeOf } from "vitest"
import * as lc from "../../dsl/index.ts"
import { type Agreement, agree } from "../support/agree.ts"

const { add, arange, at, concatenate, conv, einsum, expandDims, fft, moveAxis, pad, reduceWindow } = lc
const { reshape, select, slice, split, squeeze, stack, sum, take, tile, transpose, zeros } = lc

export const shapes = (): ReadonlyArray<Agreement> => {
  const a = zeros([3, 4], "f32")
  const b = zeros([2, 3, 4], "f32")
  const v = zeros([4], "f32")
  const s = lc.scalar(1, "f32")
  const long = zeros([1000, 784], "f32")
  const image = zeros([8, 3, 28, 28], "f32")
  const kernel = zeros([16, 3, 5, 5], "f32")
  const ids = zeros([5, 2], "i32")
  const holds = zeros([4], "bool")
  const [left, right] = split(a, 2, 1)
  const [first, second, third] = split(long, [100, 300, 600])
  const z = lc.complex(v, 0)
  return [
    agree(slice(a, [0, 1], [2, 4]), "f32", [2, 3]),
    agree(slice(arange(10), [2], [9], [3]), "i32", [3]),
    agree(slice(long, [0, 0], [999, 784], [1, 28]), "f32", [999, 28]),
    agree(slice(a, [1, 1], [1, 1]), "f32", [0, 0]),
    agree(concatenate([v, v]), "f32", [8]),
    agree(concatenate([a, a, zeros([10, 4], "f32")]), "f32", [16, 4]),
    agree(concatenate([a, zeros([3, 1], "f32")], 1), "f32", [3, 5]),
    agree(concatenate([b, b], -1), "f32", [2, 3, 8]),
    agree(concatenate([long, long]), "f32", [2000, 784]),
    agree(pad(a, 1), "f32", [5, 6]),
    agree(pad(v, [[1, 2]]), "f32", [7]),
    agree(pad(v, [[-1, -2]]), "f32", [1]),
    agree(
      pad(a, [
        [0, 0],
        [10, -4]
      ]),
      "f32",
      [3, 10]
    ),
    agree(pad(v, [[0, 0]], { interior: [2] }), "f32", [10]),
    agree(stack([a, a]), "f32", [2, 3, 4]),
    agree(stack([a, a], 1), "f32", [3, 2, 4]),
    agree(stack([a, a, a], -1), "f32", [3, 4, 3]),
    agree(stack([s, s]), "f32", [2]),
    agree(left, "f32", [3, 2]),
    agree(right, "f32", [3, 2]),
    agree(first, "f32", [100, 784]),
    agree(second, "f32", [300, 784]),
    agree(third, "f32", [600, 784]),
    agree(split(long, 8)[7], "f32", [125, 784]),
    agree(tile(v, [3]), "f32", [12]),
    agree(tile(long, [12, 2]), "f32", [12_000, 1568]),
    agree(take(a, 1), "f32", [4]),
    agree(take(a, 1, 1), "f32", [3]),
    agree(take(a, -1, -1), "f32", [3]),
    agree(take(a, ids), "f32", [5, 2, 4]),
    agree(take(b, ids, 1), "f32", [2, 5, 2, 4]),
    agree(take(b, ids, -1), "f32", [2, 3, 5, 2]),
    agree(at(b, 0).get(), "f32", [3, 4]),
    agree(at(b, 0, -1).get(), "f32", [4]),
    agree(at(b, ids).get(), "f32", [5, 2, 3, 4]),
    agree(at(b, ids, zeros([2], "i32")).get(), "f32", [5, 2, 4]),
    agree(at(b, 1, 2, 3).get(), "f32", []),
    agree(at(a, 0).set(1), "f32", [3, 4]),
    agree(expandDims(a, 0), "f32", [1, 3, 4]),
    agree(expandDims(a, 1), "f32", [3, 1, 4]),
    agree(expandDims(a, -1), "f32", [3, 4, 1]),
    agree(expandDims(a, -2), "f32", [3, 1, 4]),
    agree(squeeze(zeros([1, 3, 1], "f32")), "f32", [3]),
    agree(squeeze(zeros([1, 3, 1], "f32"), 0), "f32", [3, 1]),
    agree(squeeze(zeros([1, 3, 1], "f32"), [0, -1]), "f32", [3]),
    agree(moveAxis(b, 0, 2), "f32", [3, 4, 2]),
    agree(moveAxis(b, -1, 0), "f32", [4, 2, 3]),
    agree(moveAxis(b, 1, -1), "f32", [2, 4, 3]),
    agree(transpose(b), "f32", [4, 3, 2]),
    agree(transpose(b, [-1, 0, 1]), "f32", [4, 2, 3]),
    agree(conv(image, kernel), "f32", [8, 16, 24, 24]),
    agree(conv(image, kernel, { padding: "same", strides: 2 }), "f32", [8, 16, 14, 14]),
    agree(conv(image, kernel, { strides: [2, 3] }), "f32", [8, 16, 12, 8]),
    agree(
      conv(image, kernel, {
        padding: [
          [1, 1],
          [0, 3]
        ]
      }),
      "f32",
      [8, 16, 26, 27]
    ),
    agree(conv(image, kernel, { kernelDilation: 2, inputDilation: [1, 2] }), "f32", [8, 16, 20, 47]),
    agree(reduceWindow(a, "max", { window: [2, 2], strides: 2 }), "f32", [1, 2]),
    agree(reduceWindow(a, "sum", { window: [2, 2], strides: 1, padding: "same" }), "f32", [3, 4]),
    agree(reduceWindow(a, "max", { window: 2, strides: 2 }), "f32", [1, 2]),
    agree(reduceWindow(v, "max", { window: [9] }), "f32", [0]),
    agree(reduceWindow(v, "sum", { window: [2], padding: [[1, 0]], windowDilation: 2 }), "f32", [3]),
    agree(einsum("ij,jk->ik", a, zeros([4, 5], "f32")), "f32", [3, 5]),
    agree(einsum("ij,jk", a, zeros([4, 5], "f32")), "f32", [3, 5]),
    agree(einsum("ba", a), "f32", [4, 3]),
    agree(einsum("zA,A", a, v), "f32", [3]),
    agree(einsum("ii", zeros([3, 3], "f32")), "f32", []),
    agree(lc.dotGeneral(a, zeros([5, 4], "f32"), { contracting: [[1], [1]] }), "f32", [3, 5]),
    agree(
      lc.dotGeneral(b, zeros([2, 5, 4], "f32"), { contracting: [[2], [2]], batch: [[0], [0]] }),
      "f32",
      [2, 3, 5]
    ),
    agree(arange(20, -7, -3), "i32", [9]),
    agree(arange(3, 10), "i32", [7]),
    agree(arange(-5, 5, 2, "f32"), "f32", [5]),
    agree(arange(5, 5), "i32", [0]),
    agree(arange(7, 0), "i32", [0]),
    agree(select(lc.scalar(true, "bool"), v, 0), "f32", [4]),
    agree(select(holds, a, 0), "f32", [3, 4]),
    agree(select(holds, zeros([3, 1], "f32"), s), "f32", [3, 4]),
    agree(select(zeros([3, 1], "bool"), v, v), "f32", [3, 4]),
    agree(select(holds, s, s), "f32", [4]),
    agree(lc.where(holds, 1, s), "f32", [4]),
    agree(sum(b, [0, -1]), "f32", [3]),
    agree(lc.max(b, 1, { keepDims: true }), "f32", [2, 1, 4]),
    agree(lc.argmax(b), "i32", []),
    agree(reshape(a, [-1]), "f32", [12]),
    agree(reshape(long, [-1, 28, 28]), "f32", [1000, 28, 28]),
    agree(reshape(b, [6, 4]), "f32", [6, 4]),
    agree(lc.broadcastTo(v, [2, 3, 4]), "f32", [2, 3, 4]),
    agree(lc.reverse(a, 1), "f32", [3, 4]),
    agree(lc.rfft(v), "c64", [3]),
    agree(lc.irfft(lc.rfft(v)), "f32", [4]),
    agree(lc.irfft(lc.rfft(v), 5), "f32", [5]),
    agree(fft(z), "c64", [4]),
    agree(add(a, v), "f32", [3, 4]),
    agree(add(s, 1, v), "f32", [4]),
    agree(lc.minimum(a, 3), "f32", [3, 4]),
    agree(lc.maximum(1, ids, 2), "i32", [5, 2]),
    agree(lc.clamp(0, a, 1), "f32", [3, 4]),
    agree(lc.topK(a, 2)[0], "f32", [3, 2]),
    agree(lc.oneHot(ids, 7), "f32", [5, 2, 7]),
    agree(lc.shaped(lc.constant(new Float32Array(3)), [3]), "f32", [3])
  ]
}

declare const n: number
declare const unknown: lc.Tensor<"f32", readonly [number]>
declare const known: lc.Tensor<"f32", readonly [3]>

/** The order of the operands is nothing to the type; a length that is not known keeps its axis. */
export const parts = () => {
  expectTypeOf(add(unknown, known)).toEqualTypeOf(known)
  expectTypeOf(add(known, unknown)).toEqualTypeOf(known)
  expectTypeOf(add(unknown, zeros([1], "f32"))).toEqualTypeOf(unknown)
  expectTypeOf(concatenate([unknown, known])).toEqualTypeOf(unknown)
  expectTypeOf(slice(unknown, [0], [2])).toEqualTypeOf<lc.Tensor<"f32", readonly [2]>>()
  expectTypeOf(slice(known, [0], [n])).toEqualTypeOf(unknown)
  expectTypeOf(stack([unknown, unknown])).toEqualTypeOf<lc.Tensor<"f32", readonly [2, number]>>()
  expectTypeOf(arange(0, 1, 0.1)).toEqualTypeOf(unknown)
  expectTypeOf(arange(n)).toEqualTypeOf<lc.Tensor<"i32" | "f32", readonly [number]>>()
  expectTypeOf(squeeze(zeros([1, n], "f32"))).toEqualTypeOf<lc.Tensor<"f32">>()
  expectTypeOf(reshape(unknown, [-1, 3])).toEqualTypeOf<lc.Tensor<"f32", readonly [number, 3]>>()
  expectTypeOf(split(known, n)).toEqualTypeOf<ReadonlyArray<lc.Tensor<"f32", readonly [number]>>>()
  expectTypeOf(lc.shaped(zeros([n, 4], "f32"), [3, null])).toEqualTypeOf<lc.Tensor<"f32", readonly [3, 4]>>()
}

/** Code generic in its dimensions type-checks. */
export const generic = <N extends number, M extends number>(
  x: lc.Tensor<"f32", readonly [N, M]>,
  w: lc.Tensor<"f32", readonly [M, M]>,
  bias: lc.Tensor<"f32", readonly [M]>
) => {
  const next: typeof x = add(lc.matmul(x, w), bias)
  const same: lc.Tensor<"f32", readonly [M]> = add(take(next, 0), 1)
  const again: lc.Tensor<"f32", readonly [N, M]> = lc.shaped(reshape(next, [-1]) as lc.Tensor<"f32">, x.shape)
  return [slice(x, [0, 0], [1, 1]), concatenate([x, x], 1), split(x, 2), pad(x, 1), same, again] as const
}

/** So does code generic in its whole shape. */
export const shapeless = <S extends lc.Shape>(x: lc.Tensor<"f32", S>): lc.Tensor<"f32", S> => {
  sum(x, 0)
  reshape(x, [-1])
  expandDims(x, 3)
  return select(lc.lt(x, 0), x, lc.mul(add(x, x), 2))
}
