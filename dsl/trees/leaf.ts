import { isDType } from "../dtype.ts"
import { isList, isObject } from "../required.ts"
import type { Aval } from "../shape.ts"
import { type Flat, flatten, type TreeOf } from "../tree.ts"

/**
 * What a leaf of a tree may be: a tensor, a spec, an array on a device (all have a dtype and a shape), a typed array, a
 * number, a bigint, a boolean or a string.
 */
export type Leaf = Aval | ArrayBufferView | number | bigint | boolean | string

/**
 * Whether a part of a tree is any tree at all, as the type `Tree` says: the part `T` is then among its own items, and
 * the checker would unfold it for ever.
 */
export type Unfolds<T, All = T> = T extends Leaf | null
  ? never
  : T extends ReadonlyArray<infer Item>
    ? [All] extends [Item]
      ? true
      : never
    : [All] extends [T[keyof T]]
      ? true
      : never

export type IsUnion<T, All = T> = [T] extends [never]
  ? false
  : T extends All
    ? [All] extends [T]
      ? false
      : true
    : never

const isAval = (value: object): value is Aval => {
  const { dtype, shape } = value as Partial<Record<keyof Aval, unknown>>
  return isDType(dtype) && isList(shape) && shape.every((dim) => typeof dim === "number")
}

const plain: ReadonlySet<string> = new Set(["number", "bigint", "boolean", "string"])

export const isLeaf = (value: unknown): value is Leaf =>
  plain.has(typeof value) ||
  (isObject(value) && !isList(value) && (ArrayBuffer.isView(value) || isAval(value)))

/** A tree of leaves of any kind, taken apart. */
export const apart = (operation: string, tree: unknown, path = "tree"): Flat<Leaf> =>
  flatten(tree as TreeOf<Leaf>, isLeaf, operation, path, "any")
