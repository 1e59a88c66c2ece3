/** Functions generic in their lengths: products, new shapes, ranges and norms, each at two sizes. */

import type { F32, FloatDType, I32, Shape, Tensor } from "loopcarry"
import * as lc from "loopcarry"

const {
  add,
  arange,
  broadcastTo,
  concatenate,
  div,
  einsum,
  exp,
  expandDims,
  eye,
  f32,
  i32,
  jit,
  lt,
  matmul
} = lc
const { max, maximum, mean, mul, oneHot, ones, outer, ravel, reshape, scan, select, softmax, sqrt, square } =
  lc
const { sub, sum, tanh, transpose, variance, vmap, zeros } = lc

/** Products by Einstein's convention, with and without an arrow. */
const product = <N extends number, K extends number, M extends number>(
  a: F32<[N, K]>,
  b: F32<[K, M]>,
  bias: F32<[M]>
): F32<[N, M]> => add(einsum("nk,km->nm", a, b), bias)
const quadratic = <N extends number, K extends number>(a: F32<[N, K]>, x: F32<[K]>, y: F32<[N]>): F32 =>
  einsum("nk,k,n", a, x, y)
export const products = jit([f32(3, 4), f32(4, 2), f32(2), f32(4), f32(3)], (a, b, bias, x, y) => {
  const ab: F32<[3, 2]> = product(a, b, bias)
  const aa: F32<[4, 4]> = product(transpose(a), a, x)
  return { ab, aa, q: quadratic(a, x, y), r: quadratic(b, bias, x) }
})

/** Attention of several heads as two einsums. */
const heads = <B extends number, T extends number, H extends number, D extends number>(
  q: F32<[B, T, H, D]>,
  k: F32<[B, T, H, D]>,
  v: F32<[B, T, H, D]>
): F32<[B, T, H, D]> => {
  const scores: F32<[B, H, T, T]> = einsum("bqhd,bkhd->bhqk", q, k)
  return einsum("bhqk,bkhd->bqhd", softmax(div(scores, Math.sqrt(q.shape[3]))), v)
}
export const headed = jit([f32(2, 5, 4, 3), f32(1, 7, 2, 8)], (x, y) => {
  const a: F32<[2, 5, 4, 3]> = heads(x, x, x)
  return [a, heads(y, y, y)]
})

/** A rank-one update. */
const updated = <N extends number, M extends number>(m: F32<[N, M]>, u: F32<[N]>, v: F32<[M]>): F32<[N, M]> =>
  add(m, outer(u, v))
export const updates = jit([f32(3, 2), f32(3), f32(2)], (m, u, v) => [
  updated(m, u, v),
  updated(outer(v, u), v, u)
])

/** A batch of images in rows, for a layer. */
const rows = <B extends number, H extends number, W extends number>(x: F32<[B, H, W]>) =>
  reshape(x, [x.shape[0], -1])
const layer = <B extends number, H extends number, W extends number, I extends number, O extends number>(
  x: F32<[B, H, W]>,
  w: F32<[I, O]>
): F32<[B, O]> => tanh(matmul(rows(x), w))
export const layers = jit([f32(5, 2, 3), f32(7, 4, 4), f32(6, 10), f32(16, 2)], (x, y, w, v) => {
  const flat: F32<[5, 6]> = rows(x)
  const out: F32<[5, 10]> = layer(x, w)
  return { flat, out, other: layer(y, v) }
})

/** Heads apart and together again. */
const apart = <B extends number, T extends number, D extends number, H extends number>(
  x: F32<[B, T, D]>,
  h: H
) => transpose(reshape(x, [x.shape[0], x.shape[1], h, -1]), [0, 2, 1, 3])
const together = <B extends number, H extends number, T extends number, D extends number>(
  x: F32<[B, H, T, D]>
): F32<[B, T, number]> => reshape(transpose(x, [0, 2, 1, 3]), [x.shape[0], x.shape[2], -1])
export const heads2 = jit([f32(2, 5, 8)], (x) => {
  const four: F32<[2, 4, 5, 2]> = apart(x, 4)
  const two: F32<[2, 2, 5, 4]> = apart(x, 2)
  return [together(four), together(two)]
})

/** Any array as one row, and back. */
const inARow = <S extends Shape>(x: F32<S>, f: (row: F32<[number]>) => F32<[number]>): F32<S> =>
  reshape(f(ravel(x)), x.shape)
const asColumn = <N extends number>(x: F32<[N]>): F32<[N, 1]> => reshape(x, [-1, 1])
export const rowsOfAll = jit([f32(2, 3), f32(4)], (x, y) => [
  inARow(x, (r) => lc.sort(r)),
  inARow(y, tanh),
  asColumn(y)
])

/** Positions, masks and identities of the length of what is given. */
const causal = <T extends number>(scores: F32<[T, T]>): F32<[T, T]> => {
  const i = arange(scores.shape[0])
  return select(lt(expandDims(i, 0), expandDims(i, 1)), scores, -1e9)
}
const ramped = <N extends number>(x: F32<[N]>): F32<[N]> => mul(x, arange(x.shape[0], "f32"))
const indices = <N extends number>(x: F32<[N]>): I32<[N]> => arange(x.shape[0])
const damped = <N extends number>(m: F32<[N, N]>): F32<[N, N]> => add(m, mul(1e-3, eye(m.shape[0], "f32")))
export const masks = jit([f32(4, 4), f32(3)], (scores, x) => {
  const all: I32<[3]> = indices(x)
  return [causal(scores), damped(scores), ramped(x), all, indices(ramped(x))]
})

/** Rows after the first, counted by a scan. */
const counted = <N extends number>(x: F32<[N]>) =>
  scan(sum(x), arange(1, x.shape[0]), (total, i) => [add(total, lc.convert(i, "f32")), total])[1]
export const counts = jit([f32(5), f32(3)], (x, y) => {
  const four: F32<[4]> = counted(x)
  return [four, counted(y)]
})

/** Embeddings as products with hot rows, and states of the size of the weights. */
const embedded = <T extends number, V extends number, D extends number>(
  words: I32<[T]>,
  e: F32<[V, D]>
): F32<[T, D]> => matmul(oneHot(words, e.shape[0]), e)
const recurrent = <T extends number, H extends number>(xs: F32<[T, 3]>, w: F32<[3, H]>): F32<[T, H]> =>
  scan(zeros([w.shape[1]], "f32"), xs, (h, x) => {
    const next = tanh(add(h, matmul(x, w)))
    return [next, next]
  })[1]
const spread = <N extends number, M extends number>(row: F32<[N]>, m: M): F32<[M, N]> =>
  mul(broadcastTo(row, [m, row.shape[0]]), ones([m, row.shape[0]], "f32"))
export const states = jit([i32(6), f32(9, 3), f32(5, 3), f32(3, 2)], (words, e, xs, w) => {
  const a: F32<[6, 3]> = embedded(words, e)
  const b: F32<[5, 2]> = recurrent(xs, w)
  return { a, b, c: spread(lc.take(w, 0), 4) }
})

/** Layer normalization, softmax and more over any shape. */
const normalized = <D extends FloatDType, S extends Shape>(x: Tensor<D, S>): Tensor<D, S> =>
  div(sub(x, mean(x, -1, { keepDims: true })), sqrt(add(variance(x, -1, { keepDims: true }), 1e-5)))
const distribution = <S extends Shape>(x: F32<S>): F32<S> => {
  const powers = exp(sub(x, max(x, -1, { keepDims: true })))
  return div(powers, sum(powers, -1, { keepDims: true }))
}
const scaledBy = <S extends Shape>(x: F32<S>, axis: number): F32<S> =>
  div(x, sqrt(sum(square(x), axis, { keepDims: true })))
const below = <S extends Shape>(x: F32<S>): F32<S> => maximum(sub(mean(x, -1, { keepDims: true }), x), 0)
export const norms = jit([f32(4, 3), lc.f64(2, 5, 7), f32(6)], (x, y, z) => {
  const a: F32<[4, 3]> = normalized(x)
  const b: F32<[6]> = distribution(z)
  return { a, b, c: normalized(y), d: distribution(x), e: scaledBy(x, 0), f: below(z), g: below(x) }
})

/** Distances to centres, by rows in one loop of vmap. */
const nearest = <N extends number, K extends number, D extends number>(
  x: F32<[N, D]>,
  c: F32<[K, D]>
): F32<[N, K]> => vmap((row: F32<[D]>) => softmax(sum(square(sub(c, row)), 1)))(x)
export const clusters = jit([f32(8, 2), f32(3, 2)], (x, c) => {
  const a: F32<[8, 3]> = nearest(x, c)
  return concatenate([a, nearest(x, x)], 1)
})
