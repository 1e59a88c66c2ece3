/** Loops, windows, indices and lists of shapes. */
import {
  add,
  and,
  arange,
  associativeScan,
  at,
  clamp,
  concatenate,
  cond,
  div,
  dynamicSlice,
  dynamicUpdateSlice,
  eq,
  type F32,
  f32,
  fori,
  gt,
  type I32,
  i32,
  jit,
  map,
  matmul,
  max,
  maximum,
  minimum,
  mul,
  ones,
  pad,
  random,
  reduceWindow,
  rem,
  reshape,
  roll,
  scalar,
  scan,
  select,
  slice,
  stack,
  sub,
  sum,
  switchCase,
  whileLoop,
  zeros
} from "loopcarry"

/** A moving maximum with one number for the window's options. */
export const pooled = jit([f32(8, 8)], (x) => {
  const halves: F32<[4, 4]> = reduceWindow(x, "max", { window: [2, 2], strides: 2 })
  const same: F32<[8, 8]> = reduceWindow(x, "sum", { window: [3, 3], padding: "same" })
  return { halves, same }
})

/** The game of life, its neighbours by a window. */
export const life = jit([f32(16, 16)], (board) =>
  fori(
    0,
    10,
    (_, b) => {
      const near = sub(reduceWindow(b, "sum", { window: [3, 3], padding: "same" }), b)
      return select(eq(near, 3), 1, select(eq(near, 2), b, 0))
    },
    board
  )
)

/** Heat that spreads, by slices and pads. */
export const heat = jit([f32(32)], (rod) => {
  const [end, kept] = scan(
    rod,
    null,
    (u) => {
      const inner = add(slice(u, [0], [30]), slice(u, [2], [32]), mul(slice(u, [1], [31]), -2))
      const next = add(u, mul(pad(inner, 1), 0.1))
      return [next, max(next)]
    },
    { length: 50 }
  )
  const hottest: F32<[50]> = kept
  return [end, hottest]
})

/** A ring, by rolling. */
export const ring = jit([f32(12)], (u) =>
  fori(0, 20, (_, u) => add(mul(u, 0.5), mul(add(roll(u, 1), roll(u, -1)), 0.25)), u)
)

/** A line of samples that is shifted by each. */
export const delayLine = jit([f32(100), f32(4)], (signal, taps) => {
  const [, filtered] = scan(zeros([4], "f32"), signal, (line, x) => {
    const next = concatenate([reshape(x, [1]), slice(line, [0], [3])])
    return [next, sum(mul(next, taps))]
  })
  const out: F32<[100]> = filtered
  return out
})

/** A buffer that each step writes a place of. */
export const sieve = jit([], () => {
  const flags = fori(
    2,
    50,
    (i, flags) => select(and(eq(rem(arange(50), i), 0), gt(arange(50), i)), 0, flags),
    ones([50], "i32")
  )
  return flags
})

/** at().set in a carry, with the step as its index. */
export const squares = jit([], () => {
  const out: I32<[10]> = fori(0, 10, (i, xs) => at(xs, i).set(mul(i, i)), zeros([10], "i32"))
  return out
})

/** at().add counts into bins, in a record. */
export const histogram = jit([i32(100)], (bins) => {
  const [{ counts }] = scan(
    { counts: zeros([5], "i32"), seen: scalar(0, "i32") },
    bins,
    ({ counts, seen }, b) => [{ counts: at(counts, b).add(1), seen: add(seen, 1) }, null]
  )
  return counts
})

/** Edit distance by a table that goes row by row. */
export const editDistance = jit([i32(6), i32(5)], (a, b) => {
  const [row] = scan(arange(6), { letter: a, i: arange(1, 7) }, (above, { letter, i }) => {
    const cost = select(eq(b, letter), scalar(0, "i32"), 1)
    const diagonal = add(slice(above, [0], [5]), cost)
    const upper = add(slice(above, [1], [6]), 1)
    const [, cells] = scan(i, minimum(diagonal, upper), (left, best) => {
      const cell = minimum(best, add(left, 1))
      return [cell, cell]
    })
    return [concatenate([stack([i]), cells]), null]
  })
  return at(row, 5).get()
})

/** Bubbles that rise: a loop in a loop over places. */
export const bubbleSort = jit([f32(8)], (xs) =>
  fori(
    0,
    8,
    (_, ys) =>
      fori(
        0,
        7,
        (j, zs) => {
          const a = at(zs, j).get()
          const b = at(zs, add(j, 1)).get()
          return at(at(zs, j).set(minimum(a, b)), add(j, 1)).set(maximum(a, b))
        },
        ys
      ),
    xs
  )
)

/** Collatz: a while loop with a branch. */
export const collatz = jit([i32()], (n) => {
  const [, steps] = whileLoop(
    ([n]) => gt(n, 1),
    ([n, steps]) => [
      cond(
        eq(rem(n, 2), 0),
        () => div(n, 2),
        () => add(mul(n, 3), 1)
      ),
      add(steps, 1)
    ],
    [n, scalar(0, "i32")]
  )
  return steps
})

/** A machine of few instructions. */
export const machine = jit([i32(20), i32()], (program, start) => {
  const [last, trace] = scan(start, program, (acc, op) => {
    const next = switchCase(clamp(0, op, 3), [
      () => add(acc, 1),
      () => sub(acc, 1),
      () => mul(acc, 2),
      () => scalar(0, "i32")
    ])
    return [next, next]
  })
  const all: I32<[20]> = trace
  return { last, all }
})

/** Running sums in parallel, of a tree. */
export const linearRecurrence = jit([f32(64), f32(64)], (a, b) => {
  const [, h] = associativeScan(([a1, b1], [a2, b2]) => [mul(a1, a2), add(mul(a2, b1), b2)], [a, b])
  const states: F32<[64]> = h
  return states
})

/** Products of matrices in parallel, of a record. */
export const products = jit([{ m: f32(10, 2, 2) }], ({ m }) => {
  const all = associativeScan(
    (x: { m: F32<[10, 2, 2]> }, y: { m: F32<[10, 2, 2]> }) => ({ m: matmul(x.m, y.m) }),
    { m }
  )
  const out: F32<[10, 2, 2]> = all.m
  return out
})

/** The same without types for the arguments. */
export const maxima = jit([f32(40)], (xs) => {
  const out: F32<[40]> = associativeScan((a, b) => maximum(a, b), xs)
  return out
})

/** Chunks of a signal, by dynamic slices. */
export const chunks = jit([f32(100)], (signal) => {
  const means: F32<[10]> = map((i) => div(sum(dynamicSlice(signal, [mul(i, 10)], [10])), 10), arange(10))
  return means
})

/** A cache of rows that is written at a place. */
export const cache = jit([f32(16, 4), f32(4), i32()], (rows, row, place) => {
  const next: F32<[16, 4]> = dynamicUpdateSlice(rows, reshaped(row), [place, 0])
  return next
})
const reshaped = (row: F32<[4]>): F32<[1, 4]> => stack([row])

/** Random walks, whose key is in the carry. */
export const walks = jit([i32()], (seed) => {
  const [{ place }, path] = scan(
    { key: random.key(seed), place: zeros([3, 2], "f32") },
    null,
    ({ key, place }) => {
      const [next, now] = random.split(key)
      const moved = add(place, random.normal(now, [3, 2]))
      return [{ key: next, place: moved }, moved]
    },
    { length: 25 }
  )
  const all: F32<[25, 3, 2]> = path
  return [place, all]
})

/** A fold from the last row to the first. */
export const returns = jit([f32(30)], (rewards) => {
  const [, values] = scan(
    scalar(0, "f32"),
    rewards,
    (next, r) => {
      const value = add(r, mul(next, 0.99))
      return [value, value]
    },
    { reverse: true }
  )
  const all: F32<[30]> = values
  return all
})

/** A loop whose length is a tensor. */
export const upTo = jit([i32()], (n) => {
  const [total, { values, length }] = scan(scalar(0, "i32"), arange(n, { max: 50 }), (c, i) => [add(c, i), c])
  const rows: I32<[50]> = values
  return { total, rows, length }
})

/** A power series with a closed-over list of numbers. */
export const horner = jit([f32()], (x) => {
  const coefficients = [1, 0.5, 0.25, 0.125]
  let y = mul(x, 0)
  for (const c of coefficients) y = add(mul(y, x), c)
  return y
})
