/** Layers, each written once, and the networks made of them. */
import {
  add,
  conv,
  div,
  einsum,
  eq,
  exp,
  type F32,
  f32,
  type I32,
  i32,
  jit,
  matmul,
  max,
  maximum,
  mean,
  mul,
  ones,
  random,
  reduceWindow,
  reshape,
  rsqrt,
  scan,
  select,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  take,
  tanh,
  transpose,
  tril,
  variance,
  vmap,
  zeros
} from "loopcarry"

const relu = <S extends ReadonlyArray<number>>(x: F32<S>): F32<S> => maximum(x, 0)

interface Dense<I extends number, O extends number> {
  readonly w: F32<[I, O]>
  readonly b: F32<[O]>
}

const dense = <I extends number, O extends number>({ w, b }: Dense<I, O>, x: F32<[NoInfer<I>]>): F32<[O]> =>
  add(matmul(x, w), b)

const initDense = <I extends number, O extends number>(
  key: random.Key,
  inputs: I,
  outputs: O
): Dense<I, O> => ({
  w: mul(random.normal(key, [inputs, outputs]), Math.sqrt(2 / inputs)),
  b: zeros([outputs], "f32")
})

/** Two dense layers of one definition. */
export const mlp = jit(
  [{ w: f32(3, 8), b: f32(8) }, { w: f32(8, 2), b: f32(2) }, f32(3)],
  (first, last, x) => {
    const hidden: F32<[8]> = tanh(dense(first, x))
    const out: F32<[2]> = dense(last, hidden)
    return out
  }
)

/** Weights that are drawn at two sizes. */
export const initMlp = jit([i32()], (seed) => {
  const [a, b] = random.split(random.key(seed))
  return { first: initDense(a, 3, 8), last: initDense(b, 8, 2) }
})

/** A list of layers of one width, in a loop of JavaScript. */
export const deepMlp = jit(
  [
    [
      { w: f32(4, 4), b: f32(4) },
      { w: f32(4, 4), b: f32(4) }
    ],
    f32(4)
  ],
  (layers, x) => {
    let h: F32<[4]> = x
    for (const { w, b } of layers) h = relu(add(matmul(h, w), b))
    return h
  }
)

/** Layers of one width, stacked, in a scan. */
export const stackedMlp = jit([{ w: f32(6, 4, 4), b: f32(6, 4) }, f32(4)], (layers, x) => {
  const [last] = scan(x, layers, (h, { w, b }) => [relu(add(matmul(h, w), b)), null])
  const y: F32<[4]> = last
  return y
})

/** A residual block, at two widths. */
const residual = <N extends number>(w: F32<[N, N]>, x: F32<[NoInfer<N>]>): F32<[N]> =>
  add(x, relu(matmul(x, w)))
export const residuals = jit([f32(4, 4), f32(7, 7), f32(4), f32(7)], (w4, w7, x, y) => ({
  small: residual(w4, x),
  large: residual(w7, y)
}))

const layerNorm = <N extends number>(
  x: F32<[N]>,
  scale: F32<[NoInfer<N>]>,
  shift: F32<[NoInfer<N>]>
): F32<[N]> => {
  const centred = sub(x, mean(x))
  return add(mul(centred, rsqrt(add(mean(square(centred)), 1e-5)), scale), shift)
}

/** Layer norm of each row of a batch. */
export const normalised = jit([f32(5, 16), f32(16), f32(16)], (xs, scale, shift) => {
  const rows: F32<[5, 16]> = vmap((x: F32<[16]>) => layerNorm(x, scale, shift))(xs)
  return rows
})

/** Layer norm over the last axis, with what a reduction keeps. */
export const normalisedAtOnce = jit([f32(2, 5, 16)], (x) => {
  const centred = sub(x, mean(x, -1, { keepDims: true }))
  const out: F32<[2, 5, 16]> = div(centred, sqrt(add(variance(x, -1, { keepDims: true }), 1e-5)))
  return out
})

/** Batch norm of images, one mean for each channel. */
export const batchNorm = jit([f32(8, 3, 4, 4), f32(3), f32(3)], (x, scale, shift) => {
  const over = [0, 2, 3] as const
  const unit = div(
    sub(x, mean(x, over, { keepDims: true })),
    sqrt(add(variance(x, over, { keepDims: true }), 1e-5))
  )
  const out: F32<[8, 3, 4, 4]> = add(mul(unit, reshape(scale, [3, 1, 1])), reshape(shift, [3, 1, 1]))
  return out
})

/** A convolutional net: convolution, pooling, and a dense layer. */
export const convNet = jit(
  [{ kernel: f32(6, 1, 3, 3), bias: f32(6), w: f32(96, 10) }, f32(5, 1, 8, 8)],
  (p, images) => {
    const maps: F32<[5, 6, 8, 8]> = relu(
      add(conv(images, p.kernel, { padding: "same" }), reshape(p.bias, [6, 1, 1]))
    )
    const pooled = reduceWindow(maps, "max", { window: [1, 1, 2, 2], strides: [1, 1, 2, 2] })
    const logits: F32<[5, 10]> = matmul(reshape(pooled, [5, 96]), p.w)
    return logits
  }
)

/** Convolutions that shrink by their strides. */
export const encoder = jit([f32(2, 3, 16, 16), f32(8, 3, 4, 4), f32(4, 8, 2, 2)], (x, k1, k2) => {
  const half = relu(
    conv(x, k1, {
      strides: 2,
      padding: [
        [1, 1],
        [1, 1]
      ]
    })
  )
  const quarter: F32<[2, 4, 4, 4]> = relu(conv(half, k2, { strides: [2, 2] }))
  return reshape(quarter, [2, -1])
})

/** Rows of a table for words, with the places added. */
export const embedded = jit([f32(100, 16), f32(12, 16), i32(12)], (table, places, words: I32<[12]>) => {
  const rows: F32<[12, 16]> = add(take(table, words), places)
  return rows
})

/** Dropout, with its key. */
const dropout = <S extends ReadonlyArray<number>>(key: random.Key, rate: number, x: F32<S>): F32<S> =>
  select(random.bernoulli(key, 1 - rate, x.shape), div(x, 1 - rate), 0)
export const dropped = jit([i32(), f32(4, 3)], (seed, x) => dropout(random.key(seed), 0.1, x))

const attention = <T extends number, D extends number>(
  q: F32<[T, D]>,
  k: F32<[T, D]>,
  v: F32<[T, D]>
): F32<[T, D]> => {
  const scores = div(matmul(q, transpose(k)), Math.sqrt(q.shape[1]))
  return matmul(softmax(scores, 1), v)
}

/** An attention head, at two sizes. */
export const heads = jit([f32(5, 8), f32(7, 4)], (small, large) => {
  const a: F32<[5, 8]> = attention(small, small, small)
  const b: F32<[7, 4]> = attention(large, large, large)
  return [a, b]
})

/** Several heads by vmap. */
export const multiHead = jit([f32(6, 32), f32(32, 32), f32(32, 32), f32(32, 32)], (x, wq, wk, wv) => {
  const split = (m: F32<[6, 32]>) => transpose(reshape(m, [6, 4, 8]), [1, 0, 2])
  const out = vmap((q: F32<[6, 8]>, k: F32<[6, 8]>, v: F32<[6, 8]>) => attention(q, k, v))(
    split(matmul(x, wq)),
    split(matmul(x, wk)),
    split(matmul(x, wv))
  )
  const joined: F32<[6, 32]> = reshape(transpose(out, [1, 0, 2]), [6, 32])
  return joined
})

/** Causal attention of a batch with several heads, by einsum. */
export const causal = jit([f32(2, 4, 6, 8), f32(2, 4, 6, 8), f32(2, 4, 6, 8)], (q, k, v) => {
  const scores = mul(einsum("bhqd,bhkd->bhqk", q, k), 1 / Math.sqrt(8))
  const places = tril(ones([6, 6], "f32"))
  const masked = select(eq(places, 0), -1e9, scores)
  const weights = exp(sub(masked, max(masked, 3, { keepDims: true })))
  const out: F32<[2, 4, 6, 8]> = einsum(
    "bhqk,bhkd->bhqd",
    div(weights, sum(weights, 3, { keepDims: true })),
    v
  )
  return out
})

const blockSpec = { q: f32(8, 8), k: f32(8, 8), v: f32(8, 8), up: f32(8, 32), down: f32(32, 8) }
/** A block of a transformer. */
export const block = jit([blockSpec, f32(6, 8)], (p, x) => {
  const a = add(x, attention(matmul(x, p.q), matmul(x, p.k), matmul(x, p.v)))
  const y: F32<[6, 8]> = add(a, matmul(relu(matmul(a, p.up)), p.down))
  return y
})
