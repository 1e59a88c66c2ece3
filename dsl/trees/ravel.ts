import type { DType } from "../dtype.ts"
import { dtypeError, shapeError, treeError } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { requireTensor, shown } from "../required.ts"
import { show, sizeOf } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { flatten, type Tree, unflatten } from "../tree.ts"
import { binary, reshape, sliceAxis } from "../values.ts"
import { apart } from "./leaf.ts"
import type { LeafOf } from "./types.ts"

type DTypeOf<T> =
  LeafOf<T> extends infer X ? (X extends { readonly dtype: infer D extends DType } ? D : never) : never

/** A tree of tensors as one vector, and the way back. */
export interface Raveled<T, D extends DType = DTypeOf<T>> {
  readonly flat: Tensor<D, readonly [number]>
  /** Makes the tree again of a vector of the same dtype and length. */
  readonly unravel: (flat: Tensor<D, readonly [number]>) => T
}

/**
 * Makes one vector of the elements of all leaves, in the order of `tree.leaves`, and the function that makes the tree
 * again. The leaves are tensors of one dtype; a tree without leaves gives f32[0]. Fails with a `TreeError` for what is no
 * tree of tensors, a `DTypeError` where dtypes differ, and a `ShapeError` for a vector of another length.
 *
 * @example
 * const params = { w: constant([[1, 2], [3, 4]], "f32"), b: scalar(5, "f32") }
 * const { flat, unravel } = tree.ravel(params)
 * flat // f32[5]: [1, 2, 3, 4, 5]
 * unravel(mul(flat, 10)) // { w: [[10, 20], [30, 40]], b: 50 }
 */
export const ravel = <const T extends Tree>(tree: T): Raveled<T> => {
  const op = "tree.ravel"
  const { leaves, paths, structure } = flatten<Tensor>(tree, isTensor, op, "tree")
  const values = leaves.map(valueOf)
  const dtype = values[0]?.dtype ?? "f32"
  values.forEach((value, i) => {
    if (value.dtype !== dtype)
      throw dtypeError(
        op,
        `${op}: ${paths[0]} is ${show(values[0]!)} but ${paths[i]} is ${show(value)}`,
        "convert the leaves to one dtype first"
      )
  })
  const sizes = values.map(({ shape }) => sizeOf(shape))
  const total = sizes.reduce((a, b) => a + b, 0)
  const rows = values.map((value, i) => reshape(value, [sizes[i]!]))
  const flat =
    rows.length === 0
      ? apply1("constant", { aval: { dtype, shape: [0] }, value: 0 })
      : rows.length === 1
        ? rows[0]!
        : apply1("concatenate", { axis: 0 }, ...rows)
  const unravel = (given: Tensor): Tree => {
    const value = requireTensor(op, "the vector", given)
    if (value.dtype !== dtype)
      throw dtypeError(
        op,
        `${op}: ${show(value)} goes back into a tree of ${dtype}`,
        `convert it to ${dtype}`
      )
    if (value.shape.length !== 1 || value.shape[0] !== total)
      throw shapeError(
        op,
        `${op}: ${show(value)} goes back into a tree of ${total} elements`,
        "keep its shape"
      )
    let start = 0
    const parts = values.map(({ shape }, i) => {
      const part = sliceAxis(value, 0, start, start + sizes[i]!)
      start += sizes[i]!
      return tensorOf<never, never>(reshape(part, shape))
    })
    return unflatten<Tensor>(structure, parts)
  }
  return { flat: tensorOf<never, never>(flat), unravel: unravel as (flat: Tensor) => never }
}

/** Whether everything holds: a boolean, or of tensors a scalar. */
export type Holds<T> = [LeafOf<T>] extends [boolean] ? boolean : Tensor<"bool", readonly []>

const allOf = (value: Value): Value =>
  value.shape.length === 0 ? value : apply1("all", { axes: value.shape.map((_, i) => i) }, value)

/**
 * Tells whether all leaves of a tree hold: booleans, or tensors of booleans, which hold where all elements do. It gives a
 * boolean, or a scalar of the program where a leaf is a tensor. A tree without leaves holds. Fails with a `TreeError` for
 * another leaf, and for what is no tree.
 *
 * @example
 * tree.all({ a: true, b: [true, false] }) // false
 * tree.all({ a: constant([true, true], "bool"), b: true }) // true
 */
export const all = <const T>(tree: T): Holds<T> => {
  const op = "tree.all"
  const { leaves, paths } = apart(op, tree)
  let host = true
  let traced: Value | undefined
  leaves.forEach((leaf, i) => {
    if (typeof leaf === "boolean") host = host && leaf
    else if (isTensor(leaf) && leaf.dtype === "bool") {
      const each = allOf(valueOf(leaf))
      traced = traced === undefined ? each : binary("and", traced, each)
    } else
      throw treeError(
        op,
        paths[i]!,
        `${op}: ${paths[i]} is ${isTensor(leaf) ? show(leaf) : shown(leaf)}, which is no boolean`,
        "compare first: tree.map((x) => gt(x, 0), t)"
      )
  })
  if (traced === undefined) return host as Holds<T>
  const known = apply1("constant", { aval: { dtype: "bool", shape: [] }, value: host })
  return tensorOf<never, never>(host ? traced : known) as unknown as Holds<T>
}
