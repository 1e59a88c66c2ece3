/** Losses of records, tuples and interfaces, and their derivatives. */
import {
  abs,
  add,
  div,
  exp,
  type F32,
  f32,
  grad,
  gt,
  hessian,
  type I32,
  i32,
  jit,
  log,
  log1p,
  logSoftmax,
  logsumexp,
  lt,
  matmul,
  max,
  maximum,
  mean,
  mul,
  neg,
  oneHot,
  pow,
  scalar,
  select,
  sqrt,
  square,
  sub,
  sum,
  type Tensors,
  takeAlong,
  tanh,
  valueAndGrad,
  vmap
} from "loopcarry"

/** Least squares of a record. */
const linear = ({ w, b }: { readonly w: F32<[3]>; readonly b: F32 }, xs: F32<[20, 3]>, ys: F32<[20]>) =>
  mean(square(sub(add(matmul(xs, w), b), ys)))
export const leastSquares = jit([{ w: f32(3), b: f32() }, f32(20, 3), f32(20)], (p, xs, ys) => {
  const { w, b } = grad(linear)(p, xs, ys)
  const slopes: [F32<[3]>, F32] = [w, b]
  return slopes
})

/** A tuple of parameters. */
export const tupleLoss = jit([[f32(3, 4), f32(4)], f32(3)], ([w, b], x) => {
  const loss = ([w, b]: readonly [F32<[3, 4]>, F32<[4]>]) => sum(square(tanh(add(matmul(x, w), b))))
  const [value, [dw, db]] = valueAndGrad(loss)([w, b])
  return { value, dw, db }
})

interface Layer {
  readonly w: F32<[4, 4]>
  readonly b: F32<[4]>
}
interface Model {
  readonly encoder: Layer
  readonly decoder: Layer
  readonly scales: readonly [F32, F32]
}
const layerSpec = { w: f32(4, 4), b: f32(4) }
const modelSpec = { encoder: layerSpec, decoder: layerSpec, scales: [f32(), f32()] } as const
const apply = (layer: Layer, x: F32<[4]>) => tanh(add(matmul(x, layer.w), layer.b))

/** An autoencoder, its model an interface. */
const autoencoder = (model: Model, x: F32<[4]>): F32 =>
  mean(
    square(sub(mul(apply(model.decoder, mul(apply(model.encoder, x), model.scales[0])), model.scales[1]), x))
  )
export const autoencoded = jit([modelSpec, f32(4)], (model, x) => {
  const [value, slopes] = valueAndGrad(autoencoder)(model, x)
  const again: Model = slopes
  return { value, slopes: again }
})

/** Cross entropy by a one-hot target. */
export const crossEntropy = jit([f32(8, 10), i32(8)], (logits, labels) => {
  const loss = (z: F32<[8, 10]>) => neg(mean(sum(mul(oneHot(labels, 10), logSoftmax(z)), 1)))
  return valueAndGrad(loss)(logits)
})

/** Cross entropy by the chosen element of each row. */
export const chosenEntropy = jit([f32(8, 10), i32(8, 1)], (logits, labels) => {
  const loss = (z: F32<[8, 10]>) => mean(sub(logsumexp(z, 1), sum(takeAlong(z, labels, 1), 1)))
  return grad(loss)(logits)
})

/** Logistic regression, with its Hessian. */
export const logisticRegression = jit([f32(5), f32(30, 5), f32(30)], (w, xs, ys) => {
  const loss = (w: F32<[5]>) => {
    const z = matmul(xs, w)
    return mean(sub(log1p(exp(neg(abs(z)))), sub(mul(ys, z), maximum(z, 0))))
  }
  const curvature: F32<[5, 5]> = hessian(loss)(w)
  return { slope: grad(loss)(w), curvature }
})

/** A Huber loss, with a threshold that is a plain number. */
const huber = <S extends ReadonlyArray<number>>(error: F32<S>, delta: number): F32<S> =>
  select(lt(abs(error), delta), mul(square(error), 0.5), mul(sub(abs(error), delta / 2), delta))
export const robust = jit([f32(2), f32(10), f32(10)], (p, xs, ys) =>
  grad((p: F32<[2]>) => sum(huber(sub(mul(sum(p), xs), ys), 1.5)))(p)
)

/** A margin loss over pairs. */
export const triplet = jit([f32(16), f32(16), f32(16)], (anchor, near, far) => {
  const distance = (a: F32<[16]>, b: F32<[16]>) => sqrt(add(sum(square(sub(a, b))), 1e-8))
  const loss = (a: F32<[16]>, n: F32<[16]>, f: F32<[16]>) =>
    maximum(add(sub(distance(a, n), distance(a, f)), 0.2), 0)
  const slopes: readonly [F32<[16]>, F32<[16]>, F32<[16]>] = grad(loss, { argnums: [0, 1, 2] })(
    anchor,
    near,
    far
  )
  return slopes
})

/** A loss with what it saw beside it. */
export const withAux = jit([f32(3, 10), f32(8, 3), i32(8)], (w, xs, labels: I32<[8]>) => {
  const loss = (w: F32<[3, 10]>): [F32, { logits: F32<[8, 10]>; hits: F32 }] => {
    const logits = matmul(xs, w)
    const hits = mean(max(mul(oneHot(labels, 10), logits), 1))
    return [neg(mean(sum(mul(logSoftmax(logits), oneHot(labels, 10)), 1))), { logits, hits }]
  }
  const [[value, { logits, hits }], slope] = valueAndGrad(loss, { hasAux: true })(w)
  const seen: F32<[8, 10]> = logits
  return { value, seen, hits, slope }
})

/** A penalty on every leaf of the parameters. */
const penalised = (p: Tensors<typeof modelSpec>, x: F32<[4]>) => {
  const sizes = [p.encoder.w, p.decoder.w].map((w) => sum(square(w)))
  return add(
    autoencoder(p, x),
    mul(
      sizes.reduce((a, b) => add(a, b)),
      1e-4
    )
  )
}
export const decayed = jit([modelSpec, f32(4)], (p, x) => grad(penalised)(p, x))

/** The mean of losses over a batch, each by vmap. */
export const batchLoss = jit([modelSpec, f32(32, 4)], (p, xs) => {
  const loss = (p: Model) => mean(vmap(autoencoder, { in: [null, 0] })(p, xs))
  return valueAndGrad(loss)(p)
})

/** Negative log likelihood of a normal distribution, its scale by its logarithm. */
export const normalNll = jit([{ mu: f32(), logSigma: f32() }, f32(50)], (p, xs) => {
  const nll = ({ mu, logSigma }: { mu: F32; logSigma: F32 }) => {
    const z = div(sub(xs, mu), exp(logSigma))
    return sum(add(mul(square(z), 0.5), logSigma, 0.5 * Math.log(2 * Math.PI)))
  }
  return grad(nll)(p)
})

/** Evidence lower bound of one latent number, with a closed-over number of samples. */
export const elbo = jit([f32(4), f32(4), f32(4)], (mu, logVar, x) => {
  const divergence = mul(sum(sub(add(exp(logVar), square(mu)), add(logVar, 1))), 0.5)
  const reconstruction = sum(square(sub(x, mu)))
  const loss: F32 = add(divergence, reconstruction)
  return loss
})

/** A focal loss, whose exponent is a tensor. */
export const focal = jit([f32(6), f32()], (p, gamma) => {
  const loss = (p: F32<[6]>, g: F32) => neg(mean(mul(pow(sub(1, p), g), log(p))))
  const [dp, dg] = grad(loss, { argnums: [0, 1] })(p, gamma)
  return { dp, dg, big: gt(dg, scalar(1, "f32")) }
})
