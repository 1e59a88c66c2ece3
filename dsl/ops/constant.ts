import { largest } from "../bounds.ts"
import { type DType, isComplex, numberFault } from "../dtype.ts"
import { dtypeError, shapeError, valueError } from "../errors.ts"
import { say } from "../messages.ts"
import { apply1 } from "../primitives/index.ts"
import type { Scalar } from "../program.ts"
import { isList, requireDType, requireShape, shown } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"
import type { AreHeld } from "../types/elements.ts"
import type { Among } from "../types/operands.ts"
import type { AreSizes } from "../types/sizes.ts"
import type { RealDType, Refused } from "../types.ts"
import { splat } from "./operand.ts"
import { ownDType, requireTable, type TypedArray, type TypedArrays } from "./table.ts"

/** Bigints are for dtypes of 64 bits. (A table, not a condition, for dtypes that are type parameters.) */
export type Written = { readonly [D in DType]: D extends "i64" | "u64" | "bool" ? Scalar : number | boolean }

/**
 * Makes a scalar of the dtype. Fails with a `ValueError` for a number that the dtype does not hold.
 *
 * @example scalar(0, "f32") // f32[]: 0
 */
export const scalar = <D extends DType, const N extends Scalar>(
  value: N & Written[D] & Among<"scalar", N>[D],
  dtype: D
): Tensor<D, readonly []> => {
  requireDType("scalar", dtype)
  return tensorOf(splat("scalar", value as Scalar, dtype, []))
}

/**
 * Makes an array of the shape whose elements are all one number. Fails with a `ValueError` for a number that the
 * dtype does not hold, and a `ShapeError` for what is no shape.
 *
 * @example full([2, 3], 7, "i32") // i32[2,3]: [[7, 7, 7], [7, 7, 7]]
 */
export const full = <const S extends Shape, D extends DType, const N extends Scalar>(
  shape: S & AreSizes<"full", S>,
  value: N & Written[D] & Among<"full", N>[D],
  dtype: D
): Tensor<D, S> => {
  requireDType("full", dtype)
  return tensorOf(splat("full", value as Scalar, dtype, requireShape("full", shape)))
}

const filled =
  <Op extends string>(op: Op, value: 0 | 1) =>
  <const S extends Shape, D extends DType>(shape: S & AreSizes<Op, S>, dtype: D): Tensor<D, S> => {
    requireDType(op, dtype)
    return tensorOf(splat(op, dtype === "bool" ? value === 1 : value, dtype, requireShape(op, shape)))
  }

/**
 * Makes an array of zeros (false for bool). Fails with a `ShapeError` for what is no shape, and a `DTypeError` for
 * what is no dtype.
 *
 * @example zeros([3], "f32") // f32[3]: [0, 0, 0]
 */
export const zeros = filled("zeros", 0)
/**
 * Makes an array of ones (true for bool). Fails with a `ShapeError` for what is no shape, and a `DTypeError` for what
 * is no dtype.
 *
 * @example ones([3], "f32") // f32[3]: [1, 1, 1]
 */
export const ones = filled("ones", 1)

type Nested = Scalar | ReadonlyArray<Nested>

/** The shape of nested lists, as the editor sees it: literal lengths where the list is written out. */
type NestedShape<V> =
  V extends ReadonlyArray<infer Item>
    ? Item extends ReadonlyArray<unknown>
      ? NestedShape<Item> extends infer Rest extends Shape
        ? readonly [V["length"], ...Rest]
        : Shape
      : readonly [V["length"]]
    : readonly []

/** What tells a typed array from a list at once; to compare all of both would take the checker long. */
interface Typed {
  readonly BYTES_PER_ELEMENT: number
  readonly length: number
}

type OwnDType<A> = { [D in keyof TypedArrays]: A extends TypedArrays[D] ? D : never }[keyof TypedArrays]

/** Refuses what says no dtype. */
type SaysDType<A> = [A] extends [TypedArray]
  ? unknown
  : Refused<'constant: nothing says the dtype: constant([1, 2], "f32")'>

interface Constant {
  <A>(values: A & SaysDType<A>): Tensor<OwnDType<A>, readonly [number]>
  <D extends RealDType>(values: Typed, dtype: D): Tensor<D, readonly [number]>
  <const V extends Nested, D extends DType>(
    values: V & AreHeld<"constant", V, D>,
    dtype: D
  ): Tensor<D, NestedShape<V>>
}

/**
 * Makes an array of nested lists of numbers, one level for each axis. A typed array makes an array of one axis, of its
 * own dtype where none is given. Small tables belong in programs; pass data as an argument. Fails with a `ShapeError`
 * for ragged lists and large tables, a `ValueError` for a number that the dtype does not hold, and a `DTypeError` for a
 * typed array as booleans or complex numbers.
 *
 * @example
 * constant([[1, 2], [3, 4]], "f32") // f32[2,2]: [[1, 2], [3, 4]]
 * constant(new Float32Array([1, 2])) // f32[2]: [1, 2]
 */
export const constant: Constant = (values: Nested | Typed, given?: DType) => {
  const own = ownDType(values)
  const dtype = given === undefined && own !== undefined ? own : requireDType("constant", given as DType)
  if (own === undefined) return listed(values as Nested, dtype)
  if (dtype === "bool" || isComplex(dtype)) {
    throw dtypeError(
      "constant",
      say("dtypeKind", { op: "constant", wanted: "a list", a: `${shown(values)} as ${dtype}` }),
      dtype === "bool" ? "give true and false" : "complex(re, im) makes complex numbers of their parts"
    )
  }
  const { length } = values as TypedArray
  requireTable("constant", dtype, [length])
  return tabled([...(values as Iterable<number | bigint>)], dtype, [length])
}

const listed = (values: Nested, dtype: DType): Tensor<never, never> => {
  const flat: Array<Scalar> = []
  const shape = measure(values)
  requireTable("constant", dtype, shape)
  collect(values, shape, flat)
  return tabled(flat, dtype, shape)
}

const tabled = (flat: ReadonlyArray<Scalar>, dtype: DType, shape: Shape): Tensor<never, never> => {
  for (const value of flat) {
    const fault = numberFault(value, dtype)
    if (fault !== undefined)
      throw valueError("constant", `constant: ${fault}`, "choose a dtype that holds each number")
  }
  return tensorOf(apply1("constant", { aval: { dtype, shape }, value: shape.length === 0 ? flat[0]! : flat }))
}

/** The lengths along the first of each list; what is a circle, or too deep, passes the bound of axes. */
const measure = (values: Nested): Shape => {
  const shape: Array<number> = []
  for (let at: unknown = values; isList(at) && shape.length <= largest.rank; at = at[0]) {
    shape.push(at.length)
    if (at.length === 0) break
  }
  return shape
}

const collect = (values: Nested, shape: Shape, out: Array<Scalar>): void => {
  const fits = isList(values) ? shape.length > 0 && values.length === shape[0] : shape.length === 0
  if (!fits)
    throw shapeError(
      "constant",
      "constant: the nested lists are ragged",
      "all lists at one depth must have the same length"
    )
  if (isList(values)) for (const item of values) collect(item, shape.slice(1), out)
  else out.push(values as Scalar)
}
