import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, T, V } from "../language/functions.ts"

const { at, bincount, digitize, histogram, histogramBinEdges, interp, reverse, sliceInDim } = lc
type I = lc.Tensor<"i32", readonly [number]>

export const bins: Readonly<Record<string, Fn>> = {
  bincounts: (x: I) => [6, 3, 0].map((length) => bincount(x, { length })),
  weighedBincounts: (x: I, weights: V) => [
    bincount(x, { weights, length: 6 }),
    bincount(x, { weights, length: 2 })
  ],
  digits: (x: T, e: V) => [
    digitize(x, e),
    digitize(x, e, { right: true }),
    digitize(x, reverse(e, 0)),
    digitize(x, reverse(e, 0), { right: true }),
    digitize(x, sliceInDim(e, 0, 1)),
    digitize(at(x, 0, 0).get(), e)
  ],
  histograms: (x: T, weights: T, e: V): ReadonlyArray<lc.Tensor> => [
    ...histogram(x, { bins: 4 }),
    ...histogram(x, { bins: 3, range: [-1, 2] }),
    ...histogram(x, { bins: 4, weights }),
    ...histogram(x, { bins: e, weights, density: true }),
    histogramBinEdges(x, { bins: 5 }),
    histogramBinEdges(x, { bins: 2, range: [1, lc.scalar(1, x.dtype)] }),
    histogramBinEdges(x, { bins: e })
  ],
  histogramsOfOdd: (x: V): ReadonlyArray<lc.Tensor> => [
    ...histogram(x, { bins: 4, range: [0, 4] }),
    ...histogram(sliceInDim(x, 0, 1)),
    ...histogram(sliceInDim(x, 0, 0), { bins: 2, range: [0, 1] })
  ],
  interps: (x: T, xs: V, ys: V) => [
    interp(x, xs, ys),
    interp(x, xs, ys, { left: 9, right: -7 }),
    ...(xs.shape[0] === 1
      ? []
      : [
          interp(x, xs, ys, { left: "extrapolate", right: "extrapolate" }),
          interp(x, xs, ys, { left: at(ys, 2).get(), right: "extrapolate" }),
          interp(at(x, 0, 0).get(), xs, ys)
        ])
  ],
  periodicInterps: (x: T, xs: V, ys: V) => [
    interp(x, xs, ys, { period: 3 }),
    interp(x, xs, ys, { period: -7.5 }),
    interp(at(x, 0).get(), sliceInDim(xs, 0, 1), sliceInDim(ys, 0, 1), { period: 2 })
  ]
}
