/** Tuples and lists as carries, rows, branches and results. */
import {
  add,
  arange,
  cond,
  cos,
  div,
  eq,
  type F32,
  f32,
  fori,
  gt,
  type I32,
  i32,
  jit,
  linspace,
  lt,
  map,
  max,
  maximum,
  min,
  minimum,
  mul,
  rem,
  scalar,
  scan,
  select,
  sin,
  split,
  sub,
  sum,
  switchCase,
  topK,
  vmap,
  whileLoop,
  zeros
} from "loopcarry"

/** Fibonacci's numbers by a pair. */
export const fibonacci = jit([], () => {
  const [[, last], all] = scan([scalar(0, "i32"), scalar(1, "i32")], null, ([a, b]) => [[b, add(a, b)], a], {
    length: 20
  })
  const numbers: I32<[20]> = all
  const end: I32 = last
  return [numbers, end]
})

/** The greatest common divisor by a while loop over a pair. */
export const gcd = jit(
  [i32(), i32()],
  (a, b) =>
    whileLoop(
      ([, b]) => gt(b, 0),
      ([a, b]) => [b, rem(a, b)],
      [a, b]
    )[0]
)

/** A scan over a list of xs. */
export const dot = jit([f32(30), f32(30)], (xs, ys) => {
  const [total] = scan(scalar(0, "f32"), [xs, ys], (sum, [x, y]) => [add(sum, mul(x, y)), null])
  return total
})

/** A scan over a list of xs of which one is a range. */
export const weighted = jit([f32(8, 3)], (rows) => {
  const [sums, seen] = scan(zeros([3], "f32"), [arange(8, "f32"), rows], (acc, [i, row]) => {
    const next = add(acc, mul(row, i))
    return [next, [next, i]]
  })
  const all: F32<[8, 3]> = seen[0]
  return [sums, all]
})

/** A triple of which each part moves on. */
export const triple = jit([f32()], (x) =>
  fori(0, 10, (_i, [a, b, c]) => [b, c, add(a, mul(b, 0.5))], [x, x, scalar(1, "f32")])
)

/** Nested tuples. */
export const nested = jit([[f32(2), [f32(3), i32()]]], ([a, [b, n]]) => {
  const [[a1, [b1, n1]]] = scan([a, [b, n]], arange(4), ([a, [b, n]], i) => [
    [mul(a, 2), [add(b, 1), add(n, i)]],
    null
  ])
  const out: readonly [F32<[2]>, F32<[3]>, I32] = [a1, b1, n1]
  return out
})

/** Branches of tuples. */
export const sorted = jit([f32(), f32()], (a, b) => {
  const [low, high] = cond(
    lt(a, b),
    () => [a, b],
    () => [b, a]
  )
  return { low, high }
})

/** Branches that take operands, and give tuples. */
export const rotated = jit([f32(4), f32(4), i32()], (x, y, n) => {
  const [u, v] = switchCase(
    rem(n, 3),
    [(a, b) => [a, b], (a, b) => [b, a], (a, b) => [add(a, b), sub(a, b)]],
    x,
    y
  )
  const first: F32<[4]> = u
  return [first, v]
})

/** A function that gives a pair, over a batch. */
export const waves = jit([f32(50)], (t) => {
  const [s, c] = vmap((x: F32) => [sin(x), cos(x)])(t)
  const sines: F32<[50]> = s
  return sub(mul(sines, sines), mul(c, c))
})

/** Pairs in pairs, over a batch. */
export const extents = jit([f32(5, 9)], (rows) => {
  const [[low, high], mean] = vmap((r: F32<[9]>) => [[min(r), max(r)], div(sum(r), 9)])(rows)
  const width: F32<[5]> = sub(high, low)
  return [width, mean]
})

/** Three parts of a row. */
export const thirds = jit([f32(9)], (x) => {
  const [a, b, c] = split(x, 3)
  const total: F32<[3]> = add(a, b, c)
  return total
})

/** The two greatest, and where they are. */
export const podium = jit([f32(10)], (x) => {
  const [values, places] = topK(x, 2)
  const where: I32<[2]> = places
  return { values, where }
})

/** A bracket that halves, by select on both ends. */
export const bisect = jit([f32()], (target) => {
  const [low, high] = fori(
    0,
    40,
    (_, [low, high]) => {
      const middle = mul(add(low, high), 0.5)
      const below = lt(mul(middle, middle), target)
      return [select(below, middle, low), select(below, high, middle)]
    },
    [scalar(0, "f32"), maximum(target, 1)]
  )
  return mul(add(low, high), 0.5)
})

/** Bounds of a literal pair, by minimum and maximum. */
export const bounds = jit([f32(12)], (xs) => {
  const [[least, most]] = scan([scalar(9, "f32"), scalar(-9, "f32")], xs, ([lo, hi], x) => [
    [minimum(x, lo), maximum(x, hi)],
    null
  ])
  return [least, most]
})

/** A list of the same tensors, of a length that only JavaScript knows. */
export const many = jit([[f32(3), f32(3), f32(3)]], (vectors) => {
  const total = vectors.map((v) => mul(v, 2)).reduce((a, b) => add(a, b))
  const sum3: F32<[3]> = total
  return [...vectors, sum3]
})

/** Rows that a function of JavaScript makes. */
export const grid = jit([], () => {
  const rows = map((x) => [x, mul(x, x)], linspace(0, 1, 11))
  const squares: F32<[11]> = rows[1]
  return squares
})

/** A carry with a null. */
export const withNull = jit([f32()], (x) => {
  const [[y]] = scan([x, null], arange(3), ([c, nothing]) => [[mul(c, 2), nothing], null])
  return [y, eq(y, 8)]
})
