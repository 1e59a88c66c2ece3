/** Library functions are passed whole to every transform, and keep dtype and shape. This file compiles. */
import { expectTypeOf } from "vitest"
import type { F32, F64, Tensor } from "../../pjrt/loopcarry.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const { checkpoint, grad, hessian, jacfwd, jacrev, jvp, linearize, map, valueAndGrad, vjp, vmap, zeros } = lc
const { add, cumsum, exp, gt, logistic, matmul, max, maximum, mean, mul, sin, softmax, sort, sum, tanh } = lc

type Vector = F32<[4]>
type Matrix = F32<[3, 4]>
const s = zeros([], "f32")
const v = zeros([4], "f32")
const d = zeros([4], "f64")
const m = zeros([3, 4], "f32")
const t = zeros([5, 3, 4], "f32")

// Batches.
expectTypeOf(vmap(sin)(m)).toEqualTypeOf<Matrix>()
expectTypeOf(vmap(exp)(d)).toEqualTypeOf<F64<[4]>>()
expectTypeOf(vmap(sin, { out: 1 })(m)).toEqualTypeOf<F32<[4, 3]>>()
expectTypeOf(vmap(sum)(m)).toEqualTypeOf<F32<[3]>>()
expectTypeOf(vmap(max)(m)).toEqualTypeOf<F32<[3]>>()
expectTypeOf(vmap(sum, { in: 1 })(m)).toEqualTypeOf<Vector>()
expectTypeOf(vmap(softmax)(m)).toEqualTypeOf<Matrix>()
expectTypeOf(vmap(cumsum)(m)).toEqualTypeOf<Matrix>()
expectTypeOf(vmap(sort)(m)).toEqualTypeOf<Matrix>()
expectTypeOf(vmap(add)(m, m)).toEqualTypeOf<Matrix>()
expectTypeOf(vmap(maximum, { in: [0, null] })(m, v)).toEqualTypeOf<Matrix>()
expectTypeOf(vmap(gt)(m, m)).toEqualTypeOf<Tensor<"bool", readonly [3, 4]>>()
expectTypeOf(vmap(lc.isFinite)(m)).toEqualTypeOf<Tensor<"bool", readonly [3, 4]>>()
expectTypeOf(vmap(matmul)(t, zeros([5, 4, 2], "f32"))).toEqualTypeOf<F32<[5, 3, 2]>>()
expectTypeOf(vmap(matmul, { in: [0, null] })(t, v)).toEqualTypeOf<F32<[5, 3]>>()
expectTypeOf(vmap(vmap(mean))(t)).toEqualTypeOf<F32<[5, 3]>>()

// Derivatives.
expectTypeOf(grad(sin)(s)).toEqualTypeOf<F32>()
expectTypeOf(grad(grad(tanh))(s)).toEqualTypeOf<F32>()
expectTypeOf(grad(sum)(v)).toEqualTypeOf<Vector>()
expectTypeOf(grad(mean)(d)).toEqualTypeOf<F64<[4]>>()
expectTypeOf(valueAndGrad(sum)(v)).toEqualTypeOf<[F32, Vector]>()
expectTypeOf(jacrev(softmax)(v)).toEqualTypeOf<F32<[4, 4]>>()
expectTypeOf(jacfwd(logistic)(v)).toEqualTypeOf<F32<[4, 4]>>()
expectTypeOf(jacrev(sum)(v)).toEqualTypeOf<Vector>()
expectTypeOf(hessian(sum)(v)).toEqualTypeOf<F32<[4, 4]>>()
expectTypeOf(jvp(sum, [v], [v])).toEqualTypeOf<[F32, F32]>()
expectTypeOf(vjp(sin, v)[0]).toEqualTypeOf<Vector>()
expectTypeOf(linearize(sin, v)[0]).toEqualTypeOf<Vector>()
expectTypeOf(map(sum, m)).toEqualTypeOf<F32<[3]>>()

// Around each other.
expectTypeOf(vmap(grad(sin))(v)).toEqualTypeOf<Vector>()
expectTypeOf(vmap(grad(grad(tanh)))(v)).toEqualTypeOf<Vector>()
expectTypeOf(vmap(vmap(grad(sin)))(m)).toEqualTypeOf<Matrix>()
expectTypeOf(vmap(jacfwd(softmax))(m)).toEqualTypeOf<F32<[3, 4, 4]>>()
expectTypeOf(vmap(hessian(sum))(m)).toEqualTypeOf<F32<[3, 4, 4]>>()
expectTypeOf(vmap(valueAndGrad(sum))(m)).toEqualTypeOf<[F32<[3]>, Matrix]>()
expectTypeOf(vmap(checkpoint(sin))(v)).toEqualTypeOf<Vector>()
expectTypeOf(vmap(checkpoint(grad(sin)))(v)).toEqualTypeOf<Vector>()
expectTypeOf(map(grad(sin), v)).toEqualTypeOf<Vector>()
const slope: (x: F32) => F32 = grad(sin)
expectTypeOf(slope(s)).toEqualTypeOf<F32>()
export const gradientOfAny = <S extends ReadonlyArray<number>>(x: F32<S>): F32<S> => grad(sum)(x)
// @ts-expect-error the result is a vector
grad(sin)(v)
// @ts-expect-error integers have no gradient
grad(sum)(zeros([3], "i32"))

// Functions of one's own that are generic in their dimensions.
const loss = <N extends number>(w: F32<[N]>) => sum(mul(w, w))
const layer = <I extends number, O extends number>(w: F32<[O, I]>, x: F32<[I]>) => matmul(w, x)
expectTypeOf(grad(loss)(v)).toEqualTypeOf<Vector>()
expectTypeOf(jacrev(layer)(m, v)).toEqualTypeOf<F32<[3, 3, 4]>>()
// @ts-expect-error the result is a vector, whatever the sizes are
grad(layer)(m, v)
