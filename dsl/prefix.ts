import { treeError } from "./errors.ts"
import { itemOf, shown } from "./required.ts"
import { keyPath, type Structure } from "./tree.ts"

/**
 * One item for each leaf of a structure, such as an axis for vmap or a sharding. In the tree of items, one item may
 * stand for a whole branch. Refusals call the tree `what` and an item `wanted`.
 */
export const prefixLeaves = <T>(
  operation: string,
  what: string,
  structure: Structure,
  given: unknown,
  isItem: (value: unknown) => value is T,
  wanted: string
): ReadonlyArray<T> => {
  const out: Array<T> = []
  const misfit = (path: string, found: unknown) =>
    treeError(
      operation,
      path,
      `${operation}: ${path} is ${found === undefined ? "missing" : shown(found)}, not ${wanted}`,
      `give one for each argument, or a tree of them`
    )
  const walk = (part: Structure, at: unknown, path: string): void => {
    if (part.kind === "none") return
    if (part.kind === "leaf") {
      if (!isItem(at)) throw misfit(path, at)
      out.push(at)
      return
    }
    part.items.forEach((item, i) => {
      const key = part.kind === "record" ? part.keys[i]! : i
      const place = typeof key === "number" ? `${path}[${key}]` : keyPath(path, key)
      const inner = isItem(at) ? at : itemOf(at, key)
      if (inner === undefined) throw misfit(place, undefined)
      walk(item, inner, place)
    })
  }
  walk(structure, given, what)
  return out
}
