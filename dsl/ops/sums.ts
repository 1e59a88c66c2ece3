import type { DType } from "../dtype.ts"
import { named, shapeError, valueError } from "../errors.ts"
import { say } from "../messages.ts"
import { apply1 } from "../primitives/index.ts"
import { neutral } from "../primitives/neutral.ts"
import { requireKind, requireSameDType } from "../primitives/rule.ts"
import type { Reduction, Scalar } from "../program.ts"
import { plainAxes, requireDType, requireFlag, requireOptions, requireTensor } from "../required.ts"
import { broadcastShapes, type Shape, sameShape, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { IsAxis, Reduced } from "../types/axes.ts"
import type { IsKind } from "../types/operands.ts"
import type { OfAll, Whole } from "../types/whole.ts"
import type { NumericDType, RealDType, Summed } from "../types.ts"
import { binary, broadcast, convert, filled, reshape, select } from "../values.ts"
import { broadcastValue, splat } from "./operand.ts"

export type Axes = number | ReadonlyArray<number> | undefined

/** How a reduction shapes its result, and which elements count. */
export interface ReduceOptions<K extends boolean = boolean> {
  /** Keep the reduced axes, with length 1. */
  readonly keepDims?: K
  /** Which elements count, broadcast to the array (all). */
  readonly where?: Tensor<"bool">
}

/** Options of a reduction that begins with a number. */
export interface InitialOptions<D extends DType, K extends boolean = boolean> extends ReduceOptions<K> {
  /** What the result begins with; a number, or a scalar of the result's dtype. */
  readonly initial?: Scalar | Tensor<D, readonly []>
}

/** Options of sums and products. */
export interface SumOptions<E extends DType = DType, K extends boolean = boolean>
  extends InitialOptions<E, K> {
  /** The dtype to add in, and of the result. */
  readonly dtype?: E
}

export interface Reduce<Op extends string, Allowed extends DType> extends Whole<OfAll> {
  <D extends DType, S extends Shape, const A extends Axes = undefined, K extends boolean = false>(
    x: Tensor<D, S> & IsKind<Op, Allowed, D, S>,
    axes?: A & IsAxis<Op, D, S, A>,
    options?: ReduceOptions<K>
  ): Tensor<D, Reduced<S, NoInfer<A>, NoInfer<K>>>
}

interface Extreme<Op extends string> extends Whole<OfAll> {
  <D extends DType, S extends Shape, const A extends Axes = undefined, K extends boolean = false>(
    x: Tensor<D, S> & IsKind<Op, RealDType | "bool", D, S>,
    axes?: A & IsAxis<Op, D, S, A>,
    options?: InitialOptions<NoInfer<D>, K>
  ): Tensor<D, Reduced<S, NoInfer<A>, NoInfer<K>>>
}

interface Sum<Op extends string> extends Whole<OfAll> {
  <
    D extends DType,
    S extends Shape,
    const A extends Axes = undefined,
    K extends boolean = false,
    E extends NumericDType = Summed<D>
  >(
    x: Tensor<D, S> & IsKind<Op, NumericDType | "bool", D, S>,
    axes?: A & IsAxis<Op, D, S, A>,
    options?: SumOptions<E, K>
  ): Tensor<NoInfer<E>, Reduced<S, NoInfer<A>, NoInfer<K>>>
}

const optionsOf = (op: Reduction): ReadonlyArray<keyof SumOptions> =>
  op === "all" || op === "any"
    ? ["keepDims", "where"]
    : op === "max" || op === "min"
      ? ["keepDims", "where", "initial"]
      : ["keepDims", "where", "initial", "dtype"]

/** Where elements count, as an array of the operand's shape. */
export const placesThatCount = (op: string, where: Tensor<"bool">, x: Value): Value => {
  const places = requireTensor(op, "where", where)
  requireKind(op, places, ["bool"])
  const joined = broadcastShapes(places.shape, x.shape)
  if (joined === undefined || !sameShape(joined, x.shape))
    throw shapeError(
      op,
      say("broadcast", { op, a: show(places), b: show(x) }),
      "where is broadcast to the array"
    )
  return broadcastValue(op, places, x.shape)
}

/** With the reduced axes again, of length 1. */
export const keepingDims = (x: Value, shape: Shape, over: ReadonlyArray<number>): Value =>
  reshape(
    x,
    shape.map((dim, i) => (over.includes(i) ? 1 : dim))
  )

const combined = (op: Reduction, a: Value, b: Value): Value => {
  switch (op) {
    case "sum":
      return binary("add", a, b)
    case "prod":
      return binary("mul", a, b)
    case "max":
      return binary("maximum", a, b)
    case "min":
      return binary("minimum", a, b)
    default:
      return binary(op === "all" ? "and" : "or", a, b)
  }
}

const begun = (op: Reduction, x: Value, initial: Scalar | Tensor<DType, readonly []>): Value => {
  if (!isTensor(initial)) return combined(op, splat(op, initial, x.dtype, x.shape), x)
  const start = valueOf(initial)
  requireSameDType(op, x, start)
  if (start.shape.length > 0)
    throw shapeError(op, `${op}: initial is ${show(start)}, not a scalar`, "give a number or a scalar")
  return combined(op, broadcast(start, x.shape, []), x)
}

const refuseEmpty = (op: Reduction, x: Value, over: ReadonlyArray<number>): void => {
  if (op !== "max" && op !== "min") return
  if (!over.some((axis) => x.shape[axis] === 0)) return
  throw shapeError(
    op,
    `${op}: nothing has no ${op === "max" ? "greatest" : "least"} element`,
    "reduce over axes that are not empty, or give an initial value"
  )
}

/** Reduces over axes by a primitive, of the elements that count. */
export const reduced = (op: Reduction, x: Value, axes: Axes, options: SumOptions | undefined): Value => {
  const { keepDims, where, initial } = requireOptions<SumOptions>(op, options, optionsOf(op))
  const keep = requireFlag(op, "keepDims", keepDims)
  const over = plainAxes(op, axes, x)
  if (initial === undefined) {
    refuseEmpty(op, x, over)
    if (where !== undefined && (op === "max" || op === "min"))
      throw valueError(
        op,
        `${op}: where is given without initial, and no element may count`,
        "give an initial value: { where, initial: 0 }"
      )
  }
  const given =
    where === undefined ? x : select(placesThatCount(op, where, x), x, filled(x, neutral(op, x.dtype)))
  const plain = apply1(op, { axes: over }, given)
  const result = initial === undefined ? plain : begun(op, plain, initial)
  return keep ? keepingDims(result, x.shape, over) : result
}

const narrow: { readonly [D in DType]?: DType } = {
  bool: "i32",
  i8: "i32",
  i16: "i32",
  u8: "u32",
  u16: "u32"
}

/** What is summed, in the dtype that is asked for; else integers of fewer than 32 bits in 32 bits. */
export const widened = (op: string, x: Value, dtype: DType | undefined): Value =>
  convert(x, dtype === undefined ? (narrow[x.dtype] ?? x.dtype) : requireDType(op, dtype))

const total = <Op extends "sum" | "prod">(op: Op): Sum<Op> =>
  named(op, (x: Tensor, axes: Axes, options?: SumOptions) => {
    const value = requireTensor(op, "x", x)
    const { dtype } = requireOptions<SumOptions>(op, options, optionsOf(op))
    return tensorOf<never, never>(reduced(op, widened(op, value, dtype), axes, options))
  })

const plain = <Op extends Reduction>(op: Op) =>
  named(op, (x: Tensor, axes: Axes, options?: SumOptions) =>
    tensorOf<never, never>(reduced(op, requireTensor(op, "x", x), axes, options))
  )

/**
 * Sums over the axes, or over all; 0 of nothing. Integers of fewer than 32 bits are added as 32 bits of the same
 * signedness, booleans as i32; `dtype` says otherwise. Half floats are added in f32, and the sum is rounded once.
 * `keepDims` keeps the reduced axes, with length 1; `where` says which elements count, `initial` what to begin with. Fails
 * with a `ShapeError` for an axis that the array does not have, and a `DTypeError` for a dtype that has no sums.
 *
 * @example
 * sum(constant([[1, 2], [3, 4]], "f32"), 0) // f32[2]: [4, 6]
 * sum(constant([true, true], "bool")) // i32[]: 2
 */
export const sum = total("sum")
/**
 * Multiplies over the axes, or over all; 1 of nothing. Integers of fewer than 32 bits are multiplied as 32 bits of the same
 * signedness, booleans as i32; `dtype` says otherwise. Half floats are multiplied in f32, and rounded once. `keepDims`
 * keeps the reduced axes, with length 1; `where` says which elements count, `initial` what to begin with. Fails with a
 * `ShapeError` for an axis that the array does not have, and a `DTypeError` for a dtype that has no products.
 *
 * @example prod(constant([[1, 2], [3, 4]], "f32")) // f32[]: 24
 */
export const prod = total("prod")
/**
 * Tells whether all hold, over the axes or over all; true of nothing. Takes bool. `keepDims` keeps the reduced axes,
 * with length 1; `where` says which elements count. Fails with a `ShapeError` for an axis that the array does not have,
 * and a `DTypeError` for another dtype.
 *
 * @example all(constant([true, false], "bool")) // false
 */
export const all: Reduce<"all", "bool"> = plain("all")
/**
 * Tells whether any holds, over the axes or over all; false of nothing. Takes bool. `keepDims` keeps the reduced
 * axes, with length 1; `where` says which elements count. Fails with a `ShapeError` for an axis that the array does not
 * have, and a `DTypeError` for another dtype.
 *
 * @example any(constant([true, false], "bool")) // true
 */
export const any: Reduce<"any", "bool"> = plain("any")
/**
 * Gives the greatest element over the axes, or over all; NaN where one is NaN. Refuses empty axes with a
 * `ShapeError`, unless it begins with `initial`. Takes all dtypes but complex ones. `keepDims` keeps the reduced axes,
 * with length 1; `where`, beside `initial`, says which elements count. Fails with a `ShapeError` for an axis that the array
 * does not have, and a `DTypeError` for another dtype.
 *
 * @example max(constant([[1, 2], [3, 4]], "f32"), 1) // [2, 4]
 */
export const max: Extreme<"max"> = plain("max")
/**
 * Gives the least element over the axes, or over all; NaN where one is NaN. Refuses empty axes with a `ShapeError`,
 * unless it begins with `initial`. Takes all dtypes but complex ones. `keepDims` keeps the reduced axes, with length 1;
 * `where`, beside `initial`, says which elements count. Fails with a `ShapeError` for an axis that the array does not have,
 * and a `DTypeError` for another dtype.
 *
 * @example min(constant([[1, 2], [3, 4]], "f32"), 1) // [1, 3]
 */
export const min: Extreme<"min"> = plain("min")
