import type { DType } from "./dtype.ts"
import { treeError } from "./errors.ts"
import { dataHint, tracingHint } from "./kinds.ts"
import { say } from "./messages.ts"
import { isList, isRecord, shown } from "./required.ts"
import { placesOf, type Shape, show } from "./shape.ts"
import type { Tensor } from "./tensor.ts"
import { noteUse } from "./unused.ts"

/** Leaves in records and lists, as deep as you like; null stands for nothing. */
export type TreeOf<L> = L | null | ReadonlyArray<TreeOf<L>> | { readonly [key: string]: TreeOf<L> }

/** A tree of tensors: tensors in records and lists, null for nothing. */
export type Tree = TreeOf<Tensor>

/** The structure of a tree, its leaves left out. */
export type Structure =
  | { readonly kind: "leaf" }
  | { readonly kind: "none" }
  | { readonly kind: "list"; readonly items: ReadonlyArray<Structure> }
  | {
      readonly kind: "record"
      readonly keys: ReadonlyArray<string>
      readonly items: ReadonlyArray<Structure>
    }

export interface Flat<L> {
  readonly leaves: ReadonlyArray<L>
  /** Where each leaf is: `carry.mean`, `args[0].w[2]`. */
  readonly paths: ReadonlyArray<string>
  readonly structure: Structure
}

export const keyPath = (path: string, key: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`

const odd = (value: unknown): string =>
  ["number", "string", "bigint", "boolean", "symbol"].includes(typeof value)
    ? `the ${typeof value} ${shown(value)}`
    : shown(value)

/** What a tree holds, for whom it holds something else. */
const leafHints = {
  tensor:
    'a tree holds tensors in records and lists, and null for nothing; say a number\'s dtype: scalar(0, "f32")',
  spec: "specs are f32(), i32(3, 4) and so on, in records and lists, and null for nothing",
  array: "a tree holds device arrays in records and lists, and null for nothing",
  saved:
    "a tree that is saved holds device arrays, arrays of ndarray, typed arrays, numbers and booleans in records and lists, and null for nothing",
  rows: "data are arrays of ndarray and typed arrays in records and lists, with as many rows each",
  any: "leaves are tensors, specs, arrays, typed arrays, numbers, booleans and strings, in plain records and lists; null stands for nothing"
} as const

/** A function in braces gives nothing where it has no return. */
const tensorHint = (value: unknown): string | undefined =>
  value === undefined ? "return it, if the function makes it; null stands for nothing" : tracingHint(value)

const hintsOf = {
  tensor: tensorHint,
  spec: tracingHint,
  array: dataHint,
  saved: dataHint,
  rows: dataHint,
  any: dataHint
} as const

const leafNames = {
  tensor: ["tensor", "tensors"],
  spec: ["spec", "specs"],
  array: ["device array", "device arrays"],
  saved: ["array", "arrays"],
  rows: ["array", "arrays"],
  any: ["leaf", "leaves"]
} as const

/**
 * How deep a tree may be, and how many lists, records and leaves it may hold. Many functions walk a structure by
 * recursion. A list that stands twice in each of forty others is a tree of 2^40.
 */
const limits = { depth: 256, nodes: 2 ** 20 } as const

/** Where a path ends in an error: a circle or a deep tree makes one that no one reads to its end. */
const brief = (path: string): string =>
  path.length <= 120 ? path : `${path.slice(0, 80)}…${path.slice(-30)} (${path.length} characters)`

/** Takes a tree apart, leaves in the order in which the tree is written. `operation` and `path` name it in errors. */
export const flatten = <L>(
  tree: TreeOf<L>,
  isLeaf: (value: unknown) => value is L,
  operation: string,
  path: string,
  leaf: keyof typeof leafHints = "tensor"
): Flat<L> => {
  const leaves: Array<L> = []
  const paths: Array<string> = []
  const refuse = (at: string, message: string, hint: string) =>
    treeError(operation, at, `${operation}: ${brief(at)} ${message}`, hint)
  /** The lists and records around the value at hand, with their paths. */
  const around = new Map<unknown, string>()
  let nodes = 0
  const enter = (value: object, at: string): void => {
    const before = around.get(value)
    if (before !== undefined) {
      throw refuse(
        at,
        `is ${brief(before)} again, which it is part of`,
        "a tree has no circles: leave out what leads back"
      )
    }
    if (around.size >= limits.depth)
      throw refuse(
        at,
        `is more than ${limits.depth} deep`,
        "stack what repeats into one array, or use a flat list"
      )
    around.set(value, at)
  }
  const walk = (value: unknown, at: string): Structure => {
    if (++nodes > limits.nodes) {
      throw refuse(
        path,
        `holds more than ${limits.nodes} ${leafNames[leaf][1]}, lists and records`,
        "stack what repeats into one array"
      )
    }
    if (isLeaf(value)) {
      noteUse(value)
      leaves.push(value)
      paths.push(at)
      return { kind: "leaf" }
    }
    if (value === null) return { kind: "none" }
    if (isList(value)) {
      enter(value, at)
      // A hole in a list is undefined, which is refused.
      const items = Array.from(value, (item, i) => walk(item, `${at}[${i}]`))
      around.delete(value)
      return { kind: "list", items }
    }
    if (isRecord(value)) {
      enter(value, at)
      const keys = Object.keys(value)
      const items = keys.map((key) => walk(value[key], keyPath(at, key)))
      around.delete(value)
      return { kind: "record", keys, items }
    }
    const hint = hintsOf[leaf](value) ?? leafHints[leaf]
    throw refuse(at, `is ${odd(value)}, which is no ${leafNames[leaf][0]}`, hint)
  }
  const structure = walk(tree, path)
  return { leaves, paths, structure }
}

/** Puts a tree together again. */
export const unflatten = <L>(structure: Structure, leaves: ReadonlyArray<L>): TreeOf<L> => {
  let next = 0
  const build = (part: Structure): TreeOf<L> => {
    switch (part.kind) {
      case "leaf":
        return leaves[next++]!
      case "none":
        return null
      case "list":
        return part.items.map(build)
      case "record":
        return Object.fromEntries(part.keys.map((key, i) => [key, build(part.items[i]!)]))
    }
  }
  return build(structure)
}

/** How many leaves a structure has. */
export const leafCount = (part: Structure): number =>
  part.kind === "leaf" ? 1 : part.kind === "none" ? 0 : part.items.reduce((n, item) => n + leafCount(item), 0)

/** Names for a message, the first of them where there are many. */
export const listed = (names: ReadonlyArray<string>): string =>
  names.length <= 20 ? names.join(", ") : `${names.slice(0, 16).join(", ")}, … ${names.length} in all`

/** A structure as text, one level deep: `{mean, count}`, `[2 items]`, `null`, `a tensor`. */
export const outline = (structure: Structure): string => {
  switch (structure.kind) {
    case "leaf":
      return "a tensor"
    case "none":
      return "null"
    case "list":
      return structure.items.length === 1 ? "[1 item]" : `[${structure.items.length} items]`
    case "record":
      return `{${listed(structure.keys)}}`
  }
}

export interface Misfit {
  readonly path: string
  readonly wanted: string
  readonly found: string
}

/**
 * The leaves of a tree in the order of another's structure (records match by key), or where the two part. A leaf that
 * faces a structure is shown as what it is.
 */
export const leavesLike = <L>(
  wanted: Structure,
  tree: Flat<L>,
  path: string,
  showLeaf: (leaf: L) => string
): ReadonlyArray<L> | Misfit => {
  const leaves: Array<L> = []
  const outlineAt = (part: Structure, first: number): string =>
    part.kind === "leaf" ? showLeaf(tree.leaves[first]!) : outline(part)
  const counts = new Map<Structure, number>()
  /** As `leafCount`, each part counted once however deep the tree is. */
  const counted = (part: Structure): number => {
    if (part.kind === "leaf" || part.kind === "none") return leafCount(part)
    const known = counts.get(part) ?? part.items.reduce((n, item) => n + counted(item), 0)
    counts.set(part, known)
    return known
  }
  const walk = (want: Structure, have: Structure, at: string, first: number): Misfit | undefined => {
    if (want.kind === "leaf" && have.kind === "leaf") {
      leaves.push(tree.leaves[first]!)
      return undefined
    }
    const misfit = { path: at, wanted: outline(want), found: outlineAt(have, first) }
    if (want.kind !== have.kind) return misfit
    if (want.kind === "leaf" || want.kind === "none" || have.kind === "none" || have.kind === "leaf")
      return undefined
    if (want.items.length !== have.items.length) return misfit
    const starts: Array<number> = []
    let at0 = first
    for (const item of have.items) {
      starts.push(at0)
      at0 += counted(item)
    }
    const places = have.kind === "record" ? placesOf(have.keys) : undefined
    for (let i = 0; i < want.items.length; i++) {
      const key = want.kind === "record" ? want.keys[i]! : undefined
      const j = key === undefined ? i : places!.get(key)
      if (j === undefined) return misfit
      const inner = key === undefined ? `${at}[${i}]` : keyPath(at, key)
      const fault = walk(want.items[i]!, have.items[j]!, inner, starts[j]!)
      if (fault !== undefined) return fault
    }
    return undefined
  }
  return walk(wanted, tree.structure, path, 0) ?? leaves
}

/** The leaves of what a loop body gave, in the order of what went in; throws where structure or types differ. */
export const carryLeaves = (
  operation: string,
  wanted: Flat<{ readonly dtype: DType; readonly shape: Shape }>,
  found: Flat<Tensor>,
  path: string
): ReadonlyArray<Tensor> => {
  const leaves = leavesLike(wanted.structure, found, path, show)
  if (!Array.isArray(leaves)) {
    const { path: at, wanted: a, found: b } = leaves as Misfit
    const leaf = wanted.paths.indexOf(at)
    const went = leaf >= 0 ? show(wanted.leaves[leaf]!) : a
    throw treeError(
      operation,
      at,
      say("carryTree", { op: operation, path: at, a: went, b }),
      "the body must give back a carry of the same structure as the initial one"
    )
  }
  for (let i = 0; i < wanted.leaves.length; i++) {
    const a = show(wanted.leaves[i]!)
    const b = show(leaves[i]!)
    if (a !== b) {
      throw treeError(
        operation,
        wanted.paths[i]!,
        say("carryLeaf", { op: operation, path: wanted.paths[i]!, a, b }),
        wanted.leaves[i]!.dtype !== leaves[i]!.dtype
          ? "convert it in the body, or give the initial carry that dtype; nothing is widened silently"
          : "reshape it in the body, or give the initial carry that shape"
      )
    }
  }
  return leaves
}
