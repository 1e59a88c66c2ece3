/** Programs with one mistake each, as users write them: derivatives and batches. */

import type { F32, I32 } from "loopcarry"
import * as lc from "loopcarry"

const { add, grad, jit, jvp, f32, mul, neg, scalar, sum, valueAndGrad, vjp, vmap, zeros } = lc

const v = zeros([3], "f32")
const n = zeros([3], "i32")
const total = (w: F32<[3]>) => sum(mul(w, w))
const neg3 = (w: F32<[3]>) => neg(w)

export const lossIsAVector = () => grad((w: F32<[3]>) => mul(w, 2))(v)

export const lossIsAnInteger = () => grad((w: F32<[3]>) => lc.convert(sum(w), "i32"))(v)

export const lossIsARecord = () => grad((w: F32<[3]>) => ({ loss: sum(w) }))(v)

export const lossForgetsReturn = () =>
  grad((w: F32<[3]>) => {
    sum(w)
  })(v)

export const lossOfAParameterWithoutType = () => grad((w) => sum(w))(v)

export const valueAndGradOfAParameterWithoutType = () => valueAndGrad((w) => sum(mul(w, w)))(v)

export const auxWithoutHasAux = () => grad((w: F32<[3]>) => [sum(w), w])(v)

export const hasAuxWithoutAux = () => grad((w: F32<[3]>) => sum(w), { hasAux: true })(v)

export const auxIsANumber = () => grad((w: F32<[3]>) => [sum(w), 1], { hasAux: true })(v)

export const gradOfAValue = () => grad(total(v))

export const gradWithTheArgument = () => grad(total, v)

export const gradAtAnotherShape = () => grad(total)(zeros([4], "f32"))

export const gradAtAnotherDtype = () => grad(total)(n)

export const gradAtANumber = () => grad((w: F32) => mul(w, w))(2)

export const gradAtAnArray = () => grad(total)([1, 2, 3])

export const gradOfARecordWithoutAKey = () =>
  grad((p: { w: F32<[3]>; b: F32 }) => add(sum(p.w), p.b))({ w: v })

export const gradOptionIsUnknown = () => grad(total, { argnum: 0 })(v)

export const gradUsedAsATensor = () => add(grad(total), 1)

export const vmapOfAParameterWithoutType = () => vmap((w) => sum(w))(zeros([5, 3], "f32"))

export const vmapOverOtherLengths = () =>
  vmap((a: F32<[3]>, b: F32<[3]>) => add(a, b))(zeros([5, 3], "f32"), zeros([6, 3], "f32"))

export const vmapWithoutABatch = () => vmap(total)(v)

export const vmapOfAnotherDtype = () => vmap(total)(zeros([5, 3], "i32"))

export const vmapOfAnotherShape = () => vmap(total)(zeros([5, 4], "f32"))

export const vmapInIsAText = () => vmap(total, { in: "0" })(zeros([5, 3], "f32"))

export const vmapGivesANumber = () => vmap((_: F32<[3]>) => 1)(zeros([5, 3], "f32"))

export const vmapWithTheArgument = () => vmap(total, zeros([5, 3], "f32"))

export const tangentOfAnotherShape = () => jvp(total, [v], [zeros([4], "f32")])

export const tangentIsNoList = () => jvp(total, v, v)

export const cotangentOfAnotherShape = () => {
  const [, pull] = vjp(neg, v)
  return pull(zeros([4], "f32"))
}

export const jittedInsideALoss = () => {
  const loss = jit([f32(3)], (w) => sum(w))
  return grad((_: F32<[3]>) => loss([1, 2, 3]))(v)
}

export const seedOfAGradient = () => valueAndGrad(total)(v, scalar(1, "f32"))

const steps = (p: { w: F32<[3]>; n: I32 }) => sum(p.w)

export const gradOfIntegers = () => grad(steps)({ w: v, n: scalar(1, "i32") })

export const valueAndGradOfIntegers = () =>
  valueAndGrad((w: F32<[3]>, _: I32<[3]>) => sum(w), { argnums: [0, 1] })(v, n)

export const jacobianOfIntegers = () => lc.jacfwd((k: I32<[3]>) => lc.convert(k, "f32"))(n)

export const hessianOfIntegers = () => lc.hessian(steps)({ w: v, n: scalar(1, "i32") })

export const argnumsOutOfRange = () => grad((w: F32<[3]>, _: I32<[3]>) => sum(w), { argnums: 2 })(v, n)

export const argnumsTwice = () =>
  lc.jacrev((w: F32<[3]>, x: F32<[3]>) => mul(w, x), { argnums: [1, -1] })(v, v)

export const vmapTwiceOverOtherLengths = () =>
  vmap(vmap((x: F32, y: F32) => mul(x, y)))(zeros([5, 3], "f32"), zeros([5, 4], "f32"))

export const gradOfASineAtAVector = () => grad(lc.sin)(v)

export const gradOfASumOfIntegers = () => lc.jacrev(sum)(n)

const hessianTimes = <P extends lc.TreeOf<F32<lc.Shape>>>(loss: (p: P) => F32, p: P, v: P) =>
  jvp(grad(loss), [p], [v])[1]

export const genericHessianBesideAnotherLength = () => add(hessianTimes(total, v, v), zeros([4], "f32"))

export const vmapAxesTooFew = () =>
  vmap((x: F32<[3]>, y: F32) => mul(x, y), { in: [0] })(zeros([5, 3], "f32"), scalar(1, "f32"))

export const vmapAxesTooMany = () => vmap(total, { in: [0, null] })(zeros([5, 3], "f32"))

export const vmapInOutOfRange = () => vmap(neg3, { in: 2 })(zeros([5, 3], "f32"))

export const vmapOutOfAScalar = () => vmap(total, { out: 1 })(zeros([5, 3], "f32"))

export const hessianAuxOfAnotherArgument = () =>
  lc.hessian((w: F32<[3]>) => [total(w), w], { hasAux: true, argnums: 2 })(v)

export const jacobianAuxIsMissing = () => lc.jacfwd((w: F32<[3]>) => mul(w, w), { hasAux: true })(v)
