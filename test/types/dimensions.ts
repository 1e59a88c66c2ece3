/** Operations, loops and transforms on dimensions that are type parameters. This file compiles. */
import {
  add,
  at,
  clamp,
  concatenate,
  cond,
  convert,
  div,
  expandDims,
  type F32,
  type FloatDType,
  f32,
  fori,
  full,
  grad,
  gt,
  type I32,
  jacrev,
  jit,
  jvp,
  lt,
  map,
  matmul,
  max,
  maximum,
  mean,
  minimum,
  moveAxis,
  mul,
  reduceWindow,
  type Shape,
  scalar,
  scan,
  select,
  shaped,
  sin,
  split,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensors,
  type Tree,
  take,
  tanh,
  transpose,
  tree,
  valueAndGrad,
  vjp,
  vmap,
  where,
  whileLoop,
  zeros
} from "../../pjrt/loopcarry.ts"

export const f2 = <N extends number>(x: F32<[N]>, s: F32, a: F32<[N]>): F32<[N]> => mul(x, s, a)
export const g2 = <N extends number>(x: F32<[N]>, s: F32, a: F32<[NoInfer<N>]>): F32<[N]> => mul(x, s, a)
export const h2 = <N extends number>(x: F32<[N]>, a: F32<[NoInfer<N>]>): F32<[N]> => mul(x, a, a)
export const i2 = <N extends number>(x: F32<[N]>, a: F32<[NoInfer<N>]>): F32<[N]> => mul(sub(x, mean(x)), a)
export const j2 = <N extends number, M extends number>(x: F32<[M, N]>, a: F32<[NoInfer<N>]>): F32<[M, N]> =>
  mul(sub(x, mean(x)), a)
export const k2 = <N extends number, M extends number>(
  x: F32<[M, N]>,
  a: F32<[N]>,
  b: F32<[N]>
): F32<[M, N]> => add(mul(sub(x, mean(x)), a), b)
export const l2 = <N extends number, M extends number>(x: F32<[M, N]>): F32<[M, N]> =>
  sub(x, mean(x, 1, { keepDims: true }))
export const m2 = <N extends number>(x: F32<[5, N]>, a: F32<[N]>): F32<[5, N]> => add(x, a)
export const n2 = <N extends number, M extends number>(x: F32<[M, N]>): F32<[M, N]> =>
  sub(mean(x, 1, { keepDims: true }), x)
export const o2 = <N extends number, M extends number>(x: F32<[M, N]>): F32<[M, N]> =>
  sub(x, mean(x, 0, { keepDims: true }))
export const p2 = <N extends number, M extends number>(x: F32<[M, N]>): F32<[M, N]> =>
  sub(mean(x, 0, { keepDims: true }), x)
export const q2 = <N extends number, M extends number>(x: F32<[M, N]>): F32<[M, N]> => sub(x, mean(x, 0))
export const r2 = <N extends number, M extends number>(x: F32<[M, N]>): F32<[M, N]> => add(mean(x, 0), x)
export const s2 = <N extends number, M extends number>(y: F32<[M, N]>, z: F32<[N]>): F32<[M, N]> =>
  add(mul(y, z), z, z)
export const t2 = <N extends number, M extends number>(x: F32<[M, 1]>, y: F32<[1, N]>): F32<[M, N]> =>
  add(x, y)
export const u2 = <N extends number, B extends number>(x: F32<[B, 4, N]>, y: F32<[N]>): F32<[B, 4, N]> =>
  add(x, y, y, 1)
export const a3 = <S extends Shape>(x: F32<S>, y: F32<NoInfer<S>>): F32<S> => add(x, mul(y, 2), y)
export const d3 = <S extends Shape>(x: F32<S>, y: F32<S>): F32<S> => select(gt(x, y), x, y)
export const e3 = <S extends Shape>(x: F32<S>): F32<S> => select(gt(x, 0), x, 0)
export const f3 = <S extends Shape>(x: F32<S>): F32<S> => where(gt(x, 0), x, mul(x, 0.1))
export const g3 = <D extends FloatDType, S extends Shape>(x: Tensor<D, S>): Tensor<D, S> =>
  div(sub(x, mean(x)), sqrt(add(mean(square(x)), 1e-5)))
export const h3 = <S extends Shape>(x: F32<S>): F32<S> => clamp(0, x, 6)
export const j3 = <S extends Shape>(x: F32<S>, y: F32<NoInfer<S>>, t: F32): F32<S> =>
  add(mul(x, sub(1, t)), mul(y, t))
export const k3 = <S extends Shape>(x: F32<S>, y: F32<S>): F32 => sqrt(sum(square(sub(x, y))))
export const l3 = <N extends number>(x: F32<[N]>, y: F32<[N]>): F32<[N]> => select(lt(x, mean(x)), y, mean(y))
export const m3 = <N extends number>(x: F32<[N]>, lo: F32, hi: F32): F32<[N]> => minimum(maximum(x, lo), hi)
export const n3 = <N extends number>(p: F32, x: F32<[N]>, y: F32<[N]>): F32<[N]> => select(gt(p, 0), x, y)
export const a4 = <N extends number>(f: (row: F32<[3]>) => F32, rows: F32<[N, 3]>): F32<[N]> => vmap(f)(rows)
export const b4 = <N extends number, D extends number>(rows: F32<[N, D]>): F32<[N]> =>
  vmap((r: F32<[D]>) => sum(r))(rows)
export const c4 = <N extends number, D extends number>(xs: F32<[N, D]>, ys: F32<[N, D]>): F32<[N]> =>
  vmap((r: F32<[D]>, s: F32<[D]>) => sum(mul(r, s)))(xs, ys)
export const d4 = <N extends number, I extends number, O extends number>(
  w: F32<[I, O]>,
  xs: F32<[N, I]>
): F32<[N, O]> => vmap((x: F32<[I]>) => tanh(matmul(x, w)))(xs)
export const e4: F32<[5]> = b4(zeros([5, 2], "f32"))
const dense = <I extends number, O extends number>(
  { w, b }: { w: F32<[I, O]>; b: F32<[O]> },
  x: F32<[I]>
): F32<[O]> => add(matmul(x, w), b)
export const c6: F32<[5, 2]> = vmap((x: F32<[3]>) =>
  dense({ w: zeros([3, 2], "f32"), b: zeros([2], "f32") }, x)
)(zeros([5, 3], "f32"))
export const d6 = vmap(dense, { in: [null, 0] })(
  { w: zeros([3, 2], "f32"), b: zeros([2], "f32") },
  zeros([5, 3], "f32")
)
export const e6 = grad(<N extends number>(x: F32<[N]>) => sum(square(x)))(zeros([3], "f32"))
export const f6 = <N extends number>(x: F32<[N]>): F32<[N]> => grad((y: F32<[N]>) => sum(square(y)))(x)
export const g6 = <N extends number>(x: F32<[N]>): F32<[N, N]> => jacrev((y: F32<[N]>) => tanh(y))(x)
export const h6 = <N extends number>(x: F32<[N]>, v: F32<[N]>): F32 =>
  jvp((y: F32<[N]>) => sum(square(y)), [x], [v])[1]
export const i6 = <N extends number>(x: F32<[N]>): F32<[N]> =>
  cond(
    gt(sum(x), 0),
    () => x,
    () => mul(x, 2)
  )
export const j6 = <N extends number>(x: F32<[N]>): F32<[N]> =>
  whileLoop(
    (c) => lt(sum(c), 10),
    (c) => mul(c, 2),
    x
  )
export const k6 = <N extends number, S extends number>(x: F32<[S, N]>): F32<[S, N]> => map((r) => tanh(r), x)
export const l6 = <N extends number, P extends { w: F32<[N]> }>(p: P): F32 => sum(p.w)
export const m6 = <N extends number>(p: { w: F32<[N]>; b: F32 }): { w: F32<[N]>; b: F32 } =>
  grad((q: { w: F32<[N]>; b: F32 }) => mul(sum(q.w), q.b))(p)
export const n6 = <N extends number>(p: { w: F32<[N]>; b: F32 }) => tree.map((a) => mul(a, 2), p)
export const o6: { w: F32<[3]>; b: F32 } = n6({ w: zeros([3], "f32"), b: scalar(0, "f32") })
export const p6 = <N extends number>(x: F32<[N, 4]>): F32<[N, 2]> => {
  const [a, b] = split(x, 2, 1)
  return add(a, b)
}
export const q6 = <N extends number>(x: F32<[N, 4]>): F32<[N, 8]> => concatenate([x, x], 1)
export const r6 = <N extends number>(x: F32<[N, 4]>): F32<[4, N]> => transpose(x)
export const s6 = <N extends number, M extends number>(x: F32<[N, M, 4]>): F32<[M, N, 4]> =>
  transpose(x, [1, 0, 2])
export const t6 = <N extends number>(x: F32<[N, 4]>): F32<[4]> => at(x, 0).get()
export const u6 = <N extends number>(x: F32<[N, 4]>, i: I32<[7]>): F32<[7, 4]> => take(x, i)
export const v6 = <N extends number>(x: F32<[N, 4]>): F32<[N]> => max(x, 1)
export const w6 = <N extends number>(x: F32<[N, 4]>): F32<[N]> => mean(x, -1)
export const x6 = <N extends number>(x: F32<[N]>): F32<[N, 1]> => expandDims(x, 1)
export const y6 = <N extends number>(x: F32<[N]>): F32<[N, 1]> => expandDims(x, -1)
export const z6 = <N extends number>(x: F32<[N]>): Tensor<"i32", readonly [N]> => convert(x, "i32")
export const aa6 = <N extends number>(xs: F32<[N]>): F32<[N]> =>
  scan(
    scalar(0, "f32"),
    xs,
    (c, x) => {
      const n = add(c, x)
      return [n, n]
    },
    { reverse: true }
  )[1]
export const dd6 = <N extends number>(p: { w: F32<[N]> }, xs: F32<[N, N]>): { w: F32<[N]> } =>
  scan(p, xs, (p, x) => [{ w: add(p.w, x) }, null])[0]
export const ee6 = <B extends number, T extends number, D extends number>(x: F32<[B, T, D]>): F32<[B, T]> =>
  sum(square(x), 2)
export const ff6 = <B extends number, T extends number, D extends number>(x: F32<[B, T, D]>): F32<[B, D]> =>
  mean(x, 1)
export const gg6 = <B extends number, T extends number, D extends number>(
  x: F32<[B, T, D]>
): F32<[B, T, D]> => sub(x, mean(x, -1, { keepDims: true }))
export const hh6 = <B extends number, I extends number, O extends number>(
  x: F32<[B, I]>,
  w: F32<[I, O]>
): F32<[B, O]> => vmap((r: F32<[I]>) => matmul(r, w))(x)
export const ii6 = <B extends number, I extends number, O extends number>(w: F32<[I, O]>, x: F32<[B, I]>) =>
  grad((v: F32<[I, O]>) => mean(square(matmul(x, v))))(w)
export const jj6: F32<[3, 2]> = ii6(zeros([3, 2], "f32"), zeros([5, 3], "f32"))
const spec = <N extends number>(n: N) => ({ w: f32(n, n), b: f32(n) })
type Spec<N extends number> = ReturnType<typeof spec<N>>
export const kk6 = <N extends number>(p: Tensors<Spec<N>>, x: F32<[N]>): F32<[N]> => add(matmul(x, p.w), p.b)
export const ll6 = jit([spec(3), f32(3)], (p, x) => kk6(p, x))
export const mm6 = <N extends number>(x: F32<[N]>): F32<[N]> => select(gt(x, 0), x, mul(x, 0.1))
export const nn6 = <N extends number>(p: { m: F32<[N]> }, q: F32<[N]>) =>
  valueAndGrad((p: { m: F32<[N]> }) => sum(mul(p.m, q)))(p)
export const oo6 = <N extends number>(x: F32<[N]>): F32<[N]> => {
  const [, pull] = vjp((y: F32<[N]>) => tanh(y), x)
  return pull(x)[0]
}
export const qq6 = fori(0, 3, (_, c) => c, { x: zeros([2], "f32") })
export const rr6 = <N extends number, M extends number>(x: F32<[N]>, y: F32<[M]>): F32<[N, M]> =>
  vmap((a: F32) => mul(y, a))(x)

/** Three operands of a whole shape that is a type parameter, with scalars anywhere among them. */
export const wholeShapes = <S extends Shape>(x: F32<S>, y: F32<S>, k: F32): ReadonlyArray<F32<S>> => [
  add(x, k, y),
  add(k, x, y),
  mul(k, x, k),
  add(x, mean(x), y),
  add(mean(x), x, 1)
]

/** Batches, windows and axes of generic lengths. */
export const sines = <B extends number, C extends number>(x: F32<readonly [B, C]>): F32<readonly [B, C]> =>
  vmap(sin)(x)
export const headsFirst = <A extends number, B extends number, C extends number>(
  x: F32<readonly [A, B, C]>
): F32<readonly [B, A, C]> => moveAxis(x, 1, 0)
export const pooled = <B extends number>(x: F32<readonly [B, 4, 4]>): F32<readonly [B, 2, 2]> =>
  reduceWindow(x, "max", { window: [1, 2, 2], strides: [1, 2, 2] })
export const said = <B extends number>(x: F32<readonly [B, 4, 4]>): F32<readonly [B, 4]> =>
  shaped(sum(x, 1), [x.shape[0], x.shape[1]])

/** Numbers of a dtype that is a type parameter. */
export const half = <D extends "f32" | "f64">(dtype: D): Tensor<D, readonly []> => scalar(0.5, dtype)
export const ofEither = <D extends "f32" | "i32">(dtype: D): Tensor<D, readonly [2]> => full([2], 1, dtype)

export const nestedInGenericCode = <B extends number, C extends number>(
  x: F32<readonly [B, C]>
): F32<readonly [B, C]> => vmap(vmap((r: F32) => sin(r)))(x)

/** A step of any parameters, of any shape, and by any argument. */
export const descend = <P extends Tree>(loss: (p: P) => F32, p: P): P => grad(loss)(p)
export const slopes = <S extends ReadonlyArray<number>>(x: F32<S>): F32<S> => grad((y: F32<S>) => sum(y))(x)
export const slopesOf = <D extends "f32" | "f64", N extends number>(p: { w: Tensor<D, readonly [N]> }) =>
  grad((q: { w: Tensor<D, readonly [N]> }) => sum(q.w))(p)
export const slopeBy = <N extends 0 | 1>(argnums: N, x: F32<[3]>) =>
  grad((a: F32<[3]>, b: F32<[3]>) => sum(mul(a, b)), { argnums })(x, x)
export const slopesOfAny = <A extends ReadonlyArray<Tree>>(loss: (...args: A) => F32, ...args: A) =>
  valueAndGrad(loss)(...args)[1]
