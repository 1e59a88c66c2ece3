import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, T, V } from "../language/functions.ts"

const { arrayEqual, cov, nonzero, searchsorted } = lc

export const search: Readonly<Record<string, Fn>> = {
  searches: (sorted: V, x: T) => [searchsorted(sorted, x), searchsorted(sorted, x, { side: "right" })],
  nonzeros: (x: T): ReadonlyArray<lc.Tensor> => [
    ...nonzero(x, { size: 5 }),
    ...nonzero(x, { size: 10, fill: -1 }),
    ...nonzero(lc.ravel(x), { size: 3 })
  ],
  arraysEqual: (x: V, y: V) => [arrayEqual(x, y), arrayEqual(x, x), arrayEqual(x, lc.sliceInDim(y, 0, 2))],
  covariances: (x: lc.F64<[3, 4]>) => [cov(x), cov(x, { ddof: 0 })]
}
