import { isDifferentiable } from "../dtype.ts"
import { dtypeError, treeError, valueError } from "../errors.ts"
import { say } from "../messages.ts"
import {
  isObject,
  itemOf,
  requireFlag,
  requireFunction,
  requireList,
  requireOptions,
  shown
} from "../required.ts"
import { type Aval, sameAval, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { type Captured, capture } from "../trace.ts"
import { type Flat, flatten, leafCount, type Structure, type Tree, type TreeOf, unflatten } from "../tree.ts"
import { zeros } from "../values.ts"
import type { ArgNums } from "./argnums.ts"
import type { Maybe } from "./derivatives/derivative.ts"
import { atOrder, derivativeOrder } from "./order.ts"
import type { AuxOptions, GradOptions } from "./types.ts"

export type Fn<A extends ReadonlyArray<unknown>, R> = (...args: A) => R

/** A function, traced, and the values that it is applied to. */
export interface Applied extends Captured {
  readonly args: Flat<Tensor>
  /** The values for the program's inputs. */
  readonly operands: ReadonlyArray<Value>
}

export const applied = (
  op: string,
  fn: (...args: ReadonlyArray<never>) => unknown,
  args: ReadonlyArray<Tree>
): Applied => {
  const flat = flatten<Tensor>(args, isTensor, op, "args")
  const made = capture(op, fn, flat.structure, flat.leaves)
  return { ...made, args: flat, operands: [...made.captured, ...flat.leaves.map(valueOf)] }
}

/** As `applied`, for reverse mode. */
export const differentiated: typeof applied = (op, fn, args) => {
  const { reverse, any } = derivativeOrder()
  return atOrder({ reverse: reverse + 1, any: any + 1 }, () => applied(op, fn, args))
}

/** As `applied`, for forward mode. */
export const moved: typeof applied = (op, fn, args) => {
  const { reverse, any } = derivativeOrder()
  return atOrder({ reverse, any: any + 1 }, () => applied(op, fn, args))
}

export const tree = <T>(structure: Structure, values: ReadonlyArray<Value>): T =>
  unflatten<Tensor>(structure, values.map((value) => tensorOf<never, never>(value)) as never) as T

/** Tangents as a tree. A missing tangent is zero; a leaf that has no derivative gets null. */
export const tangentTree = <T>(
  structure: Structure,
  leaves: ReadonlyArray<Aval>,
  tangents: ReadonlyArray<Maybe>
): T => {
  const filled = leaves.map((leaf, i) => (isDifferentiable(leaf.dtype) ? (tangents[i] ?? zeros(leaf)) : null))
  return unflatten<Value | null>(structure, filled) as unknown as T
}

/** The leaves of a tree of tangents, in the order of the values that they belong to. */
export const tangentLeaves = (
  op: string,
  what: string,
  { structure, leaves, paths }: Flat<Tensor>,
  given: unknown
): ReadonlyArray<Maybe> => {
  const out: Array<Maybe> = []
  const walk = (part: Structure, value: unknown, path: string): void => {
    if (part.kind === "leaf") {
      const leaf = leaves[out.length]!
      if (value === null) {
        out.push(undefined)
        return
      }
      const wanted = isDifferentiable(leaf.dtype) ? show(leaf) : "null"
      if (!isTensor(value) || wanted === "null" || !sameAval(valueOf(value), leaf)) {
        throw treeError(
          op,
          paths[out.length]!,
          `${op}: ${path} must be ${wanted}, not ${shown(value)}`,
          "give a tensor of the same dtype and shape, or null for zero; integers and booleans have none"
        )
      }
      out.push(valueOf(value))
      return
    }
    if (part.kind === "none") return
    part.items.forEach((item, i) => {
      const key = part.kind === "record" ? part.keys[i]! : i
      const inner = itemOf(value, key)
      if (inner === undefined) {
        throw treeError(
          op,
          `${path}.${key}`,
          `${op}: ${path} has no ${key}`,
          "give a tree of the same structure"
        )
      }
      walk(item, inner, part.kind === "record" ? `${path}.${key}` : `${path}[${key}]`)
    })
  }
  walk(structure, given, what)
  return out
}

/** Reads the options of `grad` and its relatives. */
export const gradOptions = (
  op: string,
  fn: unknown,
  options: GradOptions<ArgNums, boolean> | undefined
): Required<GradOptions<ArgNums, boolean>> => {
  requireFunction(op, "the function", fn)
  const { argnums = 0, hasAux } = requireOptions(op, options, ["argnums", "hasAux"])
  return { argnums, hasAux: requireFlag(op, "hasAux", hasAux) }
}

/** Whether a function gives more than what is differentiated. */
export const auxOption = (op: string, options: AuxOptions<boolean> | undefined): boolean =>
  requireFlag(op, "hasAux", requireOptions(op, options, ["hasAux"]).hasAux)

/** What follows a function: its arguments, and at the end `{ hasAux }`, which no tree of tensors is. */
export const auxAndPrimals = (given: ReadonlyArray<unknown>) => {
  const last = given.at(-1)
  const hasOption = isObject(last) && typeof (last as AuxOptions<boolean>).hasAux === "boolean"
  return {
    hasAux: hasOption && (last as AuxOptions<boolean>).hasAux === true,
    primals: (hasOption ? given.slice(0, -1) : given) as ReadonlyArray<Tree>
  }
}

/** The positions of arguments, counted from the front. Refuses those out of range or named twice. */
export const plainArgnums = (
  op: string,
  argnums: number | ReadonlyArray<number>,
  count: number
): ReadonlyArray<number> => {
  const named =
    typeof argnums === "number"
      ? [argnums]
      : requireList(op, "argnums", argnums, "give a position, or a list of them")
  const plain = named.map((n) => (Number.isInteger(n) && n < 0 ? n + count : n))
  for (const n of plain) {
    if (Number.isInteger(n) && n >= 0 && n < count) continue
    throw valueError(
      op,
      say("argnums", { op, n: shown(n), count: `${count}` }),
      count === 0 ? "call it with an argument" : `give a position from 0 to ${count - 1}`
    )
  }
  if (new Set(plain).size !== plain.length)
    throw valueError(op, say("argnumsTwice", { op }), "name each once")
  return plain
}

/** Separates a function's result from its aux. */
export const resultAndAux = (
  op: string,
  what: string,
  { outputs: { structure } }: Applied,
  hasAux: boolean
) => {
  if (!hasAux) return { result: structure, aux: undefined }
  const [result, aux] = structure.kind === "list" && structure.items.length === 2 ? structure.items : []
  if (result === undefined || aux === undefined) {
    throw treeError(op, "result", say("noAux", { op, what }), "return such a pair")
  }
  return { result, aux }
}

/** A function's result apart from its aux, whose leaves come after. */
export const parted = (op: string, at: Applied, hasAux: boolean) => {
  const { result: structure, aux } = resultAndAux(op, "result", at, hasAux)
  const count = leafCount(structure)
  const { leaves, paths } = at.outputs
  const result: Flat<Tensor> = { structure, leaves: leaves.slice(0, count), paths: paths.slice(0, count) }
  const auxOf = (outputs: ReadonlyArray<Value>): ReadonlyArray<unknown> =>
    aux === undefined ? [] : [tree(aux, outputs.slice(count))]
  return { result, count, auxOf }
}

/** Which leaves belong to the chosen arguments. Refuses leaves that have no gradient. */
export const chosenLeaves = (
  op: string,
  { args }: Applied,
  chosen: ReadonlyArray<number>
): ReadonlyArray<boolean> => {
  const items = args.structure.kind === "list" ? args.structure.items : []
  const owners = items.flatMap((item, i) => Array.from({ length: leafCount(item) }, () => i))
  const isChosen = new Set(chosen)
  return owners.map((owner, i) => {
    const leaf = args.leaves[i]!
    if (!isChosen.has(owner)) return false
    if (isDifferentiable(leaf.dtype)) return true
    throw dtypeError(
      op,
      say("integerGradient", { op, path: args.paths[i]!, a: show(leaf) }),
      "choose other arguments by argnums, or convert it to a float before"
    )
  })
}

/** The leaves of the chosen arguments, as one tree or as a list of trees. */
export const chosenTree = <L>(
  { args }: Applied,
  argnums: number | ReadonlyArray<number>,
  chosen: ReadonlyArray<number>,
  leaves: ReadonlyArray<L>
): unknown => {
  const all = unflatten<L>(args.structure, leaves as ReadonlyArray<L>) as ReadonlyArray<TreeOf<L>>
  return typeof argnums === "number" ? all[chosen[0]!] : chosen.map((i) => all[i])
}
