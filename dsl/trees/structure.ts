import { valueError } from "../errors.ts"
import { isList, requireList, shown } from "../required.ts"
import { leafCount, type Structure as Parts, unflatten as together } from "../tree.ts"
import { apart } from "./leaf.ts"
import type { Each, Rebuilt, TreeLeaves } from "./types.ts"

declare const treeBrand: unique symbol

const text = (parts: Parts): string => {
  switch (parts.kind) {
    case "leaf":
      return "*"
    case "none":
      return "null"
    case "list":
      return `[${parts.items.map(text).join(", ")}]`
    case "record":
      return `{${parts.keys.map((key, i) => `${key}: ${text(parts.items[i]!)}`).join(", ")}}`
  }
}

/** The structure of a tree, its leaves left out: `{w: *, b: [*, null]}` as text. `tree.structure` makes it. */
export class Structure<out T = unknown> {
  declare readonly [treeBrand]: T
  /** How many leaves the tree has. */
  readonly leafCount: number
  readonly #parts: Parts

  static is(value: unknown): value is Structure {
    return typeof value === "object" && value !== null && #parts in value
  }

  static partsOf(structure: Structure): Parts {
    return structure.#parts
  }

  constructor(parts: Parts) {
    this.#parts = parts
    this.leafCount = leafCount(parts)
  }

  toString(): string {
    return text(this.#parts)
  }
}

/**
 * Gives the leaves of a tree, in the order in which the tree is written. Everything that is no plain list, no plain
 * record and not null is a leaf: a typed array is one leaf, and a list of numbers has as many as numbers. Fails with a
 * `TreeError` for what is no leaf, such as undefined or an object of a class of yours.
 *
 * @example
 * tree.leaves({ rate: 0.5, sizes: [3, 4], none: null }) // [0.5, 3, 4]
 * tree.leaves({ w: new Float32Array(2), b: 1 }).length // 2
 */
export const leaves: TreeLeaves = (tree: unknown) => apart("tree.leaves", tree).leaves as never

/**
 * Gives the place of each leaf, in the order of `tree.leaves`: `w`, `layers[0].b`. A tree that is one leaf has it at
 * the empty path. Fails with a `TreeError` for what is no tree.
 *
 * @example tree.paths({ w: 1, layers: [{ b: 2 }, { b: 3 }] }) // ["w", "layers[0].b", "layers[1].b"]
 */
export const paths = (tree: unknown): ReadonlyArray<string> => apart("tree.paths", tree).paths.map(shortPath)

/** A path as users write it, from the tree itself. */
export const shortPath = (path: string): string => path.slice("tree".length).replace(/^\./, "")

/**
 * Gives the structure of a tree, its leaves left out. `tree.unflatten` makes trees of it. Fails with a `TreeError` for
 * what is no tree.
 *
 * @example
 * tree.structure({ w: 1, layers: [2, null] }).toString() // "{w: *, layers: [*, null]}"
 * tree.structure({ w: 1, layers: [2, null] }).leafCount // 2
 */
export const structure = <const T>(tree: T): Structure<T> =>
  new Structure(apart("tree.structure", tree).structure)

/**
 * Gives the leaves of a tree and its structure together. Fails with a `TreeError` for what is no tree.
 *
 * @example
 * const { leaves, structure } = tree.flatten({ low: 1, high: 2 })
 * tree.unflatten(structure, leaves.map((leaf) => leaf * 10)) // { low: 10, high: 20 }
 */
export const flatten = <const T>(
  tree: T
): { readonly leaves: ReadonlyArray<Each<T>>; readonly structure: Structure<T> } => {
  const flat = apart("tree.flatten", tree)
  return { leaves: flat.leaves as ReadonlyArray<Each<T>>, structure: new Structure(flat.structure) }
}

/**
 * Puts a tree together of a structure and as many leaves, in the order of `tree.leaves`. The leaves may be anything.
 * Where their types are those of the tree that the structure is of, the result has the type of that tree. Fails with a
 * `ValueError` for too few or too many leaves.
 *
 * @example tree.unflatten(tree.structure({ a: 0, b: [0, null] }), [1, 2]) // { a: 1, b: [2, null] }
 */
export const unflatten = <T, L>(structure: Structure<T>, leaves: ReadonlyArray<L>): Rebuilt<T, L> => {
  if (!Structure.is(structure)) {
    throw valueError(
      "tree.unflatten",
      `tree.unflatten: the structure is ${shown(structure)}`,
      "tree.structure(tree) gives the structure of a tree"
    )
  }
  const hint = "give one leaf for each * of the structure"
  if (!isList(leaves)) requireList("tree.unflatten", "leaves", leaves, hint)
  const wanted = structure.leafCount
  if (leaves.length !== wanted) {
    throw valueError(
      "tree.unflatten",
      `tree.unflatten: ${leaves.length === 1 ? "1 leaf is" : `${leaves.length} leaves are`} given for a structure of ${wanted}`,
      hint
    )
  }
  return together<unknown>(Structure.partsOf(structure), leaves) as Rebuilt<T, L>
}
