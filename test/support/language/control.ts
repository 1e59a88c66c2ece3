import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, S, T, V } from "./functions.ts"

const { add, arange, cond, div, fori, gt, lt, mul, scan, scalar, sin, sub, sum, tanh, whileLoop } = lc
const XS = [0.3, -0.8, 1.2, 0.5, -0.1] as const
const xs = () => lc.constant(XS, "f64") as V
type M = lc.Tensor<"f64", readonly [2, 2]>
const half = () => scalar(0.5, "f64")

export const control: Readonly<Record<string, Fn>> = {
  scanSum: (c: S, xs: V) => scan(c, xs, (c, x) => [add(c, x), mul(c, x)]),
  scanReverse: (c: S, xs: V) => scan(c, xs, (c, x) => [mul(sin(c), x), add(c, x)], { reverse: true }),
  scanReverseMatrix: (c: M, xs: T) =>
    [1, 2].map((unroll) =>
      scan(c, xs, (c, x) => [lc.matmul(c, x as M) as M, lc.matmul(x as M, c)], { reverse: true, unroll })
    ),
  scanReverseArange: (c: S) =>
    scan(c, lc.arange(3, 11, 2, "f64"), (c, k) => [mul(sin(c), k), add(c, k)], { reverse: true }),
  scanClosure: (c: S, w: S, xs: V) => scan(c, xs, (c, x) => [tanh(add(mul(c, w), x)), mul(c, w)]),
  scanUnroll: (c: S, w: S, xs: V) => scan(c, xs, (c, x) => [tanh(add(mul(c, w), x)), c], { unroll: 2 }),
  scanTree: (a: S, b: V, xs: V) =>
    scan({ p: a, q: [b, null] }, { u: xs, v: null }, (c, x) => {
      const q = c.q[0] as V
      return [{ p: mul(c.p, x.u), q: [add(q, c.p), null] }, { o: q }]
    }),
  scanRnn: (w: T, u: T, h: V, xs: lc.Tensor<"f64", readonly [number, number]>) =>
    scan(h, xs, (h, x) => [tanh(add(lc.matmul(w, h), lc.matmul(u, x))) as V, h]),
  scanNone: (c: S) => scan(c, null, (c) => [mul(3.7, mul(c, sub(1, c))), c], { length: 6 }),
  scanEmpty: (c: S, xs: V) => scan(c, xs, (c, x) => [mul(c, x), c]),
  scanOne: (c: S, xs: V) => scan(c, xs, (c, x) => [mul(c, x), c]),
  scanNested: (c: S, xs: V) => scan(c, xs, (c, x) => scan(c, mul(xs, x), (d, y) => [add(mul(d, y), x), d])),
  scanArange: (c: S) => scan(c, arange(4, "f64"), (c, k) => [add(mul(c, 1.1), k), div(c, add(k, 1))]),
  scanIgnoresCarry: (xs: V) => scan(scalar(0, "f64"), xs, (c, x) => [c, add(mul(2, x), 1)]),
  scanUnusedX: (c: S, xs: V) => scan(c, xs, (c) => [mul(c, 2), c]),
  scanIntCarry: (c: S, xs: V) => scan([scalar(0, "i32"), c], xs, ([n, c], x) => [[add(n, 1), mul(c, x)], n]),
  scanMatrix: (a: T, xs: lc.Tensor<"f64", readonly [number, 2, 2]>) =>
    scan(lc.eye(2, "f64") as T, xs, (c, x) => [add(lc.matmul(a, c), x as T) as T, sum(mul(c, x as T))]),
  scanCond: (c: S, xs: V) =>
    scan(c, xs, (c, x) => [
      cond(
        gt(x, 0),
        () => mul(c, x),
        () => sub(c, x)
      ),
      c
    ]),
  scanWhile: (c: S, xs: V) =>
    scan(c, xs, (c, x) => [
      whileLoop(
        (v) => lt(v, 3),
        (v) => mul(v, 2),
        add(mul(c, x, x), 0.1)
      ),
      c
    ]),
  scanGrad: (c: S, xs: V) =>
    scan(c, xs, (c, x) => {
      const slope = lc.grad((w: S) => lc.square(sub(mul(w, x), 1)))(c)
      return [sub(c, mul(0.1, slope)), c]
    }),
  scanVmap: (c: V, xs: V) => scan(c, xs, (c, x) => [lc.vmap((u: S) => sin(mul(u, x)))(c) as V, c]),
  scanIndexing: (x: V) =>
    scan(x, arange(1, 4, "i32"), (c, k) => [
      lc.at(c, k).add(mul(lc.take(c, sub(k, 1)) as S, 0.5)),
      lc.take(c, k)
    ]),
  scanTwoCarries: (a: S, b: S) => scan([a, b], null, ([a, b]) => [[b, add(a, b)], mul(a, b)], { length: 5 }),
  whileDouble: (x: S) =>
    whileLoop(
      (v) => lt(v, 100),
      (v) => mul(v, x),
      x
    ),
  whileTree: (x: V) =>
    whileLoop(
      (c) => lt(c.n, 5),
      (c) => ({ n: add(c.n, 1), v: add(sin(c.v), x) }),
      { n: scalar(0, "i32"), v: x }
    ),
  whileClosure: (x: V, y: S) =>
    whileLoop(
      (v) => lt(sum(v), y),
      (v) => add(mul(v, 1.5), x),
      x
    ),
  whileNever: (x: S) =>
    whileLoop(
      (v) => lt(v, 0),
      (v) => mul(v, 2),
      x
    ),
  foriPower: (x: S) => fori(0, 5, (k, v) => add(mul(v, x), lc.convert(k, "f64")), x),
  foriTraced: (x: S, n: lc.Tensor<"i32", readonly []>) => fori(0, n, (_, v) => mul(v, x), x),
  condBoth: (x: S) => [
    cond(
      gt(x, 0),
      () => sin(x),
      () => mul(x, x)
    ),
    cond(
      gt(x, 5),
      () => sin(x),
      () => mul(x, x)
    )
  ],
  condOperands: (x: S, y: S) =>
    cond(
      lt(x, y),
      (a: S, b: S) => [mul(a, b), a],
      (a: S, b: S) => [div(a, b), b],
      x,
      y
    ),
  condNested: (x: S) =>
    cond(
      gt(x, 0),
      () =>
        cond(
          gt(x, 1),
          () => mul(x, x, x),
          () => x
        ),
      () => lc.neg(x)
    ),
  condScan: (x: S) =>
    cond(
      gt(x, 0),
      () => scan(x, xs(), (c, k) => [add(mul(c, x), k), c]),
      () => [x, xs()]
    ),
  switch: (k: lc.Tensor<"i32", readonly []>, x: S) =>
    lc.switchCase(k, [() => x, () => mul(x, x), () => lc.exp(x)]),
  map: (xs: V, w: S) => lc.map((x) => mul(sin(x), w), xs),
  associativeAdd: (xs: V) => [
    lc.associativeScan((a, b) => add(a, b), xs),
    lc.associativeScan((a, b) => mul(a, b), xs, { reverse: true })
  ],
  associativeLinear: (a: V, b: V) =>
    lc.associativeScan(([la, lb], [ra, rb]) => [mul(ra, la), add(mul(ra, lb), rb)] as [V, V], [a, b] as [
      V,
      V
    ]),
  associativeMatrix: (x: T) => lc.associativeScan((a, b) => lc.matmul(a, b), x),
  associativeReverse: (x: T) => lc.associativeScan((a, b) => lc.matmul(a, b), x, { reverse: true }),
  associativeAxis: (x: T) => [1, -3].flatMap((axis) => bothWays((a: T, b: T) => lc.matmul(a, b), x, axis)),
  associativeTree: (a: T, v: T) => bothWays(affine, [a, v] as const),
  associativeLengths: (x: T) =>
    [0, 3, 6, 9].map((n) => bothWays((a: T, b: T) => lc.matmul(a, b), lc.slice(x, [0, 0, 0], [n, 2, 2]))),

  gradGrad: (x: S) => lc.grad(lc.grad((y: S) => mul(sin(y), mul(y, y, y))))(x),
  hessian: (x: V) => lc.hessian((x: V) => sum(mul(sin(x), mul(x, x))))(x),
  jacobians: (x: V) => [
    lc.jacfwd((v: V) => lc.cumsum(mul(v, v)))(x),
    lc.jacrev((v: V) => lc.cumsum(mul(v, v)))(x)
  ],
  vmapGrad: (x: V, w: S) =>
    lc.vmap(
      lc.grad((a: S, b: S) => tanh(mul(a, b))),
      { in: [0, null] }
    )(x, w),
  gradVmap: (x: V, w: S) => lc.grad((w: S) => sum(lc.vmap((a: S) => tanh(mul(a, w)))(x) as V))(w),
  jvpVjp: (x: V) => lc.jvp((y: V) => lc.vjp((z: V) => sin(z), y)[1](y)[0], [x], [mul(x, 2)]),
  gradScanHessian: (w: V) =>
    lc.hessian((w: V) => {
      const [a, b] = [lc.take(w, 0) as S, lc.take(w, 1) as S]
      return scan(half(), xs(), (c, x) => [sin(add(mul(c, a), mul(x, b))), null])[0]
    })(w),
  linearize: (x: V) => {
    const [y, push] = lc.linearize((v: V) => mul(sin(v), v), x)
    return [y, push(x), push(mul(x, 3))]
  },
  vmapVmap: (a: V, b: V) =>
    lc.vmap(lc.vmap((u: S, v: S) => mul(u, v), { in: [0, null] }) as (a: V, b: S) => V, { in: [null, 0] })(
      a,
      b
    ),
  vmapAxes: (a: T, b: T) =>
    lc.vmap((u: V, v: V) => lc.einsum("i,j->ij", u, v), { in: [1, 0], out: 2 })(a as never, b as never),
  customVjp: (x: V) => mul(clipped(x), 2),
  customVjpVmapGrad: (x: V) => lc.vmap(lc.grad((x: S) => clipped(x) as S))(x)
}

const bothWays = <const E extends lc.Tree>(fn: (a: E, b: E) => E, x: E, axis = 0): ReadonlyArray<E> =>
  [false, true].map((reverse) => lc.associativeScan(fn as never, x, { axis, reverse }))

/** One affine map after another, which does not commute: matrices and vectors. */
const affine = ([la, lv]: readonly [T, T], [ra, rv]: readonly [T, T]): readonly [T, T] => [
  lc.matmul(ra, la),
  add(lc.squeeze(lc.matmul(ra, lc.expandDims(lv, -1)), -1), rv) as T
]

const clipped = (x: T): T =>
  lc.customVjp((x: T) => sin(x), {
    forward: (x: T) => [sin(x), x],
    backward: (x: T, ct) => [lc.clamp(-0.5, mul(ct as T, lc.cos(x)), 0.5)]
  })(x)
