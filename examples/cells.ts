/**
 * Recurrent cells, each a function of its weights, its carry and one input: the carry is what a scan hands on. They
 * work at any size, and for one example; vmap makes batches.
 */
import { add, associativeScan, broadcastTo, type F32, matmul, mul, random, sub, tanh } from "loopcarry"
import { initializers, sigmoid } from "loopcarry/nn"

/** The weights of one gate: of the input, of the state, and the bias. */
export interface Gate<I extends number, N extends number> {
  readonly w: F32<readonly [I, N]>
  readonly u: F32<readonly [N, N]>
  readonly b: F32<readonly [N]>
}

/** Weights at the start of training. */
export const gate = <I extends number, N extends number>(key: random.Key, inputs: I, size: N): Gate<I, N> => {
  const [a, b] = random.split(key)
  return {
    w: initializers.glorotUniform(a!, [inputs, size]),
    u: initializers.glorotUniform(b!, [size, size]),
    b: initializers.zeros(key, [size])
  }
}

const weighed = <I extends number, N extends number>(
  { w, u, b }: Gate<I, N>,
  x: F32<readonly [I]>,
  h: F32<readonly [N]>
): F32<readonly [N]> => add(add(matmul(x, w), matmul(h, u)), b)

/** A gated recurrent unit (Cho et al. 2014): what is reset, what is kept, and what is new. */
export interface Gru<I extends number, N extends number> {
  readonly reset: Gate<I, N>
  readonly keep: Gate<I, N>
  readonly fresh: Gate<I, N>
}

export const gru = <I extends number, N extends number>(key: random.Key, inputs: I, size: N): Gru<I, N> => {
  const [a, b, c] = [0, 1, 2].map((i) => random.foldIn(key, i))
  return { reset: gate(a!, inputs, size), keep: gate(b!, inputs, size), fresh: gate(c!, inputs, size) }
}

/** The carry is the state. */
export const gruCell = <I extends number, N extends number>(
  weights: Gru<I, N>,
  h: F32<readonly [N]>,
  x: F32<readonly [I]>
): F32<readonly [N]> => {
  const kept = sigmoid(weighed(weights.keep, x, h))
  const fresh = tanh(weighed(weights.fresh, x, mul(sigmoid(weighed(weights.reset, x, h)), h)))
  return add(mul(kept, h), mul(sub(1, kept), fresh))
}

/** A long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000). */
export interface Lstm<I extends number, N extends number> {
  readonly input: Gate<I, N>
  readonly forget: Gate<I, N>
  readonly output: Gate<I, N>
  readonly fresh: Gate<I, N>
}

/** What an LSTM hands on: what it says, and what it remembers. */
export interface LstmState<N extends number> {
  readonly h: F32<readonly [N]>
  readonly c: F32<readonly [N]>
}

/** The carry is a record of two. */
export const lstmCell = <I extends number, N extends number>(
  weights: Lstm<I, N>,
  { h, c }: LstmState<N>,
  x: F32<readonly [I]>
): LstmState<N> => {
  const kept = mul(sigmoid(weighed(weights.forget, x, h)), c)
  const next = add(kept, mul(sigmoid(weighed(weights.input, x, h)), tanh(weighed(weights.fresh, x, h))))
  return { h: mul(sigmoid(weighed(weights.output, x, h)), tanh(next)), c: next }
}

/** A diagonal state space: each number of the state decays by itself, and inputs and outputs mix them. */
export interface StateSpace<I extends number, N extends number, O extends number> {
  readonly decay: F32<readonly [N]>
  readonly b: F32<readonly [I, N]>
  readonly c: F32<readonly [N, O]>
}

/** One step. The carry is the state. */
export const stateSpaceCell = <I extends number, N extends number, O extends number>(
  { decay, b, c }: StateSpace<I, N, O>,
  h: F32<readonly [N]>,
  x: F32<readonly [I]>
): readonly [F32<readonly [N]>, F32<readonly [O]>] => {
  const next = add(mul(decay, h), matmul(x, b))
  return [next, matmul(next, c)]
}

/** All steps at once: decays multiply and states add up, in any grouping. Gives what it says at each step. */
export const stateSpace = <L extends number, I extends number, N extends number, O extends number>(
  { decay, b, c }: StateSpace<I, N, O>,
  start: F32<readonly [N]>,
  xs: F32<readonly [L, I]>
): F32<readonly [L, O]> => {
  const driven = matmul(xs, b)
  const decays = broadcastTo(decay, driven.shape)
  const [factors, states] = associativeScan(([p, x], [q, y]) => [mul(p, q), add(mul(q, x), y)] as const, [
    decays,
    driven
  ] as const)
  return matmul(add(states, mul(factors, start)), c)
}
