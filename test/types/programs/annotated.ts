/** Optional parts, axes and lengths that are type parameters, and results that are annotated. */
import {
  add,
  arange,
  type F32,
  f32,
  fori,
  grad,
  jacfwd,
  jit,
  matmul,
  mul,
  neg,
  ones,
  scan,
  square,
  sub,
  sum,
  tree,
  valueAndGrad,
  vmap
} from "loopcarry"

interface Dense {
  readonly w: F32<[4, 3]>
  readonly b?: F32<[3]>
}

const dense = (p: Dense, x: F32<[4]>): F32<[3]> => {
  const y = matmul(x, p.w)
  return p.b === undefined ? y : add(y, p.b)
}

const slope = grad((p: Dense) => sum(square(dense(p, ones([4], "f32")))))

const stepped = (p: Dense): Dense => tree.map((w, g) => sub(w, mul(g, 0.1)), p, slope(p))

/** A layer whose bias may be left out, trained without one. */
export const withoutBias = jit([{ w: f32(4, 3) }], (p) => fori(0, 10, (_, q: Dense) => stepped(q), p))

export const withBias = jit([{ w: f32(4, 3), b: f32(3) }, f32(8, 4)], (p, xs) =>
  vmap((x: F32<[4]>) => dense(p, x))(xs)
)

const both = (x: F32<[8]>): [F32<[8]>, F32<[8]>] => vmap((v: F32) => [square(v), neg(v)])(x)

export const tuples = jit([f32(8)], (x) => both(x))

const slopes = (x: F32): [F32, F32] => jacfwd((v: F32) => [square(v), neg(v)])(x)

export const jacobians = jit([f32()], (x) => slopes(x))

const kept = (x: F32): [[F32, { n: F32 }], F32] =>
  valueAndGrad((a: F32) => [square(a), { n: a }], { hasAux: true })(x)

export const lossAndAux = jit([f32()], (x) => kept(x))

const parts = (x: F32): [[F32, F32], null] =>
  jacfwd((a: F32) => [[square(a), neg(a)], null], { hasAux: true })(x)

export const jacobianAndAux = jit([f32()], (x) => parts(x))

const total = <A extends 0 | 1>(x: F32<[3, 4]>, axis: A) => sum(x, axis)

export const axisOfATypeParameter = jit([f32(3, 4)], (x) => [total(x, 0), total(x, 1)])

const grid = <N extends number>(n: N): F32<[N]> => mul(arange(0, n, 1, "f32"), 0.5)

export const lengthOfATypeParameter = jit([f32(5)], (x) => add(x, grid(5)))

export const outerSum = jit([f32(3)], (x) => {
  const [last, all] = scan(x, arange(4), (c, _) => [neg(c), [c, sum(c)]])
  return [last, ...all]
})

const loss = (p: Dense) => sum(square(p.w))

const descended = <P>(of: (p: P) => F32, p: P) => fori(0, 3, (_, q) => grad(of)(q), p)

/** An interface through a function that is generic in its tree. */
export const genericInterface = jit([{ w: f32(4, 3), b: f32(3) }], (p): Dense => descended(loss, p))
