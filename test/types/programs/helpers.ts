/** Helpers that are generic in trees, shapes and dtypes, and programs that use them. */
import {
  add,
  all,
  and,
  arange,
  cond,
  convert,
  type DType,
  div,
  type F32,
  type FloatDType,
  f32,
  f64,
  fori,
  grad,
  gt,
  i32,
  isFinite,
  jit,
  jvp,
  linearize,
  matmul,
  maximum,
  mean,
  minimum,
  mul,
  not,
  reshape,
  type Shape,
  scalar,
  scan,
  select,
  softmax,
  sqrt,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensors,
  type TreeOf,
  tanh,
  tree,
  valueAndGrad,
  vjp,
  vmap,
  zeros
} from "loopcarry"

type Floats = TreeOf<Tensor<"f32">>

const sgd = <P extends Floats>(params: P, slopes: P, rate: number): P =>
  tree.map((p, g) => sub(p, mul(g, rate)), params, slopes)

const norm = (slopes: Floats): F32 =>
  sqrt(tree.reduce((all, g) => add(all, sum(square(g))), slopes, scalar(0, "f32")))

const clipped = <P extends Floats>(slopes: P, most: number): P => {
  const scale = minimum(1, div(most, add(norm(slopes), 1e-6)))
  return tree.map((g) => mul(g, scale), slopes)
}

const spec = { w: f32(3, 4), b: f32(4), deep: { gain: f32() } }
const pairSpec = [f32(3), f32(3)] as const
type Params = Tensors<typeof spec>

const loss = ({ w, b, deep }: Params, x: F32<[3]>) => sum(square(mul(tanh(add(matmul(x, w), b)), deep.gain)))

/** One optimizer on a record and on a tuple. */
export const updated = jit([spec, pairSpec, f32(3)], (p, pair, x) => {
  const record: Params = sgd(p, clipped(grad(loss)(p, x), 1), 0.1)
  const [a, b] = sgd(pair, grad(([a, b]: readonly [F32<[3]>, F32<[3]>]) => sum(mul(a, b)))(pair), 0.1)
  return { record, a, b }
})

/** A training loop that is generic in its parameters. */
const descend = <P extends Floats>(start: P, loss: (p: P) => F32, steps: number): P =>
  fori(0, steps, (_, p) => sgd(p, grad(loss)(p), 0.1), start)
export const descended = jit([spec, f32(3)], (p, x) => descend(p, (q) => loss(q, x), 10))

/** The same as a scan that keeps each value. */
const fitOf = <P extends Floats>(start: P, loss: (p: P) => F32) =>
  scan(start, arange(20), (p) => {
    const [value, slopes] = valueAndGrad(loss)(p)
    return [sgd(p, slopes, 0.1), value]
  })
export const fits = jit([spec, f32(3)], (p, x) => {
  const [last, values] = fitOf(p, (q) => loss(q, x))
  const all: F32<[20]> = values
  return { last, all }
})

/** A mean of several trees, by a reduce of JavaScript. */
const average = <P extends Floats>(trees: readonly [P, ...ReadonlyArray<P>]): P =>
  tree.map(
    (s) => div(s, trees.length),
    trees.reduce((a, b) => tree.map(add, a, b))
  )
export const averaged = jit([spec, spec, spec], (a, b, c) => {
  const out: Params = average([a, b, c])
  return out
})

/** Whether all leaves are finite. */
const finite = (t: Floats) => tree.reduce((ok, x) => and(ok, all(isFinite(x))), t, scalar(true, "bool"))
export const guarded = jit([spec, f32(3)], (p, x) => {
  const slopes = grad(loss)(p, x)
  return cond(
    finite(slopes),
    () => sgd(p, slopes, 0.1),
    () => p
  )
})

/** Leaves of records that are stacked, and taken apart by a scan. */
export const stackedTrees = jit([spec, spec], (a, b) => {
  const both = tree.map((x, y) => stack([x, y]), a, b)
  const [sums] = scan(tree.zerosLike(a), both, (acc, each) => [tree.map(add, acc, each), null])
  return sums
})

/** Zeros, ones and names of any tree. */
export const shapes = jit([spec], (p) => {
  const zero = tree.zerosLike(p)
  const one = tree.map((z) => add(z, 1), zero)
  const decayed = tree.mapWithPath((path, x) => (path === "w" ? mul(x, 0.9) : x), one)
  const w: F32<[3, 4]> = decayed.w
  return { zero, w }
})

/** Generic in the dtype and the shape. */
const standardised = <D extends FloatDType, S extends Shape>(x: Tensor<D, S>): Tensor<D, S> =>
  div(sub(x, mean(x)), sqrt(mean(square(sub(x, mean(x))))))
export const standard = jit([f32(4), f64(2, 3)], (x, y) => {
  const a: F32<[4]> = standardised(x)
  const b: Tensor<"f64", readonly [2, 3]> = standardised(y)
  return { a, b: convert(b, "f32") }
})

/** Generic in an axis of a matrix. */
const pooled = <N extends number, D extends number>(x: F32<[N, D]>): F32<[D]> => mean(x, 0)
export const pools = jit([f32(5, 3), f32(2, 7)], (x, y) => {
  const a: F32<[3]> = pooled(x)
  const b: F32<[7]> = pooled(y)
  return [a, b]
})

/** A function that makes functions. */
const activated =
  (slope: number) =>
  <S extends Shape>(x: F32<S>): F32<S> =>
    select(lessThanZero(x), mul(x, slope), x)
const lessThanZero = <S extends Shape>(x: F32<S>) => not(positive(x))
const positive = <S extends Shape>(x: F32<S>): Tensor<"bool", S> => gt(x, 0)
export const leaky = jit([f32(3), f32(2, 2)], (x, y) => {
  const f = activated(0.01)
  const a: F32<[3]> = f(x)
  return [a, f(y)]
})

/** Composition of functions of one shape. */
const compose =
  <T>(...steps: ReadonlyArray<(x: T) => T>) =>
  (x: T): T =>
    steps.reduce((value, step) => step(value), x)
export const composed = jit([f32(6)], (x) =>
  compose<F32<[6]>>(
    (v) => tanh(v),
    (v) => mul(v, 2),
    (v) => softmax(v)
  )(x)
)

/** A helper over any list of tensors of one type. */
const sumAll = <D extends "f32" | "f64" | "i32", S extends Shape>(
  first: Tensor<D, S>,
  ...rest: ReadonlyArray<Tensor<D, S>>
): Tensor<D, S> => rest.reduce((a, b) => add(a, b), first)
export const summed = jit([f32(3), f32(3), i32(2)], (a, b, n) => {
  const x: F32<[3]> = sumAll(a, b, a)
  return [x, sumAll(n, n)]
})

/** A batch of any function of one row. */
const overRows = <N extends number>(f: (row: F32<[3]>) => F32, rows: F32<[N, 3]>): F32<[N]> => vmap(f)(rows)
export const rowwise = jit([f32(5, 3), f32(8, 3)], (xs, ys) => [
  overRows((r) => sum(r), xs),
  overRows((r) => maximum(sum(r), 0), ys)
])

/** A matrix of any two sizes as one row. */
const flat = <R extends number, C extends number>(m: F32<[R, C]>) => reshape(m, [-1])
export const flattened = jit([f32(3, 4)], (m) => {
  const row: F32<[12]> = flat(m)
  return row
})

/** Zeros of a dtype that the caller chooses. */
const start = <D extends DType>(dtype: D): Tensor<D, readonly [2]> => zeros([2], dtype)
export const started = jit([], () => {
  const a: F32<[2]> = start("f32")
  const b: Tensor<"u8", readonly [2]> = start("u8")
  return { a, b }
})

/** Products with the Hessian, forward over reverse and linearized, for any parameters. */
const hessianTimes = <P extends Floats>(loss: (p: P) => F32, p: P, v: P): P => jvp(grad(loss), [p], [v])[1]
const pushed = <P extends Floats>(loss: (p: P) => F32, p: P, v: P): P => linearize(grad(loss), p)[1](v)
const pulled = <P extends Floats>(loss: (p: P) => F32, p: P): P => vjp(loss, p)[1](scalar(1, "f32"))[0]
const curvature = <P extends Floats>(loss: (p: P) => F32, p: P, v: P): F32 =>
  tree.reduce((all, x) => add(all, sum(x)), tree.map(mul, v, hessianTimes(loss, p, v)), scalar(0, "f32"))
export const curved = jit([spec, pairSpec, f32(3)], (p, pair, x) => {
  const f = (q: Params) => loss(q, x)
  const a: Params = hessianTimes(f, p, p)
  const [b, c] = pulled(([a, b]: readonly [F32<[3]>, F32<[3]>]) => sum(mul(a, b)), pair)
  return { a, b, c, d: pushed(f, p, a), e: curvature(f, p, a) }
})

/** Each leaf of any parameters as a number, and in half the memory. */
const squares = <P extends Floats>(p: P) => tree.map((x) => sum(square(x)), p)
const halved = <P extends Floats>(p: P) => tree.map((x) => convert(x, "bf16"), p)
export const shrunk = jit([spec], (p) => {
  const sizes: { w: F32; b: F32; deep: { gain: F32 } } = squares(p)
  const w: Tensor<"bf16", readonly [3, 4]> = halved(p).w
  return { sizes, w: convert(w, "f32") }
})
