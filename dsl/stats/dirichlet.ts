import type { FloatDType } from "../dtype.ts"
import { workingDType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { abs, and, exp, gt, lgamma, lt, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { concatenate, select } from "../ops/structure.ts"
import { all, sum } from "../ops/sums.ts"
import { requireKind, requireSameDType } from "../primitives/rule.ts"
import { requireTensor } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { xLogY } from "../special/entropy.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { broadcast, convert } from "../values.ts"

type Rest<S extends Shape> = S extends readonly [number, ...infer R extends Shape] ? readonly [...R] : Shape

const logDensity = (op: string, x: Value, alpha: Value): Floats => {
  requireKind(op, x, ["float"])
  requireSameDType(op, x, alpha)
  const [n] = alpha.shape
  const [parts] = x.shape
  if (alpha.shape.length !== 1 || parts === undefined || (parts !== n && parts !== n! - 1))
    throw shapeError(
      op,
      `${op}: x is ${show(x)}, alpha ${show(alpha)}`,
      "alpha is [n], and the first axis of x has n parts, or n - 1"
    )
  const [given, powers] = [x, alpha].map((each) =>
    tensorOf<"f32", Shape>(convert(each, workingDType(x.dtype)))
  ) as [Floats, Floats]
  const whole =
    parts === n
      ? given
      : (concatenate([given, sub(1, sum(given, 0, { keepDims: true }) as Floats)], 0) as Floats)
  const constant = sub(sum(lgamma(powers)), lgamma(sum(powers)))
  const spread = tensorOf<"f32", Shape>(broadcast(valueOf(powers), whole.shape, [0]))
  const value = sub(sum(xLogY(sub(spread, 1), whole), 0) as Floats, constant)
  const isShare = and(all(gt(whole, 0), 0) as Tensor<"bool">, lt(abs(sub(sum(whole, 0) as Floats, 1)), 1e-6))
  return select(isShare, value, Number.NEGATIVE_INFINITY)
}

const of = <Op extends string>(op: Op, make: (value: Floats) => Floats) =>
  named(
    op,
    <D extends FloatDType, S extends Shape>(
      x: Tensor<D, S>,
      alpha: Tensor<NoInfer<D>, readonly [number]>
    ): Tensor<D, Rest<S>> => {
      const [value, powers] = [requireTensor(op, "x", x), requireTensor(op, "alpha", alpha)]
      return tensorOf(convert(valueOf(make(logDensity(op, value, powers))), value.dtype))
    }
  )

/**
 * Gives the logarithm of the density of Dirichlet's distribution with parameters alpha, which are f[n]. The first axis of x
 * has n parts that sum to 1, or all but the last of them. -Infinity where they do not. Takes f16, bf16, f32 and f64. Fails
 * with a `ShapeError` or a `DTypeError` where the two do not fit.
 *
 * @example dirichlet.logpdf(constant([0.25, 0.75], "f32"), ones([2], "f32")) // 0
 */
export const logpdf = of("dirichlet.logpdf", (value) => value)

/**
 * Gives the density of Dirichlet's distribution with parameters alpha, which are f[n]. The first axis of x has n parts that
 * sum to 1, or all but the last of them. 0 where they do not. Takes f16, bf16, f32 and f64. Fails with a `ShapeError` or a
 * `DTypeError` where the two do not fit.
 *
 * @example dirichlet.pdf(constant([0.25, 0.75], "f32"), ones([2], "f32")) // 1
 */
export const pdf = of("dirichlet.pdf", exp)
