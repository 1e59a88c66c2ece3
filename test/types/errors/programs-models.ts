/**
 * Programs with one mistake each, as users write them: models. What the compiler says, and what a run says, is in
 * wrong-programs.snapshot.txt.
 */

import type { F32, Tensor } from "loopcarry"
import * as lc from "loopcarry"

const { add, concatenate, f32, grad, jit, matmul, mean, mul, random, scalar, scan, softmax, sub, sum } = lc
const { tanh, transpose, tree, valueAndGrad, vmap, zeros } = lc

const dense = <I extends number, O extends number>(
  w: F32<readonly [I, O]>,
  b: F32<readonly [NoInfer<O>]>,
  x: F32<readonly [NoInfer<I>]>
) => tanh(add(matmul(x, w), b))

export const denseOfAnotherInput = () => dense(zeros([3, 4], "f32"), zeros([4], "f32"), zeros([5], "f32"))

export const denseOfAnotherBias = () => dense(zeros([3, 4], "f32"), zeros([3], "f32"), zeros([3], "f32"))

export const weightsTransposed = () => {
  const w = zeros([10, 784], "f32")
  return jit([f32(32, 784)], (images) => matmul(images, w))
}

export const biasOfTheInput = () => {
  const w = zeros([784, 10], "f32")
  const b = zeros([784], "f32")
  return jit([f32(32, 784)], (images) => softmax(add(matmul(images, w), b)))
}

export const kalmanTransposed = () => {
  const a = zeros([4, 4], "f32")
  const c = zeros([2, 4], "f32")
  return jit([f32(4), f32(4, 4), f32(2)], (m, p, z) => {
    const mean = matmul(a, m)
    const spread = matmul(matmul(a, p), transpose(a))
    const residual = sub(z, matmul(c, mean))
    return [residual, matmul(spread, c)]
  })
}

export const kalmanObservation = () => {
  const c = zeros([2, 4], "f32")
  return jit([f32(4), f32(3)], (m, z) => sub(z, matmul(c, m)))
}

export const attentionWithoutTranspose = () => jit([f32(6, 8), f32(6, 8)], (q, k) => softmax(matmul(q, k)))

export const attentionMaskOfAnotherLength = () => {
  const mask = zeros([5], "bool")
  return jit([f32(6, 6)], (scores) => softmax(lc.select(mask, scores, -1e9)))
}

export const recurrentStateOfAnotherSize = () => {
  const w = zeros([8, 16], "f32")
  return jit([f32(5, 8)], (xs) =>
    scan(zeros([8], "f32"), xs, (h, x) => [tanh(add(matmul(x, w), matmul(h, w))), null])
  )
}

export const gatesJoinedAlongTheWrongAxis = () => jit([f32(5, 8), f32(5, 4)], (x, h) => concatenate([x, h]))

export const lossOfEachExample = () => {
  const loss = (w: F32<[3]>, x: F32<[5, 3]>) => mul(matmul(x, w), 2)
  return grad(loss)(zeros([3], "f32"), zeros([5, 3], "f32"))
}

export const updateOfAnotherTree = () => {
  const params = { w: zeros([3], "f32"), b: scalar(0, "f32") }
  const loss = (p: { w: F32<[3]> }) => sum(p.w)
  const gradient = grad(loss)(params)
  return tree.map((p, g) => sub(p, mul(g, 0.1)), params, gradient)
}

export const stepLosesTheCount = () => {
  const loss = (w: F32<[3]>, x: F32<[3]>) => mean(mul(w, x))
  const init = { w: zeros([3], "f32"), steps: scalar(0, "i32") }
  return scan(init, zeros([10, 3], "f32"), ({ w }, x) => {
    const [value, g] = valueAndGrad(loss)(w, x)
    return [{ w: sub(w, mul(g, 0.1)) }, value]
  })
}

export const stepCountsInFloats = () => {
  const init = { w: zeros([3], "f32"), steps: scalar(0, "i32") }
  return scan(init, zeros([10, 3], "f32"), ({ w, steps }, x) => [
    { w: sub(w, mul(x, 0.1)), steps: add(steps, 0.5) },
    null
  ])
}

export const momentumOfAnotherSize = () => {
  const init = { w: zeros([3], "f32"), m: zeros([4], "f32") }
  return scan(init, zeros([10, 3], "f32"), ({ w, m }, g) => [{ w: sub(w, g), m: add(m, g) }, null])
}

export const batchThroughAFunctionOfOne = () => {
  const predict = (w: F32<[3]>, x: F32<[3]>) => sum(mul(w, x))
  return vmap(predict, { in: [null, 0] })(zeros([3], "f32"), zeros([5, 4], "f32"))
}

export const noiseOfAnotherShape = () => jit([f32(3, 4)], (x) => add(x, random.normal(random.key(0), [4, 3])))

export const keyIsASeed = () => random.normal(7, [3])

export const halfPrecisionMixed = () => {
  const w = zeros([4, 4], "bf16")
  return jit([f32(2, 4)], (x) => matmul(x, w))
}

export const labelsAsNumbers = () => {
  const labels = zeros([32], "i32")
  return jit([f32(32)], (logits) => mean(mul(logits, labels)))
}

export const layersOfAnotherLength = () => {
  const forward = (layers: readonly [F32<[3, 4]>, F32<[4, 2]>], x: F32<[3]>) =>
    matmul(matmul(x, layers[0]), layers[1])
  return forward([zeros([3, 4], "f32")], zeros([3], "f32"))
}

export const layerWithoutItsBias = () => {
  interface Layer {
    readonly w: Tensor<"f32", readonly [3, 4]>
    readonly b: Tensor<"f32", readonly [4]>
  }
  const forward = ({ w, b }: Layer, x: F32<[3]>) => add(matmul(x, w), b)
  return forward({ w: zeros([3, 4], "f32") }, zeros([3], "f32"))
}

const product = <N extends number, K extends number, M extends number>(a: F32<[N, K]>, b: F32<[K, M]>) =>
  lc.einsum("nk,km->nm", a, b)

export const genericProductBesideAnotherBias = () =>
  add(product(zeros([3, 4], "f32"), zeros([4, 2], "f32")), zeros([4], "f32"))

const rows = <B extends number, H extends number, W extends number>(x: F32<[B, H, W]>) =>
  lc.reshape(x, [x.shape[0], -1])

export const genericRowsForAnotherLayer = () => matmul(rows(zeros([5, 2, 3], "f32")), zeros([8, 10], "f32"))

const positions = <N extends number>(x: F32<[N]>) => lc.arange(x.shape[0])

export const genericPositionsOfAnotherLength = () => add(positions(zeros([5], "f32")), zeros([4], "i32"))

const centred = <S extends lc.Shape>(x: F32<S>): F32<S> => sub(x, mean(x, -1, { keepDims: true }))

export const genericNormOfAnotherShape = () => add(centred(zeros([3, 4], "f32")), zeros([3], "f32"))

const beside = <N extends number, M extends number>(x: F32<[N]>, y: F32<[M]>) => concatenate([x, y])

export const genericJoinBesideAnotherLength = () =>
  sub(beside(zeros([3], "f32"), zeros([2], "f32")), zeros([4], "f32"))

const greatest = <N extends number, K extends number>(x: F32<[N]>, k: K) => lc.topK(x, k)[0]

export const genericTopBesideAnotherCount = () => sub(greatest(zeros([9], "f32"), 3), zeros([4], "f32"))
