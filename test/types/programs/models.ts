/** Models made of functions: combinators, two networks at a time, latent numbers. */
import {
  add,
  arange,
  argmax,
  at,
  concatenate,
  convert,
  div,
  einsum,
  eq,
  exp,
  type F32,
  f32,
  grad,
  type I32,
  i32,
  jit,
  log,
  logistic,
  logSoftmax,
  lt,
  matmul,
  maximum,
  mean,
  mul,
  neg,
  oneHot,
  random,
  reshape,
  scalar,
  scan,
  select,
  softmax,
  square,
  stopGradient,
  sub,
  sum,
  type Tensors,
  take,
  tanh,
  topK,
  transpose,
  tree,
  valueAndGrad,
  vmap,
  zeros
} from "loopcarry"

/** A layer: how it begins, and what it does. */
interface Layer<P, A, B> {
  readonly init: (key: random.Key) => P
  readonly apply: (params: P, x: A) => B
}

const dense = <I extends number, O extends number>(
  inputs: I,
  outputs: O
): Layer<{ w: F32<[I, O]>; b: F32<[O]> }, F32<[I]>, F32<[O]>> => ({
  init: (key) => ({ w: random.normal(key, [inputs, outputs]), b: zeros([outputs], "f32") }),
  apply: ({ w, b }, x) => add(matmul(x, w), b)
})

const activation = <A>(f: (x: A) => A): Layer<null, A, A> => ({ init: () => null, apply: (_, x) => f(x) })

const chain = <P, Q, A, B, C>(
  first: Layer<P, A, B>,
  second: Layer<Q, B, C>
): Layer<readonly [P, Q], A, C> => ({
  init: (key) => {
    const [a, b] = random.split(key)
    return [first.init(a), second.init(b)]
  },
  apply: ([p, q], x) => second.apply(q, first.apply(p, x))
})

/** A network chained of layers, its parameters a tree of tuples and nulls. */
const network = chain(
  chain(
    dense(3, 8),
    activation((x) => tanh(x))
  ),
  dense(8, 2)
)
export const chained = jit([i32(), f32(3)], (seed, x) => {
  const params = network.init(random.key(seed))
  const y: F32<[2]> = network.apply(params, x)
  return { params, y }
})

/** Its gradient, and a step. */
export const chainedStep = jit([i32(), f32(3), f32(2)], (seed, x, y) => {
  const params = network.init(random.key(seed))
  const loss = (p: typeof params) => mean(square(sub(network.apply(p, x), y)))
  const [value, slopes] = valueAndGrad(loss)(params)
  return [value, tree.map((p, g) => sub(p, mul(g, 0.1)), params, slopes)]
})

const mlpSpec = { w1: f32(2, 16), b1: f32(16), w2: f32(16, 1), b2: f32(1) }
type Mlp = Tensors<typeof mlpSpec>
const mlp = (p: Mlp, x: F32<[2]>): F32 => sum(add(matmul(maximum(add(matmul(x, p.w1), p.b1), 0), p.w2), p.b2))

/** Two networks that train against each other. */
export const adversaries = jit(
  [{ made: { w: f32(4, 2) }, judge: mlpSpec, key: { seed: i32() } }, f32(32, 2)],
  (state, real) => {
    const noise = random.normal(random.key(state.key.seed), [32, 4])
    const generate = (p: { w: F32<[4, 2]> }) => tanh(matmul(noise, p.w))
    const judge = (p: Mlp, xs: F32<[32, 2]>) => vmap((x: F32<[2]>) => logistic(mlp(p, x)))(xs)
    const judgeLoss = (p: Mlp) =>
      neg(mean(add(log(judge(p, real)), log(sub(1, judge(p, stopGradient(generate(state.made))))))))
    const madeLoss = (p: { w: F32<[4, 2]> }) => neg(mean(log(judge(state.judge, generate(p)))))
    const step = (p: F32<[4, 2]>, g: F32<[4, 2]>) => sub(p, mul(g, 0.01))
    return {
      made: { w: step(state.made.w, grad(madeLoss)(state.made).w) },
      judge: tree.map((p, g) => sub(p, mul(g, 0.01)), state.judge, grad(judgeLoss)(state.judge)),
      key: { seed: add(state.key.seed, 1) }
    }
  }
)

const vaeSpec = { mean: f32(6, 2), spread: f32(6, 2), decode: f32(2, 6) }
/** An autoencoder with latent numbers, drawn so that slopes go through. */
export const vae = jit([vaeSpec, f32(16, 6), i32()], (params, xs, seed) => {
  const loss = (p: Tensors<typeof vaeSpec>, key: random.Key) => {
    const [mu, logVar] = [matmul(xs, p.mean), matmul(xs, p.spread)]
    const z = add(mu, mul(exp(mul(logVar, 0.5)), random.normal(key, [16, 2])))
    const error = sum(square(sub(logistic(matmul(z, p.decode)), xs)), 1)
    const divergence = mul(sum(sub(add(exp(logVar), square(mu)), add(logVar, 1)), 1), 0.5)
    return mean(add(error, divergence))
  }
  return valueAndGrad(loss)(params, random.key(seed))
})

/** Experts of which two are asked. */
export const experts = jit([f32(4, 3, 3), f32(3, 4), f32(3)], (weights, gate, x) => {
  const [scores, chosen] = topK(matmul(x, gate), 2)
  const each: F32<[2, 3]> = vmap((w: F32<[3, 3]>) => tanh(matmul(x, w)))(take(weights, chosen))
  const y: F32<[3]> = matmul(softmax(scores), each)
  return y
})

/** How often a classifier is right. */
export const accuracy = jit([f32(3, 10), f32(50, 3), i32(50)], (w, xs, labels) => {
  const guesses: I32<[50]> = argmax(matmul(xs, w), 1)
  const hits: F32 = mean(convert(eq(guesses, labels), "f32"))
  return hits
})

/** Sequences of unequal lengths, masked. */
export const masked = jit([f32(8, 20, 4), i32(8)], (xs, lengths) => {
  const one = (x: F32<[20, 4]>, n: I32): F32<[4]> => {
    const kept = select(reshape(lt(arange(20), n), [20, 1]), x, 0)
    return div(sum(kept, 0), convert(n, "f32"))
  }
  const means: F32<[8, 4]> = vmap(one)(xs, lengths)
  return means
})

/** Attention over several heads, its weights in one tensor. */
export const einsumAttention = jit([f32(3, 4, 16, 8), f32(10, 16)], (qkv, x) => {
  const all: F32<[3, 4, 10, 8]> = einsum("shdk,td->shtk", qkv, x)
  const [q, k, v] = [at(all, 0).get(), at(all, 1).get(), at(all, 2).get()]
  const weights: F32<[4, 10, 10]> = softmax(div(einsum("htk,hsk->hts", q, k), Math.sqrt(8)), -1)
  const heads = einsum("hts,hsk->htk", weights, v)
  const y: F32<[10, 32]> = reshape(transpose(heads, [1, 0, 2]), [10, 32])
  return y
})

/** Letters that a model writes, with its cache in the carry. */
export const generated = jit([f32(27, 16), f32(16, 27), i32()], (embed, out, first) => {
  const start = { cache: zeros([12, 16], "f32"), letter: first, place: scalar(0, "i32") }
  const [, letters] = scan(
    start,
    null,
    ({ cache, letter, place }) => {
      const next = at(cache, place).set(take(embed, letter))
      const seen = select(reshape(lt(arange(12), add(place, 1)), [12, 1]), next, 0)
      const logits = matmul(sum(seen, 0), out)
      const chosen = argmax(logits)
      return [{ cache: next, letter: chosen, place: add(place, 1) }, chosen]
    },
    { length: 12 }
  )
  const text: I32<[12]> = letters
  return text
})

/** A contrastive loss between two views. */
export const contrastive = jit([f32(16, 8), f32(16, 8)], (a, b) => {
  const unit = (x: F32<[16, 8]>): F32<[16, 8]> =>
    div(x, exp(mul(log(sum(square(x), 1, { keepDims: true })), 0.5)))
  const loss = (a: F32<[16, 8]>, b: F32<[16, 8]>) => {
    const likeness: F32<[16, 16]> = div(matmul(unit(a), transpose(unit(b))), 0.1)
    return neg(mean(sum(mul(logSoftmax(likeness, 1), oneHot(arange(16), 16)), 1)))
  }
  const slopes: readonly [F32<[16, 8]>, F32<[16, 8]>] = grad(loss, { argnums: [0, 1] })(a, b)
  return concatenate(slopes, 0)
})
