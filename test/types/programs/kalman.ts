/** Filters and models of states, generic in their dimensions. */
import {
  add,
  argmax,
  at,
  cholesky,
  div,
  exp,
  expandDims,
  eye,
  type F32,
  f32,
  grad,
  type I32,
  i32,
  jit,
  log,
  logsumexp,
  matmul,
  max,
  mul,
  neg,
  random,
  scalar,
  scan,
  square,
  sub,
  sum,
  take,
  transpose,
  triangularSolve,
  vmap,
  zeros
} from "loopcarry"

interface Belief<N extends number> {
  readonly mean: F32<[N]>
  readonly cov: F32<[N, N]>
}
interface Model<N extends number, M extends number> {
  readonly move: F32<[N, N]>
  readonly noise: F32<[N, N]>
  readonly look: F32<[M, N]>
  readonly blur: F32<[M, M]>
}

const kalmanPredict = <N extends number, M extends number>(
  p: Model<N, M>,
  { mean, cov }: Belief<N>
): Belief<N> => ({
  mean: matmul(p.move, mean),
  cov: add(matmul(matmul(p.move, cov), transpose(p.move)), p.noise)
})

const kalmanUpdate = <N extends number, M extends number>(
  p: Model<N, M>,
  { mean, cov }: Belief<N>,
  seen: F32<[M]>
): Belief<N> => {
  const across: F32<[M, N]> = matmul(p.look, cov)
  const root: F32<[M, M]> = cholesky(add(matmul(across, transpose(p.look)), p.blur))
  const half: F32<[M, N]> = triangularSolve(root, across, { lower: true })
  const gain: F32<[M, N]> = triangularSolve(root, half, { lower: true, transpose: "transpose" })
  return {
    mean: add(mean, matmul(sub(seen, matmul(p.look, mean)), gain)),
    cov: sub(cov, matmul(transpose(across), gain))
  }
}

const modelSpec = <N extends number, M extends number>(n: N, m: M) => ({
  move: f32(n, n),
  noise: f32(n, n),
  look: f32(m, n),
  blur: f32(m, m)
})

/** One Kalman step for two numbers of states. */
export const kalman = jit(
  [modelSpec(2, 1), modelSpec(4, 2), f32(30, 1), f32(30, 2)],
  (small, large, xs, ys) => {
    const start2: Belief<2> = { mean: zeros([2], "f32"), cov: eye(2, "f32") }
    const [last, means] = scan(start2, xs, (belief, x) => {
      const next = kalmanUpdate(small, kalmanPredict(small, belief), x)
      return [next, next.mean]
    })
    const [other] = scan({ mean: zeros([4], "f32"), cov: eye(4, "f32") }, ys, (belief, y) => [
      kalmanUpdate(large, kalmanPredict(large, belief), y),
      null
    ])
    const track: F32<[30, 2]> = means
    return { last, track, other }
  }
)

/** A filter that holds its own scan, generic in its length too. */
const filter = <T extends number, N extends number, M extends number>(
  p: Model<N, M>,
  start: Belief<N>,
  seen: F32<[T, M]>
): F32<[T, N]> => {
  const [, means] = scan(start, seen, (belief, x) => {
    const next = kalmanUpdate(p, kalmanPredict(p, belief), x)
    return [next, next.mean]
  })
  return means
}
export const filtered = jit([modelSpec(2, 1), f32(12, 1)], (p, seen) => {
  const start = { mean: zeros([2], "f32"), cov: eye(2, "f32") }
  const track: F32<[12, 2]> = filter(p, start, seen)
  return track
})

/** The noise that fits best, by the gradient through the filter. */
export const fitted = jit([modelSpec(2, 1), f32(12, 1)], (p, seen) => {
  const start: Belief<2> = { mean: zeros([2], "f32"), cov: eye(2, "f32") }
  const loss = (q: Model<2, 1>) => sum(square(sub(filter(q, start, seen), seen)))
  return grad(loss)(p).noise
})

/** The forward algorithm of a hidden Markov model, in logarithms. */
export const forward = jit([f32(3, 3), f32(3, 5), i32(20)], (transitions, emissions, seen: I32<[20]>) => {
  const first = take(log(emissions), 0, 1)
  const [alpha] = scan(first, seen, (alpha, s) => {
    const moved: F32<[3]> = logsumexp(add(expandDims(alpha, 1), log(transitions)), 0)
    return [add(moved, take(log(emissions), s, 1)), null]
  })
  const total: F32 = logsumexp(alpha)
  return total
})

/** Viterbi: the likeliest states, forwards and back. */
export const viterbi = jit([f32(3, 3), f32(20, 3)], (transitions, scores) => {
  const [last, back] = scan(zeros([3], "f32"), scores, (best, score) => {
    const all = add(expandDims(best, 1), transitions)
    return [add(max(all, 0), score), argmax(all, 0)]
  })
  const [, path] = scan(
    argmax(last),
    back,
    (state, pointers) => {
      const before = at(pointers, state).get()
      return [before, state]
    },
    { reverse: true }
  )
  const states: I32<[20]> = path
  return states
})

/** A particle filter: weights, and draws by them. */
export const particles = jit([f32(15), i32()], (seen, seed) => {
  const start = { key: random.key(seed), places: random.normal(random.key(7), [100]) }
  const [, means] = scan(start, seen, ({ key, places }, y) => {
    const [next, now] = random.split(key)
    const [a, b] = random.split(now)
    const moved = add(places, mul(random.normal(a, [100]), 0.5))
    const weights = mul(square(sub(moved, y)), -0.5)
    const chosen = vmap((k: random.Key) => random.categorical(k, weights))(random.split(b, 100))
    const kept = take(moved, chosen)
    return [{ key: next, places: kept }, div(sum(kept), 100)]
  })
  const track: F32<[15]> = means
  return track
})

/** An autoregressive model whose window is carried. */
export const autoregressive = jit([f32(3), f32(3)], (weights, start) => {
  const [, future] = scan(
    [at(start, 0).get(), at(start, 1).get(), at(start, 2).get()],
    null,
    ([a, b, c]) => {
      const next = add(
        mul(at(weights, 0).get(), a),
        mul(at(weights, 1).get(), b),
        mul(at(weights, 2).get(), c)
      )
      return [[b, c, next], next]
    },
    { length: 8 }
  )
  const out: F32<[8]> = future
  return out
})

/** A Runge-Kutta step for any field, at two sizes. */
const rk4 = <N extends number>(f: (x: F32<[N]>) => F32<[N]>, x: F32<[N]>, h: number): F32<[N]> => {
  const k1 = f(x)
  const k2 = f(add(x, mul(k1, h / 2)))
  const k3 = f(add(x, mul(k2, h / 2)))
  const k4 = f(add(x, mul(k3, h)))
  return add(x, mul(add(k1, mul(k2, 2), mul(k3, 2), k4), h / 6))
}
export const integrated = jit([f32(2), f32(3)], (x, y) => {
  const [a] = scan(x, null, (x) => [rk4((v) => neg(v), x, 0.1), x], { length: 10 })
  const [b, path] = scan(y, null, (y) => [rk4((v) => exp(neg(v)), y, 0.1), y], { length: 10 })
  const all: F32<[10, 3]> = path
  return { a, b, all, zero: scalar(0, "f32") }
})
