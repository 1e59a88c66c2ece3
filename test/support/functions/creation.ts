import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, S, T, V } from "../language/functions.ts"

type Sizes = ReadonlyArray<readonly [columns: number, diagonal: number]>
const sizes: Sizes = [
  [3, 0],
  [4, 1],
  [2, -1],
  [3, 9],
  [3, -9]
]

export const creation: Readonly<Record<string, Fn>> = {
  likes: (x: T) => [
    lc.zerosLike(x),
    lc.onesLike(x),
    lc.fullLike(x, 3),
    lc.zerosLike(x, "bool"),
    lc.onesLike(x, "bool"),
    lc.fullLike(x, 2, "i8")
  ],
  eyes: (x: S) => sizes.map(([columns, diagonal]) => lc.mul(lc.eye(3, x.dtype, { columns, diagonal }), x)),
  tris: (x: S) => sizes.map(([columns, diagonal]) => lc.mul(lc.tri(3, x.dtype, { columns, diagonal }), x)),
  triangles: (x: T) => [lc.tril(x, 9), lc.tril(x, -9), lc.triu(x, 9), lc.triu(x, -9)],
  spaces: ({ dtype }: S) => [
    lc.logspace(-1, 2, 5, dtype),
    lc.logspace(0, 3, 4, dtype, { base: 2 }),
    lc.geomspace(1, 1000, 4, dtype),
    lc.geomspace(-2, -0.5, 3, dtype),
    lc.geomspace(3, 4, 1, dtype),
    lc.logspace(0, 1, 0, dtype)
  ],
  meshgrids: (x: V, y: V, z: V) => [
    ...lc.meshgrid([x, y, z]),
    ...lc.meshgrid([x, y], { indexing: "ij" }),
    ...lc.meshgrid([x]),
    ...lc.meshgrid([x, y, z], { sparse: true }),
    ...lc.meshgrid([y, x], { indexing: "ij", sparse: true })
  ],
  broadcastedIotas: () => [lc.broadcastedIota([2, 3], 1), lc.broadcastedIota([2, 3], 0, "u32")],
  diags: (v: V, m: T) => [
    lc.diag(v, 1),
    lc.diag(v, -2),
    ...[1, -1, 9, -9, 3].map((offset) => lc.diag(m, offset)),
    lc.diag(lc.slice(m, [0, 0], [3, 0]))
  ],
  diagEmpty: (v: V) => [lc.diag(v), lc.diag(v, 2)],
  diagonals: (x: T) => [
    lc.diagonal(x),
    lc.diagonal(x, { offset: 1 }),
    lc.diagonal(x, { offset: -1, axis2: 2 }),
    lc.diagonal(x, { axis1: 2 }),
    lc.diagonal(x, { axis1: -1, axis2: -2 })
  ],
  matrixTraces: (x: T) => [lc.matrixTrace(x), lc.matrixTrace(x, { offset: 1, axis1: 2 })]
}
