import { type IntegerDType, integerRange } from "../dtype.ts"
import { dtypeError, named, shapeError } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { requireKind, requireSameDType } from "../primitives/rule.ts"
import {
  requireDim,
  requireOneOf,
  requireOptions,
  requireShape,
  requireTensor,
  requireTensors,
  requireWhole
} from "../required.ts"
import { type Shape, sizeOf } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { TriangleLength, VectorsOf } from "../types/grids.ts"
import type { JoinedAll } from "../types.ts"
import { add, compare, filled, iota, plus, range, scale, select, zeros } from "../values.ts"
import type { TriOptions } from "./creation.ts"
import { divmod, mod } from "./division.ts"
import { alike } from "./operand.ts"
import { nonzero } from "./search.ts"

/**
 * Makes the indices of the main diagonal of an array with axes of one length: a list of an i32 vector for each axis (2).
 * Fails with a `ShapeError` for what is no length.
 *
 * @example
 * const [i, j] = diagIndices(2)
 * at(zeros([2, 2], "f32"), i, j).set(1) // [[1, 0], [0, 1]]
 */
export const diagIndices = named(
  "diagIndices",
  <const N extends number, const R extends number = 2>(
    length: N,
    rank: R = 2 as R
  ): VectorsOf<N, NoInfer<R>> => {
    requireDim("diagIndices", "the length", length)
    requireDim("diagIndices", "the rank", rank)
    const places = tensorOf<"i32", readonly [N]>(iota([length], 0))
    return range(rank).map(() => places) as never
  }
)

type Triangle = <const N extends number, const O extends TriOptions | undefined = undefined>(
  rows: N,
  options?: O
) => [
  Tensor<"i32", readonly [TriangleLength<N, NoInfer<O>>]>,
  Tensor<"i32", readonly [TriangleLength<N, NoInfer<O>>]>
]

/** The sum of `row + offset`, kept from 0 to `most`, over all rows. */
const sumOfKept = (rows: number, offset: number, most: number): number => {
  const rising = Math.min(rows, Math.max(0, -offset))
  const full = Math.min(rows, Math.max(rising, most - offset))
  return ((full - rising) * (rising + full - 1 + 2 * offset)) / 2 + (rows - full) * most
}

const triangle = (op: string, side: "lower" | "upper"): Triangle =>
  named(op, (rows: number, options?: TriOptions) => {
    const { columns = rows, diagonal = 0 } = requireOptions<TriOptions>(op, options, ["columns", "diagonal"])
    const shape = [requireDim(op, "the number of rows", rows), requireDim(op, "columns", columns)]
    requireWhole(op, "diagonal", diagonal)
    const [row, column] = [plus(iota(shape, 0), diagonal), iota(shape, 1)]
    const inside = compare(side === "lower" ? "ge" : "le", row, column)
    const size =
      side === "lower"
        ? sumOfKept(rows, diagonal + 1, columns)
        : rows * columns - sumOfKept(rows, diagonal, columns)
    return nonzero(tensorOf<"bool", readonly [number, number]>(inside), { size }) as never
  })

/**
 * Makes the row and column indices (i32) of the lower triangle of a matrix with `rows` rows and as many columns, or others.
 * The diagonal, or another one, belongs to it. Fails with a `ShapeError` for what is no size.
 *
 * @example
 * const [i, j] = trilIndices(2)
 * at(constant([[1, 2], [3, 4]], "f32"), i, j).get() // [1, 3, 4]
 */
export const trilIndices = triangle("trilIndices", "lower")

/**
 * Makes the row and column indices (i32) of the upper triangle of a matrix with `rows` rows and as many columns, or others.
 * The diagonal, or another one, belongs to it. Fails with a `ShapeError` for what is no size.
 *
 * @example
 * const [i, j] = triuIndices(2)
 * at(constant([[1, 2], [3, 4]], "f32"), i, j).get() // [1, 2, 4]
 */
export const triuIndices = triangle("triuIndices", "upper")

const requireElements = (op: string, shape: Shape): Shape => {
  const dims = requireShape(op, shape)
  if (sizeOf(dims) > 0) return dims
  throw shapeError(op, `${op}: an array of [${dims.join(",")}] has no elements`, "give lengths from 1")
}

/**
 * Makes indices of each axis of an array out of places among all its elements, in row-major order. Negative places count from
 * the end. What is out of range gives the last index of each axis, or the first. Takes integers, and gives their dtype. Fails
 * with a `ShapeError` for an array without elements, and a `DTypeError` for what is no integer.
 *
 * @example unravelIndex(constant([1, 5], "i32"), [2, 3]) // [[0, 1], [1, 2]]
 */
export const unravelIndex = named(
  "unravelIndex",
  <I extends IntegerDType, S extends Shape, const T extends Shape>(
    places: Tensor<I, S>,
    shape: T
  ): { readonly [K in keyof T]: Tensor<I, S> } => {
    const op = "unravelIndex"
    const given = requireTensor(op, "places", places)
    requireKind(op, given, ["signed", "unsigned"])
    const dims = requireElements(op, shape)
    let rest = tensorOf<"i32", Shape>(given)
    const indices = dims.toReversed().map((length) => {
      const [quotient, index] = divmod(rest, length)
      rest = quotient
      return valueOf(index)
    })
    const left = valueOf(rest)
    const beyond = compare("gt", left, zeros(left))
    const before = given.dtype.startsWith("u") ? undefined : compare("lt", left, filled(left, -1))
    return indices.reverse().map((index, axis) => {
      const low = before === undefined ? index : select(before, zeros(index), index)
      return tensorOf<I, S>(select(beyond, filled(index, dims[axis]! - 1), low))
    }) as never
  }
)

/** What becomes of indices out of range. */
export interface RavelOptions {
  /** `"clip"`: the nearest index. `"wrap"`: counted from the start again. `"ignore"`: taken as it is. */
  readonly mode: "clip" | "wrap" | "ignore"
}

/**
 * Makes places among all elements of an array, in row-major order, out of indices of each axis, which are broadcast. `mode`
 * must say what becomes of indices out of range, since a program cannot refuse them. Takes integers of one dtype, and gives
 * that. Fails with a `ShapeError` where there is not one for each axis, and a `DTypeError` where dtypes differ or the dtype
 * cannot count the elements.
 *
 * @example
 * const [i, j] = [constant([0, 1], "i32"), constant([1, 2], "i32")]
 * ravelMultiIndex([i, j], [2, 3], { mode: "clip" }) // [1, 5]
 */
export const ravelMultiIndex = named(
  "ravelMultiIndex",
  <const L extends ReadonlyArray<Tensor<IntegerDType>>>(
    indices: L,
    shape: Shape,
    options: RavelOptions
  ): Tensor<L[number]["dtype"], JoinedAll<readonly [], L>> => {
    const op = "ravelMultiIndex"
    const given = requireTensors(op, "indices", indices, "give a list of tensors, one for each axis")
    const dims = requireElements(op, shape)
    const mode = requireOneOf(op, "mode", requireOptions<RavelOptions>(op, options, ["mode"]).mode ?? "", [
      "clip",
      "wrap",
      "ignore"
    ])
    if (given.length !== dims.length || given.length === 0)
      throw shapeError(
        op,
        `${op}: ${given.length} indices for the shape [${dims.join(",")}]`,
        "give one for each axis"
      )
    for (const each of given) {
      requireSameDType(op, given[0]!, each)
      requireKind(op, each, ["signed", "unsigned"])
    }
    const { dtype } = given[0]!
    if (BigInt(sizeOf(dims)) > integerRange(dtype as IntegerDType)[1])
      throw dtypeError(
        op,
        `${op}: ${dtype} cannot count ${sizeOf(dims)} elements`,
        "convert the indices to a wider integer dtype"
      )
    const inside = (index: Value, length: number): Value => {
      if (mode === "clip") return apply1("clamp", {}, zeros(index), index, filled(index, length - 1))
      return mode === "wrap" ? valueOf(mod(tensorOf<"i32", Shape>(index), length)) : index
    }
    const parts = alike(op, indices).map((index, axis) =>
      scale(inside(index, dims[axis]!), sizeOf(dims.slice(axis + 1)))
    )
    return tensorOf(parts.reduce(add))
  }
)
