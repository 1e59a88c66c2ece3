import type { DType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { apply } from "../primitives/index.ts"
import {
  isList,
  plainAxis,
  requireFlag,
  requireOptions,
  requireTensor,
  requireTensors,
  shown
} from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { IsAxis, LastReplaced, WithinLast } from "../types/axes.ts"
import type { RealDType } from "../types.ts"
import { iota, sliceAxis } from "../values.ts"
import type { AlongAxis } from "./operators.ts"

/** In which order to sort. */
export interface SortOptions {
  /** Greatest first. */
  readonly descending?: boolean
}

const sorted = (
  op: string,
  keys: ReadonlyArray<Value>,
  more: ReadonlyArray<Value>,
  axis: number,
  options: SortOptions | undefined
): ReadonlyArray<Value> => {
  const descending = requireFlag(op, "descending", requireOptions(op, options, ["descending"]).descending)
  const params = { axis: plainAxis(op, axis, keys[0]!), keys: keys.length, descending }
  return apply("sort", params, [...keys, ...more])
}

const requireKeys = (op: string, keys: ReadonlyArray<Tensor>): ReadonlyArray<Value> => {
  const values = requireTensors(op, "keys", keys, "give a list of tensors")
  if (values.length > 0) return values
  throw shapeError(op, `${op}: no key is given`, "give at least one")
}

/**
 * Sorts in rising order along an axis (the last). Equal elements keep their order; NaN is greatest. A derivative goes
 * to the elements that `argsort` names. Fails with a `ShapeError` for an axis that is not there, and a `DTypeError`
 * for complex numbers.
 *
 * @example sort(constant([3, 1, 2], "f32")) // [1, 2, 3]
 */
export const sort: AlongAxis<"sort", RealDType | "bool", number, SortOptions> = (
  x,
  axis: number = -1,
  options
) => tensorOf(sorted("sort", [requireTensor("sort", "x", x)], [], axis, options)[0]!)

/**
 * Gives the indices (i32) that would sort an array along an axis (the last). Fails with a `ShapeError` for an axis
 * that is not there, and a `DTypeError` for complex numbers.
 *
 * @example argsort(constant([3, 1, 2], "f32")) // i32[3]: [1, 2, 0]
 */
export const argsort = named(
  "argsort",
  <D extends RealDType | "bool", S extends Shape, const A extends number = -1>(
    x: Tensor<D, S>,
    axis: A & IsAxis<"argsort", D, S, A> = -1 as never,
    options?: SortOptions
  ): Tensor<"i32", S> => {
    const key = requireTensor("argsort", "x", x)
    const places = iota(key.shape, plainAxis("argsort", axis, key))
    return tensorOf(sorted("argsort", [key], [places], axis, options)[1]!)
  }
)

/**
 * Gives the indices (i32) that would sort by several keys along an axis (the last): by the last of the list, what is equal in
 * it by the one before, and so on, as NumPy does. Equal elements keep their order; NaN is greatest. Fails with a `ShapeError`
 * where shapes differ or there is no key, and a `DTypeError` for complex numbers.
 *
 * @example
 * const [first, last] = [constant([1, 0, 2], "i32"), constant([5, 5, 4], "i32")]
 * lexsort([first, last]) // i32[3]: [2, 1, 0]
 */
export const lexsort = named(
  "lexsort",
  <const L extends ReadonlyArray<Tensor<RealDType | "bool">>>(
    keys: L,
    axis: number = -1
  ): Tensor<"i32", L[number]["shape"]> => {
    const values = requireKeys("lexsort", keys).toReversed()
    const at = plainAxis("lexsort", axis, values[0]!)
    const places = iota(values[0]!.shape, at)
    const params = { axis: at, keys: values.length, descending: false }
    return tensorOf(apply("sort", params, [...values, places]).at(-1)!)
  }
)

type OneOrMore<D extends DType = DType> = Tensor<D> | ReadonlyArray<Tensor<D>>

/**
 * Sorts keys along an axis (the last), and other arrays of the same shape with them. Of a list of keys, what is equal in one is
 * sorted by the next. Equal elements keep their order; NaN is greatest. Gives the keys and the values, as they were given: one
 * array, or a list. Fails with a `ShapeError` where shapes differ, and a `DTypeError` for complex keys.
 *
 * @example
 * const [keys, values] = sortKeyVal(constant([3, 1, 2], "i32"), constant([30, 10, 20], "f32"))
 * values // [10, 20, 30]
 */
export const sortKeyVal = named(
  "sortKeyVal",
  <const K extends OneOrMore<RealDType | "bool">, const V extends OneOrMore>(
    keys: K,
    values: V,
    axis: number = -1,
    options?: SortOptions
  ): [K, V] => {
    const op = "sortKeyVal"
    const by = isList(keys) ? requireKeys(op, keys) : [requireTensor(op, "keys", keys)]
    const more = isList(values)
      ? requireTensors(op, "values", values, "give a tensor, or a list of them")
      : [requireTensor(op, "values", values)]
    const found = sorted(op, by, more, axis, options).map((each) => tensorOf<DType, Shape>(each))
    const own = (given: OneOrMore, from: number, to: number) =>
      isList(given) ? found.slice(from, to) : found[from]
    return [own(keys, 0, by.length), own(values, by.length, found.length)] as never
  }
)

/**
 * Gives the `k` greatest elements along the last axis, greatest first, and their indices (i32). Equal elements keep their
 * order; NaN is greatest, and 0 is greater than -0, as JAX has it. Fails with a `ShapeError` where `k` is longer than the
 * axis, and a `DTypeError` for complex numbers.
 *
 * @example topK(constant([3, 1, 2], "f32"), 2) // [[3, 2], [0, 2]]
 */
export const topK = named(
  "topK",
  <D extends RealDType | "bool", S extends Shape, const K extends number>(
    x: Tensor<D, S>,
    k: K & WithinLast<D, S, K>
  ): [Tensor<D, LastReplaced<S, K>>, Tensor<"i32", LastReplaced<S, K>>] => {
    const key = requireTensor("topK", "x", x)
    const axis = plainAxis("topK", -1, key)
    const length = key.shape[axis]!
    if (!Number.isSafeInteger(k) || k < 0 || k > length) {
      throw shapeError(
        "topK",
        say("topK", { op: "topK", k: shown(k), a: show(key) }),
        `k goes from 0 to ${length}`
      )
    }
    // A compiler knows this form, a sort in total order of which the first are taken, and sorts no more than those.
    const params = { axis, keys: 1, descending: true, total: true } as const
    const sorted = apply("sort", params, [key, iota(key.shape, axis)])
    const [values, places] = sorted.map((each) => sliceAxis(each, axis, 0, k))
    return [tensorOf(values!), tensorOf(places!)]
  }
)
