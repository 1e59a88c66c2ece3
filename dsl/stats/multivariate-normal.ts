import { named, shapeError } from "../errors.ts"
import { exp, log, mul, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { cholesky, eye, triangularSolve } from "../ops/linalg.ts"
import { broadcastTo, reshape } from "../ops/structure.ts"
import { sum } from "../ops/sums.ts"
import { requireWide } from "../primitives/linalg.ts"
import { requireSameDType } from "../primitives/rule.ts"
import { requireTensor } from "../required.ts"
import { broadcastShapes, type Shape, sameShape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"

type WideFloat = "f32" | "f64"
type Batch<S extends Shape> = S extends readonly [...infer B extends Shape, number] ? readonly [...B] : Shape

const logDensity = (op: string, x: Value, mean: Value, covariance: Value): Floats => {
  requireWide(op, x)
  for (const each of [mean, covariance]) requireSameDType(op, x, each)
  const [n] = mean.shape.slice(-1)
  const batch = broadcastShapes(x.shape.slice(0, -1), mean.shape.slice(0, -1))
  const joined = batch && broadcastShapes(batch, covariance.shape.slice(0, -2))
  if (
    n === undefined ||
    x.shape.at(-1) !== n ||
    !sameShape(covariance.shape.slice(-2), [n, n]) ||
    joined === undefined
  )
    throw shapeError(
      op,
      `${op}: x is ${show(x)}, the mean ${show(mean)}, the covariance ${show(covariance)}`,
      "they are [..., n], [..., n] and [..., n, n]"
    )
  const floats = (value: Value): Floats => tensorOf(value)
  const factor = cholesky(floats(covariance))
  const wide = broadcastTo(factor, [...joined, n, n])
  const distance = broadcastTo(sub(floats(x), floats(mean)), [...joined, n])
  const solved = reshape(triangularSolve(wide, reshape(distance, [...joined, n, 1])), [...joined, n])
  const diagonal = sum(mul(factor, eye(n, x.dtype as "f32")), -1) as Floats
  const size = sum(log(diagonal), -1) as Floats
  const square = sum(mul(solved, solved), -1) as Floats
  return sub(sub(mul(-0.5, square), 0.5 * n * Math.log(2 * Math.PI)), size)
}

const of = <Op extends string>(op: Op, make: (value: Floats) => Floats) =>
  named(
    op,
    <D extends WideFloat, S extends Shape>(
      x: Tensor<D, S>,
      mean: Tensor<NoInfer<D>>,
      covariance: Tensor<NoInfer<D>>
    ): Tensor<D, Batch<S>> =>
      make(
        logDensity(
          op,
          requireTensor(op, "x", x),
          requireTensor(op, "the mean", mean),
          requireTensor(op, "the covariance", covariance)
        )
      ) as never
  )

/**
 * Gives the logarithm of the density of the normal distribution of vectors with a mean, [..., n], and a covariance,
 * [..., n, n]. The last axis of x is n long. NaN where a covariance is not positive definite. Takes f32 and f64. Fails with
 * a `ShapeError` or a `DTypeError` where they do not fit.
 *
 * @example multivariateNormal.logpdf(zeros([2], "f32"), zeros([2], "f32"), eye(2, "f32")) // -1.838
 */
export const logpdf = of("multivariateNormal.logpdf", (value) => value)

/**
 * Gives the density of the normal distribution of vectors with a mean, [..., n], and a covariance, [..., n, n]. The last
 * axis of x is n long. NaN where a covariance is not positive definite. Takes f32 and f64. Fails with a `ShapeError` or a
 * `DTypeError` where they do not fit.
 *
 * @example multivariateNormal.pdf(zeros([2], "f32"), zeros([2], "f32"), eye(2, "f32")) // 0.159
 */
export const pdf = of("multivariateNormal.pdf", exp)
