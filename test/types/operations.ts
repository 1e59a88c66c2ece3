/** Operations whose checks must let these pass: generic dimensions, lengths that are not known. This file compiles. */
import { expectTypeOf } from "vitest"
import type { F32, Input, Tensor } from "../../pjrt/loopcarry.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const { arange, at, clamp, constant, einsum, full, jit, scalar, select, slice, squeeze } = lc
const { cumsum, argmax, max, mean, softmax, sum, topK, vmap, zeros } = lc

declare const loose: Tensor<"f32">
declare const any: Tensor
declare const n: number
declare const row: Tensor<"f32", readonly [number]>

type Float = "f32" | "f64"

export const scores = <D extends Float, Q extends number, K extends number, C extends number>(
  q: Tensor<D, readonly [Q, C]>,
  k: Tensor<D, readonly [K, C]>
) => einsum("qc,kc->qk", q, k)
expectTypeOf(scores(zeros([2, 3], "f32"), zeros([4, 3], "f32"))).toEqualTypeOf<F32<[2, 4]>>()
einsum("ij,j->i", loose, row)
einsum("ii->", zeros([3, 3], "f32"))
einsum("ij, jk, kl", zeros([2, 3], "f32"), zeros([3, 4], "f32"), zeros([4, 5], "f32"))
einsum("...ignored" as string, row)

export const reduced = <D extends Float, N extends number>(x: Tensor<D, readonly [N]>) =>
  [
    sum(x),
    mean(x),
    max(x),
    argmax(x),
    softmax(x),
    cumsum(x),
    clamp(0, x, 1),
    clamp(-1.5, x, scalar(1, "f32") as never),
    at(x, 0).set(0.5),
    at(x, arange(2)).add(1),
    at(x, 0).get()
  ] as const

export const anyFloat = <D extends lc.FloatDType, S extends ReadonlyArray<number>>(x: Tensor<D, S>) =>
  [sum(x), mean(x), softmax(x), clamp(0, x, 1)] as const

export const updates = <N extends number, M extends number>(
  x: F32<readonly [N, M]>,
  r: F32<readonly [M]>
): F32<readonly [N, M]> => at(at(at(x, 0).set(r), n).add(r), 1, 2).set(scalar(1, "f32"))
at(zeros([3, 4], "f32"), 0).set(zeros([1], "f32"))
at(zeros([3, 4], "f32"), 0).set(row)
at(zeros([3, 4], "f32"), 0).set(loose)
at(loose, 0, 1, 2).set(1)
at(zeros([3], "bool"), 0).set(true)
at(zeros([3], "i64"), 0).set(1n)
at(zeros([3], "i32"), 0).set(n)
at(zeros([3, 4], "f32"), -1, -4).get()
at(zeros([3, 4], "f32"), ...[0, 1]).get()

squeeze(row, 0)
squeeze(loose, [0, 1])
squeeze(zeros([1, 3, 1], "f32"), [0, -1])
export const squeezed = <N extends number>(x: F32<readonly [1, N]>): F32<readonly [N]> => squeeze(x, 0)
topK(row, 3)
topK(zeros([4], "f32"), 4)
topK(zeros([4], "f32"), n)
slice(loose, [0], [1])
slice(zeros([3, 4], "f32"), [0, 0] as ReadonlyArray<number>, [1, 1] as ReadonlyArray<number>)

select(any as Tensor<"bool">, zeros([3], "f32"), 0)
clamp(n, zeros([3], "i32"), 10)
clamp(zeros([3], "f32"), zeros([3], "f32"), scalar(1, "f32"))
clamp(0n, zeros([3], "i64"), 10n)
constant(new Float32Array(3))
constant(n, "f32")
full([2], 0, "f32")

vmap((x: F32<[3]>) => sum(x))(zeros([2, 3], "f32"))

// What a jitted function takes, held in a variable.
const double = jit([lc.f32(3)], (x) => x)
const data: Input<"f32", readonly [3]> = [1, 2, 3]
double(data)
double(new Float32Array(3))
export const feed = (values: ReadonlyArray<number>) => double(values)
