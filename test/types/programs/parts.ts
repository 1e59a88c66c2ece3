/** Functions generic in their lengths that take arrays apart and join them, each at two sizes. */

import type { F32, I32, Shape } from "loopcarry"
import * as lc from "loopcarry"

const { add, concatenate, cumsum, expandDims, f32, i32, jit, matmul, mul, pad, slice, split, stack, sub } = lc
const { sum, take, tanh, topK, zeros } = lc

/** The greatest, and the rows where they are. */
const greatest = <N extends number, K extends number>(x: F32<[N]>, k: K): F32<[K]> => topK(x, k)[0]
const best = <B extends number, N extends number, K extends number>(x: F32<[B, N]>, k: K): I32<[B, K]> =>
  topK(x, k)[1]
const rowsAt = <N extends number, D extends number, K extends number>(
  x: F32<[N, D]>,
  i: I32<[K]>
): F32<[K, D]> => take(x, i)
export const tops = jit([f32(6), f32(2, 9), i32(3)], (x, y, i) => {
  const two: F32<[2]> = greatest(x, 2)
  const four: I32<[2, 4]> = best(y, 4)
  const rows: F32<[3, 9]> = rowsAt(y, i)
  return { two, three: greatest(x, 3), four, rows }
})

/** A cell over what it gets and what it remembers. */
const cell = <I extends number, H extends number, Z extends number>(
  w: F32<[Z, H]>,
  h: F32<[H]>,
  x: F32<[I]>
): F32<[H]> => tanh(matmul(concatenate([x, h]), w))
export const cells = jit([f32(5, 3), f32(3), f32(2), f32(6, 2), f32(2), f32(4)], (w, h, x, v, g, y) => {
  const next: F32<[3]> = cell(w, h, x)
  return [next, cell(v, g, y)]
})

/** Differences of neighbours, and sums that begin with nothing. */
const steps = <N extends number>(x: F32<[N]>) =>
  sub(slice(x, [1], [x.shape[0]]), slice(x, [0], [x.shape[0] - 1]))
const totals = <N extends number>(x: F32<[N]>) => cumsum(concatenate([zeros([1], "f32"), x]))
const firsts = <N extends number, M extends number>(x: F32<[N]>, m: M): F32<[M]> => slice(x, [0], [m])
export const neighbours = jit([f32(4), f32(7)], (x, y) => {
  const all: F32<[5]> = totals(x)
  const three: F32<[3]> = firsts(y, 3)
  return { all, three, a: steps(x), b: steps(y), c: totals(y) }
})

/** A border of zeros, and gates that are split. */
const bordered = <N extends number, D extends number>(x: F32<[N, D]>) =>
  pad(x, [
    [0, 0],
    [1, 1]
  ])
const columns = <N extends number>(x: F32<[N, 4]>): F32<[N, 6]> =>
  pad(x, [
    [0, 0],
    [1, 1]
  ])
const gated = <N extends number>(x: F32<[N, 6]>): F32<[N, 2]> => {
  const [a, b, c] = split(x, 3, 1)
  return add(mul(a, tanh(b)), c)
}
const halves = <N extends number>(x: F32<[N]>) => {
  const [a, b] = split(x, 2)
  return add(a, b)
}
export const borders = jit([f32(3, 4), f32(5, 6), f32(8)], (x, y, z) => {
  const a: F32<[3, 6]> = bordered(x)
  const b: F32<[3, 6]> = columns(x)
  const c: F32<[5, 2]> = gated(y)
  const d: F32<[4]> = halves(z)
  return { a, b, c, d, e: gated(a) }
})

/** Arrays of any one shape, side by side, and rows below rows. */
const both = <S extends Shape>(x: F32<S>, y: F32<S>) => stack([x, y])
const below = <N extends number, M extends number, D extends number>(x: F32<[N, D]>, y: F32<[M, D]>) =>
  concatenate([x, y])
const andRow = <N extends number, D extends number>(x: F32<[N, D]>, row: F32<[D]>): F32<[number, D]> =>
  concatenate([x, expandDims(row, 0)])
export const joins = jit([f32(2, 3), f32(4, 3), f32(3)], (x, y, row) => {
  const a: F32<[2, 2, 3]> = both(x, x)
  const b: F32<[2, 3]> = both(row, row)
  const c: F32<[6, 3]> = below(x, y)
  return { a, b, c, d: below(c, y), e: sum(andRow(y, row), 0) }
})

/** Attention over a batch and its heads, each said to `vmap` with its lengths. */
const attention = <T extends number, D extends number>(
  q: F32<[T, D]>,
  k: F32<[T, D]>,
  v: F32<[T, D]>
): F32<[T, D]> => matmul(lc.softmax(matmul(q, lc.transpose(k))), v)
const overHeads = <B extends number, H extends number, T extends number, D extends number>(
  q: F32<[B, H, T, D]>,
  k: F32<[B, H, T, D]>,
  v: F32<[B, H, T, D]>
): F32<[B, H, T, D]> =>
  lc.vmap(lc.vmap((a: F32<[T, D]>, b: F32<[T, D]>, c: F32<[T, D]>) => attention(a, b, c)))(q, k, v)
export const batches = jit([f32(2, 3, 4, 5), f32(1, 2, 6, 3)], (x, y) => {
  const a: F32<[2, 3, 4, 5]> = overHeads(x, x, x)
  return [a, overHeads(y, y, y)]
})

/** Derivatives of functions of any length. */
const scaled = <N extends number>(x: F32<[N]>): F32<[N]> => lc.div(x, sum(x))
const squared = <N extends number>(x: F32<[N]>): F32 => sum(lc.square(x))
const jacobian = <N extends number>(x: F32<[N]>): F32<[N, N]> => lc.jacrev(scaled)(x)
const newton = <N extends number>(x: F32<[N]>): F32<[N]> =>
  sub(x, matmul(lc.hessian(squared)(x), lc.grad(squared)(x)))
const moved = <N extends number>(x: F32<[N]>, v: F32<[N]>): F32<[N]> => lc.jvp(scaled, [x], [v])[1]
export const derivatives = jit([f32(3), f32(5)], (x, y) => {
  const a: F32<[3, 3]> = jacobian(x)
  const b: F32<[5]> = newton(y)
  return { a, b, c: moved(x, x), d: jacobian(y), e: newton(x) }
})
