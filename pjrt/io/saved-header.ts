import type { Aval, Shape } from "../../dsl/shape.ts"
import { show } from "../../dsl/shape.ts"
import type { Spec } from "../../dsl/spec.ts"
import { type Flat, leavesLike, type Misfit } from "../../dsl/tree.ts"
import { dtypeOf, SafetensorsError, type StoredTensor } from "../formats/safetensors.ts"
import { MismatchError } from "./errors.ts"
import type { OpenFile } from "./file.ts"
import { requireAval } from "./fitting.ts"
import { headerOf } from "./safetensors.ts"
import { checksumKey, storedAval, treeKey } from "./saved.ts"
import { type HostScalar, leafNames, readTreeText } from "./tree-text.ts"

/** An array of a file, as a tree has it. */
export interface StoredArray extends Aval {
  readonly at: number
  readonly bytes: number
  /** The CRC-32 of its bytes; undefined in a file that another library has written. */
  readonly sum: number | undefined
}

/** A leaf of a tree that is to be loaded. */
export type StoredLeaf = StoredArray | { readonly value: HostScalar }

/** What the file of a tree says before its elements. */
export interface SavedHeader {
  readonly metadata: Readonly<Record<string, string>>
  /** The tree as it was saved; undefined in a file that another library has written. */
  readonly tree: Flat<StoredLeaf> | undefined
  readonly arrays: ReadonlyMap<string, StoredArray>
}

const damaged = () => new SafetensorsError("what it says of its arrays is damaged")

const readSums = (text: string | undefined, count: number): ReadonlyArray<number> | undefined => {
  if (text === undefined) return undefined
  if (text.length !== 8 * count || !/^[0-9a-f]*$/.test(text)) throw damaged()
  return Array.from({ length: count }, (_, i) => Number.parseInt(text.slice(8 * i, 8 * i + 8), 16))
}

/** c128 is stored as pairs of f64. */
const restored = (array: StoredArray): StoredArray => {
  if (array.dtype !== "f64" || array.shape.at(-1) !== 2) throw damaged()
  return { ...array, dtype: "c128", shape: array.shape.slice(0, -1) as Shape }
}

/** Reads the header of a file that is open. Rejects with a SafetensorsError. */
export const savedHeader = async (file: OpenFile): Promise<SavedHeader> => {
  const { metadata, tensors } = await headerOf(file)
  const own = Object.hasOwn(metadata, treeKey)
  const sums = own ? readSums(metadata[checksumKey] ?? "", tensors.length) : undefined
  const stored = (tensor: StoredTensor, i: number): StoredArray => ({
    dtype: dtypeOf(tensor),
    shape: tensor.shape,
    at: tensor.at,
    bytes: tensor.bytes,
    sum: sums?.[i]
  })
  const arrays = new Map(tensors.map((tensor, i) => [tensor.name, stored(tensor, i)]))
  if (!own) return { metadata, tree: undefined, arrays }
  const { structure, leaves, paths } = readTreeText(metadata[treeKey]!, "tree")
  const names = leafNames(structure)
  const used = new Set<string>()
  const found = leaves.map((leaf, i): StoredLeaf => {
    if ("value" in leaf) return leaf
    const array = arrays.get(names[i]!)
    if (array === undefined || used.has(names[i]!)) throw damaged()
    used.add(names[i]!)
    if (leaf.dtype === "c128") return restored(array)
    if (leaf.dtype !== array.dtype) throw damaged()
    return array
  })
  if (used.size !== arrays.size) throw damaged()
  return { metadata, tree: { structure, leaves: found, paths }, arrays }
}

const showLeaf = (leaf: StoredLeaf): string =>
  "value" in leaf ? `the ${typeof leaf.value} ${leaf.value}` : show(leaf)

const mismatch = (file: string, path: string, message: string, hint: string) =>
  new MismatchError({ file, path, message: `${file}: ${message}`, hint })

/** The leaves of a file that another library has written, by the names that ours would have. */
const foreignLeaves = (
  file: string,
  { arrays }: SavedHeader,
  wanted: Flat<Spec>
): ReadonlyArray<StoredLeaf> => {
  const names = leafNames(wanted.structure)
  const own = new Set(names)
  const [only] = arrays.keys()
  // A tree that is one array has no name of its own.
  if (wanted.structure.kind === "leaf" && arrays.size === 1) return [arrays.get(only!)!]
  const found = names.map((name, i) => {
    const array = arrays.get(name)
    if (array !== undefined) return array
    throw mismatch(
      file,
      wanted.paths[i]!,
      `${wanted.paths[i]} is not there: it has no array ${JSON.stringify(name)}`,
      "name arrays as the file does: keys and places joined by dots"
    )
  })
  const more = [...arrays.keys()].find((name) => !own.has(name))
  if (own.size === names.length && more === undefined) return found
  throw mismatch(
    file,
    "tree",
    more === undefined
      ? "two of the specs stand for one array"
      : `it has the array ${JSON.stringify(more)}, which the specs do not have`,
    "give a spec for each array; readSafetensors reads some of them"
  )
}

/** The leaves of a file in the order of the specs. Throws a MismatchError where they part. */
export const matchLeaves = (
  file: string,
  header: SavedHeader,
  wanted: Flat<Spec>
): ReadonlyArray<StoredLeaf> => {
  const { tree } = header
  const leaves =
    tree === undefined
      ? foreignLeaves(file, header, wanted)
      : leavesLike(wanted.structure, tree, "tree", showLeaf)
  if (!Array.isArray(leaves)) {
    const { path, wanted: asked, found } = leaves as Misfit
    const at = wanted.paths.indexOf(path)
    throw mismatch(
      file,
      path,
      `${path} is ${found}, but ${at < 0 ? asked : show(wanted.leaves[at]!)} was asked for`,
      "give specs of the structure that was saved"
    )
  }
  const matched = leaves as ReadonlyArray<StoredLeaf>
  matched.forEach((leaf, i) => {
    if ("value" in leaf) return
    const spec = wanted.leaves[i]!
    const foreign = tree === undefined && spec.dtype === "c128"
    requireAval(file, wanted.paths[i]!, leaf, foreign ? storedAval(spec) : spec)
  })
  return matched
}
