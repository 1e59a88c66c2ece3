import { describe, expect, it } from "vitest"
import * as lc from "../../dsl/index.ts"
import { type Loose, refusal } from "../support/refused.ts"

const { bool, c64, f32, f64, i32 } = lc

type Case = readonly [
  text: string,
  specs: ReadonlyArray<lc.Spec>,
  fn: (...args: ReadonlyArray<Loose>) => unknown
]

const elementwise: ReadonlyArray<Case> = [
  ["DTypeError: floorDivide: dtypes differ: f32[3] and i32[3]", [f32(3), i32(3)], lc.floorDivide],
  ["ShapeError: mod: shapes do not broadcast: f32[3] and f32[2]", [f32(3), f32(2)], lc.mod],
  [
    "DTypeError: mod: takes floats, signed integers or unsigned integers, not c64[]",
    [c64()],
    (z) => lc.mod(z, z)
  ],
  ["ValueError: divmod: 1.5 is not an integer", [i32(2)], (n) => lc.divmod(n, 1.5)],
  ["DTypeError: isNan: takes floats or complex numbers, not i32[2]", [i32(2)], lc.isNan],
  ["DTypeError: isPosInf: takes floats, not c64[2]", [c64(2)], lc.isPosInf],
  ["DTypeError: signbit: takes", [bool(2)], lc.signbit],
  ["DTypeError: isClose: dtypes differ: f32[3] and f64[3]", [f32(3), f64(3)], lc.isClose],
  ["ValueError: isClose: rtol is NaN", [f32(3)], (x) => lc.isClose(x, x, { rtol: Number.NaN })],
  ["ValueError: nanToNum: ", [f32(3)], (x) => lc.nanToNum(x, { nan: "0" } as Loose)],
  ["DTypeError: log2: takes floats or complex numbers, not i32[2]", [i32(2)], lc.log2],
  ["DTypeError: logaddexp: takes floats, not i32[2]", [i32(2)], (n) => lc.logaddexp(n, n)],
  ["DTypeError: hypot: takes floats, not i32[2]", [i32(2)], (n) => lc.hypot(n, n)],
  ["DTypeError: asin: takes floats or complex numbers, not i32[2]", [i32(2)], lc.asin],
  ["DTypeError: reducePrecision: takes floats, not i32[2]", [i32(2)], (n) => lc.reducePrecision(n, 5, 2)],
  ["ShapeError: reducePrecision: the exponent is 0", [f32(2)], (x) => lc.reducePrecision(x, 0, 2)],
  ["DTypeError: angle: takes floats or complex numbers, not i32[2]", [i32(2)], lc.angle],
  ["DTypeError: clip: dtypes differ: f32[3] and f64[]", [f32(3), f64()], lc.clip],
  ["ValueError: clip: 1.5 is not an integer", [i32(3)], (n) => lc.clip(n, 1.5)],
  [
    "ShapeError: clip: shapes do not broadcast: f32[3] and f32[2]",
    [f32(3), f32(2)],
    (x, y) => lc.clip(x, null, y)
  ]
]

const choices: ReadonlyArray<Case> = [
  [
    "ValueError: selectFirst: 1 conditions for 2 choices",
    [bool(3), f32(3)],
    (c, x) => lc.selectFirst([c], [x, x])
  ],
  ["ValueError: selectFirst: 0 conditions for 0 choices", [], () => lc.selectFirst([], [])],
  ["DTypeError: selectFirst: condition 0 is f32[3], not bool", [f32(3)], (x) => lc.selectFirst([x], [x])],
  [
    "DTypeError: selectFirst: dtypes differ: f32[3] and i32[3]",
    [bool(3), f32(3), i32(3)],
    (c, x, n) => lc.selectFirst([c, c], [x, n])
  ],
  [
    "ShapeError: selectFirst: shapes do not broadcast: bool[2] and f32[3]",
    [bool(2), f32(3)],
    (c, x) => lc.selectFirst([c], [x])
  ],
  [
    "ValueError: piecewise: 3 pieces for 1 conditions",
    [bool(3), f32(3)],
    (c, x) => lc.piecewise(x, [c], [1, 2, 3])
  ],
  [
    "ShapeError: piecewise: bool[2] does not broadcast to f32[3]",
    [bool(2), f32(3)],
    (c, x) => lc.piecewise(x, [c], [1])
  ],
  [
    "DTypeError: piecewise: dtypes differ: f32[3] and bool[3]",
    [bool(3), f32(3)],
    (c, x) => lc.piecewise(x, [c], [c])
  ],
  ["ValueError: piecewise: ", [bool(3), i32(3)], (c, n) => lc.piecewise(n, [c], [1.5])],
  [
    "ShapeError: conv: groups is 2 and batchGroups 2",
    [f32(4, 4, 3), f32(4, 2, 1)],
    (x, k) => lc.conv(x, k, { groups: 2, batchGroups: 2 })
  ],
  ["ShapeError: conv: ", [f32(3, 1, 3), f32(2, 1, 1)], (x, k) => lc.conv(x, k, { batchGroups: 2 })],
  [
    "ValueError: convTranspose: padding is",
    [f32(1, 1, 3), f32(1, 1, 2)],
    (x, k) => lc.convTranspose(x, k, { padding: "sameLower" as Loose })
  ],
  ["DTypeError: hfft: takes complex numbers, not f32[3]", [f32(3)], lc.hfft],
  ["DTypeError: ihfft: takes floats, not c64[3]", [c64(3)], lc.ihfft],
  ["ShapeError: hfft: axis 1 is out of range", [c64(3)], (z) => lc.hfft(z, { axis: 1 })]
]

const creation: ReadonlyArray<Case> = [
  ["ValueError: zerosLike: x is 3, not a tensor", [], () => lc.zerosLike(3 as Loose)],
  ["DTypeError: onesLike: f99 is no dtype", [f32(2)], (x) => lc.onesLike(x, "f99" as Loose)],
  ["ValueError: fullLike: 1.5 is not an integer", [i32(2)], (n) => lc.fullLike(n, 1.5)],
  ["ShapeError: eye: columns is -1", [], () => lc.eye(3, "f32", { columns: -1 })],
  ["ShapeError: tri: diagonal is 0.5", [], () => lc.tri(3, "f32", { diagonal: 0.5 })],
  ["DTypeError: logspace: takes floats, not i32[]", [], () => lc.logspace(0, 1, 3, "i32" as Loose)],
  ["ValueError: geomspace: no constant factor goes from -1 to 1", [], () => lc.geomspace(-1, 1, 3)],
  ["ShapeError: meshgrid: f32[2,3] is no vector", [f32(2, 3)], (x) => lc.meshgrid([x])],
  ["ValueError: meshgrid: indexing is", [f32(2)], (x) => lc.meshgrid([x], { indexing: "yx" as Loose })],
  ["ShapeError: broadcastedIota: axis 2 is out of range", [], () => lc.broadcastedIota([2, 3], 2)],
  ["ShapeError: diag: f32[2,3,4] is no vector and no matrix", [f32(2, 3, 4)], (x) => lc.diag(x)],
  ["ShapeError: diagonal: f32[3] holds no matrices", [f32(3)], (x) => lc.diagonal(x)],
  ["ShapeError: diagonal: an axis is named twice", [f32(3, 3)], (x) => lc.diagonal(x, { axis2: 0 })],
  ["ShapeError: matrixTrace: f32[3] holds no matrices", [f32(3)], (x) => lc.matrixTrace(x)]
]

const layout: ReadonlyArray<Case> = [
  ["ShapeError: repeat: 2 counts for axis 0 of f32[3]", [f32(3)], (x) => lc.repeat(x, [1, 2])],
  ["ShapeError: repeat: repeats is -1", [f32(3)], (x) => lc.repeat(x, -1)],
  ["ShapeError: unstack: axis 1 is out of range for f32[3]", [f32(3)], (x) => lc.unstack(x, 1)],
  ["ShapeError: unstack: axis 0 of f32[100000] is 100000 long", [f32(100_000)], (x) => lc.unstack(x)],
  [
    "ShapeError: searchsorted: f32[2,3] is no vector",
    [f32(2, 3)],
    (x) => lc.searchsorted(x as Loose, x as Loose)
  ],
  ["DTypeError: searchsorted: dtypes differ", [f32(3), i32(3)], (x, y) => lc.searchsorted(x, y as Loose)],
  ["ValueError: searchsorted: side is", [f32(3)], (x) => lc.searchsorted(x, x, { side: "middle" } as Loose)],
  ["ShapeError: nonzero: size is -1", [f32(3)], (x) => lc.nonzero(x, { size: -1 })],
  ["DTypeError: arrayEqual: dtypes differ", [f32(3), i32(3)], (x, y) => lc.arrayEqual(x, y as Loose)],
  ["ShapeError: cov: f32[3] is no matrix", [f32(3)], (x) => lc.cov(x as Loose)],
  ["ValueError: size: x is 3", [], () => lc.scalar(lc.size(3 as Loose), "f32")],
  ["ShapeError: swapAxes: axis 2 is out of range for f32[3,4]", [f32(3, 4)], (x) => lc.swapAxes(x, 0, 2)],
  ["ShapeError: hstack: ", [f32(2, 3), f32(3, 3)], (x, y) => lc.hstack([x, y])],
  ["DTypeError: vstack: dtypes differ: f32[1,3] and i32[1,3]", [f32(3), i32(3)], (x, y) => lc.vstack([x, y])],
  ["ShapeError: dstack: nothing is given", [], () => lc.dstack([])],
  ["ShapeError: broadcastArrays: shapes do not", [f32(2), f32(3)], (x, y) => lc.broadcastArrays([x, y])],
  ["ShapeError: rot90: axis 1 is out of range for f32[3]", [f32(3)], (x) => lc.rot90(x)],
  ["ShapeError: diff: the order is -1", [f32(3)], (x) => lc.diff(x, -1)],
  ["ShapeError: sliceInDim: the step is 0", [f32(3)], (x) => lc.sliceInDim(x, 0, 1, 0)],
  ["ShapeError: sliceInDim: the start is 0.5", [f32(3)], (x) => lc.sliceInDim(x, 0.5, 1)],
  ["ShapeError: dynamicSliceInDim: 4 elements", [f32(3)], (x) => lc.dynamicSliceInDim(x, 0, 4)],
  ["ShapeError: dynamicIndexInDim: 1 element from 3", [f32(3)], (x) => lc.dynamicIndexInDim(x, 3)],
  [
    "ShapeError: dynamicUpdateIndexInDim: f32[2,3] is no part of f32[4,3]",
    [f32(4, 3), f32(2, 3)],
    (x, u) => lc.dynamicUpdateIndexInDim(x, u, 0)
  ],
  ["ShapeError: at: the step is 0", [f32(3)], (x) => lc.at(x, { step: 0 })],
  ["ShapeError: at: { from: 1 } is no slice", [f32(3)], (x) => lc.at(x, { from: 1 } as Loose)],
  ["ShapeError: at: the stop is 1.5", [f32(3)], (x) => lc.at(x, { stop: 1.5 })],
  ["ShapeError: at: f32[3] does not broadcast to [2]", [f32(3)], (x) => lc.at(x, { stop: 2 }).set(x)],
  ["ShapeError: at: index 3 is out of range on axis 1", [f32(3, 3)], (x) => lc.at(x, {}, 3)]
]

const products: ReadonlyArray<Case> = [
  ["DTypeError: outer: dtypes differ: f32[3] and i32[3]", [f32(3), i32(3)], lc.outer],
  ["ShapeError: inner: axis 0 of f32[3] and axis 0 of f32[2] differ", [f32(3), f32(2)], lc.inner],
  ["ShapeError: dot: axis 1 of f32[2,3] and axis 0 of f32[2] differ", [f32(2, 3), f32(2)], lc.dot],
  ["DTypeError: dot: takes", [bool(3)], (x) => lc.dot(x, x)],
  ["ShapeError: vdot: axis 0 of f32[6] and axis 0 of f32[2] differ", [f32(2, 3), f32(2)], lc.vdot],
  ["ShapeError: tensordot: 2 axes of f32[3] and f32[3,3]", [f32(3), f32(3, 3)], lc.tensordot],
  ["ShapeError: tensordot: the axes of", [f32(3, 3)], (x) => lc.tensordot(x, x, [[0, 1], [0]])],
  ["ShapeError: tensordot: axis 2 is out of range", [f32(3, 3)], (x) => lc.tensordot(x, x, [[0], [2]])],
  ["DTypeError: kron: dtypes differ", [f32(3), f64(3)], lc.kron],
  ["ShapeError: cross: axis 0 of f32[2] is not 3 long", [f32(2)], (x) => lc.cross(x, x)],
  ["ShapeError: cross: shapes do not broadcast", [f32(2, 3), f32(4, 3)], lc.cross]
]

const reductions: ReadonlyArray<Case> = [
  ["DTypeError: sum: f99 is no dtype", [f32(3)], (x) => lc.sum(x, 0, { dtype: "f99" as Loose })],
  ["DTypeError: sum: takes", [bool(3)], (x) => lc.sum(x, 0, { dtype: "bool" as Loose })],
  ["DTypeError: sum: takes booleans, not f32[3]", [f32(3)], (x) => lc.sum(x, 0, { where: x as Loose })],
  ["ShapeError: sum: shapes do not broadcast", [f32(3), bool(2)], (x, where) => lc.sum(x, 0, { where })],
  [
    "ShapeError: prod: initial is f32[3], not a scalar",
    [f32(3)],
    (x) => lc.prod(x, 0, { initial: x as Loose })
  ],
  ["ValueError: prod: 1.5 is not an integer", [i32(3)], (n) => lc.prod(n, 0, { initial: 1.5 })],
  [
    "ValueError: max: where is given without initial",
    [f32(3), bool(3)],
    (x, where) => lc.max(x, 0, { where })
  ],
  ["ShapeError: min: nothing has no least element", [f32(0)], (x) => lc.min(x)],
  ["DTypeError: mean: takes floats, not i32[3]", [i32(3)], (n) => lc.mean(n)],
  ["ValueError: std: ddof is NaN", [f32(3)], (x) => lc.std(x, 0, { ddof: Number.NaN })],
  ["DTypeError: nansum: takes floats, not i32[3]", [i32(3)], (n) => lc.nansum(n)],
  ["ShapeError: nanmax: axis 1 is out of range for f32[3]", [f32(3)], (x) => lc.nanmax(x, 1)],
  ["DTypeError: ptp: takes", [bool(3)], (x) => lc.ptp(x)],
  [
    "ShapeError: average: weights of f32[2] do not fit",
    [f32(3), f32(2)],
    (x, weights) => lc.average(x, 0, { weights })
  ],
  ["ValueError: quantile: q is 1.5, not from 0 to 1", [f32(3)], (x) => lc.quantile(x, 1.5)],
  ["ValueError: percentile: q is -1, not from 0 to 100", [f32(3)], (x) => lc.percentile(x, [50, -1])],
  ["ValueError: quantile: method is", [f32(3)], (x) => lc.quantile(x, 1, 0, { method: "up" as Loose })],
  ["ShapeError: median: nothing of f32[0] has no quantiles", [f32(0)], (x) => lc.median(x)],
  ["DTypeError: cumsum: f99 is no dtype", [f32(3)], (x) => lc.cumsum(x, 0, { dtype: "f99" as Loose })]
]

const signal: ReadonlyArray<Case> = [
  [
    'ValueError: conv: "NHW" does not name 4 axes, with N and C among them',
    [f32(1, 3, 3, 2), f32(2, 2, 2, 4)],
    (x, k) => lc.conv(x, k, { dimensionNumbers: ["NHW", "HWIO", "NHWC"] })
  ],
  [
    'ValueError: conv: "NHDC" has no axis W, which "HWIO" has',
    [f32(1, 3, 3, 2), f32(2, 2, 2, 4)],
    (x, k) => lc.conv(x, k, { dimensionNumbers: ["NHDC", "HWIO", "NHWC"] })
  ],
  [
    "ValueError: conv: dimensionNumbers has 2 parts, not 3",
    [f32(1, 3, 3, 2), f32(2, 2, 2, 4)],
    (x, k) => lc.conv(x, k, { dimensionNumbers: ["NHWC", "HWIO"] as Loose })
  ],
  [
    "ShapeError: convTranspose: does not take f32[1,2,3] with the kernel f32[2,2]",
    [f32(1, 2, 3), f32(2, 2)],
    (x, k) => lc.convTranspose(x, k)
  ],
  [
    "ShapeError: convTranspose: features do not fit: f32[1,2,3] with the kernel f32[2,3,2]",
    [f32(1, 2, 3), f32(2, 3, 2)],
    (x, k) => lc.convTranspose(x, k)
  ],
  ["ShapeError: convTranspose: strides is 0", [f32(1, 2, 3)], (x) => lc.convTranspose(x, x, { strides: 0 })],
  ["DTypeError: convTranspose: dtypes differ", [f32(1, 2, 3), f64(2, 2, 2)], lc.convTranspose],
  [
    "ValueError: convTranspose: padding is",
    [f32(1, 2, 3)],
    (x) => lc.convTranspose(x, x, { padding: "full" as Loose })
  ],
  ["ShapeError: fft: axis 2 is out of range for c64[2,3]", [c64(2, 3)], (z) => lc.fft(z, { axis: 2 })],
  ["ShapeError: fft: n is 0", [c64(2, 3)], (z) => lc.fft(z, { n: 0 })],
  ["ValueError: ifft: norm is", [c64(2, 3)], (z) => lc.ifft(z, { norm: "unitary" as Loose })],
  ["ValueError: rfft: there is no option", [f32(3)], (x) => lc.rfft(x, { axes: [0] } as Loose)],
  ["ValueError: irfft: options and a number of axes", [c64(2, 3)], (z) => lc.irfft(z, { n: 4 } as Loose, 2)],
  ["DTypeError: fftn: takes complex numbers, not f32[2,3]", [f32(2, 3)], (x) => lc.fftn(x as Loose)],
  ["DTypeError: rfft2: takes floats, not c64[2,3]", [c64(2, 3)], (z) => lc.rfft2(z as Loose)],
  ["DTypeError: rfftn: takes", [lc.f16(2, 3)], (x) => lc.rfftn(x as Loose)],
  ["ShapeError: fft2: axis -2 is out of range for c64[3]", [c64(3)], (z) => lc.fft2(z)],
  [
    "ShapeError: fftn: the axes [0, -2] of c64[2,3] are named twice",
    [c64(2, 3)],
    (z) => lc.fftn(z, { axes: [0, -2] })
  ],
  [
    "ShapeError: ifftn: 1 lengths for 2 axes of c64[2,3]",
    [c64(2, 3)],
    (z) => lc.ifftn(z, { s: [3], axes: [0, 1] })
  ],
  ["ShapeError: fftn: the axes [] of c64[] are none", [c64()], (z) => lc.fftn(z)],
  ["ShapeError: fftn: 3 lengths for 2 axes of c64[2,3]", [c64(2, 3)], (z) => lc.fftn(z, { s: [1, 2, 3] })],
  ["ShapeError: fftfreq: the length is 0", [], () => lc.fftfreq(0)],
  ["ValueError: rfftfreq: the spacing is 0", [], () => lc.rfftfreq(4, 0)],
  ["DTypeError: fftfreq: takes floats, not i32[]", [], () => lc.fftfreq(4, 1, "i32" as Loose)],
  ["ShapeError: fftshift: axis 2 is out of range for f32[2,3]", [f32(2, 3)], (x) => lc.fftshift(x, 2)]
]

describe.each(Object.entries({ elementwise, choices, creation, layout, products, reductions, signal }))(
  "functions of %s refuse",
  (_, cases) => {
    it.each(cases)("%s", (text, specs, fn) => {
      expect(refusal(specs, (...args) => fn(...args))).toContain(text)
    })
  }
)
