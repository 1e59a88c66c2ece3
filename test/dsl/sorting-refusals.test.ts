import { describe, expect, it } from "vitest"
import * as lc from "../../dsl/index.ts"
import { type Loose, refusal } from "../support/refused.ts"

const { c64, f32, f64, i32 } = lc

type Case = readonly [
  text: string,
  specs: ReadonlyArray<lc.Spec>,
  fn: (...args: ReadonlyArray<Loose>) => unknown
]

const sorting: ReadonlyArray<Case> = [
  ["ShapeError: lexsort: no key is given", [], () => lc.lexsort([])],
  [
    "ShapeError: lexsort: shapes do not broadcast: f32[3] and f32[2]",
    [f32(3), f32(2)],
    (x, y) => lc.lexsort([y, x])
  ],
  ["DTypeError: lexsort: takes", [c64(3)], (z) => lc.lexsort([z])],
  ["ShapeError: lexsort: axis 1 is out of range for f32[3]", [f32(3)], (x) => lc.lexsort([x], 1)],
  ["ShapeError: sortKeyVal: shapes do not broadcast", [f32(3), i32(2)], (x, y) => lc.sortKeyVal(x, y)],
  ["ValueError: sortKeyVal: values[1] is 3", [f32(3)], (x) => lc.sortKeyVal(x, [x, 3 as Loose])],
  ["ShapeError: unique: size is -1", [f32(3)], (x) => lc.unique(x, { size: -1 })],
  ["ValueError: unique: 1.5 is not an integer", [i32(3)], (n) => lc.unique(n, { size: 2, fill: 1.5 })],
  ["ValueError: unique: f32[0] has no elements", [f32(0)], (x) => lc.unique(x, { size: 2 })],
  ["ValueError: unique: there is no option", [f32(3)], (x) => lc.unique(x, { size: 2, axis: 0 } as Loose)],
  ["DTypeError: isin: dtypes differ: f32[3] and i32[3]", [f32(3), i32(3)], (x, y) => lc.isin(x, y as Loose)],
  ["ValueError: setdiff1d: 1.5 is not an", [i32(3)], (n) => lc.setdiff1d(n, n, { size: 2, fill: 1.5 })],
  [
    "DTypeError: setdiff1d: dtypes differ",
    [f32(3), i32(3)],
    (x, y) => lc.setdiff1d(x, y as Loose, { size: 2 })
  ],
  ["ShapeError: flatnonzero: size is 0.5", [f32(3)], (x) => lc.flatnonzero(x, { size: 0.5 })],
  ["ShapeError: argwhere: size is -1", [f32(3)], (x) => lc.argwhere(x, { size: -1 })],
  ["ShapeError: diagIndices: the length is -1", [], () => lc.diagIndices(-1)],
  ["ShapeError: trilIndices: columns is 1.5", [], () => lc.trilIndices(3, { columns: 1.5 })],
  ["ShapeError: triuIndices: diagonal is NaN", [], () => lc.triuIndices(3, { diagonal: Number.NaN })],
  ["DTypeError: unravelIndex: takes", [f32(3)], (x) => lc.unravelIndex(x as Loose, [3])],
  ["ShapeError: unravelIndex: an array of [3,0] has no", [i32(3)], (i) => lc.unravelIndex(i, [3, 0])],
  ["ValueError: ravelMultiIndex: mode is", [i32(3)], (i) => lc.ravelMultiIndex([i], [3], {} as Loose)],
  [
    "ShapeError: ravelMultiIndex: 1 indices for the shape [3,4]",
    [i32(3)],
    (i) => lc.ravelMultiIndex([i], [3, 4], { mode: "clip" })
  ],
  [
    "DTypeError: ravelMultiIndex: i8 cannot count 300 elements",
    [lc.i8(3)],
    (i) => lc.ravelMultiIndex([i, i], [3, 100], { mode: "wrap" })
  ],
  ["ShapeError: fliplr: axis 1 is out of range for f32[3]", [f32(3)], (x) => lc.fliplr(x)],
  ["ShapeError: columnStack: ", [f32(3), f32(2)], (x, y) => lc.columnStack([x, y])],
  ["ShapeError: block: a list is empty", [f32(3)], (x) => lc.block([[x], []])],
  ["ShapeError: block: lists are nested to different depths", [f32(3)], (x) => lc.block([[x], x] as Loose)],
  [
    "ShapeError: block: lists are nested more than",
    [f32(3)],
    (x) => lc.block(Array.from({ length: 100 }).reduce((inner) => [inner], x) as Loose)
  ],
  ["DTypeError: block: dtypes differ", [f32(3), i32(3)], (x, y) => lc.block([x, y])],
  ["ShapeError: blockDiag: f32[2,3,4] is no matrix", [f32(2, 3, 4)], (x) => lc.blockDiag([x])],
  ["DTypeError: blockDiag: dtypes differ", [f32(3), i32(3)], (x, y) => lc.blockDiag([x, y])],
  [
    "ShapeError: broadcastShapes: shapes do not broadcast: [3] and [2]",
    [],
    () => lc.zeros(lc.broadcastShapes([3], [2]) as Loose, "f32")
  ]
]

const sampled: ReadonlyArray<Case> = [
  ["DTypeError: bincount: takes", [f32(3)], (x) => lc.bincount(x as Loose, { length: 2 })],
  [
    "ShapeError: bincount: x is i32[2,3], no vector",
    [i32(2, 3)],
    (n) => lc.bincount(n as Loose, { length: 2 })
  ],
  ["ShapeError: bincount: length is -1", [i32(3)], (n) => lc.bincount(n, { length: -1 })],
  [
    "ShapeError: bincount: weights of f32[2] for i32[3]",
    [i32(3), f32(2)],
    (n, weights) => lc.bincount(n, { length: 2, weights })
  ],
  ["DTypeError: digitize: dtypes differ", [f32(3), i32(3)], (x, e) => lc.digitize(x, e as Loose)],
  ["ShapeError: digitize: edges is f32[2,3], no vector", [f32(2, 3)], (x) => lc.digitize(x, x as Loose)],
  ["DTypeError: histogram: takes floats, not i32[3]", [i32(3)], (n) => lc.histogram(n as Loose)],
  ["ShapeError: histogram: bins is 0", [f32(3)], (x) => lc.histogram(x, { bins: 0 })],
  ["ValueError: histogram: the range goes from 2 to 1", [f32(3)], (x) => lc.histogram(x, { range: [2, 1] })],
  [
    "ValueError: histogram: both edges and a range",
    [f32(3)],
    (x) => lc.histogram(x, { bins: x, range: [0, 1] })
  ],
  ["ShapeError: histogram: nothing has no least element", [f32(0)], (x) => lc.histogram(x)],
  [
    "ShapeError: histogram: weights of f32[2]",
    [f32(3), f32(2)],
    (x, weights) => lc.histogram(x, { weights })
  ],
  [
    "ValueError: histogramBinEdges: there is no option",
    [f32(3)],
    (x) => lc.histogramBinEdges(x, { density: true } as Loose)
  ],
  [
    "ShapeError: interp: f32[3] and f32[2] are no table",
    [f32(3), f32(2)],
    (x, y) => lc.interp(x, x, y as Loose)
  ],
  ["DTypeError: interp: dtypes differ", [f32(3), f64(3)], (x, y) => lc.interp(x, x, y as Loose)],
  ["ValueError: interp: left is", [f32(3)], (x) => lc.interp(x, x, x, { left: "nearest" as Loose })],
  ["ValueError: interp: period is 0", [f32(3)], (x) => lc.interp(x, x, x, { period: 0 })],
  [
    "ShapeError: trapezoid: places of f32[2] do not fit f32[3]",
    [f32(3), f32(2)],
    (y, x) => lc.trapezoid(y, 0, { x })
  ],
  ["ShapeError: trapezoid: axis 0 of f32[0] is empty", [f32(0)], (y) => lc.trapezoid(y)],
  ["DTypeError: trapezoid: takes floats, not i32[3]", [i32(3)], (n) => lc.trapezoid(n as Loose)],
  ["ShapeError: gradient: axis 0 of f32[1] is shorter than 2", [f32(1)], (x) => lc.gradient(x)],
  [
    "ShapeError: gradient: 1 spacings for 2 axes",
    [f32(2, 2)],
    (x) => lc.gradient(x, [0, 1], { spacing: [1] })
  ],
  [
    "ShapeError: gradient: spacing of f32[2] for axis 0 of f32[3]",
    [f32(3), f32(2)],
    (x, spacing) => lc.gradient(x, 0, { spacing })
  ],
  ["DTypeError: ediff1d: dtypes differ", [f32(3), i32(3)], (x, toEnd) => lc.ediff1d(x, { toEnd } as Loose)],
  ["ValueError: unwrap: period is NaN", [f32(3)], (x) => lc.unwrap(x, 0, { period: Number.NaN })],
  ["DTypeError: polyval: dtypes differ", [f32(3), i32(3)], (p, x) => lc.polyval(p, x as Loose)],
  ["ShapeError: polyval: p is f32[], a scalar", [f32()], (p) => lc.polyval(p, p)],
  ["ShapeError: vander: f32[2,3] is no vector", [f32(2, 3)], (x) => lc.vander(x as Loose)],
  ["ShapeError: convolve: f32[0] is no vector with elements", [f32(0)], (x) => lc.convolve(x, x)],
  ["ValueError: correlate: mode is", [f32(3)], (x) => lc.correlate(x, x, { mode: "circular" as Loose })],
  ["DTypeError: convolve: dtypes differ", [f32(3), i32(3)], (x, y) => lc.convolve(x, y as Loose)],
  ["DTypeError: cumlogsumexp: takes floats, not i32[3]", [i32(3)], (n) => lc.cumlogsumexp(n as Loose)],
  ["ShapeError: corrcoef: f32[3] is no matrix", [f32(3)], (x) => lc.corrcoef(x as Loose)]
]

describe.each(Object.entries({ sorting, sampled }))("functions of %s arrays refuse", (_, cases) => {
  it.each(cases)("%s", (text, specs, fn) => {
    expect(refusal(specs, (...args) => fn(...args))).toContain(text)
  })
})
