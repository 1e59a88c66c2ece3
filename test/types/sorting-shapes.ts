/** As function-shapes.ts, for sorts, sets, indices and sampled functions. This file compiles. */
import * as lc from "../../dsl/index.ts"
import { type Agreement, agree } from "../support/agree.ts"

const { scalar, zeros } = lc

const sorting = (): ReadonlyArray<Agreement> => {
  const a = zeros([3, 4], "f32")
  const v = zeros([4], "f32")
  const n = zeros([3, 4], "i32")
  const s = scalar(1, "f32")
  const [keys, values] = lc.sortKeyVal(n, [a, a])
  const [elements, inverse, counts] = lc.unique(a, { size: 5, returnInverse: true, returnCounts: true })
  const [row] = lc.trilIndices(4)
  const [i, j, k] = lc.unravelIndex(n, [2, 3, 4])
  return [
    agree(lc.lexsort([a, a]), "i32", [3, 4]),
    agree(keys, "i32", [3, 4]),
    agree(values[1], "f32", [3, 4]),
    agree(lc.unique(a, { size: 5 }), "f32", [5]),
    agree(elements, "f32", [5]),
    agree(inverse, "i32", [3, 4]),
    agree(counts, "i32", [5]),
    agree(lc.isin(a, v), "bool", [3, 4]),
    agree(lc.setdiff1d(a, v, { size: 5 }), "f32", [5]),
    agree(lc.flatnonzero(a, { size: 5 }), "i32", [5]),
    agree(lc.argwhere(a, { size: 5 }), "i32", [5, 2]),
    agree(lc.diagIndices(3)[1], "i32", [3]),
    agree(row, "i32", [10]),
    agree(i, "i32", [3, 4]),
    agree(j, "i32", [3, 4]),
    agree(k, "i32", [3, 4]),
    agree(lc.ravelMultiIndex([n, zeros([4], "i32")], [5, 6], { mode: "wrap" }), "i32", [3, 4]),
    agree(lc.fliplr(a), "f32", [3, 4]),
    agree(lc.columnStack([zeros([3], "f32"), a]), "f32", [3, 5]),
    agree(lc.columnStack([s, s]), "f32", [1, 2]),
    agree(
      lc.block([
        [a, zeros([3, 2], "f32")],
        [zeros([1, 4], "f32"), zeros([1, 2], "f32")]
      ]),
      "f32",
      [4, 6]
    ),
    agree(lc.block([v, s]), "f32", [5]),
    agree(lc.block(a), "f32", [3, 4]),
    agree(lc.blockDiag([a, v, s]), "f32", [5, 9]),
    agree(zeros(lc.broadcastShapes([3, 1], [4]), "f32"), "f32", [3, 4])
  ]
}

const sampled = (): ReadonlyArray<Agreement> => {
  const a = zeros([3, 4], "f32")
  const v = zeros([4], "f32")
  const [counts, edges] = lc.histogram(a, { bins: 5 })
  const [parts] = lc.histogram(a, { bins: v })
  const [down, across] = lc.gradient(a)
  return [
    agree(lc.bincount(zeros([9], "u8"), { length: 3 }), "i32", [3]),
    agree(lc.bincount(zeros([4], "u8"), { length: 3, weights: v }), "f32", [3]),
    agree(lc.digitize(a, v), "i32", [3, 4]),
    agree(counts, "f32", [5]),
    agree(edges, "f32", [6]),
    agree(parts, "f32", [3]),
    agree(lc.histogram(a)[0], "f32", [10]),
    agree(lc.histogramBinEdges(a), "f32", [11]),
    agree(lc.interp(a, v, v), "f32", [3, 4]),
    agree(lc.trapezoid(a), "f32", [3]),
    agree(lc.trapezoid(a, 0, { dx: 2 }), "f32", [4]),
    agree(down, "f32", [3, 4]),
    agree(across, "f32", [3, 4]),
    agree(lc.gradient(v), "f32", [4]),
    agree(lc.gradient(a, 1), "f32", [3, 4]),
    agree(lc.ediff1d(a), "f32", [11]),
    agree(lc.unwrap(a), "f32", [3, 4]),
    agree(lc.polyval(v, a), "f32", [3, 4]),
    agree(lc.polyval(zeros([5, 4], "f32"), zeros([3, 1], "f32")), "f32", [3, 4]),
    agree(lc.vander(v), "f32", [4, 4]),
    agree(lc.vander(v, { columns: 2 }), "f32", [4, 2]),
    agree(lc.convolve(v, zeros([6], "f32")), "f32", [9]),
    agree(lc.convolve(v, zeros([6], "f32"), { mode: "same" }), "f32", [6]),
    agree(lc.correlate(v, zeros([6], "f32")), "f32", [3]),
    agree(lc.cumlogsumexp(a), "f32", [3, 4]),
    agree(lc.corrcoef(a), "f32", [3, 3])
  ]
}

export const sortingShapes = (): ReadonlyArray<Agreement> => [...sorting(), ...sampled()]

/** Functions generic in their dimensions. */
type F32<S extends ReadonlyArray<number>> = lc.Tensor<"f32", S>

export const generic = {
  counted: <N extends number>(x: lc.I32<readonly [N]>): lc.I32<readonly [8]> => lc.bincount(x, { length: 8 }),
  read: <N extends number, M extends number>(x: F32<readonly [N]>, t: F32<readonly [M]>): F32<readonly [N]> =>
    lc.interp(x, t, t),
  distinct: <N extends number>(x: F32<readonly [N]>): F32<readonly [5]> => lc.unique(x, { size: 5 }),
  pairs: <N extends number>(x: F32<readonly [N]>): readonly [F32<readonly [N]>, lc.I32<readonly [N]>] =>
    lc.sortKeyVal(x, lc.argsort(x)),
  area: <N extends number, M extends number>(y: F32<readonly [N, M]>): F32<readonly [N]> => lc.trapezoid(y),
  sloped: <N extends number>(x: F32<readonly [N]>): F32<readonly [N]> => lc.gradient(x),
  horner: <N extends number, S extends ReadonlyArray<number>>(p: F32<readonly [N]>, x: F32<S>): F32<S> =>
    lc.polyval(p, x),
  logs: <S extends ReadonlyArray<number>>(x: F32<S>): F32<S> => lc.cumlogsumexp(x)
}
