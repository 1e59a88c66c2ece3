import type { FloatDType } from "../dtype.ts"
import { named, shapeError, valueError } from "../errors.ts"
import { requireKind, requireSameDType } from "../primitives/rule.ts"
import { requireNumber, requireTensor, shown } from "../required.ts"
import { type Shape, sameShape, show, sizeOf } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { add, binary, div, filled, inWorking, mul, neg, range, scale, sub, sum, unary } from "../values.ts"
import { logSigmoid } from "./sigmoids.ts"

const floats = (op: string, what: string, x: Tensor): Value => {
  const value = requireTensor(op, what, x)
  requireKind(op, value, ["float"])
  return value
}

/** Two arrays of one type, number by number. */
const twoAlike = (op: string, a: Tensor, b: Tensor, names: readonly [string, string]): [Value, Value] => {
  const [left, right] = [floats(op, names[0], a), floats(op, names[1], b)]
  requireSameDType(op, left, right)
  if (sameShape(left.shape, right.shape)) return [left, right]
  // Shapes that broadcast are refused too: [n] beside [n,1] makes n^2 numbers of what was meant as n.
  throw shapeError(
    op,
    `${op}: the shapes differ: ${show(left)} and ${show(right)}`,
    `${names[0]} and ${names[1]} have one shape; reshape or broadcast one of them`
  )
}

const predicted = ["predictions", "targets"] as const

/**
 * Gives for each element minus the logarithm of the probability that `sigmoid(logits)` gives to a label from 0 to 1.
 * Takes f16, bf16, f32 and f64, both of one dtype and shape, which stay. Fails with a `ShapeError` or a `DTypeError`
 * where they differ.
 *
 * @example sigmoidBinaryCrossEntropy(constant([0, 2], "f32"), constant([0, 1], "f32")) // [0.693, 0.127]
 */
export const sigmoidBinaryCrossEntropy = named(
  "sigmoidBinaryCrossEntropy",
  <D extends FloatDType, S extends Shape>(
    logits: Tensor<D, S>,
    labels: Tensor<NoInfer<D>, NoInfer<S>>
  ): Tensor<D, S> => {
    const [x, y] = twoAlike("sigmoidBinaryCrossEntropy", logits, labels, ["logits", "labels"])
    const log = (z: Value): Value => valueOf(logSigmoid(tensorOf<FloatDType, Shape>(z)))
    return tensorOf(neg(add(mul(y, log(x)), mul(sub(filled(y, 1), y), log(neg(x))))))
  }
)

const meanOfAll = (x: Value): Value => {
  const total = sum(x, range(x.shape.length))
  return div(total, filled(total, sizeOf(x.shape)))
}

const meanOf = (op: string, each: (error: Value) => Value) =>
  named(
    op,
    <D extends FloatDType, S extends Shape>(
      predictions: Tensor<D, S>,
      targets: Tensor<NoInfer<D>, NoInfer<S>>
    ): Tensor<D, readonly []> => {
      const [x, y] = twoAlike(op, predictions, targets, predicted)
      return tensorOf(inWorking(each(sub(x, y)), meanOfAll))
    }
  )

/**
 * Gives the mean squared difference, over all elements. Takes f16, bf16, f32 and f64, both of one dtype and shape.
 * Fails with a `ShapeError` or a `DTypeError` where they differ.
 *
 * @example mse(constant([1, 2], "f32"), constant([1, 4], "f32")) // f32[]: 2
 */
export const mse = meanOf("mse", (error) => mul(error, error))

/**
 * Gives the mean absolute difference, over all elements. Takes f16, bf16, f32 and f64, both of one dtype and shape.
 * Fails with a `ShapeError` or a `DTypeError` where they differ.
 *
 * @example mae(constant([1, 2], "f32"), constant([1, 4], "f32")) // f32[]: 1
 */
export const mae = meanOf("mae", (error) => unary("abs", error))

/**
 * Gives for each element half the squared difference up to `delta` (1), and beyond it a line with that slope. Takes
 * f16, bf16, f32 and f64, both of one dtype and shape, which stay. Fails with a `ShapeError` or a `DTypeError` where
 * they differ, and a `ValueError` where `delta` is not positive.
 *
 * @example huber(constant([0.5, 3], "f32"), constant([0, 0], "f32")) // [0.125, 2.5]
 */
export const huber = named(
  "huber",
  <D extends FloatDType, S extends Shape>(
    predictions: Tensor<D, S>,
    targets: Tensor<NoInfer<D>, NoInfer<S>>,
    delta = 1
  ): Tensor<D, S> => {
    const [x, y] = twoAlike("huber", predictions, targets, predicted)
    if (!(requireNumber("huber", "delta", delta) > 0))
      throw valueError("huber", `huber: delta is ${shown(delta)}`, "give a positive number")
    const size = unary("abs", sub(x, y))
    const inner = binary("minimum", size, filled(size, delta))
    return tensorOf(add(scale(mul(inner, inner), 0.5), scale(sub(size, inner), delta)))
  }
)
