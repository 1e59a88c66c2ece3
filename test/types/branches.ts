/** Branches, conditions and combining functions, whose checks must let these pass. This file compiles. */
import { expectTypeOf } from "vitest"
import type { F32, Tensor } from "../../pjrt/loopcarry.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const { add, associativeScan, cond, gt, lt, maximum, mul, neg, random, scalar, scan, sum } = lc
const { switchCase, whileLoop, zeros } = lc

type V = F32<[3]>
const v = zeros([3], "f32")
const i = scalar(0, "i32")
declare const loose: Tensor<"f32">

// A case of less known shape than another, and the other way round.
switchCase(i, [() => ({ a: loose, b: loose }), () => ({ a: v, b: loose }), () => ({ a: loose, b: v })])
expectTypeOf(
  switchCase(i, [() => v, () => random.normal(random.key(0), [3]), () => mul(v, 2)])
).toEqualTypeOf<V>()
switchCase(i, [
  () => ({ a: v, b: [v, i] }),
  () => ({ a: add(v, 1), b: [neg(v), i] }),
  () => ({ a: mul(v, v), b: [v, add(i, 1)] })
])
expectTypeOf(switchCase(i, [(x) => x, (x) => neg(x), (x) => mul(x, 2)], v)).toEqualTypeOf<V>()
switchCase(i, [lc.sin, lc.cos, lc.exp], v)
const cases = [(x: V) => x, (x: V) => neg(x)]
switchCase(i, [cases[0]!, ...cases], v)
expectTypeOf(switchCase(i, [() => v])).toEqualTypeOf<V>()

// Operations passed whole.
expectTypeOf(associativeScan(add, v)).toEqualTypeOf<V>()
expectTypeOf(associativeScan(maximum, v)).toEqualTypeOf<V>()
associativeScan(([a, b], [c, d]) => [mul(a, c), add(mul(b, c), d)], [v, v])
associativeScan((x, y) => ({ a: mul(x.a, y.a), b: add(mul(x.b, y.a), y.b) }), { a: v, b: v })

// A condition of a shape that is not known, which tracing looks at.
export const open = (p: Tensor<"bool">) =>
  cond(
    p,
    () => v,
    () => neg(v)
  )
open(gt(sum(v), 0))

export const generic = <D extends "f32" | "f64", N extends number>(
  x: Tensor<D, readonly [N]>,
  p: Tensor<"bool", readonly []>
) =>
  [
    cond(
      p,
      () => x,
      () => mul(x, 2)
    ),
    whileLoop(
      (y) => lt(sum(y), 3),
      (y) => add(y, 1),
      x
    ),
    switchCase(i, [() => x, () => neg(x), () => mul(x, x)]),
    associativeScan((a, b) => add(a, b), x)
  ] as const

// Bodies that say their types.
const body = (c: V, x: F32): readonly [V, F32] => [add(c, x), x]
scan(v, v, body)
const mutable = (c: V, x: F32): [V, F32] => [add(c, x), x]
scan(v, v, mutable)
