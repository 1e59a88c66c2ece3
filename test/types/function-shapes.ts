/** As literal-shapes.ts, for the functions that are made of other operations. This file compiles. */
import * as lc from "../../dsl/index.ts"
import { type Agreement, agree } from "../support/agree.ts"

const { arange, at, constant, diag, diagonal, eye, meshgrid, scalar, zeros } = lc

const elementwise = (): ReadonlyArray<Agreement> => {
  const a = zeros([3, 4], "f32")
  const n = zeros([4], "i32")
  const s = scalar(1, "f32")
  const z = lc.complex(zeros([4], "f64"), 0)
  const [quotient, rest] = lc.divmod(n, 3)
  return [
    agree(lc.floorDivide(n, 2), "i32", [4]),
    agree(lc.mod(a, zeros([4], "f32")), "f32", [3, 4]),
    agree(lc.logaddexp(s, a), "f32", [3, 4]),
    agree(lc.hypot(1, a), "f32", [3, 4]),
    agree(lc.isNan(a), "bool", [3, 4]),
    agree(lc.isClose(a, zeros([3, 1], "f32")), "bool", [3, 4]),
    agree(lc.allClose(a, 1), "bool", []),
    agree(lc.nanToNum(z), "c128", [4]),
    agree(lc.angle(z), "f64", [4]),
    agree(lc.acosh(z), "c128", [4]),
    agree(lc.reducePrecision(a, 5, 10), "f32", [3, 4]),
    agree(lc.clip(n, 0, 5), "i32", [4]),
    agree(lc.clip(zeros([4], "f32"), null, zeros([3, 1], "f32")), "f32", [3, 4]),
    agree(lc.clip(a), "f32", [3, 4]),
    agree(quotient, "i32", [4]),
    agree(rest, "i32", [4])
  ]
}

const creation = (): ReadonlyArray<Agreement> => {
  const a = zeros([3, 4], "f32")
  const [x, y] = meshgrid([arange(2), zeros([3], "f32")])
  const [u, v, w] = meshgrid([arange(2), arange(3), arange(4)], { sparse: true })
  const [p, q] = meshgrid([arange(2), arange(3)], { indexing: "ij" })
  return [
    agree(lc.zerosLike(a), "f32", [3, 4]),
    agree(lc.onesLike(a, "i8"), "i8", [3, 4]),
    agree(lc.fullLike(a, 2), "f32", [3, 4]),
    agree(eye(3, "f32"), "f32", [3, 3]),
    agree(eye(3, "f32", { columns: 4, diagonal: 1 }), "f32", [3, 4]),
    agree(lc.tri(2, "i32"), "i32", [2, 2]),
    agree(lc.logspace(0, 1, 5), "f32", [5]),
    agree(lc.geomspace(1, 2, 5, "f64"), "f64", [5]),
    agree(lc.broadcastedIota([2, 3], 0), "i32", [2, 3]),
    agree(x, "i32", [3, 2]),
    agree(y, "f32", [3, 2]),
    agree(u, "i32", [1, 2, 1]),
    agree(v, "i32", [3, 1, 1]),
    agree(w, "i32", [1, 1, 4]),
    agree(p, "i32", [2, 3]),
    agree(q, "i32", [2, 3]),
    agree(diag(constant([1, 2], "f32")), "f32", [2, 2]),
    agree(diag(constant([1, 2], "f32"), -3), "f32", [5, 5]),
    agree(diag(a), "f32", [3]),
    agree(diag(a, 2), "f32", [2]),
    agree(diag(a, -2), "f32", [1]),
    agree(diag(a, 9), "f32", [0]),
    agree(diagonal(zeros([2, 3, 4], "f32")), "f32", [4, 2]),
    agree(diagonal(zeros([2, 3, 4], "f32"), { axis1: -1, axis2: 1, offset: 1 }), "f32", [2, 2]),
    agree(lc.matrixTrace(a), "f32", [])
  ]
}

const layout = (): ReadonlyArray<Agreement> => {
  const a = zeros([3, 4], "f32")
  const b = zeros([2, 3, 4], "f32")
  const v = zeros([4], "f32")
  const s = scalar(1, "f32")
  const [first, second, third] = lc.unstack(a)
  const [wide, tall] = lc.broadcastArrays([v, zeros([3, 1], "i32")])
  return [
    agree(lc.repeat(v, 3), "f32", [12]),
    agree(lc.repeat(a, 2), "f32", [24]),
    agree(lc.repeat(a, 2, 1), "f32", [3, 8]),
    agree(lc.repeat(a, [1, 2, 0], 0), "f32", [3, 4]),
    agree(first, "f32", [4]),
    agree(second, "f32", [4]),
    agree(third, "f32", [4]),
    agree(lc.unstack(b, -1)[3], "f32", [2, 3]),
    agree(lc.swapAxes(b, 0, -1), "f32", [4, 3, 2]),
    agree(lc.ravel(b), "f32", [24]),
    agree(lc.hstack([v, zeros([2], "f32")]), "f32", [6]),
    agree(lc.hstack([a, a]), "f32", [3, 8]),
    agree(lc.vstack([v, v, v]), "f32", [3, 4]),
    agree(lc.vstack([a, a]), "f32", [6, 4]),
    agree(lc.vstack([s, s]), "f32", [2, 1]),
    agree(lc.dstack([v, v]), "f32", [1, 4, 2]),
    agree(lc.dstack([a, a]), "f32", [3, 4, 2]),
    agree(lc.dstack([b, b]), "f32", [2, 3, 8]),
    agree(lc.atLeast1d(s), "f32", [1]),
    agree(lc.atLeast2d(v), "f32", [1, 4]),
    agree(wide, "f32", [3, 4]),
    agree(tall, "i32", [3, 4]),
    agree(lc.rot90(b), "f32", [3, 2, 4]),
    agree(lc.rot90(b, 2), "f32", [2, 3, 4]),
    agree(lc.diff(a), "f32", [3, 3]),
    agree(lc.diff(a, 2, 0), "f32", [1, 4]),
    agree(lc.diff(a, 9, 0), "f32", [0, 4]),
    agree(lc.sliceInDim(a, 1, 3), "f32", [2, 4]),
    agree(lc.sliceInDim(a, null, -1, 2, 1), "f32", [3, 2]),
    agree(lc.dynamicSliceInDim(a, lc.scalar(1, "i32"), 2, 1), "f32", [3, 2]),
    agree(lc.dynamicIndexInDim(a, 0), "f32", [1, 4]),
    agree(lc.dynamicIndexInDim(a, 0, 1, { keepDims: false }), "f32", [3]),
    agree(lc.dynamicUpdateIndexInDim(a, v, 0), "f32", [3, 4]),
    agree(at(b, { start: 1 }).get(), "f32", [1, 3, 4]),
    agree(at(b, 0, { start: 1, stop: 9 }).get(), "f32", [2, 4]),
    agree(at(b, {}, { stop: -1 }, { step: 3 }).get(), "f32", [2, 2, 2]),
    agree(at(b, { start: 5 }, 0).get(), "f32", [0, 4]),
    agree(at(b, { start: 1 }).set(0), "f32", [2, 3, 4])
  ]
}

const products = (): ReadonlyArray<Agreement> => {
  const a = zeros([3, 4], "f32")
  const b = zeros([2, 3, 4], "f32")
  const v = zeros([4], "f32")
  const s = scalar(1, "f32")
  return [
    agree(lc.outer(v, zeros([3], "f32")), "f32", [4, 3]),
    agree(lc.inner(v, v), "f32", []),
    agree(lc.inner(b, a), "f32", [2, 3, 3]),
    agree(lc.inner(s, a), "f32", [3, 4]),
    agree(lc.dot(v, v), "f32", []),
    agree(lc.dot(a, v), "f32", [3]),
    agree(lc.dot(b, zeros([5, 4, 6], "f32")), "f32", [2, 3, 5, 6]),
    agree(lc.vdot(a, a), "f32", []),
    agree(lc.tensordot(a, a), "f32", []),
    agree(lc.tensordot(b, zeros([4, 5], "f32"), 1), "f32", [2, 3, 5]),
    agree(
      lc.tensordot(b, zeros([4, 2, 7], "f32"), [
        [0, -1],
        [1, 0]
      ]),
      "f32",
      [3, 7]
    ),
    agree(lc.kron(a, zeros([2, 5], "f32")), "f32", [6, 20]),
    agree(lc.kron(v, a), "f32", [3, 16]),
    agree(lc.cross(zeros([5, 3], "f32"), zeros([3], "f32")), "f32", [5, 3])
  ]
}

const reductions = (): ReadonlyArray<Agreement> => {
  const a = zeros([3, 4], "f32")
  const bytes = zeros([3, 4], "u8")
  const holds = zeros([3, 4], "bool")
  const where = holds
  return [
    agree(lc.sum(bytes), "u32", []),
    agree(lc.sum(holds, 0), "i32", [4]),
    agree(lc.prod(zeros([3], "i16")), "i32", []),
    agree(lc.sum(bytes, 1, { dtype: "u8" }), "u8", [3]),
    agree(lc.sum(a, 1, { dtype: "f64", keepDims: true }), "f64", [3, 1]),
    agree(lc.sum(a, 1, { where, initial: 2 }), "f32", [3]),
    agree(lc.sum(zeros([3], "i64")), "i64", []),
    agree(lc.cumsum(bytes, 1), "u32", [3, 4]),
    agree(lc.cumprod(holds), "i32", [3, 4]),
    agree(lc.cumsum(bytes, 0, { dtype: "u8" }), "u8", [3, 4]),
    agree(lc.cumsum(a), "f32", [3, 4]),
    agree(lc.max(a, 0, { where, initial: 0 }), "f32", [4]),
    agree(lc.mean(a, 0, { where }), "f32", [4]),
    agree(lc.std(a, 1, { ddof: 1, keepDims: true }), "f32", [3, 1]),
    agree(lc.nanvar(a, 1), "f32", [3]),
    agree(lc.countNonzero(a, 0), "i32", [4]),
    agree(lc.ptp(bytes, 0), "u8", [4]),
    agree(lc.average(a, 0, { weights: zeros([3], "f32") }), "f32", [4]),
    agree(lc.matrixTrace(bytes), "u32", []),
    agree(lc.median(a, 1), "f32", [3]),
    agree(lc.quantile(a, [0.1, 0.9], 0), "f32", [2, 4]),
    agree(lc.quantile(a, 0.5), "f32", []),
    agree(lc.percentile(a, 50, 1, { keepDims: true }), "f32", [3, 1])
  ]
}

export const functionShapes = (): ReadonlyArray<Agreement> => [
  ...elementwise(),
  ...creation(),
  ...layout(),
  ...products(),
  ...reductions()
]

/** Functions generic in their dimensions. */
type F32<S extends ReadonlyArray<number>> = lc.Tensor<"f32", S>

export const generic = {
  clipped: <N extends number>(x: F32<readonly [N]>): F32<readonly [N]> => lc.clip(x, 0, 1),
  whole: <N extends number>(x: F32<readonly [N]>): F32<readonly [N]> => lc.mod(lc.floorDivide(x, 2), x),
  matrix: <N extends number>(x: F32<readonly [N]>): F32<readonly [N, N]> => diag(x),
  main: <N extends number>(x: F32<readonly [N, N]>): F32<readonly [N]> => diagonal(x),
  rows: <N extends number>(x: F32<readonly [3, N]>): F32<readonly [N]> => lc.unstack(x)[2],
  turned: <N extends number, M extends number>(x: F32<readonly [N, M]>): F32<readonly [M, N]> =>
    lc.swapAxes(x, 0, 1),
  column: <N extends number>(x: F32<readonly [N, 4]>): F32<readonly [N, 2]> => lc.sliceInDim(x, 1, 3, 1, 1),
  both: <N extends number>(x: F32<readonly [N]>, y: F32<readonly [N]>): F32<readonly []> => lc.dot(x, y),
  applied: <N extends number, M extends number>(
    m: F32<readonly [N, M]>,
    x: F32<readonly [M]>
  ): F32<readonly [N]> => lc.dot(m, x),
  total: <D extends "f32" | "f64", N extends number>(
    x: lc.Tensor<D, readonly [N]>
  ): lc.Tensor<D, readonly []> => lc.sum(x),
  running: <D extends "f32" | "f64", N extends number>(
    x: lc.Tensor<D, readonly [N]>
  ): lc.Tensor<D, readonly [N]> => lc.cumsum(x),
  places: <N extends number>(x: F32<readonly [N]>): lc.I32<readonly [N]> =>
    lc.searchsorted(lc.linspace(0, 1, 5), x),
  filled: <N extends number>(x: F32<readonly [N, 3]>): lc.I32<readonly [4]> => lc.nonzero(x, { size: 4 })[1],
  covariances: <N extends number>(x: F32<readonly [N, 9]>): F32<readonly [N, N]> => lc.cov(x),
  like: <S extends ReadonlyArray<number>>(x: F32<S>): F32<S> => lc.zerosLike(x)
}
