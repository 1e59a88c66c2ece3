import type { DType, FloatDType } from "../dtype.ts"
import { named, shapeError, valueError } from "../errors.ts"
import { requireKind } from "../primitives/rule.ts"
import type { Scalar } from "../program.ts"
import {
  plainAxis,
  requireDType,
  requireFlag,
  requireNumber,
  requireOneOf,
  requireOptions,
  requireShape,
  requireTensor,
  requireTensors
} from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { Grids } from "../types/grids.ts"
import type { Among } from "../types/operands.ts"
import type { AreSizes, IsSize } from "../types/sizes.ts"
import { binary, broadcast, compare, filled, iota, select, unary } from "../values.ts"
import type { Written } from "./constant.ts"
import { linspace, onesWhere } from "./linalg.ts"
import { splat } from "./operand.ts"

/** Elements all alike, of the shape of a tensor. */
const like = <D extends DType, S extends Shape>(
  op: string,
  x: Tensor<DType, S>,
  value: Scalar | ((dtype: DType) => Scalar),
  dtype: D | undefined
): Tensor<D, S> => {
  const given = requireTensor(op, "x", x)
  const made = dtype === undefined ? given.dtype : requireDType(op, dtype)
  return tensorOf(splat(op, typeof value === "function" ? value(made) : value, made, given.shape))
}

const zero = (dtype: DType): Scalar => (dtype === "bool" ? false : 0)
const one = (dtype: DType): Scalar => (dtype === "bool" ? true : 1)

/**
 * Makes zeros (false for bool) of the shape of a tensor, and of its dtype or another. Fails with a `DTypeError` for what
 * is no dtype. `tree.zerosLike` takes trees.
 *
 * @example zerosLike(constant([1, 2], "f32")) // f32[2]: [0, 0]
 */
export const zerosLike = <D extends DType, S extends Shape, E extends DType = D>(
  x: Tensor<D, S>,
  dtype?: E
): Tensor<NoInfer<E>, S> => like("zerosLike", x, zero, dtype)

/**
 * Makes ones (true for bool) of the shape of a tensor, and of its dtype or another. Fails with a `DTypeError` for what
 * is no dtype.
 *
 * @example onesLike(constant([1, 2], "f32"), "i32") // i32[2]: [1, 1]
 */
export const onesLike = <D extends DType, S extends Shape, E extends DType = D>(
  x: Tensor<D, S>,
  dtype?: E
): Tensor<NoInfer<E>, S> => like("onesLike", x, one, dtype)

/**
 * Makes an array of the shape of a tensor whose elements are all one number, of its dtype or another. Fails with a
 * `ValueError` for a number that the dtype does not hold, and a `DTypeError` for what is no dtype.
 *
 * @example fullLike(constant([1, 2], "f32"), 7) // f32[2]: [7, 7]
 */
export const fullLike = <D extends DType, S extends Shape, const N extends Scalar, E extends DType = D>(
  x: Tensor<D, S>,
  value: N & Written[NoInfer<E>] & Among<"fullLike", N>[NoInfer<E>],
  dtype?: E
): Tensor<NoInfer<E>, S> => like("fullLike", x, value as Scalar, dtype)

/** How many columns a matrix has, and where its border lies. */
export interface TriOptions<M extends number = number> {
  /** (As many as rows.) */
  readonly columns?: M
  /** How far above the main diagonal the last ones lie; below it where negative (0). */
  readonly diagonal?: number
}

/**
 * Makes a matrix of ones on and below a diagonal, and zeros above. Fails with a `ShapeError` for what is no size, and a
 * `DTypeError` for what is no dtype.
 *
 * @example tri(2, "f32", { columns: 3 }) // f32[2,3]: [[1, 0, 0], [1, 1, 0]]
 */
export const tri = onesWhere("tri", "ge")

const requireFloat = (op: string, dtype: DType): void =>
  requireKind(op, { dtype: requireDType(op, dtype), shape: [] }, ["float"])

/** 10, or another base, to the power of each. */
const powers = (base: number, exponents: Value): Value => binary("pow", filled(exponents, base), exponents)

/** What `logspace` raises to powers. */
export interface LogspaceOptions {
  /** (10) */
  readonly base?: number
}

/**
 * Makes `length` floats from `base ** start` to `base ** stop`, both included: powers of 10, or of another base, whose
 * exponents are evenly spaced. Fails with a `DTypeError` for a dtype that is no float, and a `ValueError` for what is no
 * number.
 *
 * @example logspace(0, 2, 3) // f32[3]: [1, 10, 100]
 */
export const logspace = named(
  "logspace",
  <const N extends number, D extends FloatDType = "f32">(
    start: number,
    stop: number,
    length: N & IsSize<"logspace", "the count", N>,
    dtype: D = "f32" as D,
    options?: LogspaceOptions
  ): Tensor<NoInfer<D>, readonly [N]> => {
    requireFloat("logspace", dtype)
    const base = requireNumber("logspace", "base", requireOptions("logspace", options, ["base"]).base ?? 10)
    return tensorOf(powers(base, valueOf(linspace(start, stop, length, dtype) as Tensor)))
  }
)

/**
 * Makes `length` floats from `start` to `stop`, both included, each a constant times the one before. Fails with a
 * `ValueError` where one is 0 or the signs differ, and a `DTypeError` for a dtype that is no float.
 *
 * @example geomspace(1, 100, 3) // f32[3]: [1, 10, 100]
 */
export const geomspace = named(
  "geomspace",
  <const N extends number, D extends FloatDType = "f32">(
    start: number,
    stop: number,
    length: N & IsSize<"geomspace", "the count", N>,
    dtype: D = "f32" as D
  ): Tensor<NoInfer<D>, readonly [N]> => {
    requireFloat("geomspace", dtype)
    requireNumber("geomspace", "start", start)
    requireNumber("geomspace", "stop", stop)
    if (!(start * stop > 0))
      throw valueError(
        "geomspace",
        `geomspace: no constant factor goes from ${start} to ${stop}`,
        "give two numbers of one sign, neither of them 0"
      )
    const [from, to] = [Math.log10(Math.abs(start)), Math.log10(Math.abs(stop))]
    const sizes = powers(10, valueOf(linspace(from, to, length, dtype) as Tensor))
    const between = start < 0 ? unary("neg", sizes) : sizes
    // Both ends are exact.
    const place = iota([length], 0)
    const at = (index: number) => compare("eq", place, filled(place, index))
    const ended = select(at(Math.max(0, length - 1)), filled(between, stop), between)
    return tensorOf(select(at(0), filled(between, start), ended))
  }
)

/** How `meshgrid` lays out a grid. */
export interface MeshgridOptions<I extends "xy" | "ij" = "xy" | "ij", P extends boolean = boolean> {
  /** `"xy"`: the first two vectors lie along the second and the first axis. `"ij"`: each along its own ("xy"). */
  readonly indexing?: I
  /** Each array has length 1 along the others' axes (false). */
  readonly sparse?: P
}

/**
 * Makes arrays of coordinates of vectors: one for each, all of the shape of the grid. Fails with a `ShapeError` for what
 * is no vector, and a `ValueError` for another indexing.
 *
 * @example
 * meshgrid([arange(2), arange(3)]) // [[[0, 1], [0, 1], [0, 1]], [[0, 0], [1, 1], [2, 2]]]
 * meshgrid([arange(2), arange(3)], { indexing: "ij" })[0] // i32[2,3]: [[0, 0, 0], [1, 1, 1]]
 */
export const meshgrid = named(
  "meshgrid",
  <
    const L extends ReadonlyArray<Tensor<DType, readonly [number]>>,
    const I extends "xy" | "ij" = "xy",
    const P extends boolean = false
  >(
    vectors: L,
    options?: MeshgridOptions<I, P>
  ): Grids<L, NoInfer<I>, NoInfer<P>> => {
    const values = requireTensors("meshgrid", "vectors", vectors, "give a list of vectors")
    const given = requireOptions("meshgrid", options, ["indexing", "sparse"])
    const indexing = requireOneOf<string>("meshgrid", "indexing", given.indexing ?? "xy", ["xy", "ij"])
    const sparse = requireFlag("meshgrid", "sparse", given.sparse)
    for (const each of values)
      if (each.shape.length !== 1)
        throw shapeError("meshgrid", `meshgrid: ${show(each)} is no vector`, "ravel(x) makes one")
    const turned = indexing === "xy" && values.length >= 2
    const axisOf = (i: number): number => (turned && i < 2 ? 1 - i : i)
    const shape = values.map((_, i) => values[axisOf(i)]!.shape[0]!)
    const grids = values.map((each, i) => {
      const axis = axisOf(i)
      const own = sparse ? shape.map((dim, k) => (k === axis ? dim : 1)) : shape
      return tensorOf<DType, Shape>(broadcast(each, own, [axis]))
    })
    return grids as never
  }
)

/**
 * Makes integers that count along one axis of a shape, and are the same along the others. Fails with a `ShapeError` for
 * what is no shape and an axis that it does not have, and a `DTypeError` for another dtype.
 *
 * @example broadcastedIota([2, 3], 1) // i32[2,3]: [[0, 1, 2], [0, 1, 2]]
 */
export const broadcastedIota = named(
  "broadcastedIota",
  <const S extends Shape, D extends "i32" | "i64" | "u32" | "u64" = "i32">(
    shape: S & AreSizes<"broadcastedIota", S>,
    axis: number,
    dtype: D = "i32" as D
  ): Tensor<NoInfer<D>, S> => {
    const op = "broadcastedIota"
    requireOneOf<string>(op, "dtype", dtype, ["i32", "i64", "u32", "u64"])
    const dims = requireShape(op, shape)
    return tensorOf(iota(dims, plainAxis(op, axis, { dtype, shape: dims }), dtype))
  }
)
