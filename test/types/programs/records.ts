/** Records in carries, rows, branches and results. */
import {
  add,
  arange,
  cond,
  div,
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
  minimum,
  mul,
  neg,
  scalar,
  scan,
  select,
  sqrt,
  square,
  sub,
  sum,
  switchCase,
  vmap,
  whileLoop,
  zeros
} from "loopcarry"

/** Welford's running mean and variance. */
export const welford = jit([f32(50)], (xs) => {
  const [{ mean, m2, count }] = scan(
    { mean: scalar(0, "f32"), m2: scalar(0, "f32"), count: scalar(0, "f32") },
    xs,
    ({ mean, m2, count }, x) => {
      const n = add(count, 1)
      const change = sub(x, mean)
      const next = add(mean, div(change, n))
      return [{ mean: next, m2: add(m2, mul(change, sub(x, next))), count: n }, null]
    }
  )
  const out: { mean: F32; deviation: F32 } = { mean, deviation: sqrt(div(m2, count)) }
  return out
})

/** The least and the greatest so far, in a carry of literals. */
export const range = jit([f32(20)], (xs) =>
  scan(
    { least: scalar(Number.POSITIVE_INFINITY, "f32"), most: scalar(-1e30, "f32") },
    xs,
    ({ least, most }, x) => {
      const next = { least: minimum(least, x), most: maximum(most, x) }
      return [next, sub(next.most, next.least)]
    }
  )
)

/** The place of the greatest, by select. */
export const argmaxByHand = jit([f32(20)], (xs) => {
  const [{ place, value }] = scan(
    { place: scalar(0, "i32"), value: scalar(-1e30, "f32") },
    { x: xs, i: arange(20) },
    (c, { x, i }) => {
      const better = gt(x, c.value)
      return [{ place: select(better, i, c.place), value: select(better, x, c.value) }, null]
    }
  )
  const found: I32 = place
  return { found, value }
})

const bodySpec = { position: f32(3), speed: f32(3), mass: f32() }
/** A body under gravity, nested in a world. */
export const orbit = jit([{ body: bodySpec, time: f32() }], (world) =>
  scan(
    world,
    null,
    ({ body, time }) => {
      const r2 = sum(square(body.position))
      const pull = div(neg(body.position), mul(r2, sqrt(r2)))
      const speed = add(body.speed, mul(pull, 0.01))
      const next = { ...body, speed, position: add(body.position, mul(speed, 0.01)) }
      return [
        { body: next, time: add(time, 0.01) },
        { position: next.position, time }
      ]
    },
    { length: 100 }
  )
)

/** Branches of records. */
export const branched = jit([bodySpec, f32()], (body, height) =>
  cond(
    lt(height, 0),
    () => ({ position: mul(body.position, 0.5), speed: neg(body.speed), hits: scalar(1, "i32") }),
    () => ({ position: body.position, speed: body.speed, hits: scalar(0, "i32") })
  )
)

/** Branches that take what they work on. */
export const branchedOnOperands = jit([bodySpec, i32()], (body, n) => {
  const out: F32<[3]> = cond(
    gt(n, 3),
    (b) => add(b.position, b.speed),
    (b) => sub(b.position, b.speed),
    body
  )
  return out
})

/** One of several records of arithmetic. */
export const chosen = jit([i32(), f32(), f32()], (which, a, b) => {
  const { value } = switchCase(which, [
    () => ({ value: add(a, b), name: scalar(0, "i32") }),
    () => ({ value: mul(a, b), name: scalar(1, "i32") }),
    () => ({ value: div(a, 2), name: scalar(2, "i32") })
  ])
  const v: F32 = value
  return v
})

/** A vmapped function of a record. */
export const energies = jit([{ position: f32(10, 3), speed: f32(10, 3), mass: f32(10) }], (bodies) => {
  const energy = ({ speed, mass }: { position: F32<[3]>; speed: F32<[3]>; mass: F32 }) =>
    mul(mass, sum(square(speed)), 0.5)
  const each: F32<[10]> = vmap(energy)(bodies)
  return each
})

/** A vmapped function that gives a record. */
export const moments = jit([f32(6, 9)], (rows) => {
  const { mean, most } = vmap((row: F32<[9]>) => ({
    mean: div(sum(row), 9),
    most: max(row)
  }))(rows)
  const means: F32<[6]> = mean
  return { means, most }
})

/** Rows of a record, mapped. */
export const distances = jit([{ from: f32(8, 2), to: f32(8, 2) }], (pairs) => {
  const each: F32<[8]> = map(({ from, to }) => sqrt(sum(square(sub(to, from)))), pairs)
  return each
})

/** A record that goes round until it settles. */
export const newton = jit([f32()], (target) => {
  const { x } = whileLoop(
    ({ change }) => gt(square(change), 1e-12),
    ({ x }) => {
      const next = mul(0.5, add(x, div(target, x)))
      return { x: next, change: sub(next, x) }
    },
    { x: target, change: scalar(1, "f32") },
    { max: 50 }
  )
  return x
})

/** Records in records, through a loop in a loop. */
export const nested = jit([{ outer: { a: f32(2), inner: { b: f32(3), n: i32() } } }], (state) => {
  const [{ outer }, ys] = scan(state, linspace(0, 1, 5), ({ outer }, x) => {
    const inner = fori(0, 3, (i, c) => ({ b: mul(c.b, x), n: add(c.n, i) }), outer.inner)
    return [{ outer: { a: add(outer.a, x), inner } }, inner]
  })
  const b: F32<[5, 3]> = ys.b
  const n: I32<[5]> = ys.n
  return { outer, b, n }
})

/** What a spread adds to a carry keeps its keys. */
export const counted = jit([{ x: f32(4), seen: i32() }], (start) => {
  const step = (s: typeof start) => ({ ...s, seen: add(s.seen, 1) })
  return fori(0, 5, (_, s) => step(s), start)
})

/** A histogram as a record of counts. */
export const counts = jit([f32(100)], (xs) => {
  const one = (p: F32) => select(gt(p, 0), scalar(1, "i32"), 0)
  const [tally] = scan({ low: scalar(0, "i32"), high: scalar(0, "i32") }, xs, ({ low, high }, x) => [
    { low: add(low, one(neg(x))), high: add(high, one(x)) },
    null
  ])
  return { ...tally, all: add(tally.low, tally.high), empty: zeros([2], "f32") }
})
