import { shapeError } from "../errors.ts"
import { plainAxis } from "../ops/structure.ts"
import { apply1 } from "../primitives/index.ts"
import { show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { carryLeaves, flatten, type Tree, unflatten } from "../tree.ts"
import { moveAxis, reshape, sliceAxis } from "../values.ts"

export interface AssociativeScanOptions {
  /** Combine from the last element to the first. */
  readonly reverse?: boolean
  /** The axis along which elements follow one another (0). */
  readonly axis?: number
}

type Combine = (a: ReadonlyArray<Value>, b: ReadonlyArray<Value>) => ReadonlyArray<Value>

const sliced = (
  leaves: ReadonlyArray<Value>,
  start: number,
  limit: number,
  stride = 1
): ReadonlyArray<Value> => leaves.map((leaf) => sliceAxis(leaf, 0, start, limit, stride))

const joined = (a: Value, b: Value): Value => apply1("concatenate", { axis: 0 }, a, b)

/** a0 b0 a1 b1 ...; `even` has as many as `odd`, or one more. */
const interleaved = (even: Value, odd: Value): Value => {
  const count = odd.shape[0]!
  const rest = odd.shape.slice(1)
  const column = (x: Value) => reshape(sliceAxis(x, 0, 0, count), [count, 1, ...rest])
  const pairs = apply1("concatenate", { axis: 1 }, column(even), column(odd))
  const flat = reshape(pairs, [2 * count, ...rest])
  return even.shape[0] === count ? flat : joined(flat, sliceAxis(even, 0, count, count + 1))
}

/** Neighbours combined, scanned, and spread again (Blelloch 1990): 2n combinations in 2 log n rounds. */
const rounds = (combine: Combine, leaves: ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const count = leaves[0]!.shape[0]!
  if (count < 2) return leaves
  const pairs = combine(sliced(leaves, 0, count - 1, 2), sliced(leaves, 1, count, 2))
  const odd = rounds(combine, pairs)
  const after = sliced(leaves, 2, count, 2)
  const before = count % 2 === 0 ? sliced(odd, 0, odd[0]!.shape[0]! - 1) : odd
  const rest = count > 2 ? combine(before, after) : []
  return leaves.map((leaf, i) => {
    const first = sliceAxis(leaf, 0, 0, 1)
    return interleaved(rest.length === 0 ? first : joined(first, rest[i]!), odd[i]!)
  })
}

/**
 * All running combinations of elements along an axis, worked out in parallel: element i of the result combines those
 * up to i. `combine` must be associative, and takes and gives many elements at once: trees like `elements`, of which
 * the axis is shorter.
 *
 * @example associativeScan((a, b) => add(a, b), arange(10)) // 0 1 3 6 ...
 */
export const associativeScan = <const T extends Tree>(
  combine: (a: T, b: T) => NoInfer<T>,
  elements: T,
  { axis = 0, reverse = false }: AssociativeScanOptions = {}
): T => {
  const flat = flatten<Tensor>(elements, isTensor, "associativeScan", "elements")
  const { structure } = flat
  const axes = flat.leaves.map((leaf) => plainAxis("associativeScan", axis, leaf))
  const values = flat.leaves.map((leaf, i) => {
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
  const treeOf = (leaves: ReadonlyArray<Value>, back: boolean): T =>
    unflatten<Tensor>(
      structure,
      leaves.map((leaf, i) => tensorOf<never, never>(back ? moveAxis(leaf, 0, axes[i]!) : leaf))
    ) as T
  const step: Combine = (a, b) => {
    const [left, right] = reverse ? [b, a] : [a, b]
    const result = combine(treeOf(left, true), treeOf(right, true))
    const found = flatten<Tensor>(result, isTensor, "associativeScan", "elements")
    const wanted = flatten<Tensor>(treeOf(a, true), isTensor, "associativeScan", "elements")
    return carryLeaves("associativeScan", wanted, found, "elements").map((leaf, i) =>
      moveAxis(valueOf(leaf), axes[i]!, 0)
    )
  }
  const results = rounds(step, values)
  return treeOf(reverse ? results.map((leaf) => apply1("reverse", { axes: [0] }, leaf)) : results, true)
}
