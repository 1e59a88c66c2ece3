import { type FloatDType, type IntegerDType, isInteger } from "../dtype.ts"
import { dtypeError, named, shapeError, valueError } from "../errors.ts"
import { say } from "../messages.ts"
import { logSoftmax, logsumexp } from "../ops/reduce.ts"
import { requireKind } from "../primitives/rule.ts"
import { plainAxis, requireNumber, requireOptions, requireTensor, shown } from "../required.ts"
import { type Shape, sameShape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { IsAxis, Reduced } from "../types/axes.ts"
import {
  add,
  binary,
  broadcast,
  compare,
  convert,
  filled,
  inWorking,
  iota,
  mul,
  neg,
  plus,
  range,
  scale,
  select,
  sub,
  sum,
  zeros
} from "../values.ts"

/** What is given to `crossEntropy` beside arrays. */
export interface CrossEntropyOptions<A extends number = number> {
  /** The axis of the classes (-1). */
  readonly axis?: A
  /** What part of each label is spread over all classes, from 0 to 1 (0). */
  readonly labelSmoothing?: number
}

/** The logarithm of a probability of 0 counts as 0 where the label is 0, too. */
const weighted = (labels: Value, logs: Value): Value => {
  const isNothing = binary(
    "and",
    compare("eq", labels, zeros(labels)),
    compare("eq", logs, filled(logs, Number.NEGATIVE_INFINITY))
  )
  return mul(labels, select(isNothing, zeros(logs), logs))
}

const requireLabels = (labels: Value, logits: Value, axis: number): void => {
  const op = "crossEntropy"
  const isIndex = isInteger(labels.dtype)
  if (!isIndex && labels.dtype !== logits.dtype) {
    throw dtypeError(
      op,
      say("dtypes", { op, a: show(logits), b: show(labels) }),
      `labels are integers, or probabilities as ${logits.dtype}`
    )
  }
  const wanted = isIndex ? logits.shape.toSpliced(axis, 1) : logits.shape
  if (sameShape(labels.shape, wanted)) return
  throw shapeError(
    op,
    `${op}: labels ${show(labels)} do not fit logits ${show(logits)}`,
    `give labels of shape [${wanted.join(",")}]`
  )
}

/** Of indices: what all classes have together, less what the chosen one has. NaN where none is chosen. */
const byIndex = (logits: Value, labels: Value, axis: number, smoothing: number): Value => {
  const classes = logits.shape[axis]!
  const wide = convert(labels, "i64")
  const isThere = binary("and", compare("ge", wide, zeros(wide)), compare("lt", wide, filled(wide, classes)))
  const others = range(logits.shape.length).filter((i) => i !== axis)
  const places = broadcast(convert(labels, "i32"), logits.shape, others)
  const isChosen = compare("eq", places, iota(logits.shape, axis))
  const total = valueOf(logsumexp(tensorOf<FloatDType, Shape>(logits), axis) as Tensor)
  const own = sub(total, sum(select(isChosen, logits, zeros(logits)), [axis]))
  const all = () => sub(total, scale(sum(logits, [axis]), 1 / classes))
  const loss = smoothing === 0 ? own : add(scale(own, 1 - smoothing), scale(all(), smoothing))
  return select(isThere, loss, filled(loss, Number.NaN))
}

const byProbability = (logits: Value, labels: Value, axis: number, smoothing: number): Value => {
  const spread = smoothing / logits.shape[axis]!
  const shares = convert(labels, logits.dtype)
  const smooth = smoothing === 0 ? shares : plus(scale(shares, 1 - smoothing), spread)
  const logs = valueOf(logSoftmax(tensorOf<FloatDType, Shape>(logits), axis) as Tensor)
  return neg(sum(weighted(smooth, logs), [axis]))
}

/**
 * Gives for each example minus the logarithm of the probability that `logits` give to its label. Labels are indices of
 * classes, in the shape without the axis of the classes, or probabilities in the shape of the logits. An index out of
 * range gives NaN. Half floats are worked out in f32. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where
 * labels or options do not fit.
 *
 * @example crossEntropy(constant([[0, 0], [0, 2]], "f32"), constant([0, 1], "i32")) // f32[2]: [0.693, 0.127]
 */
export const crossEntropy = named(
  "crossEntropy",
  <D extends FloatDType, S extends Shape, const A extends number = -1>(
    logits: Tensor<D, S>,
    labels: Tensor<IntegerDType> | Tensor<NoInfer<D>>,
    options?: CrossEntropyOptions<A & IsAxis<"crossEntropy", D, S, A>>
  ): Tensor<D, Reduced<S, NoInfer<A>, false>> => {
    const op = "crossEntropy"
    const { axis = -1, labelSmoothing = 0 } = requireOptions<CrossEntropyOptions>(op, options, [
      "axis",
      "labelSmoothing"
    ])
    const [value, given] = [requireTensor(op, "logits", logits), requireTensor(op, "labels", labels)]
    requireKind(op, value, ["float"])
    const at = plainAxis(op, axis, value)
    requireLabels(given, value, at)
    const smoothing = requireNumber(op, "labelSmoothing", labelSmoothing)
    if (smoothing < 0 || smoothing > 1) {
      throw valueError(op, `${op}: labelSmoothing is ${shown(smoothing)}`, "give a number from 0 to 1")
    }
    const lossBy = isInteger(given.dtype) ? byIndex : byProbability
    return tensorOf(inWorking(value, (wide) => lossBy(wide, given, at, smoothing)))
  }
)
