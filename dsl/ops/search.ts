import type { DType, FloatDType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { requireKind, requireSameDType } from "../primitives/rule.ts"
import { requireDim, requireOneOf, requireOptions, requireTensor } from "../required.ts"
import { type Shape, sameShape, show, sizeOf } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { RealDType } from "../types.ts"
import {
  add,
  binary,
  broadcast,
  compare,
  convert,
  div,
  filled,
  iota,
  moveAxis,
  range,
  reshape,
  scale,
  select,
  sub,
  sum,
  unary,
  zeros
} from "../values.ts"
import { at } from "./at.ts"
import { diagonal } from "./diagonal.ts"
import { take } from "./indexing.ts"
import { requireFloats } from "./moments.ts"

/** Where a number goes among its equals. */
export interface SearchOptions {
  /** Before them, or after them ("left"). */
  readonly side?: "left" | "right"
}

const isNumber = (x: Value): Value => compare("eq", x, x)

/** Whether a number of the sorted vector goes before one that is looked for; NaN goes last. */
const goesBefore = (sorted: Value, x: Value, side: "left" | "right"): Value => {
  const less = compare(side === "left" ? "lt" : "le", sorted, x)
  const missing = unary("not", isNumber(x))
  return binary("or", less, side === "left" ? binary("and", missing, isNumber(sorted)) : missing)
}

/**
 * Gives the places (i32) where numbers would go into a sorted vector: by a binary search. NaN goes last. `side` says where
 * among equals. Fails with a `ShapeError` where the first argument is no vector, and a `DTypeError` where dtypes differ.
 *
 * @example searchsorted(constant([1, 3, 5], "f32"), constant([0, 3, 9], "f32")) // [0, 1, 3]
 */
export const searchsorted = named(
  "searchsorted",
  <D extends RealDType, S extends Shape>(
    sorted: Tensor<D, readonly [number]>,
    x: Tensor<NoInfer<D>, S>,
    options?: SearchOptions
  ): Tensor<"i32", S> => {
    const [vector, value] = [
      requireTensor("searchsorted", "sorted", sorted),
      requireTensor("searchsorted", "x", x)
    ]
    requireSameDType("searchsorted", vector, value)
    requireKind("searchsorted", vector, ["float", "signed", "unsigned"])
    if (vector.shape.length !== 1)
      throw shapeError("searchsorted", `searchsorted: ${show(vector)} is no vector`, "give a sorted vector")
    const given = requireOptions("searchsorted", options, ["side"])
    const side = requireOneOf<"left" | "right">("searchsorted", "side", given.side ?? "left", [
      "left",
      "right"
    ])
    const length = vector.shape[0]!
    let low = zeros({ dtype: "i32", shape: value.shape })
    let high = filled(low, length)
    for (let steps = Math.ceil(Math.log2(length + 1)); steps > 0; steps--) {
      const middle = add(low, binary("shiftRightArithmetic", sub(high, low), filled(low, 1)))
      const found = valueOf(take(sorted as Tensor, tensorOf<"i32", Shape>(middle)))
      const open = compare("lt", low, high)
      const right = binary("and", open, goesBefore(found, value, side))
      const left = binary("and", open, unary("not", right))
      low = select(right, add(middle, filled(middle, 1)), low)
      high = select(left, middle, high)
    }
    return tensorOf(low)
  }
)

/** How many places `nonzero` gives. */
export interface NonzeroOptions<N extends number = number> {
  /** How many: the rest is left out, and what is missing filled. */
  readonly size: N
  /** What stands where there are fewer (0). */
  readonly fill?: number
}

/**
 * Gives the places of the elements that are not 0, as a list of one i32 vector for each axis. `size` says how long they are,
 * since a shape cannot depend on values: places beyond it are left out, and `fill` (0) stands where there are fewer. Takes
 * any dtype. Fails with a `ShapeError` for a size that is no length.
 *
 * @example nonzero(constant([0, 7, 0, 5], "f32"), { size: 3 }) // [[1, 3, 0]]
 */
export const nonzero = named(
  "nonzero",
  <const S extends Shape, const N extends number>(
    x: Tensor<DType, S>,
    options: NonzeroOptions<N>
  ): { readonly [K in keyof S]: Tensor<"i32", readonly [NoInfer<N>]> } => {
    const value = requireTensor("nonzero", "x", x)
    const { size, fill = 0 } = requireOptions<NonzeroOptions>("nonzero", options, ["size", "fill"])
    requireDim("nonzero", "size", size as number)
    const count = sizeOf(value.shape)
    const flat = reshape(value, [count])
    const holds = flat.dtype === "bool" ? flat : compare("ne", flat, zeros(flat))
    const before = sub(
      apply1("cumsum", { axis: 0, reverse: false }, convert(holds, "i32")),
      filled({ dtype: "i32", shape: [count] }, 1)
    )
    const places = select(holds, before, filled(before, size as number))
    const none = tensorOf<"i32", Shape>(filled({ dtype: "i32", shape: [size as number] }, count))
    const first = valueOf(
      at(none, tensorOf<"i32", Shape>(places)).set(tensorOf<"i32", Shape>(iota([count], 0)))
    )
    const missing = compare("eq", first, filled(first, count))
    let rest = first
    const indices = value.shape.toReversed().map((length) => {
      const by = filled(rest, Math.max(length, 1))
      const index = binary("rem", rest, by)
      rest = binary("div", rest, by)
      return tensorOf<"i32", Shape>(select(missing, filled(index, fill), index))
    })
    return indices.reverse() as never
  }
)

/**
 * Tells whether two arrays have the same shape and the same elements: a scalar. NaN is equal to nothing. Fails with a
 * `DTypeError` where dtypes differ.
 *
 * @example arrayEqual(constant([1, 2], "i32"), constant([1, 2], "i32")) // true
 */
export const arrayEqual = named(
  "arrayEqual",
  <D extends DType>(a: Tensor<D>, b: Tensor<NoInfer<D>>): Tensor<"bool", readonly []> => {
    const [left, right] = [requireTensor("arrayEqual", "a", a), requireTensor("arrayEqual", "b", b)]
    requireSameDType("arrayEqual", left, right)
    if (!sameShape(left.shape, right.shape)) return tensorOf(filled({ dtype: "bool", shape: [] }, false))
    return tensorOf(apply1("all", { axes: range(left.shape.length) }, compare("eq", left, right)))
  }
)

/** How a covariance is counted. */
export interface CovarianceOptions {
  /** What the count is reduced by (1). */
  readonly ddof?: number
}

/**
 * Gives the covariances of variables, one in each row of a matrix: f32[n,m] gives f32[n,n]. The count is reduced by `ddof`
 * (1). Takes f16, bf16, f32 and f64. Fails with a `ShapeError` for what is no matrix, and a `DTypeError` for another dtype.
 *
 * @example cov(constant([[1, 2, 3], [3, 2, 1]], "f32")) // [[1, -1], [-1, 1]]
 */
export const cov = named(
  "cov",
  <D extends FloatDType, N extends number, M extends number>(
    x: Tensor<D, readonly [N, M]>,
    options?: CovarianceOptions
  ): Tensor<D, readonly [N, N]> => {
    const value = requireFloats("cov", x as Tensor)
    if (value.shape.length !== 2)
      throw shapeError("cov", `cov: ${show(value)} is no matrix`, "give a row for each variable")
    const { ddof = 1 } = requireOptions<CovarianceOptions>("cov", options, ["ddof"])
    const count = value.shape[1]!
    const centre = scale(sum(value, [1]), 1 / count)
    const away = sub(value, broadcast(centre, value.shape, [0]))
    const params = { contracting: [[1], [0]], batch: [[], []] } as const
    return tensorOf(scale(apply1("dot", params, away, moveAxis(away, 1, 0)), 1 / (count - ddof)))
  }
)

/**
 * Gives the correlations of variables, one in each row of a matrix: covariances over the standard deviations, from -1 to 1.
 * NaN for a variable that does not vary. Takes f16, bf16, f32 and f64. Fails with a `ShapeError` for what is no matrix, and a
 * `DTypeError` for another dtype.
 *
 * @example corrcoef(constant([[1, 2, 3], [3, 2, 1]], "f32")) // [[1, -1], [-1, 1]]
 */
export const corrcoef = named(
  "corrcoef",
  <D extends FloatDType, N extends number, M extends number>(
    x: Tensor<D, readonly [N, M]>
  ): Tensor<D, readonly [N, N]> => {
    const covariances = valueOf(cov(x) as Tensor)
    const deviations = unary("sqrt", valueOf(diagonal(cov(x) as Tensor)))
    const by = (axis: number) => broadcast(deviations, covariances.shape, [axis])
    const all = div(div(covariances, by(0)), by(1))
    return tensorOf(apply1("clamp", {}, filled(all, -1), all, filled(all, 1)))
  }
)

/**
 * Gives the places of the elements that are not 0 among all elements in a row, as `nonzero` does of a vector: i32. Fails with
 * a `ShapeError` for a size that is no length.
 *
 * @example flatnonzero(constant([[0, 7], [0, 5]], "f32"), { size: 3 }) // [1, 3, 0]
 */
export const flatnonzero = named(
  "flatnonzero",
  <const N extends number>(x: Tensor, options: NonzeroOptions<N>): Tensor<"i32", readonly [NoInfer<N>]> => {
    const value = requireTensor("flatnonzero", "x", x)
    const flat = tensorOf<DType, readonly [number]>(reshape(value, [sizeOf(value.shape)]))
    return nonzero(flat, options)[0]!
  }
)

/**
 * Gives the places of the elements that are not 0, as `nonzero` does, in a row of indices for each: i32[size,rank]. Fails
 * with a `ShapeError` for a size that is no length.
 *
 * @example argwhere(constant([[0, 7], [0, 5]], "f32"), { size: 2 }) // [[0, 1], [1, 1]]
 */
export const argwhere = named(
  "argwhere",
  <S extends Shape, const N extends number>(
    x: Tensor<DType, S>,
    options: NonzeroOptions<N>
  ): Tensor<"i32", readonly [NoInfer<N>, S["length"]]> => {
    const columns = nonzero(x as Tensor, options).map((each) => reshape(valueOf(each), [options.size, 1]))
    if (columns.length === 0) return tensorOf(zeros({ dtype: "i32", shape: [options.size, 0] }))
    return tensorOf(apply1("concatenate", { axis: 1 }, ...columns))
  }
)

/**
 * Gives the number of elements, which is known while tracing: a plain number. Fails with a `ValueError` for what is no
 * tensor.
 *
 * @example fullLike(scalar(0, "f32"), size(zeros([3, 4], "f32"))) // 12
 */
export const size = (x: Tensor): number => sizeOf(requireTensor("size", "x", x).shape)
