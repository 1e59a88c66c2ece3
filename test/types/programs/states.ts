/** States of many kinds: deep, wide, with buffers, caches, queues and keys. */

import * as Effect from "effect/Effect"
import {
  type Arrays,
  add,
  arange,
  argmin,
  at,
  concatenate,
  cond,
  convert,
  div,
  type F32,
  f32,
  fori,
  gt,
  type HostValues,
  type I32,
  type Inputs,
  i32,
  jit,
  linspace,
  lt,
  matmul,
  max,
  maximum,
  mean,
  minimum,
  mul,
  random,
  read,
  rem,
  reshape,
  roll,
  scalar,
  scan,
  select,
  slice,
  sort,
  split,
  square,
  stack,
  sub,
  sum,
  switchCase,
  type Tensor,
  type Tensors,
  take,
  tanh,
  topK,
  tree,
  u32,
  vmap,
  whileLoop,
  zeros
} from "loopcarry"

/** A replay buffer that is written round and round. */
const bufferSpec = { rows: f32(32, 4), rewards: f32(32), next: i32(), full: i32() }
type Buffer = Tensors<typeof bufferSpec>
const push = (b: Buffer, row: F32<[4]>, reward: F32): Buffer => ({
  rows: at(b.rows, b.next).set(row),
  rewards: at(b.rewards, b.next).set(reward),
  next: rem(add(b.next, 1), 32),
  full: minimum(add(b.full, 1), 32)
})
export const replay = jit([bufferSpec, f32(50, 4), f32(50), u32(2)], (buffer, rows, rewards, key) => {
  const [last] = scan(buffer, { rows, rewards }, (b, { rows, rewards }) => [push(b, rows, rewards), null])
  const picked = random.randint(key, [8], 0, 32)
  const batch: F32<[8, 4]> = take(last.rows, picked)
  return { last, batch }
})

/** That buffer across calls. */
const filled = jit([bufferSpec, f32(4), f32()], push)
export const kept = Effect.gen(function* () {
  let buffer: Inputs<typeof bufferSpec> = {
    rows: new Float32Array(128),
    rewards: new Float32Array(32),
    next: 0,
    full: 0
  }
  for (let i = 0; i < 3; i++) buffer = yield* filled(buffer, [i, i, i, i], i)
  const { next } = yield* filled(buffer, [0, 0, 0, 0], 1)
  return yield* next.read
})

/** A queue of the last few, newest first. */
export const queue = jit([f32(40)], (xs) => {
  const [last, means] = scan(zeros([5], "f32"), xs, (q, x) => {
    const next = at(roll(q, 1), 0).set(x)
    return [next, mean(next)]
  })
  const all: F32<[40]> = means
  return [last, all]
})

/** The greatest few so far. */
export const leaders = jit([f32(40)], (xs) => {
  const [best] = scan(zeros([3], "f32"), xs, (best, x) => [
    topK(concatenate([best, reshape(x, [1])]), 3)[0],
    null
  ])
  return best
})

/** A sliding window as a pair of halves. */
export const halves = jit([f32(12), f32(6, 2)], (start, news) => {
  const [last] = scan(start, news, (window, pair) => {
    const [, kept] = split(window, [2, 10])
    return [concatenate([kept, pair]), null]
  })
  return last
})

/** A field and its edges. */
export const waves = jit([f32(30), f32(30)], (u, v) => {
  const step = (u: F32<[30]>): F32<[30]> => {
    const inner = sub(add(slice(u, [0], [28]), slice(u, [2], [30])), mul(slice(u, [1], [29]), 2))
    return concatenate([zeros([1], "f32"), inner, zeros([1], "f32")])
  }
  const [[last, speed], heights] = scan([u, v], arange(40), ([u, v]) => {
    const speed = add(v, mul(step(u), 0.1))
    const next = add(u, speed)
    return [[next, speed], max(next)]
  })
  const all: F32<[40]> = heights
  return { last, speed, all }
})

/** Five levels of records and lists. */
const deepSpec = {
  a: {
    b: [
      { c: f32(2), d: [f32(), i32()] },
      { c: f32(2), d: [f32(), i32()] }
    ]
  },
  e: [f32(3)]
} as const
type Deep = Tensors<typeof deepSpec>
const deepen = (s: Deep): Deep => ({
  a: { b: [s.a.b[1], { c: mul(s.a.b[0].c, 2), d: [add(s.a.b[0].d[0], 1), add(s.a.b[0].d[1], 1)] }] },
  e: [tanh(s.e[0])]
})
export const deep = jit([deepSpec], (s) => fori(0, 4, (_, s) => deepen(s), s))

/** That state on a device, and read. */
export const deepRead = Effect.gen(function* () {
  const part = { c: [1, 2], d: [0, 0] } as const
  const start: Inputs<typeof deepSpec> = { a: { b: [part, part] }, e: [[1, 2, 3]] }
  const state: Arrays<typeof deepSpec> = yield* deep(start)
  const host: HostValues<typeof state> = yield* read(state)
  const n: number = host.a.b[1].d[1]
  return n
})

/** A state that is one of two kinds by a flag. */
export const modes = jit([{ mode: i32(), x: f32(3) }, f32(9)], (start, xs) =>
  scan(start, xs, ({ mode, x }, y) => {
    const next = switchCase(mode, [() => add(x, y), () => mul(x, y), () => maximum(x, y)])
    return [{ mode: select(gt(y, 0), rem(add(mode, 1), 3), mode), x: next }, mode]
  })
)

/** Simulated annealing: a state, the best so far, and a key. */
export const annealed = jit([f32(5), i32()], (start, seed) => {
  const cost = (x: F32<[5]>): F32 => sum(square(sub(x, arange(5, "f32"))))
  const first = { now: start, best: start, least: cost(start), key: random.key(seed) }
  const [{ best, least }] = scan(first, linspace(1, 0, 100), (s, heat) => {
    const [key, now] = random.split(s.key)
    const [a, b] = random.split(now)
    const offer = add(s.now, mul(random.normal(a, [5]), heat))
    const [c0, c1] = [cost(s.now), cost(offer)]
    const taken = lt(random.uniform(b, []), div(c0, add(c1, 1e-6)))
    const better = lt(c1, s.least)
    return [
      {
        now: select(taken, offer, s.now),
        best: select(better, offer, s.best),
        least: minimum(c1, s.least),
        key
      },
      null
    ]
  })
  return { best, least }
})

/** A population: each generation the best half and its children. */
export const evolved = jit([f32(20, 3), i32()], (start, seed) => {
  const cost = (x: F32<[3]>): F32 => sum(square(x))
  const [{ all }, costs] = scan({ all: start, key: random.key(seed) }, arange(15), ({ all, key }) => {
    const [next, now] = random.split(key)
    const scores = vmap(cost)(all)
    const [, order] = topK(mul(scores, -1), 10)
    const parents: F32<[10, 3]> = take(all, order)
    const children = add(parents, mul(random.normal(now, [10, 3]), 0.1))
    return [{ all: concatenate([parents, children]), key: next }, sort(scores)]
  })
  const sorted: F32<[15, 20]> = costs
  return { all, sorted }
})

/** A hash table of fixed size, probed in a while loop. */
export const probed = jit([i32(16), i32()], (table, key) => {
  const { place } = whileLoop(
    ({ place, tries }) => lt(select(gt(at(table, place).get(), 0), tries, 100), 16),
    ({ place, tries }) => ({ place: rem(add(place, 1), 16), tries: add(tries, 1) }),
    { place: rem(key, 16), tries: scalar(0, "i32") }
  )
  const found: I32 = place
  return at(table, found).set(key)
})

/** Nearest neighbours that vote. */
export const neighbours = jit([f32(40, 2), i32(40), f32(2)], (points, labels, x) => {
  const apart: F32<[40]> = sum(square(sub(points, x)), 1)
  const [, near] = topK(mul(apart, -1), 5)
  const votes: Tensor<"i32", readonly [5]> = take(labels, near)
  return { votes, nearest: take(labels, argmin(apart)) }
})

/** Early stopping: the state is frozen by a branch once it is good. */
export const stopped = jit([{ w: f32(3) }, f32(100, 3)], (start, xs) =>
  scan({ ...start, done: scalar(false, "bool") }, xs, ({ w, done }, x) => [
    {
      w: cond(
        done,
        () => w,
        () => sub(w, mul(x, 0.01))
      ),
      done: lt(sum(square(w)), 0.1)
    },
    convert(done, "i32")
  ])
)

/** Stacked cells: a list of states, one for each layer. */
export const stackedCells = jit([[f32(4, 4), f32(4, 4), f32(4, 4)], f32(10, 4)], (layers, xs) => {
  const start = layers.map(() => zeros([4], "f32"))
  const [states, out] = scan(start, xs, (states, x) => {
    let h = x
    const next = states.map((s, i) => {
      h = tanh(add(matmul(h, layers[i] ?? layers[0]), s))
      return h
    })
    return [next, h]
  })
  const all: F32<[10, 4]> = out
  return { states: stack(states), all, sums: tree.map((s) => sum(s), states) }
})
