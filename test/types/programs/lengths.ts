/** Literal shapes through slices, joins, pads, windows and sums. */
import {
  add,
  arange,
  at,
  concatenate,
  constant,
  conv,
  cumsum,
  einsum,
  expandDims,
  type F32,
  f32,
  fori,
  type I32,
  i32,
  jit,
  linspace,
  logsumexp,
  matmul,
  max,
  mean,
  moveAxis,
  mul,
  oneHot,
  pad,
  reduceWindow,
  reshape,
  scan,
  shaped,
  slice,
  split,
  squeeze,
  stack,
  sub,
  sum,
  take,
  tanh,
  tile,
  transpose,
  zeros
} from "loopcarry"

/** Parts of an image, joined in another order. */
export const quarters = jit([f32(4, 6)], (x) => {
  const left = slice(x, [0, 0], [4, 3])
  const right = slice(x, [0, 3], [4, 6])
  const swapped: F32<[4, 6]> = concatenate([right, left], 1)
  return swapped
})

/** Patches of an image as rows of a matrix. */
export const patches = jit([f32(8, 8)], (image) => {
  const rows: F32<[4, 16]> = reshape(transpose(reshape(image, [2, 4, 2, 4]), [0, 2, 1, 3]), [4, 16])
  return rows
})

/** A border around an image, then the inside again. */
export const bordered = jit([f32(3, 5)], (x) => {
  const wide: F32<[7, 9]> = pad(x, 2)
  const tall: F32<[5, 5]> = pad(x, [
    [1, 1],
    [0, 0]
  ])
  const inside: F32<[3, 5]> = slice(wide, [2, 2], [5, 7])
  return { tall, inside }
})

/** Parts of a row in one matrix product each. */
export const splitHeads = jit([f32(6, 12), f32(4, 4)], (x, w) => {
  const [q, k, v] = split(x, 3, 1)
  const each: F32<[6, 4]> = matmul(q, w)
  return concatenate([each, k, v], -1)
})

/** A column and a row. */
export const outer = jit([f32(3), f32(4)], (a, b) => {
  const table: F32<[3, 4]> = mul(expandDims(a, 1), expandDims(b, 0))
  const same: F32<[3, 4]> = einsum("i,j->ij", a, b)
  return sub(table, same)
})

/** Channels that move to the end and back. */
export const channelsLast = jit([f32(2, 3, 8, 8)], (x) => {
  const last: F32<[2, 8, 8, 3]> = moveAxis(x, 1, -1)
  const back: F32<[2, 3, 8, 8]> = moveAxis(last, -1, 1)
  return back
})

/** Rows of a table, then their mean. */
export const bagOfWords = jit([f32(50, 8), i32(12)], (table, words) => {
  const rows: F32<[12, 8]> = take(table, words)
  const one: F32<[8]> = take(table, 3)
  return add(mean(rows, 0), one)
})

/** An element, a row and a column. */
export const picked = jit([f32(3, 4), i32()], (m, i) => {
  const row: F32<[4]> = at(m, i).get()
  const column: F32<[3]> = take(m, i, 1)
  const first: F32 = at(m, 0, 1).get()
  return { row, column, first }
})

/** Axes of one that go away. */
export const squeezed = jit([f32(1, 3, 1)], (x) => {
  const all: F32<[3]> = squeeze(x)
  const one: F32<[1, 3]> = squeeze(x, 2)
  return [all, one]
})

/** Copies of a row under one another. */
export const tiled = jit([f32(2, 3)], (x) => {
  const t: F32<[4, 9]> = tile(x, [2, 3])
  return t
})

/** Sums over several axes, some kept. */
export const sums = jit([f32(2, 3, 4)], (x) => {
  const a: F32<[3]> = sum(x, [0, 2])
  const b: F32<[2, 1, 4]> = max(x, 1, { keepDims: true })
  const c: F32<[2, 3]> = logsumexp(x, -1)
  const d: F32 = sum(x)
  return { a, b, c, d }
})

/** Several convolutions, and their sizes. */
export const convs = jit([f32(1, 2, 9), f32(4, 2, 3)], (x, k) => {
  const valid: F32<[1, 4, 7]> = conv(x, k)
  const same: F32<[1, 4, 9]> = conv(x, k, { padding: "same" })
  const strided: F32<[1, 4, 4]> = conv(x, k, { strides: 2 })
  const wide: F32<[1, 4, 5]> = conv(x, k, { kernelDilation: 2 })
  return { valid, same, strided, wide }
})

/** A typed array from outside, in a scan. */
const taps = new Float32Array([0.25, 0.5, 0.25])
export const filtered = jit([f32(20)], (signal) => {
  const [, out] = scan(zeros([3], "f32"), signal, (line, x) => {
    const next = concatenate([slice(line, [1], [3]), reshape(x, [1])])
    return [next, sum(mul(next, shaped(constant(taps), [3])))]
  })
  const all: F32<[20]> = out
  return all
})

/** Numbers from outside in all sorts of places. */
const width = 4
const depth = 3
export const numbered = jit([f32(width)], (x) => {
  const wide = zeros([depth, width], "f32")
  const out: F32<[3, 4]> = add(wide, mul(x, 1 / depth))
  return fori(0, depth, (_i, m) => add(m, 1), out)
})

/** Ranges up and down. */
export const ranges = jit([], () => {
  const up: I32<[5]> = arange(5)
  const down: I32<[9]> = arange(20, -7, -3)
  const some: I32<[4]> = arange(2, 10, 2)
  const evenly: F32<[7]> = linspace(0, 1, 7)
  return { up, down, some, evenly }
})

/** Stacks along a new axis at each place. */
export const stacks = jit([f32(3), f32(3)], (a, b) => {
  const rows: F32<[2, 3]> = stack([a, b])
  const columns: F32<[3, 2]> = stack([a, b], 1)
  return matmul(rows, columns)
})

/** A transformer's feed-forward with shapes all the way. */
export const feedForward = jit([f32(2, 6, 8), f32(8, 32), f32(32, 8)], (x, up, down) => {
  const hidden: F32<[2, 6, 32]> = tanh(matmul(x, up))
  const out: F32<[2, 6, 8]> = matmul(hidden, down)
  return out
})

/** Words as rows of ones and zeros, and counted. */
export const counted = jit([i32(10)], (words) => {
  const hot: F32<[10, 5]> = oneHot(words, 5)
  const running: F32<[10, 5]> = cumsum(hot, 0)
  return running
})

/** Windows of a signal, three at a time. */
export const smoothed = jit([f32(12)], (x) => {
  const three: F32<[10]> = mul(reduceWindow(x, "sum", { window: [3] }), 1 / 3)
  return three
})
