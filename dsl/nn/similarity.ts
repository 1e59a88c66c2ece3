import type { FloatDType } from "../dtype.ts"
import { named, shapeError, valueError } from "../errors.ts"
import { requireKind, requireSameDType } from "../primitives/rule.ts"
import { plainAxis, requireNumber, requireOptions, requireTensor, shown } from "../required.ts"
import { type Shape, sameShape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { IsAxis, Reduced } from "../types/axes.ts"
import { compare, convert, div, filled, inWorking, mul, select, sum, unary } from "../values.ts"

/** Along which axis vectors lie, and what their least length is. */
export interface SimilarityOptions<A extends number = number> {
  /** The axis of the vectors (-1). */
  readonly axis?: A
  /** A shorter vector counts as this long (1e-8). */
  readonly epsilon?: number
}

/** The length of vectors, or epsilon where that is more: then it does not change with the vector. */
const lengthOf = (x: Value, axis: number, epsilon: number): Value => {
  const squared = sum(mul(x, x), [axis])
  const least = filled(squared, epsilon * epsilon)
  // NaN stays.
  return unary("sqrt", select(compare("lt", squared, least), least, squared))
}

/**
 * Gives the cosine of the angle between vectors, which lie along an axis (the last). With a vector of length 0 it is 0.
 * Half floats are worked out in f32. Takes f16, bf16, f32 and f64, both of one dtype and shape. Fails with a
 * `ShapeError` or a `DTypeError` where they differ, and a `ValueError` for an epsilon that is not positive.
 *
 * @example cosineSimilarity(constant([3, 4], "f32"), constant([4, 3], "f32")) // f32[]: 0.96
 */
export const cosineSimilarity = named(
  "cosineSimilarity",
  <D extends FloatDType, S extends Shape, const A extends number = -1>(
    a: Tensor<D, S>,
    b: Tensor<NoInfer<D>, NoInfer<S>>,
    options?: SimilarityOptions<A & IsAxis<"cosineSimilarity", D, S, A>>
  ): Tensor<D, Reduced<S, NoInfer<A>, false>> => {
    const op = "cosineSimilarity"
    const { axis = -1, epsilon = 1e-8 } = requireOptions<SimilarityOptions>(op, options, ["axis", "epsilon"])
    const [left, right] = [requireTensor(op, "a", a), requireTensor(op, "b", b)]
    requireKind(op, left, ["float"])
    requireSameDType(op, left, right)
    if (!sameShape(left.shape, right.shape)) {
      throw shapeError(
        op,
        `${op}: the shapes differ: ${show(left)} and ${show(right)}`,
        "a and b have one shape; broadcast one of them"
      )
    }
    const at = plainAxis(op, axis, left)
    // Its square must be a number of f32.
    if (!(requireNumber(op, "epsilon", epsilon) >= 1e-18))
      throw valueError(op, `${op}: epsilon is ${shown(epsilon)}`, "give a number from 1e-18")
    return tensorOf(
      inWorking(left, (x) => {
        const y = convert(right, x.dtype)
        const lengths = mul(lengthOf(x, at, epsilon), lengthOf(y, at, epsilon))
        return div(sum(mul(x, y), [at]), lengths)
      })
    )
  }
)
