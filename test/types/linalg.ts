/** Shapes of linear algebra as the editor sees them, and functions generic in their dimensions. This file compiles. */
import { expectTypeOf } from "vitest"
import * as la from "../../dsl/linalg/index.ts"
import { type Tensor, zeros } from "../../pjrt/loopcarry.ts"

type F32<S extends ReadonlyArray<number>> = Tensor<"f32", S>

const square = zeros([3, 3], "f32")
const tall = zeros([2, 5, 3], "f32")

expectTypeOf(la.solve(square, zeros([3], "f32"))).toEqualTypeOf<F32<readonly [3]>>()
expectTypeOf(la.solve(square, zeros([4, 3, 2], "f32"))).toEqualTypeOf<F32<readonly [4, 3, 2]>>()
expectTypeOf(la.solve(zeros([4, 3, 3], "f32"), zeros([3], "f32"))).toEqualTypeOf<F32<readonly [4, 3]>>()
expectTypeOf(la.inv(zeros([4, 3, 3], "c64"))).toEqualTypeOf<Tensor<"c64", readonly [4, 3, 3]>>()
expectTypeOf(la.det(zeros([4, 3, 3], "f32"))).toEqualTypeOf<F32<readonly [4]>>()
expectTypeOf(la.slogdet(zeros([3, 3], "c128"))[1]).toEqualTypeOf<Tensor<"f64", readonly []>>()
expectTypeOf(la.lu(tall)[0]).toEqualTypeOf<F32<readonly [2, 5, 5]>>()
expectTypeOf(la.lu(tall)[1]).toEqualTypeOf<F32<readonly [2, 5, 3]>>()
expectTypeOf(la.lu(tall)[2]).toEqualTypeOf<F32<readonly [2, 3, 3]>>()
expectTypeOf(la.qr(tall)[0]).toEqualTypeOf<F32<readonly [2, 5, 3]>>()
expectTypeOf(la.qr(tall, { mode: "complete" })[1]).toEqualTypeOf<F32<readonly [2, 5, 3]>>()
expectTypeOf(la.eigh(zeros([2, 3, 3], "c64"))[0]).toEqualTypeOf<F32<readonly [2, 3]>>()
expectTypeOf(la.eigvalsh(square)).toEqualTypeOf<F32<readonly [3]>>()
expectTypeOf(la.expm(zeros([4, 3, 3], "c64"))).toEqualTypeOf<Tensor<"c64", readonly [4, 3, 3]>>()
expectTypeOf(la.luSolve(la.luFactor(square), zeros([3, 2], "f32"))).toEqualTypeOf<F32<readonly [3, 2]>>()
expectTypeOf(la.luSolve(la.luFactor(zeros([4, 3, 3], "f32")), zeros([3], "f32"))).toEqualTypeOf<
  F32<readonly [4, 3]>
>()
expectTypeOf(la.matrixTranspose(tall)).toEqualTypeOf<F32<readonly [2, 3, 5]>>()

// @ts-expect-error: not square
la.expm(tall)
// @ts-expect-error: another number of rows
la.luSolve(la.luFactor(square), zeros([4], "f32"))
// @ts-expect-error: no matrices
la.matrixTranspose(zeros([3], "f32"))
// @ts-expect-error: not square
la.inv(tall)
// @ts-expect-error: not square
la.det(zeros([2, 3], "f32"))
// @ts-expect-error: no matrices
la.qr(zeros([3], "f32"))
// @ts-expect-error: another number of rows
la.solve(square, zeros([4], "f32"))
// @ts-expect-error: batches that do not broadcast
la.solve(zeros([2, 3, 3], "f32"), zeros([4, 3, 1], "f32"))
// @ts-expect-error: another dtype
la.solve(square, zeros([3], "f64"))
// @ts-expect-error: integers
la.eigh(zeros([3, 3], "i32"))

/** Generic in a dimension, in the dtype, and in the whole shape. */
const ridge = <N extends number, K extends number>(
  a: F32<readonly [N, N]>,
  b: F32<readonly [N, K]>
): F32<readonly [N, K]> => la.solve(a, b)
expectTypeOf(ridge(square, zeros([3, 2], "f32"))).toEqualTypeOf<F32<readonly [3, 2]>>()

const inverse = <D extends "f32" | "f64", N extends number>(
  a: Tensor<D, readonly [N, N]>
): Tensor<D, readonly [N, N]> => la.inv(a)
expectTypeOf(inverse(zeros([3, 3], "f64"))).toEqualTypeOf<Tensor<"f64", readonly [3, 3]>>()

const volume = <B extends number, N extends number>(a: F32<readonly [B, N, N]>): F32<readonly [B]> =>
  la.slogdet(a)[1]
expectTypeOf(volume(zeros([4, 3, 3], "f32"))).toEqualTypeOf<F32<readonly [4]>>()

const flow = <N extends number, K extends number>(
  a: F32<readonly [N, N]>,
  b: F32<readonly [N, K]>
): F32<readonly [N, K]> => la.luSolve(la.luFactor(la.expm(a)), b)
expectTypeOf(flow(square, zeros([3, 2], "f32"))).toEqualTypeOf<F32<readonly [3, 2]>>()

const flipped = <M extends number, N extends number>(a: F32<readonly [M, N]>): F32<readonly [N, M]> =>
  la.matrixTranspose(a)
expectTypeOf(flipped(zeros([2, 3], "f32"))).toEqualTypeOf<F32<readonly [3, 2]>>()

const spread = <S extends ReadonlyArray<number>>(a: F32<S>) => la.eigvalsh(a)
const unknown = zeros([3, 3] as ReadonlyArray<number>, "f32")
const spreadOut: Tensor<"f32"> = spread(unknown)
const solved: Tensor<"f32"> = la.solve(unknown, unknown)

export { solved, spreadOut }
