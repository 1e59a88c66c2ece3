/** Functions generic in dimensions that broadcast, map, loop and reduce. */
import {
  add,
  at,
  concatenate,
  div,
  exp,
  expandDims,
  type F32,
  f32,
  fori,
  grad,
  gt,
  type I32,
  i32,
  jit,
  logsumexp,
  lt,
  matmul,
  max,
  maximum,
  mean,
  minimum,
  mul,
  oneHot,
  scalar,
  scan,
  select,
  sqrt,
  square,
  stack,
  sub,
  sum,
  take,
  tanh,
  transpose,
  variance,
  vmap,
  zeros
} from "loopcarry"

/** Rows less their means. */
const centred = <M extends number, N extends number>(x: F32<[M, N]>): F32<[M, N]> =>
  sub(x, mean(x, 1, { keepDims: true }))
/** Columns less their means. */
const whitened = <M extends number, N extends number>(x: F32<[M, N]>): F32<[M, N]> =>
  div(sub(x, mean(x, 0)), sqrt(add(variance(x, 0), 1e-6)))
export const standardised = jit([f32(4, 3), f32(2, 9)], (x, y) => {
  const a: F32<[4, 3]> = centred(x)
  const b: F32<[2, 9]> = whitened(y)
  return { a, b }
})

/** Softmax by hand, over the last axis. */
const softmaxOf = <M extends number, N extends number>(x: F32<[M, N]>): F32<[M, N]> => {
  const e = exp(sub(x, max(x, 1, { keepDims: true })))
  return div(e, sum(e, 1, { keepDims: true }))
}
export const softmaxes = jit([f32(4, 3), f32(2, 9)], (x, y) => ({ a: softmaxOf(x), b: softmaxOf(y) }))

/** Distances between all pairs. */
const apart = <M extends number, N extends number, D extends number>(
  x: F32<[M, D]>,
  y: F32<[N, D]>
): F32<[M, N]> => sum(square(sub(expandDims(x, 1), expandDims(y, 0))), 2)
export const pairs = jit([f32(5, 2), f32(7, 2)], (x, y) => {
  const d: F32<[5, 7]> = apart(x, y)
  return d
})

/** A column plus a row. */
const table = <M extends number, N extends number>(column: F32<[M, 1]>, row: F32<[1, N]>): F32<[M, N]> =>
  add(column, row)
export const tabled = jit([f32(3, 1), f32(1, 4)], (c, r) => {
  const t: F32<[3, 4]> = table(c, r)
  return t
})

/** A dense layer over a batch, by vmap and by broadcasting. */
const byVmap = <B extends number, I extends number, O extends number>(
  w: F32<[I, O]>,
  b: F32<[O]>,
  x: F32<[B, I]>
): F32<[B, O]> => vmap((row: F32<[I]>) => tanh(add(matmul(row, w), b)))(x)
const byRows = <B extends number, I extends number, O extends number>(
  w: F32<[I, O]>,
  b: F32<[O]>,
  x: F32<[B, I]>
): F32<[B, O]> => tanh(add(matmul(x, w), b, b))
export const batches = jit([f32(3, 2), f32(2), f32(8, 3)], (w, b, x) => {
  const a: F32<[8, 2]> = byVmap(w, b, x)
  const c: F32<[8, 2]> = byRows(w, b, x)
  return sub(a, c)
})

/** A loss over two lists of rows. */
const regression = <T extends number, D extends number>(
  w: F32<[D]>,
  xs: F32<[T, D]>,
  ys: F32<[T]>
): readonly [F32, F32<[T]>] =>
  scan(scalar(0, "f32"), { x: xs, y: ys }, (total, { x, y }) => {
    const error = sub(sum(mul(x, w)), y)
    return [add(total, square(error)), error]
  })
export const regressions = jit([f32(2), f32(10, 2), f32(10)], (w, xs, ys) => {
  const [total, errors] = regression(w, xs, ys)
  const all: F32<[10]> = errors
  return { total, all, slope: grad((w: F32<[2]>) => regression(w, xs, ys)[0])(w) }
})

/** The same over a list of xs. */
const weightedSum = <T extends number, D extends number>(
  weights: F32<[T]>,
  rows: F32<[T, D]>,
  start: F32<[D]>
): F32<[D]> => scan(start, [weights, rows], (c, [k, row]) => [add(c, mul(k, row)), null])[0]
export const weightedSums = jit([f32(4), f32(4, 3), f32(3)], (k, rows, start) => {
  const s: F32<[3]> = weightedSum(k, rows, start)
  return s
})

/** Power iteration of any size. */
const topVector = <N extends number>(a: F32<[N, N]>, start: F32<[N]>): F32<[N]> =>
  fori(
    0,
    20,
    (_, v) => {
      const w = matmul(a, v)
      return div(w, sqrt(sum(square(w))))
    },
    start
  )
export const topVectors = jit([f32(3, 3), f32(5, 5), f32(3), f32(5)], (a, b, x, y) => [
  topVector(a, x),
  topVector(b, y)
])

/** A clipped ramp with tensors as its bounds. */
const ramp = <N extends number>(x: F32<[N]>, least: F32, most: F32): F32<[N]> =>
  minimum(maximum(x, least), most)
export const ramps = jit([f32(4), f32(), f32()], (x, a, b) => ramp(x, a, b))

/** Elements below the mean, replaced by it. */
const raised = <N extends number>(x: F32<[N]>): F32<[N]> => select(lt(x, mean(x)), mean(x), x)
const lowered = <N extends number>(x: F32<[N]>): F32<[N]> => select(gt(x, mean(x)), mean(x), x)
export const levelled = jit([f32(6)], (x) => raised(lowered(x)))

/** Scale, shift and keep, with three operands at a time. */
const film = <N extends number>(x: F32<[N]>, scale: F32<[NoInfer<N>]>, gain: F32): F32<[N]> =>
  mul(x, gain, scale)
const film2 = <M extends number, N extends number>(x: F32<[M, N]>, k: F32<[N]>, b: F32<[N]>): F32<[M, N]> =>
  add(mul(x, k), b, b)
export const films = jit([f32(3), f32(3), f32(), f32(2, 3)], (x, k, g, m) => [film(x, k, g), film2(m, x, k)])

/** The covariance of columns. */
const covariance = <M extends number, N extends number>(x: F32<[M, N]>): F32<[N, N]> => {
  const c = sub(x, mean(x, 0))
  return div(matmul(transpose(c), c), x.shape[0])
}
export const covariances = jit([f32(20, 3), f32(9, 5)], (x, y) => {
  const a: F32<[3, 3]> = covariance(x)
  const b: F32<[5, 5]> = covariance(y)
  return { a, b }
})

/** Messages in a mixture, by logarithms. */
const mixture = <K extends number, N extends number>(logits: F32<[K]>, scores: F32<[N, K]>): F32<[N]> =>
  logsumexp(add(scores, sub(logits, logsumexp(logits))), 1)
export const mixtures = jit([f32(3), f32(10, 3)], (k, s) => {
  const out: F32<[10]> = mixture(k, s)
  return out
})

/** Embeddings of any vocabulary. */
const embed = <V extends number, D extends number, T extends number>(
  table: F32<[V, D]>,
  words: I32<[T]>
): F32<[T, D]> => take(table, words)
export const embeds = jit([f32(50, 8), i32(12)], (table, words) => {
  const rows: F32<[12, 8]> = embed(table, words)
  return rows
})

/** Rows next to rows. */
const joined = <N extends number, D extends number>(a: F32<[N, D]>, b: F32<[N, D]>) => concatenate([a, b], 1)
const piled = <N extends number>(a: F32<[N]>, b: F32<[N]>): F32<[2, N]> => stack([a, b])
export const joins = jit([f32(2, 3), f32(2, 3), f32(4), f32(4)], (a, b, c, d) => {
  const wide: F32<[2, 6]> = joined(a, b)
  const pile: F32<[2, 4]> = piled(c, d)
  return { wide, pile }
})

/** One place of a buffer at a time. */
const filled = <N extends number, D extends number>(
  buffer: F32<[N, D]>,
  row: F32<[D]>,
  i: I32
): F32<[N, D]> => at(buffer, i).set(row)
export const fills = jit([f32(3)], (row) => {
  const out: F32<[5, 3]> = fori(0, 5, (i, b) => filled(b, row, i), zeros([5, 3], "f32"))
  return out
})

/** Hot rows of as many kinds as the caller says. */
const hotRows = <T extends number, K extends number>(words: I32<[T]>, kinds: K): F32<[T, K]> =>
  oneHot(words, kinds)
export const hot = jit([i32(5)], (words) => {
  const rows: F32<[5, 7]> = hotRows(words, 7)
  return rows
})
