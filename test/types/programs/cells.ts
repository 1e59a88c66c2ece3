/** Cells of recurrent nets, generic in their dimensions, in scans. */
import {
  add,
  concatenate,
  type F32,
  f32,
  grad,
  i32,
  jit,
  logistic,
  matmul,
  mean,
  mul,
  oneHot,
  random,
  scan,
  split,
  square,
  sub,
  sum,
  type Tensors,
  tanh,
  vmap,
  zeros
} from "loopcarry"

interface Rnn<I extends number, H extends number> {
  readonly w: F32<[H, H]>
  readonly u: F32<[I, H]>
  readonly b: F32<[H]>
}

const rnnStep = <I extends number, H extends number>(p: Rnn<I, H>, h: F32<[H]>, x: F32<[I]>): F32<[H]> =>
  tanh(add(matmul(h, p.w), matmul(x, p.u), p.b))

const rnnSpec = <I extends number, H extends number>(inputs: I, hidden: H) => ({
  w: f32(hidden, hidden),
  u: f32(inputs, hidden),
  b: f32(hidden)
})

/** One cell at two sizes, each in a scan. */
export const rnns = jit([rnnSpec(3, 5), rnnSpec(2, 7), f32(10, 3), f32(20, 2)], (small, large, xs, ys) => {
  const [a] = scan(zeros([5], "f32"), xs, (h, x) => [rnnStep(small, h, x), null])
  const [b, states] = scan(zeros([7], "f32"), ys, (h, y) => {
    const next = rnnStep(large, h, y)
    return [next, next]
  })
  const last: F32<[5]> = a
  const all: F32<[20, 7]> = states
  return { last, b, all }
})

/** The scan itself is in the function that is generic. */
const unrolled = <T extends number, I extends number, H extends number>(
  p: Rnn<I, H>,
  h0: F32<[H]>,
  xs: F32<[T, I]>
): F32<[T, H]> => {
  const [, states] = scan(h0, xs, (h, x) => {
    const next = rnnStep(p, h, x)
    return [next, next]
  })
  return states
}
export const unrolledTwice = jit([rnnSpec(3, 5), rnnSpec(5, 4), f32(10, 3)], (first, second, xs) => {
  const low: F32<[10, 5]> = unrolled(first, zeros([5], "f32"), xs)
  const high: F32<[10, 4]> = unrolled(second, zeros([4], "f32"), low)
  return high
})

interface Gru<I extends number, H extends number> {
  readonly reset: Rnn<I, H>
  readonly update: Rnn<I, H>
  readonly made: Rnn<I, H>
}

const gate = <I extends number, H extends number>(p: Rnn<I, H>, h: F32<[H]>, x: F32<[I]>): F32<[H]> =>
  logistic(add(matmul(h, p.w), matmul(x, p.u), p.b))

const gruStep = <I extends number, H extends number>(p: Gru<I, H>, h: F32<[H]>, x: F32<[I]>): F32<[H]> => {
  const z = gate(p.update, h, x)
  const made = tanh(add(matmul(mul(gate(p.reset, h, x), h), p.made.w), matmul(x, p.made.u), p.made.b))
  return add(mul(sub(1, z), h), mul(z, made))
}

const gruSpec = <I extends number, H extends number>(i: I, h: H) => ({
  reset: rnnSpec(i, h),
  update: rnnSpec(i, h),
  made: rnnSpec(i, h)
})

/** GRUs of two sizes, one fed by the other. */
export const grus = jit([gruSpec(3, 6), gruSpec(6, 4), f32(12, 3)], (first, second, xs) => {
  const [[, last]] = scan([zeros([6], "f32"), zeros([4], "f32")], xs, ([a, b], x) => {
    const a1 = gruStep(first, a, x)
    return [[a1, gruStep(second, b, a1)], null]
  })
  const out: F32<[4]> = last
  return out
})

const lstmSpec = { w: f32(4, 32), u: f32(8, 32), b: f32(32) }
type Lstm = Tensors<typeof lstmSpec>
interface LstmState {
  readonly h: F32<[8]>
  readonly c: F32<[8]>
}

const lstmStep = (p: Lstm, { h, c }: LstmState, x: F32<[4]>): LstmState => {
  const [i, f, g, o] = split(add(matmul(x, p.w), matmul(h, p.u), p.b), 4)
  const next = add(mul(logistic(f), c), mul(logistic(i), tanh(g)))
  return { h: mul(logistic(o), tanh(next)), c: next }
}

/** An LSTM with an interface as its state. */
export const lstm = jit([lstmSpec, f32(15, 4)], (p, xs) => {
  const start: LstmState = { h: zeros([8], "f32"), c: zeros([8], "f32") }
  const [last, hs] = scan(start, xs, (state, x) => {
    const next = lstmStep(p, state, x)
    return [next, next.h]
  })
  const all: F32<[15, 8]> = hs
  return [last, all]
})

/** An LSTM whose gates are four matrices, generic in its sizes. */
interface Gates<I extends number, H extends number> {
  readonly i: Rnn<I, H>
  readonly f: Rnn<I, H>
  readonly g: Rnn<I, H>
  readonly o: Rnn<I, H>
}
const lstmCell = <I extends number, H extends number>(
  p: Gates<I, H>,
  [h, c]: readonly [F32<[H]>, F32<[H]>],
  x: F32<[I]>
): readonly [F32<[H]>, F32<[H]>] => {
  const next = add(mul(gate(p.f, h, x), c), mul(gate(p.i, h, x), rnnStep(p.g, h, x)))
  return [mul(gate(p.o, h, x), tanh(next)), next]
}
const gates = <I extends number, H extends number>(i: I, h: H) => ({
  i: rnnSpec(i, h),
  f: rnnSpec(i, h),
  g: rnnSpec(i, h),
  o: rnnSpec(i, h)
})
export const lstms = jit([gates(3, 5), gates(2, 9), f32(6, 3), f32(8, 2)], (small, large, xs, ys) => {
  const [[h5]] = scan([zeros([5], "f32"), zeros([5], "f32")], xs, (state, x) => [
    lstmCell(small, state, x),
    null
  ])
  const [[h9]] = scan([zeros([9], "f32"), zeros([9], "f32")], ys, (state, y) => [
    lstmCell(large, state, y),
    null
  ])
  const out: readonly [F32<[5]>, F32<[9]>] = [h5, h9]
  return out
})

/** A net that runs both ways, whose states are joined. */
export const bothWays = jit([rnnSpec(3, 4), rnnSpec(3, 4), f32(10, 3)], (left, right, xs) => {
  const [, ahead] = scan(zeros([4], "f32"), xs, (h, x) => {
    const next = rnnStep(left, h, x)
    return [next, next]
  })
  const [, back] = scan(
    zeros([4], "f32"),
    xs,
    (h, x) => {
      const next = rnnStep(right, h, x)
      return [next, next]
    },
    { reverse: true }
  )
  const joined: F32<[10, 8]> = concatenate([ahead, back], 1)
  return joined
})

/** Batches of sequences by vmap, and the gradient of their mean loss. */
export const batched = jit([rnnSpec(3, 5), f32(32, 10, 3), f32(32, 5)], (p, batch, wanted) => {
  const run = (q: Rnn<3, 5>, xs: F32<[10, 3]>) =>
    scan(zeros([5], "f32"), xs, (h, x) => [rnnStep(q, h, x), null])[0]
  const loss = (q: Rnn<3, 5>) => mean(square(sub(vmap((xs: F32<[10, 3]>) => run(q, xs))(batch), wanted)))
  const slopes: Rnn<3, 5> = grad(loss)(p)
  return slopes
})

/** Letters drawn from a model, each fed to the next step. */
export const drawn = jit([rnnSpec(26, 32), f32(32, 26), i32()], (p, out, seed) => {
  const start = { h: zeros([32], "f32"), letter: zeros([], "i32"), key: random.key(seed) }
  const [, text] = scan(
    start,
    null,
    ({ h, letter, key }) => {
      const [next, now] = random.split(key)
      const h1 = rnnStep(p, h, oneHot(letter, 26))
      const chosen = random.categorical(now, matmul(h1, out))
      return [{ h: h1, letter: chosen, key: next }, chosen]
    },
    { length: 40 }
  )
  return { text, total: sum(text) }
})
