import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, S, T, V } from "../language/functions.ts"

const { at, dot, inner, kron, outer, tensordot, transpose } = lc
type M = lc.Tensor<"f64", readonly [number, number]>

export const products: Readonly<Record<string, Fn>> = {
  moreProducts: (a: T, t: T, v: V, s: S) => [
    outer(a, v),
    inner(t, a),
    inner(s, a),
    inner(v, t),
    dot(t, transpose(a)),
    dot(a, v),
    dot(a, s),
    lc.vdot(a, lc.mul(a, 2)),
    kron(a, lc.sliceInDim(a, 0, 2)),
    kron(v, a),
    kron(s, v)
  ],
  tensordots: (a: T, t: T) => [
    tensordot(a, a),
    tensordot(t, transpose(a), 1),
    tensordot(a, lc.add(a, 2), 0),
    tensordot(t, t, [
      [0, -1],
      [0, 2]
    ]),
    tensordot(a, t, [[0], [1]])
  ],
  crosses: (a: M, b: M) => [
    lc.cross(a, b),
    lc.cross(transpose(a), transpose(b), 0),
    lc.cross(a, lc.sliceInDim(b, 0, 1)),
    lc.cross(a, at(b, 1).get())
  ],
  emptyProducts: (a: V) => [outer(a, a), inner(a, a), dot(a, a), kron(a, a)]
}
