import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, S, T, V } from "../language/functions.ts"

const { argwhere, at, block, blockDiag, diagIndices, flatnonzero, isin, lexsort, sliceInDim, sortKeyVal } = lc
const { setdiff1d, trilIndices, triuIndices, unique } = lc
type I = lc.Tensor<"i32">

const everything = { returnIndex: true, returnInverse: true, returnCounts: true } as const
const first = (x: T) => at(x, 0).get()

export const sorting: Readonly<Record<string, Fn>> = {
  lexsorts: (a: T, b: T) => [
    lexsort([a, b]),
    lexsort([b, a], 0),
    lexsort([a]),
    lexsort([a, b, lc.zerosLike(a)])
  ],
  argsorts: (x: T) => [
    lc.argsort(x),
    lc.argsort(x, -1, { descending: true }),
    lc.argsort(x, 0, { descending: true })
  ],
  sortsByKeys: (a: T, b: T, v: T) => [
    ...sortKeyVal(a, v),
    ...sortKeyVal(b, v, 0),
    ...sortKeyVal([b, a], v).flat(),
    ...sortKeyVal(b, [v, a], 0).flat()
  ],
  sortsComplex: (a: I, v: T) => [...sortKeyVal(a, v)],
  uniques: (x: T): ReadonlyArray<lc.Tensor> => [
    unique(x, { size: 3 }),
    ...unique(x, { size: 20, fill: (x.dtype as string) === "bool" ? true : 9, ...everything }),
    ...unique(x, { size: 7, ...everything }),
    ...unique(x, { size: 5, returnCounts: true }),
    ...unique(first(x), { size: 0, returnInverse: true })
  ],
  uniquesOfNan: (x: T) => unique(x, { size: 12, equalNan: false, fill: 0, returnCounts: true }),
  uniquesOfNone: (x: V) => [unique(x, { size: 2, fill: 7 }), unique(x, { size: 0 })],
  among: (x: T, v: V) => [
    isin(x, v),
    isin(x, v, { invert: true }),
    isin(x, sliceInDim(v, 0, 0)),
    isin(at(x, 0, 0).get(), v)
  ],
  setDifferences: (a: T, b: V) => [
    setdiff1d(a, b, { size: 8 }),
    setdiff1d(a, b, { size: 2, fill: 7 }),
    setdiff1d(a, sliceInDim(b, 0, 0), { size: 3 }),
    setdiff1d(sliceInDim(a, 0, 0), b, { size: 2 })
  ],
  placesOfNonzero: (x: T) => [
    flatnonzero(x, { size: 5 }),
    flatnonzero(x, { size: 10, fill: -1 }),
    argwhere(x, { size: 4 }),
    argwhere(x, { size: 9, fill: 7 }),
    argwhere(at(x, 0, 0).get(), { size: 1 })
  ],
  indexArrays: (): ReadonlyArray<lc.Tensor> => [
    ...diagIndices(3),
    ...diagIndices(2, 3),
    ...trilIndices(3),
    ...trilIndices(3, { diagonal: 1 }),
    ...trilIndices(3, { diagonal: -1, columns: 2 }),
    ...trilIndices(2, { columns: 4 }),
    ...trilIndices(3, { diagonal: -9 }),
    ...triuIndices(3),
    ...triuIndices(3, { diagonal: 1 }),
    ...triuIndices(3, { diagonal: -1, columns: 2 }),
    ...triuIndices(4, { columns: 2 }),
    ...triuIndices(3, { diagonal: 9 }),
    ...triuIndices(0)
  ],
  unravels: (i: I) => [...lc.unravelIndex(i, [2, 3, 4]), ...lc.unravelIndex(i, [24])],
  ravels: (i: I, j: I) => [
    ...(["clip", "wrap"] as const).map((mode) => lc.ravelMultiIndex([i, j], [3, 4], { mode })),
    lc.ravelMultiIndex([i, at(j, 0).get()], [3, 4], { mode: "clip" }),
    lc.ravelMultiIndex([j], [4], { mode: "wrap" })
  ],
  flips: (x: T) => [lc.fliplr(x), lc.flipud(x), lc.flipud(first(x))],
  columnStacks: (v: V, m: T, s: S) => [
    lc.columnStack([v, lc.add(v, v)]),
    lc.columnStack([m, v, m]),
    lc.columnStack([s, s])
  ],
  blocks: (v: V, m: T, s: S) => [
    block([
      [m, m],
      [m, m]
    ]),
    block([v, v, s]),
    block([
      [s, v],
      [v, s]
    ]),
    block(m),
    block([m, m]),
    block([[[m, m]], [[m, m]]]),
    block([
      [sliceInDim(m, 0, 1, 1, 1), sliceInDim(m, 1, null, 1, 1)],
      [lc.expandDims(v, 0), s]
    ])
  ],
  blockDiags: (v: V, m: T, s: S) => [
    blockDiag([m]),
    blockDiag([v, m, s]),
    blockDiag([m, sliceInDim(m, 0, 1, 1, 1), sliceInDim(m, 0, 0), sliceInDim(m, 0, 0, 1, 1)])
  ]
}
