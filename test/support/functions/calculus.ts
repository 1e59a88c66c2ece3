import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, S, T, V } from "../language/functions.ts"

const { at, convolve, correlate, cumlogsumexp, ediff1d, gradient, polyval, sliceInDim, trapezoid, unwrap } =
  lc
const { vander } = lc

const row = (x: T) => at(x, 0).get()
const list = (x: lc.Tensor | ReadonlyArray<lc.Tensor>): ReadonlyArray<lc.Tensor> =>
  Array.isArray(x) ? x : [x as lc.Tensor]
const columns = (x: T, count: number) => sliceInDim(x, 0, count, 1, 1)

export const calculus: Readonly<Record<string, Fn>> = {
  trapezoids: (y: T, x: V) => [
    trapezoid(y),
    trapezoid(y, 0),
    trapezoid(y, 0, { dx: 0.25 }),
    trapezoid(y, -1, { x }),
    trapezoid(y, 0, { x: sliceInDim(x, 0, 3) }),
    trapezoid(y, 0, { x: lc.mul(y, y) }),
    trapezoid(row(y), 0, { dx: at(x, 1).get() }),
    trapezoid(columns(y, 1)),
    trapezoid(sliceInDim(y, 0, 2), 0, { x: sliceInDim(x, 0, 2) })
  ],
  gradients: (y: T, x: V, h: S): ReadonlyArray<lc.Tensor> => [
    ...list(gradient(y)),
    gradient(y, 0),
    gradient(y, -1, { spacing: 0.5 }),
    gradient(y, 1, { spacing: x }),
    ...list(gradient(y, undefined, { spacing: [2, x] })),
    ...list(gradient(row(y))),
    gradient(sliceInDim(y, 0, 2), 0),
    ...list(gradient(y, [1, 0], { spacing: h })),
    gradient(sliceInDim(y, 0, 2), 0, { spacing: sliceInDim(x, 0, 2) })
  ],
  differences: (x: T, e: V) => [
    ediff1d(x),
    ediff1d(x, { toEnd: e, toBegin: lc.add(e, e) }),
    ediff1d(sliceInDim(x, 0, 0)),
    ediff1d(at(x, { stop: 1 }, { stop: 1 }).get(), { toEnd: at(e, 0).get() })
  ],
  unwraps: (x: T) => [
    unwrap(x),
    unwrap(x, 0),
    unwrap(x, -1, { period: 5 }),
    unwrap(x, 0, { discont: 4 }),
    unwrap(columns(x, 1)),
    unwrap(columns(x, 0))
  ],
  polynomials: (p: V, x: V) => [
    polyval(p, x),
    polyval(sliceInDim(p, 0, 1), x),
    polyval(sliceInDim(p, 0, 0), x),
    polyval(lc.stack([p, lc.add(p, p)], 1), lc.expandDims(x, 1)),
    polyval(p, at(x, 0).get())
  ],
  powers: (x: V) => [
    vander(x),
    vander(x, { columns: 2 }),
    vander(x, { columns: 5, increasing: true }),
    vander(x, { columns: 0 })
  ],
  sliding: (a: V, b: V) =>
    [convolve, correlate].flatMap((slide) =>
      (
        [
          [a, b],
          [b, a],
          [a, sliceInDim(b, 0, 2)]
        ] as const
      ).flatMap(([x, y]) => (["full", "same", "valid"] as const).map((mode) => slide(x, y, { mode })))
    ),
  slidingDefaults: (a: V, b: V) => [convolve(a, b), correlate(a, b)],
  cumlogsumexps: (x: T) => [
    cumlogsumexp(x),
    cumlogsumexp(x, 1),
    cumlogsumexp(x, 1, { reverse: true }),
    cumlogsumexp(row(x)),
    cumlogsumexp(columns(x, 0), 1)
  ],
  correlations: (x: lc.F64<[3, 4]>) => lc.corrcoef(x)
}
