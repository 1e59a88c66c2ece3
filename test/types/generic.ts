/** Functions generic in their dimensions: each is written once and used at two sizes. This file compiles. */
import { expectTypeOf } from "vitest"
import type { Tensor } from "../../pjrt/loopcarry.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const { add, div, exp, matmul, max, mul, scan, softmax, sub, sum, tanh, transpose, zeros } = lc

type F32<S extends ReadonlyArray<number>> = Tensor<"f32", S>

// NoInfer: the first parameter alone says the dimension, and the others must agree.
const dense = <I extends number, O extends number>(
  w: F32<readonly [I, O]>,
  b: F32<readonly [NoInfer<O>]>,
  x: F32<readonly [NoInfer<I>]>
): F32<readonly [O]> => tanh(add(matmul(x, w), b))

expectTypeOf(dense(zeros([3, 4], "f32"), zeros([4], "f32"), zeros([3], "f32"))).toEqualTypeOf<
  F32<readonly [4]>
>()
expectTypeOf(dense(zeros([7, 2], "f32"), zeros([2], "f32"), zeros([7], "f32"))).toEqualTypeOf<
  F32<readonly [2]>
>()
// @ts-expect-error: the input has another length
dense(zeros([3, 4], "f32"), zeros([4], "f32"), zeros([4], "f32"))
// @ts-expect-error: the bias has another length
dense(zeros([3, 4], "f32"), zeros([3], "f32"), zeros([3], "f32"))

/** Without a type for the result. */
const affine = <I extends number, O extends number>(
  w: F32<readonly [I, O]>,
  b: F32<readonly [O]>,
  x: F32<readonly [I]>
) => add(matmul(x, w), b)
const affineOut: F32<readonly [4]> = affine(zeros([3, 4], "f32"), zeros([4], "f32"), zeros([3], "f32"))

const batched = <N extends number, I extends number, O extends number>(
  w: F32<readonly [I, O]>,
  b: F32<readonly [NoInfer<O>]>,
  x: F32<readonly [N, NoInfer<I>]>
): F32<readonly [N, O]> => tanh(add(matmul(x, w), b))
expectTypeOf(batched(zeros([3, 4], "f32"), zeros([4], "f32"), zeros([8, 3], "f32"))).toEqualTypeOf<
  F32<readonly [8, 4]>
>()

/** Generic in the dtype too. */
const scaled = <D extends "f32" | "f64", N extends number>(
  x: Tensor<D, readonly [N]>
): Tensor<D, readonly [N]> => mul(add(x, 1), 0.5)
expectTypeOf(scaled(zeros([3], "f64"))).toEqualTypeOf<Tensor<"f64", readonly [3]>>()

/** And in the whole shape. */
const residual = <S extends ReadonlyArray<number>>(x: F32<S>, y: F32<NoInfer<S>>): F32<S> => add(x, tanh(y))
expectTypeOf(residual(zeros([2, 3], "f32"), zeros([2, 3], "f32"))).toEqualTypeOf<F32<readonly [2, 3]>>()

const cell = <N extends number, I extends number>(
  w: F32<readonly [N, N]>,
  u: F32<readonly [I, N]>,
  h: F32<readonly [N]>,
  x: F32<readonly [I]>
): F32<readonly [N]> => tanh(add(matmul(h, w), matmul(x, u)))

const rnn = <L extends number, N extends number, I extends number>(
  w: F32<readonly [N, N]>,
  u: F32<readonly [I, N]>,
  start: F32<readonly [N]>,
  xs: F32<readonly [L, I]>
) =>
  scan(start, xs, (h, x) => {
    const next = cell(w, u, h, x)
    return [next, next]
  })
const [last, states] = rnn(
  zeros([4, 4], "f32"),
  zeros([3, 4], "f32"),
  zeros([4], "f32"),
  zeros([10, 3], "f32")
)
expectTypeOf(last).toEqualTypeOf<F32<readonly [4]>>()
expectTypeOf(states).toEqualTypeOf<F32<readonly [10, 4]>>()

/** The step in place. */
const inline = <L extends number, N extends number, I extends number>(
  w: F32<readonly [N, N]>,
  u: F32<readonly [I, N]>,
  start: F32<readonly [N]>,
  xs: F32<readonly [L, I]>
) =>
  scan(start, xs, (h, x) => {
    const next = tanh(add(matmul(h, w), matmul(x, u)))
    return [next, next]
  })
expectTypeOf(
  inline(zeros([6, 6], "f32"), zeros([2, 6], "f32"), zeros([6], "f32"), zeros([5, 2], "f32"))[1]
).toEqualTypeOf<F32<readonly [5, 6]>>()

const normalized = <N extends number, M extends number>(x: F32<readonly [N, M]>) => {
  const e = exp(sub(x, max(x, 1, { keepDims: true })))
  return div(e, sum(e, 1, { keepDims: true }))
}
const normalizedOut: F32<readonly [5, 6]> = normalized(zeros([5, 6], "f32"))

const attention = <S extends number, K extends number, V extends number>(
  q: F32<readonly [S, K]>,
  k: F32<readonly [S, NoInfer<K>]>,
  v: F32<readonly [S, V]>
): F32<readonly [S, V]> => matmul(softmax(mul(matmul(q, transpose(k)), 0.125)), v)
expectTypeOf(attention(zeros([5, 8], "f32"), zeros([5, 8], "f32"), zeros([5, 2], "f32"))).toEqualTypeOf<
  F32<readonly [5, 2]>
>()

/** A Kalman filter's prediction, and its innovation, for N states and M measurements. */
const predict = <N extends number, M extends number>(
  a: F32<readonly [N, N]>,
  h: F32<readonly [M, N]>,
  noise: F32<readonly [N, N]>,
  covariance: F32<readonly [N, N]>,
  state: F32<readonly [N]>,
  measured: F32<readonly [M]>
): { covariance: F32<readonly [N, N]>; state: F32<readonly [N]>; innovation: F32<readonly [M]> } => {
  const next = matmul(a, state)
  return {
    covariance: add(matmul(matmul(a, covariance), transpose(a)), noise),
    state: next,
    innovation: sub(measured, matmul(h, next))
  }
}
const square = zeros([2, 2], "f32")
expectTypeOf(
  predict(square, zeros([1, 2], "f32"), square, square, zeros([2], "f32"), zeros([1], "f32")).innovation
).toEqualTypeOf<F32<readonly [1]>>()

export { affineOut, normalizedOut }
