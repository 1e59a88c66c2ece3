import { arange } from "../control/arange.ts"
import type { DType, FloatDType } from "../dtype.ts"
import { named, shapeError, valueError } from "../errors.ts"
import { cumsum } from "../ops/cumulative.ts"
import { take } from "../ops/indexing.ts"
import { topK } from "../ops/sort.ts"
import { apply } from "../primitives/index.ts"
import {
  plainAxis,
  requireDim,
  requireFlag,
  requireOptions,
  requireShape,
  requireTensor
} from "../required.ts"
import { type Shape, sameShape, show, sizeOf } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import {
  add,
  binary,
  broadcast,
  compare,
  filled,
  mul,
  partAt,
  plus,
  reshape,
  select,
  sliceAxis,
  sub,
  unary
} from "../values.ts"
import { bitsOf } from "./bits.ts"
import { gumbelOf } from "./continuous.ts"
import { randint } from "./integers.ts"
import { type Key, split } from "./key.ts"
import { requireFloat, uniformValue } from "./uniform.ts"

/** Sorted by random words, in as many rounds as make equal words unlikely (JAX's own). */
const shuffled = (key: Key, x: Value): Value => {
  const size = sizeOf(x.shape)
  const rounds = Math.ceil((3 * Math.log(Math.max(1, size))) / Math.log(2 ** 32 - 1))
  let [state, value] = [key, x]
  for (let round = 0; round < rounds; round++) {
    const [next, now] = split(state)
    const words = bitsOf("random.permutation", now, x.shape, "u32")
    value = apply("sort", { axis: 0, keys: 1, descending: false }, [words, value])[1]!
    state = next
  }
  return value
}

interface Permutation {
  <const N extends number>(key: Key, count: N): Tensor<"i32", readonly [N]>
  <D extends DType, S extends Shape>(key: Key, x: Tensor<D, S>, axis?: number): Tensor<D, S>
}

/**
 * Puts the numbers from 0 to before a count (i32) in random order, or the rows of an array along an axis (the first).
 * Fails with a `ShapeError` for what is no key, count or axis.
 *
 * @example sort(random.permutation(random.key(0), 4)) // [0, 1, 2, 3]
 */
export const permutation: Permutation = named(
  "random.permutation",
  (key: Key, x: number | Tensor, axis = 0) => {
    if (!isTensor(x)) {
      requireDim("random.permutation", "the count", x)
      return tensorOf<never, never>(shuffled(key, valueOf(arange(x, "i32"))))
    }
    const at = plainAxis("random.permutation", axis, x)
    if (x.shape.length === 1) return tensorOf<never, never>(shuffled(key, valueOf(x)))
    const order = shuffled(key, valueOf(arange(x.shape[at]!, "i32")))
    return take(x, tensorOf<"i32", Shape>(order), at) as never
  }
)

/** The shape of an array with the axis replaced by those of S. */
type Chosen<T extends Shape, S extends Shape, A extends number> = T["length"] extends 1
  ? S
  : A extends 0
    ? T extends readonly [number, ...infer Rest extends Shape]
      ? readonly [...S, ...Rest]
      : Shape
    : Shape

/** How elements are chosen. */
export interface ChoiceOptions<A extends number = number> {
  /** Whether an element may be chosen more than once (true). */
  readonly replace?: boolean
  /** The probability of each; all are equally likely without it. */
  readonly p?: Tensor<FloatDType>
  /** The axis whose parts are chosen (0). */
  readonly axis?: A
}

interface Choice {
  <const S extends Shape = readonly []>(
    key: Key,
    count: number,
    shape?: S,
    options?: ChoiceOptions<0>
  ): Tensor<"i32", NoInfer<S>>
  <D extends DType, T extends Shape, const S extends Shape = readonly [], const A extends number = 0>(
    key: Key,
    x: Tensor<D, T>,
    shape?: S,
    options?: ChoiceOptions<A>
  ): Tensor<D, Chosen<T, S, NoInfer<A>>>
}

/** How many of sorted numbers are below each of others: a binary search. */
const countBelow = (sorted: Value, x: Value): Value => {
  const length = sorted.shape[0]!
  let [low, high] = [
    filled({ dtype: "i32", shape: x.shape }, 0),
    filled({ dtype: "i32", shape: x.shape }, length)
  ]
  for (let left = length; left > 0; left = Math.floor(left / 2)) {
    const middle = binary("div", add(low, high), filled(low, 2))
    const at = valueOf(take(tensorOf<"f32", readonly [number]>(sorted), tensorOf<"i32", Shape>(middle)))
    const open = compare("lt", low, high)
    const below = binary("and", compare("lt", at, x), open)
    low = select(below, plus(middle, 1), low)
    high = select(binary("or", below, unary("not", open)), high, middle)
  }
  return low
}

const withWeights = (op: string, key: Key, weights: Value, shape: Shape, replace: boolean): Value => {
  const dtype = weights.dtype as FloatDType
  if (!replace) {
    const noise = gumbelOf(op, key, { dtype, shape: weights.shape })
    const ranked = tensorOf<FloatDType, readonly [number]>(add(noise, unary("log", weights)))
    return reshape(valueOf(topK(ranked, sizeOf(shape))[1]), shape)
  }
  const sums = valueOf(cumsum(tensorOf<FloatDType, readonly [number]>(weights), 0))
  const u = uniformValue(op, key, shape, dtype, filled({ dtype, shape }, 0), filled({ dtype, shape }, 1))
  const total = broadcast(partAt(sums, 0, weights.shape[0]! - 1), shape, [])
  return countBelow(sums, mul(total, sub(filled(u, 1), u)))
}

/**
 * Chooses at random from the numbers below a count (i32), or from the parts of an array along an axis: so many as the
 * shape says, or one. Options say whether one may be chosen again, and how likely each is. Fails with a `ShapeError` for
 * what is no key or no shape, and a `ValueError` where there are too few to choose from.
 *
 * @example
 * random.choice(random.key(0), 10, [3]) // i32[3]
 * sort(random.choice(random.key(0), 4, [4], { replace: false })) // [0, 1, 2, 3]
 */
export const choice: Choice = named(
  "random.choice",
  (key: Key, from: number | Tensor, given: Shape = [], options?: ChoiceOptions) => {
    const op = "random.choice"
    const { replace: again, p, axis = 0 } = requireOptions(op, options, ["replace", "p", "axis"])
    const replace = requireFlag(op, "replace", again, true)
    const shape = requireShape(op, given)
    const at = isTensor(from) ? plainAxis(op, axis, from) : 0
    const count = isTensor(from) ? from.shape[at]! : requireDim(op, "the count", from)
    const draws = sizeOf(shape)
    const of = isTensor(from) ? show(from) : `${count}`
    if (draws > 0 && (count === 0 || (!replace && draws > count)))
      throw valueError(
        op,
        `${op}: there are ${count} to choose from, and ${draws} are asked for (of ${of})`,
        "choose fewer, or with replace: true"
      )
    const weights = p === undefined ? undefined : requireTensor(op, "p", p)
    if (weights !== undefined) {
      requireFloat(op, weights.dtype)
      if (!sameShape(weights.shape, [count]))
        throw shapeError(op, `${op}: p is ${show(weights)}, of ${count} to choose from`, "give one for each")
    }
    if (isTensor(from) && weights === undefined && !replace && from.shape.length === 1)
      return tensorOf<never, never>(reshape(sliceAxis(shuffled(key, valueOf(from)), 0, 0, draws), shape))
    const indices =
      draws === 0
        ? filled({ dtype: "i32", shape }, 0)
        : weights !== undefined
          ? withWeights(op, key, weights, shape, replace)
          : replace
            ? valueOf(randint(key, shape, 0, count))
            : reshape(sliceAxis(shuffled(key, valueOf(arange(count, "i32"))), 0, 0, draws), shape)
    if (!isTensor(from)) return tensorOf<never, never>(indices)
    return take(from, tensorOf<"i32", Shape>(indices), at) as never
  }
)
