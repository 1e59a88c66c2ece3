import { shapeError } from "../errors.ts"
import { apply } from "../primitives/index.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { RealDType } from "../types.ts"
import { iota, sliceAxis } from "../values.ts"
import { plainAxis } from "./structure.ts"

export interface SortOptions {
  /** Greatest first. */
  readonly descending?: boolean
}

const sorted = (
  op: string,
  keys: ReadonlyArray<Tensor>,
  more: ReadonlyArray<Value>,
  axis: number,
  { descending = false }: SortOptions
): ReadonlyArray<Value> => {
  const at = plainAxis(op, axis, keys[0]!)
  return apply("sort", { axis: at, keys: keys.length, descending }, [...keys.map(valueOf), ...more])
}

/**
 * In rising order along an axis (the last); equal elements keep their order, NaN counts as greatest. A derivative goes
 * to the elements that `argsort` names.
 */
export const sort = <D extends RealDType | "bool", S extends Shape>(
  x: Tensor<D, S>,
  axis = -1,
  options: SortOptions = {}
): Tensor<D, S> => tensorOf(sorted("sort", [x], [], axis, options)[0]!)

/** The indices that would sort an array along an axis (the last). */
export const argsort = <D extends RealDType | "bool", S extends Shape>(
  x: Tensor<D, S>,
  axis = -1,
  options: SortOptions = {}
): Tensor<"i32", S> => {
  const places = iota(x.shape, plainAxis("argsort", axis, x))
  return tensorOf(sorted("argsort", [x], [places], axis, options)[1]!)
}

type LastReplaced<S extends Shape, K extends number> = S extends readonly [
  ...infer Head extends Shape,
  number
]
  ? readonly [...Head, K]
  : Shape

/** The `k` greatest elements along the last axis, greatest first, and their indices. */
export const topK = <D extends RealDType | "bool", S extends Shape, const K extends number>(
  x: Tensor<D, S>,
  k: K
): readonly [Tensor<D, LastReplaced<S, K>>, Tensor<"i32", LastReplaced<S, K>>] => {
  const axis = plainAxis("topK", -1, x)
  const length = x.shape[axis]!
  if (!Number.isSafeInteger(k) || k < 0 || k > length) {
    throw shapeError("topK", `topK: ${k} of ${show(x)}`, `k goes from 0 to ${length}`)
  }
  const [values, places] = sorted("topK", [x], [iota(x.shape, axis)], axis, { descending: true })
  return [tensorOf(sliceAxis(values!, axis, 0, k)), tensorOf(sliceAxis(places!, axis, 0, k))]
}
