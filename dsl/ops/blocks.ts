import { largest } from "../bounds.ts"
import { named, shapeError } from "../errors.ts"
import { apply, apply1 } from "../primitives/index.ts"
import { requireSameDType } from "../primitives/rule.ts"
import { isList, requireTensor, requireTensors } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { BlockDiagonal, BlockDType, Blocked, Blocks } from "../types/layouts.ts"
import { reshape, zeros } from "../values.ts"

const refuse = (op: string, message: string, hint: string) => shapeError(op, `${op}: ${message}`, hint)

const ofRank = (x: Value, rank: number): Value =>
  reshape(x, [...Array.from({ length: Math.max(0, rank - x.shape.length) }, () => 1), ...x.shape])

interface Joined {
  readonly value: Value
  /** How many lists it is nested in, its own among them. */
  readonly depth: number
}

const tooDeep = () =>
  refuse("block", `lists are nested more than ${largest.rank} deep`, "an array has no more axes")

/** Refuses what is nested too deep before a stack of calls hides where it stands. */
const requireShallow = (blocks: Blocks): void => {
  let inner = blocks
  for (let depth = 0; isList(inner); depth++) {
    if (depth === largest.rank) throw tooDeep()
    inner = (inner as ReadonlyArray<Blocks>)[0]!
  }
}

const joinBlocks = (blocks: Blocks, within = 0): Joined => {
  if (!isList(blocks)) return { value: requireTensor("block", "a block", blocks as Tensor), depth: 0 }
  if (within === largest.rank) throw tooDeep()
  const parts = (blocks as ReadonlyArray<Blocks>).map((each) => joinBlocks(each, within + 1))
  const [first] = parts
  if (first === undefined) throw refuse("block", "a list is empty", "give at least one block in each list")
  if (parts.some(({ depth }) => depth !== first.depth))
    throw refuse("block", "lists are nested to different depths", "nest all blocks alike: [[a, b], [c, d]]")
  const depth = first.depth + 1
  const rank = Math.max(depth, ...parts.map(({ value }) => value.shape.length))
  const values = parts.map(({ value }) => ofRank(value, rank))
  for (const each of values) requireSameDType("block", values[0]!, each)
  return { value: apply("concatenate", { axis: rank - depth }, values)[0]!, depth }
}

/**
 * Makes an array of nested lists of blocks: the innermost lists are joined along the last axis, the next along the one before
 * it. Blocks of fewer axes get axes of length 1 in front. Fails with a `ShapeError` where blocks do not fit or an empty list
 * is among them, and a `DTypeError` where dtypes differ.
 *
 * @example
 * const [a, b] = [ones([2, 2], "f32"), zeros([2, 1], "f32")]
 * block([[a, b], [zeros([1, 2], "f32"), ones([1, 1], "f32")]]) // [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
 */
export const block = named(
  "block",
  <const B extends Blocks>(blocks: B): Tensor<BlockDType<B>, Blocked<B>> => {
    requireShallow(blocks)
    return tensorOf(joinBlocks(blocks).value)
  }
)

const asMatrix = (x: Value): Value => {
  if (x.shape.length <= 2) return ofRank(x, 2)
  throw refuse("blockDiag", `${show(x)} is no matrix`, "give matrices, vectors as rows, and scalars")
}

/**
 * Makes a matrix of matrices along its diagonal, with zeros beside them (false of bool). A vector counts as a row. Fails with
 * a `ShapeError` for an array of more axes and an empty list, and a `DTypeError` where dtypes differ.
 *
 * @example blockDiag([ones([1, 2], "f32"), ones([1, 1], "f32")]) // [[1, 1, 0], [0, 0, 1]]
 */
export const blockDiag = named(
  "blockDiag",
  <const L extends ReadonlyArray<Tensor>>(arrays: L): Tensor<L[number]["dtype"], BlockDiagonal<L>> => {
    const matrices = requireTensors("blockDiag", "arrays", arrays, "give a list of matrices").map(asMatrix)
    const [first] = matrices
    if (first === undefined) throw refuse("blockDiag", "nothing is given", "give at least one matrix")
    const total = matrices.reduce((sum, { shape }) => sum + shape[1]!, 0)
    let before = 0
    const rows = matrices.map((each): Value => {
      requireSameDType("blockDiag", first, each)
      const columns = each.shape[1]!
      const after = total - before - columns
      const params = { low: [0, before], high: [0, after], interior: [0, 0] as Shape }
      before += columns
      return apply1("pad", params, each, zeros({ dtype: each.dtype, shape: [] }))
    })
    return tensorOf(apply("concatenate", { axis: 0 }, rows)[0]!)
  }
)
