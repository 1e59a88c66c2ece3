import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, T, V } from "../language/functions.ts"

const { all, any, cumprod, cumsum, max, mean, min, prod, std, sum, variance } = lc
type Holds = lc.Tensor<"bool">
type Bytes = lc.Tensor<"i8">
const keepDims = true

export const reductions: Readonly<Record<string, Fn>> = {
  wideSums: (x: Bytes) => [
    sum(x),
    sum(x, 0),
    sum(x, 1, { keepDims }),
    prod(x, 0),
    cumsum(x, 1),
    cumprod(x, 1),
    lc.countNonzero(x),
    lc.countNonzero(x, 0)
  ],
  sumDTypes: (x: Bytes) => [
    sum(x, undefined, { dtype: "i8" }),
    sum(x, 0, { dtype: "f32" }),
    prod(x, 0, { dtype: "i16" }),
    cumsum(x, 0, { dtype: "u8" })
  ],
  sumWhere: (x: T, where: Holds) => [
    sum(x, undefined, { where }),
    sum(x, 0, { where, initial: 2 }),
    prod(x, 1, { where, initial: 3 }),
    max(x, undefined, { where, initial: -9 }),
    min(x, 1, { where, initial: lc.scalar(9, x.dtype), keepDims }),
    max(x, 0, { initial: 0 }),
    sum(x, undefined, { where: lc.sliceInDim(where, 0, 1, 1, 1) })
  ],
  boolWhere: (x: Holds, where: Holds) => [
    all(x, undefined, { where }),
    any(x, 0, { where }),
    all(x, 1, { where }),
    max(x, undefined, { where, initial: false })
  ],
  emptyInitial: (x: T) => [
    max(x, undefined, { initial: -1 }),
    min(x, 1, { initial: 5 }),
    sum(x, 1),
    prod(x, 1),
    max(x, 0)
  ],
  means: (x: T, where: Holds) => [
    mean(x),
    mean(x, 1, { where }),
    mean(x, [0, 1], { keepDims }),
    mean(x, 0, { where, keepDims })
  ],
  variances: (x: T, where: Holds) => [
    variance(x, undefined, { correction: 1 }),
    variance(x, 1, { where }),
    variance(x, 0, { keepDims }),
    variance(x, 0, { ddof: 1, where, keepDims }),
    std(x),
    std(x, 1, { ddof: 1 }),
    std(x, 0, { where })
  ],
  nanReductions: (x: T) => [
    ...[undefined, 0, 1].map((axis) => lc.nansum(x, axis)),
    ...[undefined, 0, 1].map((axis) => lc.nanprod(x, axis)),
    ...[undefined, 0, 1].map((axis) => lc.nanmean(x, axis)),
    ...[undefined, 0, 1].map((axis) => lc.nanmax(x, axis)),
    ...[undefined, 0, 1].map((axis) => lc.nanmin(x, axis))
  ],
  nanVariances: (x: T) => [
    lc.nanvar(x),
    lc.nanvar(x, 1),
    lc.nanstd(x, 0),
    lc.nanstd(x, 0, { ddof: 1 }),
    lc.nanvar(x, 1, { keepDims })
  ],
  nanVarianceSlopes: (x: T) => {
    const rows = lc.sliceInDim(x, 0, 2)
    return [lc.nanvar(rows), lc.nanstd(rows, 1)]
  },
  averages: (x: T, weights: V) => [
    lc.average(x),
    lc.average(x, 1),
    lc.average(x, 0, { weights }),
    lc.average(x, undefined, { weights: lc.add(lc.mul(x, x), 1) }),
    lc.average(x, 0, { weights, keepDims })
  ],
  ptps: (x: T) => [lc.ptp(x), lc.ptp(x, 0), lc.ptp(x, 1, { keepDims })],
  quantiles: (x: T) => [
    lc.quantile(x, 0.3),
    lc.quantile(x, [0, 0.25, 1], 1),
    lc.quantile(x, 0.6, [0, 2], { keepDims }),
    lc.percentile(x, 35, -1),
    lc.median(x),
    lc.median(x, 0),
    lc.median(x, 1, { keepDims })
  ],
  quantileMethods: (x: T) =>
    (["lower", "higher", "midpoint", "nearest"] as const).flatMap((method) =>
      [0.3, 0.5, 0.9].map((q) => lc.quantile(x, q, 1, { method }))
    ),
  quantileNaN: (x: T) => [lc.median(x), lc.quantile(x, 0.25, 0), lc.median(x, 1)],
  nothing: (x: T) => [mean(x), std(x), lc.nansum(x), lc.nanmean(x), sum(x), lc.countNonzero(x)]
}
