import type { DType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { requireDistinct } from "../primitives/rule.ts"
import { plainAxis, requireDim, requireList, requireTensor, requireWhole } from "../required.ts"
import { type Shape, show, sizeOf } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { IsAxis } from "../types/axes.ts"
import type { Exchanged, Flat, RepeatedAlong, Shorter, Turned, Unstacked } from "../types/layouts.ts"
import type { Numbers } from "../types/lengths.ts"
import { binary, broadcast, compare, partAt, range, reshape, sliceAxis, transpose } from "../values.ts"

const refuse = (op: string, message: string, hint: string) => shapeError(op, `${op}: ${message}`, hint)

/** Elements several times, one after the other: those of each by its count. */
const repeated = (x: Value, axis: number, counts: ReadonlyArray<number>): Value => {
  const places = counts.flatMap((count, i) => Array.from({ length: count }, () => i))
  const index = apply1("constant", { aval: { dtype: "i32", shape: [places.length, 1] }, value: places })
  return apply1(
    "gather",
    {
      offsetAxes: range(x.shape.length).filter((each) => each !== axis),
      collapsedAxes: [axis],
      operandBatchAxes: [],
      indicesBatchAxes: [],
      indexedAxes: [axis],
      sizes: x.shape.toSpliced(axis, 1, 1)
    },
    x,
    index
  )
}

/**
 * Repeats each element along an axis: all of them so many times, or each its own number of times. Without an axis the
 * elements are put in a row first, as NumPy does. Fails with a `ShapeError` for an axis that is not there, and counts
 * that do not fit.
 *
 * @example
 * repeat(arange(2), 2) // [0, 0, 1, 1]
 * repeat(constant([[1], [2]], "f32"), [1, 2], 0) // [[1], [2], [2]]
 */
export const repeat = named(
  "repeat",
  <
    D extends DType,
    S extends Shape,
    const R extends number | Numbers,
    const A extends number | undefined = undefined
  >(
    x: Tensor<D, S>,
    repeats: R,
    axis?: A & IsAxis<"repeat", D, S, A>
  ): Tensor<D, RepeatedAlong<S, R, NoInfer<A>>> => {
    const given = requireTensor("repeat", "x", x)
    const value = axis === undefined ? reshape(given, [sizeOf(given.shape)]) : given
    const at = axis === undefined ? 0 : plainAxis("repeat", axis, given)
    const length = value.shape[at]!
    if (typeof repeats !== "number") {
      const counts = requireList<number>("repeat", "repeats", repeats, "give a count for each element")
      for (const each of counts) requireDim("repeat", "a count", each)
      if (counts.length !== length)
        throw refuse(
          "repeat",
          `${counts.length} counts for axis ${at} of ${show(value)}`,
          "give one for each"
        )
      const total = counts.reduce((sum, each) => sum + each, 0)
      if (total === 0) return tensorOf(sliceAxis(value, at, 0, 0))
      return tensorOf(repeated(value, at, counts))
    }
    const count = requireDim("repeat", "repeats", repeats)
    const wide = value.shape.toSpliced(at + 1, 0, count)
    const axes = value.shape.map((_, i) => (i <= at ? i : i + 1))
    const spread = broadcast(value, wide, axes)
    return tensorOf(reshape(spread, value.shape.toSpliced(at, 1, length * count)))
  }
)

/** More rows than these are no list. */
const mostRows = 2 ** 16

/**
 * Takes an array apart along an axis (the first): a list of its rows, which destructures. Fails with a `ShapeError` for
 * an axis that is not there.
 *
 * @example
 * const [a, b] = unstack(constant([[1, 2], [3, 4]], "f32"))
 * add(a, b) // [4, 6]
 */
export const unstack = named(
  "unstack",
  <D extends DType, S extends Shape, const A extends number = 0>(
    x: Tensor<D, S>,
    axis: A & IsAxis<"unstack", D, S, A> = 0 as never
  ): Unstacked<Tensor<D, S>, NoInfer<A>> => {
    const value = requireTensor("unstack", "x", x)
    const at = plainAxis("unstack", axis, value)
    const length = value.shape[at]!
    if (length > mostRows)
      throw refuse(
        "unstack",
        `axis ${at} of ${show(value)} is ${length} long; a list has at most ${mostRows} rows`,
        "go through them with scan or map"
      )
    return range(length).map((i) => tensorOf<D, Shape>(partAt(value, at, i))) as never
  }
)

/**
 * Puts two axes in each other's place. Fails with a `ShapeError` for an axis that the array does not have.
 *
 * @example swapAxes(zeros([2, 3, 4], "f32"), 0, 2) // f32[4,3,2]
 */
export const swapAxes = named(
  "swapAxes",
  <D extends DType, S extends Shape, const A extends number, const B extends number>(
    x: Tensor<D, S>,
    a: A & IsAxis<"swapAxes", D, S, A>,
    b: B & IsAxis<"swapAxes", D, S, B>
  ): Tensor<D, Exchanged<S, A, B>> => {
    const value = requireTensor("swapAxes", "x", x)
    const [first, second] = [plainAxis("swapAxes", a, value), plainAxis("swapAxes", b, value)]
    const order = range(value.shape.length).with(first, second).with(second, first)
    return tensorOf(transpose(value, order))
  }
)

/**
 * Puts all elements in a row, in row-major order. Never fails but for what is no tensor, with a `ValueError`.
 *
 * @example ravel(constant([[1, 2], [3, 4]], "f32")) // f32[4]: [1, 2, 3, 4]
 */
export const ravel = <D extends DType, S extends Shape>(x: Tensor<D, S>): Tensor<D, Flat<S>> => {
  const value = requireTensor("ravel", "x", x)
  return tensorOf(reshape(value, [sizeOf(value.shape)]))
}

/**
 * Turns the first two axes, or two others, by quarter turns: from the first toward the second. Fails with a `ShapeError`
 * for fewer than two axes, and a number that is not whole.
 *
 * @example rot90(constant([[1, 2], [3, 4]], "f32")) // [[2, 4], [1, 3]]
 */
export const rot90 = named(
  "rot90",
  <D extends DType, S extends Shape, const K extends number = 1>(
    x: Tensor<D, S>,
    turns: K = 1 as K
  ): Tensor<D, Turned<S, NoInfer<K>>> => {
    const value = requireTensor("rot90", "x", x)
    requireWhole("rot90", "the number of turns", turns)
    const axes = [plainAxis("rot90", 0, value), plainAxis("rot90", 1, value)]
    requireDistinct("rot90", axes)
    const reversed = (y: Value, over: ReadonlyArray<number>) => apply1("reverse", { axes: over }, y)
    const exchange = (y: Value) => transpose(y, range(y.shape.length).with(0, 1).with(1, 0))
    const quarter = ((turns % 4) + 4) % 4
    if (quarter === 0) return tensorOf(value)
    if (quarter === 2) return tensorOf(reversed(value, [0, 1]))
    return tensorOf(quarter === 1 ? exchange(reversed(value, [1])) : reversed(exchange(value), [1]))
  }
)

const flipped = (
  op: string,
  axis: 0 | 1
): (<D extends DType, S extends Shape>(x: Tensor<D, S>) => Tensor<D, S>) =>
  named(op, (x) => {
    const value = requireTensor(op, "x", x)
    return tensorOf(apply1("reverse", { axes: [plainAxis(op, axis, value)] }, value))
  })

/**
 * Turns the order of the second axis around: left becomes right. Fails with a `ShapeError` for fewer than two axes.
 *
 * @example fliplr(constant([[1, 2], [3, 4]], "f32")) // [[2, 1], [4, 3]]
 */
export const fliplr = flipped("fliplr", 1)

/**
 * Turns the order of the first axis around: up becomes down. Fails with a `ShapeError` for a scalar.
 *
 * @example flipud(constant([[1, 2], [3, 4]], "f32")) // [[3, 4], [1, 2]]
 */
export const flipud = flipped("flipud", 0)

/**
 * Gives the differences of neighbours along an axis (the last), `order` times (1): each time the axis is one shorter. Of
 * booleans it tells where neighbours differ. Fails with a `ShapeError` for an axis that is not there.
 *
 * @example diff(constant([1, 4, 9], "f32")) // [3, 5]
 */
export const diff = named(
  "diff",
  <D extends DType, S extends Shape, const N extends number = 1, const A extends number = -1>(
    x: Tensor<D, S>,
    order: N = 1 as N,
    axis: A & IsAxis<"diff", D, S, A> = -1 as never
  ): Tensor<D, Shorter<S, NoInfer<A>, NoInfer<N>>> => {
    let value = requireTensor("diff", "x", x)
    const at = plainAxis("diff", axis, value)
    requireDim("diff", "the order", order)
    const length = value.shape[at]!
    if (order >= length && order > 0) return tensorOf(sliceAxis(value, at, 0, 0))
    for (let i = 0; i < order; i++) {
      const rest = value.shape[at]!
      const [after, before] = [sliceAxis(value, at, 1, rest), sliceAxis(value, at, 0, rest - 1)]
      value = value.dtype === "bool" ? compare("ne", after, before) : binary("sub", after, before)
    }
    return tensorOf(value)
  }
)
