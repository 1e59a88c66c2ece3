import type { DType } from "../../dsl/dtype.ts"
import { isDType } from "../../dsl/dtype.ts"
import { isRecord } from "../../dsl/required.ts"
import { type Flat, keyPath, type Structure } from "../../dsl/tree.ts"
import { SafetensorsError } from "../formats/safetensors.ts"

/** A number of JavaScript, which has no dtype of its own. */
export type HostScalar = number | bigint | boolean

/** A leaf of a saved tree: an array of the file, or a number that stands in the text. */
export type SavedLeaf = { readonly dtype: DType } | { readonly value: HostScalar }

/** The version of the text. */
const version = 1

/** How deep a tree may be, and how many lists, records and leaves it may hold: what `flatten` takes. */
const limits = { depth: 256, nodes: 2 ** 20 } as const

const scalarText = (value: HostScalar): unknown => {
  if (typeof value === "bigint") return { bigint: String(value) }
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)))
    return { number: Object.is(value, -0) ? "-0" : String(value) }
  return value
}

/**
 * The structure of a tree as text: arrays by their dtypes, numbers as they are, lists as lists, and records as
 * `{"record": [[key, tree], …]}`, so that no key means anything.
 */
export const treeText = ({ structure, leaves }: Pick<Flat<SavedLeaf>, "structure" | "leaves">): string => {
  let next = 0
  const write = (part: Structure): unknown => {
    switch (part.kind) {
      case "leaf": {
        const leaf = leaves[next++]!
        return "dtype" in leaf ? leaf.dtype : scalarText(leaf.value)
      }
      case "none":
        return null
      case "list":
        return part.items.map(write)
      case "record":
        return { record: part.keys.map((key, i) => [key, write(part.items[i]!)]) }
    }
  }
  return JSON.stringify({ version, tree: write(structure) })
}

const damaged = (): SafetensorsError => new SafetensorsError("what it says of its tree is damaged")

const readScalar = (part: Readonly<Record<string, unknown>>): HostScalar => {
  const { bigint, number } = part
  if (typeof bigint === "string" && /^-?\d{1,40}$/.test(bigint)) return BigInt(bigint)
  if (typeof number === "string" && /^(?:-0|NaN|-?Infinity)$/.test(number)) return Number(number)
  throw damaged()
}

/** Reads what `treeText` writes. Throws a SafetensorsError. */
export const readTreeText = (text: string, path: string): Flat<SavedLeaf> => {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    throw damaged()
  }
  if (!isRecord(read)) throw damaged()
  if (read.version !== version)
    throw new SafetensorsError(
      `its tree is written in version ${String(read.version).slice(0, 40)} of the form; version ${version} is known`
    )
  const leaves: Array<SavedLeaf> = []
  const paths: Array<string> = []
  let nodes = 0
  const leaf = (value: SavedLeaf, at: string): Structure => {
    leaves.push(value)
    paths.push(at)
    return { kind: "leaf" }
  }
  const walk = (part: unknown, at: string, depth: number): Structure => {
    if (++nodes > limits.nodes || depth > limits.depth) throw damaged()
    if (part === null) return { kind: "none" }
    if (typeof part === "number" || typeof part === "boolean") return leaf({ value: part }, at)
    if (isDType(part)) return leaf({ dtype: part }, at)
    if (Array.isArray(part))
      return { kind: "list", items: part.map((item, i) => walk(item, `${at}[${i}]`, depth + 1)) }
    if (!isRecord(part)) throw damaged()
    const { record } = part
    if (!Array.isArray(record)) return leaf({ value: readScalar(part) }, at)
    const entries = record.map((entry): readonly [string, unknown] => {
      if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== "string") throw damaged()
      return [entry[0], entry[1]]
    })
    const keys = entries.map(([key]) => key)
    if (new Set(keys).size !== keys.length) throw damaged()
    const items = entries.map(([key, item]) => walk(item, keyPath(at, key), depth + 1))
    return { kind: "record", keys, items }
  }
  return { structure: walk(read.tree, path, 0), leaves, paths }
}

/**
 * What the leaves of a tree are called in a file: their keys and places, joined by dots, as other libraries name them.
 * A tree that is one leaf is `value`.
 */
export const leafNames = (structure: Structure): ReadonlyArray<string> => {
  const names: Array<string> = []
  const walk = (part: Structure, name: string | undefined): void => {
    if (part.kind === "leaf") names.push(name ?? "value")
    if (part.kind === "leaf" || part.kind === "none") return
    part.items.forEach((item, i) => {
      const key = part.kind === "record" ? part.keys[i]! : `${i}`
      walk(item, name === undefined ? key : `${name}.${key}`)
    })
  }
  walk(structure, undefined)
  return names
}
