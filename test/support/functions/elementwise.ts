import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, T, V } from "../language/functions.ts"

export const elementwise: Readonly<Record<string, Fn>> = {
  isCloseOptions: (a: T, b: T) => lc.isClose(a, b, { rtol: 0.1, atol: 0.5, equalNan: true }),
  nanToNumOptions: (x: T) => lc.nanToNum(x, { nan: 1.5, posInf: 7, negInf: -8 }),
  clipLow: (x: T) => [lc.clip(x, -1), lc.clip(x, null, 1), lc.clip(x)],
  selects: (x: V, y: V) => [
    lc.selectFirst([lc.lt(x, -1), lc.lt(x, 1)], [lc.mul(x, y), y], 2),
    lc.selectFirst([lc.gt(x, 0)], [x]),
    lc.selectFirst(
      [lc.gt(lc.slice(x, [0], [1]), 0), lc.expandDims(lc.gt(x, 1), 1)],
      [y, x],
      lc.expandDims(x, 1)
    ),
    lc.selectFirst([lc.gt(x, 3), lc.scalar(true, "bool")], [x, y], 0)
  ],
  pieces: (x: V) => [
    lc.piecewise(x, [lc.lt(x, 0), lc.gt(x, -1)], [lc.neg, (y) => lc.mul(y, y), 3]),
    lc.piecewise(x, [lc.gt(x, 0)], [(y) => lc.add(y, 1)]),
    lc.piecewise(x, [lc.eq(x, x), lc.gt(x, 100)], [5, lc.neg])
  ]
}
