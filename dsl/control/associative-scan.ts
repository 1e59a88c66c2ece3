import { shapeError } from "../errors.ts"
import { type Combine, parallelScan } from "../parallel-scan.ts"
import { apply1 } from "../primitives/index.ts"
import { plainAxis, requireFlag, requireFunction, requireOptions } from "../required.ts"
import { show } from "../shape.ts"
import { isTensor, requireArray, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { carryLeaves, flatten, type Tree, unflatten } from "../tree.ts"
import type { IsTree } from "../tree-types.ts"
import { moveAxis } from "../values.ts"
import type { CarryCheck } from "./scan-types.ts"

/** Along which axis `associativeScan` goes, and from which end. */
export interface AssociativeScanOptions {
  /**
   * Combine from the last element to the first: what is later is the left operand of `combine`, as in JAX. That is
   * `reverse(associativeScan(combine, reverse(elements)))`.
   */
  readonly reverse?: boolean
  /** The axis along which elements follow one another (0). */
  readonly axis?: number
}

/**
 * Gives all running combinations of elements along an axis, computed in parallel: element i combines those up to i.
 * `combine` must be associative but need not commute. It takes and gives many elements at once: trees like
 * `elements`, with a shorter axis. Fails with a `ShapeError` where lengths differ, and a `TreeError` where `combine`
 * changes the types.
 *
 * @example associativeScan((a, b) => add(a, b), arange(4)) // [0, 1, 3, 6]
 */
export const associativeScan = <const T, const T2>(
  combine: (
    a: NoInfer<T>,
    b: NoInfer<T>
  ) => NoInfer<T> | (T2 & CarryCheck<"associativeScan", T, T2, "elements">),
  elements: T & IsTree<"associativeScan", "elements", T>,
  options?: AssociativeScanOptions
): T => {
  requireFunction("associativeScan", "combine", combine)
  const { axis = 0, reverse: backwards } = requireOptions("associativeScan", options, ["axis", "reverse"])
  const reverse = requireFlag("associativeScan", "reverse", backwards)
  const flat = flatten<Tensor>(elements as Tree, isTensor, "associativeScan", "elements")
  const { structure } = flat
  const axes = flat.leaves.map((leaf) => plainAxis("associativeScan", axis, leaf))
  const values = flat.leaves.map((leaf, i) => {
    requireArray("associativeScan", valueOf(leaf))
    const front = moveAxis(valueOf(leaf), axes[i]!, 0)
    if (front.shape[0] !== flat.leaves[0]!.shape[axes[0]!]) {
      throw shapeError(
        "associativeScan",
        `associativeScan: ${flat.paths[0]} is ${show(flat.leaves[0]!)} but ${flat.paths[i]} is ${show(leaf)}`,
        "all elements must have the same length along the axis"
      )
    }
    return reverse ? apply1("reverse", { axes: [0] }, front) : front
  })
  if (values.length === 0) return elements
  const treeOf = (leaves: ReadonlyArray<Value>): T =>
    unflatten<Tensor>(
      structure,
      leaves.map((leaf, i) => tensorOf<never, never>(moveAxis(leaf, 0, axes[i]!)))
    ) as T
  const step: Combine = (a, b) => {
    const result = combine(treeOf(a), treeOf(b))
    const found = flatten<Tensor>(result as Tree, isTensor, "associativeScan", "elements")
    const wanted = flatten<Tensor>(treeOf(a) as Tree, isTensor, "associativeScan", "elements")
    return carryLeaves("associativeScan", wanted, found, "elements").map((leaf, i) =>
      moveAxis(valueOf(leaf), axes[i]!, 0)
    )
  }
  const results = parallelScan(step, values)
  return treeOf(reverse ? results.map((leaf) => apply1("reverse", { axes: [0] }, leaf)) : results)
}
