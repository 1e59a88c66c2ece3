import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, S, T, V } from "./functions.ts"

const { add, arange, cond, div, fori, gt, lt, mul, scan, scalar, sin, sub, sum, tanh, vmap, whileLoop } = lc

const XS = [0.3, -0.8, 1.2, 0.5, -0.1] as const
const fixed = () => lc.constant(XS, "f64") as V
const step =
  (w: S | number) =>
  (c: S, x: S): readonly [S, S] => [tanh(add(mul(c, w as S), x)), mul(c, x)]

/** Loops over batches of which only a part is batched, and loops within loops. */
export const batches: Readonly<Record<string, Fn>> = {
  vmapScanCarry: (c: V, w: S, xs: V) => vmap((c: S) => scan(c, xs, step(w)))(c),
  vmapScanXs: (c: S, w: S, xs: V) =>
    vmap((xs: V) => scan(c, xs, step(w)), { in: 1 })(lc.stack([xs, mul(xs, 2)], 1) as never),
  vmapScanConst: (c: S, w: V, xs: V) => vmap((w: S) => scan(c, xs, step(w)))(w),
  vmapScanOutputOnly: (c: S, w: V) =>
    vmap((w: S) => scan(c, null, (c) => [mul(c, 0.5), mul(w, c)], { length: 3 }))(w),
  vmapScanReverse: (c: V, xs: V) => vmap((c: S) => scan(c, xs, step(0.7), { reverse: true }))(c),
  vmapScanArange: (s: V) =>
    vmap((s: S) => scan(scalar(0, "f64"), add(arange(4, "f64"), s), (c, k) => [add(c, mul(k, s)), c]))(s),
  vmapWhileCondConst: (x: S, y: V) =>
    vmap((y: S) =>
      whileLoop(
        (v) => lt(v, y),
        (v) => add(mul(v, 2), 1),
        x
      )
    )(y),
  vmapWhileBodyConst: (x: S, y: V) =>
    vmap((y: S) =>
      whileLoop(
        (v) => lt(v, 10),
        (v) => add(mul(v, y), 1),
        x
      )
    )(y),
  vmapWhileUnbatchedCond: (x: V) =>
    vmap((x: S) =>
      whileLoop(
        ([n]) => lt(n, 4),
        ([n, v]) => [add(n, 1), add(sin(v), x)],
        [scalar(0, "i32"), x]
      )
    )(x),
  vmapCondPredicate: (x: V, y: S) =>
    vmap((x: S) =>
      cond(
        gt(x, 0),
        () => sin(mul(x, y)),
        () => div(y, x)
      )
    )(x),
  vmapCondOperand: (x: V, p: S) =>
    vmap((x: S) =>
      cond(
        gt(p, 0),
        (v: S) => sin(v),
        (v: S) => mul(v, v),
        x
      )
    )(x),
  vmapFori: (x: V, w: S) => vmap((x: S) => fori(0, 3, (k, v) => add(mul(v, w), lc.convert(k, "f64")), x))(x),
  vmapNestedScan: (x: V, xs: V) =>
    vmap((x: S) => scan(x, xs, (c, y) => scan(c, xs, (d, z) => [add(mul(d, z), x), mul(d, y)])))(x),
  scanIntXs: (c: S) => scan(c, arange(4, "i32"), (c, k) => [mul(c, lc.convert(add(k, 1), "f64")), [c, k]]),
  scanConstantCarry: (c: S, xs: V) => scan(c, xs, (c, x) => [mul(2, x), c]),
  scanPassThrough: (c: S, xs: V) => scan(c, xs, (c, x) => [c, x]),
  scanSwap: (a: S, b: S, xs: V) => scan([a, b], xs, ([a, b], x) => [[mul(b, x), a], a]),
  scanOfScanClosures: (w: S, xs: V) =>
    scan(w, xs, (c, x) => [scan(c, xs, (d, y) => [sin(add(mul(d, w), mul(x, y))), null])[0], mul(c, w)]),
  scanInScanCarry: (xs: V) =>
    scan(xs, xs, (c, x) => [
      add(c, scan(scalar(0, "f64"), c, (d, y) => [add(d, mul(y, x)), null])[0]),
      sum(c)
    ]),
  whileInCond: (x: S) =>
    cond(
      gt(x, 1),
      () =>
        whileLoop(
          (v) => lt(v, 5),
          (v) => mul(v, 2),
          x
        ),
      () => x
    ),
  condInWhile: (x: S) =>
    whileLoop(
      (v) => lt(v, 5),
      (v) =>
        cond(
          gt(v, 1),
          () => mul(v, 3),
          () => add(v, 0.5)
        ),
      x
    ),
  jvpOfScanOfWhile: (x: S) =>
    lc.jvp(
      (x: S) =>
        scan(
          x,
          null,
          (c) => [
            whileLoop(
              (v) => lt(v, 2),
              (v) => mul(v, 1.7),
              mul(c, 0.4)
            ),
            c
          ],
          { length: 3 }
        ),
      [x],
      [mul(x, 2)]
    ),
  gradOfVmapOfScan: (x: V, w: S) =>
    lc.grad((w: S) => sum(vmap((c: S) => scan(c, fixed(), step(w))[0])(x) as V))(w),
  jacfwdScan: (c: S) => lc.jacfwd((c: S) => scan(c, fixed(), step(0.7))[1])(c),
  jacrevScan: (xs: V) => lc.jacrev((xs: V) => scan(scalar(0.5, "f64"), xs, step(0.7))[1])(xs),
  mapOverTree: (xs: V) => lc.map((t) => ({ d: sub(t.a, 1), s: mul(t.a, t.b) }), { a: xs, b: mul(xs, 2) }),
  associativeMax: (x: T) => lc.associativeScan((a, b) => lc.maximum(a, b), x, { axis: 1 })
}
