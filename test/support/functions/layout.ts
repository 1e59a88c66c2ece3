import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, S, T, V } from "../language/functions.ts"

const { at } = lc
type I = lc.Tensor<"i32", readonly [number]>
type K = lc.Tensor<"i32", readonly []>

const first = (x: T, count: number) => lc.sliceInDim(x, 0, count, 1, 1)
const row = (x: T, from: number, to: number) => at(x, 0, { start: from, stop: to }).get()

export const layout: Readonly<Record<string, Fn>> = {
  repeats: (x: T) => [
    lc.repeat(x, 2),
    lc.repeat(x, 3, 1),
    lc.repeat(x, [2, 0, 1], 0),
    lc.repeat(x, [0, 0, 0], 0),
    lc.repeat(x, 0, 1)
  ],
  unstacks: (x: T) => [...lc.unstack(x), ...lc.unstack(x, -1)],
  turns: (x: T) => [
    lc.swapAxes(x, 0, 2),
    lc.swapAxes(x, -1, 1),
    lc.swapAxes(x, 1, 1),
    lc.ravel(x),
    lc.rot90(x),
    lc.rot90(x, 2),
    lc.rot90(x, -1),
    lc.rot90(x, 4)
  ],
  stackings: (v: V, m: T, s: S) => [
    ...[lc.hstack, lc.vstack, lc.dstack].flatMap((stack) => [stack([v, v]), stack([m, m]), stack([s, s])]),
    lc.atLeast1d(s),
    lc.atLeast2d(s),
    lc.atLeast2d(v),
    lc.atLeast2d(m)
  ],
  broadcasts: (v: V, m: T, s: S) => lc.broadcastArrays([v, m, s]),
  diffs: (x: T) => [lc.diff(x), lc.diff(x, 2, 0), lc.diff(x, 0), lc.diff(x, 9), lc.diff(x, 1, 0)],
  inDims: (x: T) => [
    lc.sliceInDim(x, 1, 3),
    lc.sliceInDim(x, null, -1, 2, 1),
    lc.sliceInDim(x, -2, null),
    lc.sliceInDim(x, null, null, -2, 1),
    lc.sliceInDim(x, 5, null),
    lc.sliceInDim(x, -9, 9, 1, 1)
  ],
  dynamicInDims: (x: T, k: K) => [
    lc.dynamicSliceInDim(x, k, 2),
    lc.dynamicSliceInDim(x, 1, 2, 1),
    lc.dynamicIndexInDim(x, k),
    lc.dynamicIndexInDim(x, k, 1, { keepDims: false })
  ],
  dynamicUpdatesInDim: (x: T, u: T, k: K) => [
    lc.dynamicUpdateSliceInDim(x, u, k),
    lc.dynamicUpdateIndexInDim(x, lc.take(u, 0), k),
    lc.dynamicUpdateIndexInDim(x, lc.sliceInDim(u, 0, 1), k)
  ],
  atSlices: (x: T) => [
    at(x, { start: 1, stop: 3 }).get(),
    at(x, {}, { start: 1, stop: -1 }).get(),
    at(x, 1, { step: 2 }).get(),
    at(x, {}, 3).get(),
    at(x, { step: -1 }, { start: 1, stop: 1 }).get(),
    at(x, { start: -1, stop: 0, step: -1 }, { start: 3, step: -2 }).get()
  ],
  atSlicesSet: (x: T, v: T) => [
    at(x, { start: 1, stop: 3 }).set(v),
    at(x, {}, { start: 1, stop: 3 }).set(lc.sliceInDim(x, 2, 4, 1, 1)),
    at(x, 1, { step: 2 }).set(row(v, 0, 2)),
    at(x, {}, 3).set(7),
    at(x, { step: -1 }, { step: -1 }).set(lc.mul(x, 2)),
    at(x, { start: 5 }).set(1),
    at(x, { start: -1, stop: 0, step: -1 }, { start: 3, step: -2 }).set(first(v, 2))
  ],
  atSlicesCombine: (x: T, v: T) => [
    at(x, { start: 1, stop: 3 }).add(v),
    at(x, {}, { step: 3 }).mul(at(v, 0, 0).get()),
    at(x, 0, { start: 1 }).min(row(v, 1, 4)),
    at(x, { step: 2 }, { step: -1 }).max(v)
  ],
  atMixed: (x: T, r: I, c: I) => [
    at(x, {}, r).get(),
    at(x, r, { start: 1 }).get(),
    at(x, { start: 1 }, r, { step: 2 }).get(),
    at(x, r, {}, c).get(),
    at(x, {}, r, c).get(),
    at(x, { start: 1 }, 0, c).get(),
    at(x, r, 0, { start: 1, stop: 3 }).get()
  ],
  atMixedUpdate: (x: T, r: I, c: I, v: T) => [
    at(x, {}, r).set(v),
    at(x, r, { start: 1 }).add(2),
    at(x, r, {}, c).add(at(v, {}, 0, { stop: 3 }).get()),
    at(x, {}, 1, c).set(at(v, {}, 0, { stop: 2 }).get()),
    at(x, { start: 1 }, r, { step: 2 }).mul(3),
    at(x, {}, r, { start: 1 }).set(9)
  ]
}
