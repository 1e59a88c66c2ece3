/** What a function hands through beside its result keeps its type in every transform. This file compiles. */
import { expectTypeOf } from "vitest"
import type { F32, I32 } from "../../pjrt/loopcarry.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const { hessian, jvp, linearize, mul, scalar, sum, vjp, zeros } = lc

type Vector = F32<[3]>
const x = zeros([3], "f32")
const withCount = (v: Vector) => [mul(v, 2), { count: scalar(3, "i32") }] as const
const loss = (v: Vector) => [sum(v), [v, null]] as const

expectTypeOf(jvp(withCount, [x], [x], { hasAux: true })).toEqualTypeOf<
  [Vector, Vector, { readonly count: I32 }]
>()
expectTypeOf(jvp((v: Vector) => mul(v, v), [x], [null])).toEqualTypeOf<[Vector, Vector]>()

const [value, pull, aux] = vjp(withCount, x, { hasAux: true })
expectTypeOf(value).toEqualTypeOf<Vector>()
expectTypeOf(pull(value)).toEqualTypeOf<[Vector]>()
expectTypeOf(aux.count).toEqualTypeOf<I32>()

const [result, push, more] = linearize(loss, x, { hasAux: true })
expectTypeOf(result).toEqualTypeOf<F32>()
expectTypeOf(push(x)).toEqualTypeOf<F32>()
expectTypeOf(more).toEqualTypeOf<readonly [Vector, null]>()

expectTypeOf(hessian(loss, { hasAux: true })(x)).toEqualTypeOf<[F32<[3, 3]>, readonly [Vector, null]]>()
