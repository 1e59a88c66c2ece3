import { treeError } from "../errors.ts"
import { say } from "../messages.ts"
import { requireFunction, shown } from "../required.ts"
import { show } from "../shape.ts"
import { type Flat, leavesLike, type Misfit, unflatten } from "../tree.ts"
import { apart, type Leaf } from "./leaf.ts"
import { shortPath } from "./structure.ts"
import type { TreeMap, TreeReduce } from "./types.ts"

const isMisfit = (found: ReadonlyArray<Leaf> | Misfit): found is Misfit => !Array.isArray(found)

const showLeaf = (leaf: Leaf): string =>
  typeof leaf === "object" && "dtype" in leaf ? show(leaf) : shown(leaf)

/** The leaves of another tree in the order of the first. */
const beside = (operation: string, first: Flat<Leaf>, tree: unknown, path: string): ReadonlyArray<Leaf> => {
  const found = leavesLike(first.structure, apart(operation, tree, path), path, showLeaf)
  if (!isMisfit(found)) return found
  const own = `tree${found.path.slice(path.length)}`
  const leaf = first.paths.indexOf(own)
  const wanted = leaf >= 0 ? showLeaf(first.leaves[leaf]!) : found.wanted
  throw treeError(
    operation,
    found.path,
    say("treeParts", { op: operation, path: found.path, a: found.found, first: own, b: wanted }),
    "give trees of one structure: the same keys, lists of one length, and null in the same places"
  )
}

type Of = (...args: ReadonlyArray<never>) => unknown

const call = (fn: Of, args: ReadonlyArray<unknown>): unknown => fn(...(args as ReadonlyArray<never>))

const mapped = (operation: string, fn: Of, tree: unknown, rest: ReadonlyArray<unknown>, hasPath: boolean) => {
  requireFunction(operation, "the function", fn)
  const first = apart(operation, tree)
  const others = rest.map((each, i) => beside(operation, first, each, `rest[${i}]`))
  const results = first.leaves.map((leaf, i) => {
    const args: ReadonlyArray<unknown> = [leaf, ...others.map((leaves) => leaves[i])]
    const result = call(fn, hasPath ? [shortPath(first.paths[i]!), ...args] : args)
    if (result !== undefined) return result
    const at = first.paths[i]!
    throw treeError(
      operation,
      at,
      `${operation}: the function gives undefined for ${at}`,
      "return what stands there in the new tree, or null for nothing"
    )
  })
  return unflatten<unknown>(first.structure, results)
}

/**
 * Makes a tree of the same structure, each leaf being what the function makes of the leaf there. With more trees it is
 * given the leaf of each, which records give by key. Where leaves differ in shape, the function is given tensors of
 * unknown shape. What it gives with operations that keep a shape has the shape of each leaf again. Fails with a
 * `TreeError` for what is no tree and for trees of another structure, and a `ValueError` for what is no function.
 *
 * @example
 * const params = { w: constant([1, 2], "f32"), b: scalar(3, "f32") }
 * const slopes = { w: constant([10, 10], "f32"), b: scalar(20, "f32") }
 * tree.map((p, slope) => sub(p, mul(slope, 0.1)), params, slopes) // { w: [0, 1], b: 1 }
 * tree.map(neg, params) // { w: [-1, -2], b: -3 }
 */
export const map: TreeMap<[]> = (fn: Of, tree: unknown, ...rest: ReadonlyArray<unknown>) =>
  mapped("tree.map", fn, tree, rest, false) as never

/**
 * As `tree.map`, but the function is first given the path of the leaf, as `tree.paths` has it. Fails with a `TreeError`
 * for what is no tree and for trees of another structure, and a `ValueError` for what is no function.
 *
 * @example tree.mapWithPath((path, x) => `${path} is ${x}`, { low: 1, high: [2] }) // { low: "low is 1", high: ["high[0] is 2"] }
 */
export const mapWithPath: TreeMap<[path: string]> = (
  fn: Of,
  tree: unknown,
  ...rest: ReadonlyArray<unknown>
) => mapped("tree.mapWithPath", fn, tree, rest, true) as never

/**
 * Combines the leaves of a tree into one value, in the order of `tree.leaves`, from an initial one. Fails with a
 * `TreeError` for what is no tree, and a `ValueError` for what is no function.
 *
 * @example
 * const slopes = { w: constant([1, 2], "f32"), b: scalar(2, "f32") }
 * sqrt(tree.reduce((total, slope) => add(total, sum(square(slope))), slopes, scalar(0, "f32"))) // 3
 */
export const reduce: TreeReduce = (fn: Of, tree: unknown, initial: unknown) => {
  requireFunction("tree.reduce", "the function", fn)
  const { leaves } = apart("tree.reduce", tree)
  return leaves.reduce<unknown>((total, leaf) => call(fn, [total, leaf]), initial) as never
}
