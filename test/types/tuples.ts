/** Lists that functions return stay tuples through every transform. This file compiles. */
import { expectTypeOf } from "vitest"
import type { Tensor } from "../../pjrt/loopcarry.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const {
  cos,
  grad,
  hessian,
  jacfwd,
  jacrev,
  jit,
  jvp,
  linearize,
  mul,
  sin,
  sum,
  valueAndGrad,
  vjp,
  vmap,
  zeros
} = lc

type Scalar = Tensor<"f32", readonly []>
type Vector = Tensor<"f32", readonly [3]>
type Matrix = Tensor<"f32", readonly [3, 3]>
const x = zeros([3], "f32")
const both = (v: Vector) => [sin(v), sum(v)] as const

const [sines, cosines] = vmap((v: Scalar) => [sin(v), cos(v)])(x)
expectTypeOf(sines).toEqualTypeOf<Vector>()
expectTypeOf(cosines).toEqualTypeOf<Vector>()

const [{ pair }] = vmap((v: Scalar) => [{ pair: [v, sin(v)] }])(x)
expectTypeOf(pair[1]).toEqualTypeOf<Vector>()

const [[value, total], [slope, totalSlope]] = jvp((v: Vector) => [sin(v), sum(v)], [x], [x])
expectTypeOf(value).toEqualTypeOf<Vector>()
expectTypeOf(total).toEqualTypeOf<Scalar>()
expectTypeOf(slope).toEqualTypeOf<Vector>()
expectTypeOf(totalSlope).toEqualTypeOf<Scalar>()

const [[made, added], pull] = vjp((v: Vector) => [sin(v), sum(v)], x)
const [cotangent] = pull([made, added])
expectTypeOf(cotangent).toEqualTypeOf<Vector>()

const [[point], push] = linearize((v: Vector) => [sin(v), sum(v)], x)
expectTypeOf(point).toEqualTypeOf<Vector>()
expectTypeOf(push(x)[1]).toEqualTypeOf<Scalar>()

const [first, second] = jacrev((v: Vector) => [sin(v), sum(v)])(x)
expectTypeOf(first).toEqualTypeOf<Matrix>()
expectTypeOf(second).toEqualTypeOf<Vector>()
expectTypeOf(jacfwd(both)(x)[0]).toEqualTypeOf<Matrix>()
expectTypeOf(hessian((v: Vector) => [sum(mul(v, v)), sum(v)])(x)[1]).toEqualTypeOf<Matrix>()

const [gradient, [aux, other]] = grad((v: Vector) => [sum(v), [sin(v), { v }]], { hasAux: true })(x)
expectTypeOf(gradient).toEqualTypeOf<Vector>()
expectTypeOf(aux).toEqualTypeOf<Vector>()
expectTypeOf(other.v).toEqualTypeOf<Vector>()

const [[loss, [kept]], slopes] = valueAndGrad((v: Vector) => [sum(v), [v, v]], { hasAux: true })(x)
expectTypeOf(loss).toEqualTypeOf<Scalar>()
expectTypeOf(kept).toEqualTypeOf<Vector>()
expectTypeOf(slopes).toEqualTypeOf<Vector>()

/** Around one another. */
const [rows] = vmap((v: Vector) => jacrev((u: Vector) => [sin(u), sum(u)])(v))(zeros([5, 3], "f32"))
expectTypeOf(rows).toEqualTypeOf<Tensor<"f32", readonly [5, 3, 3]>>()
export const jitted = jit([lc.f32(3)], (v) => vmap((u: Scalar) => [sin(u), cos(u)])(v))
