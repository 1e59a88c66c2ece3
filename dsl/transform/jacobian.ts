import { isDifferentiable } from "../dtype.ts"
import { dtypeError } from "../errors.ts"
import { show, sizeOf } from "../shape.ts"
import type { Value } from "../tensor.ts"
import { subprogram } from "../trace.ts"
import type { Tree } from "../tree.ts"
import { compare, convert, iota, moveAxis, range, reshape, zeros } from "../values.ts"
import { batch } from "./batch.ts"
import {
  type Applied,
  applied,
  chosenLeaves,
  chosenTree,
  type Fn,
  plainArgnums,
  tree
} from "./differentiate.ts"
import { forward } from "./forward.ts"
import { reverse } from "./reverse.ts"
import type { ArgNums, JacobianOf } from "./types.ts"

export interface JacobianOptions<N extends ArgNums> {
  /** The arguments to differentiate by: a position, or several (0). */
  readonly argnums?: N
}

/** All unit vectors of a leaf, one a row. */
const units = (leaf: Value): Value => {
  const size = sizeOf(leaf.shape)
  const same = compare("eq", iota([size, size], 0), iota([size, size], 1))
  return reshape(convert(same, leaf.dtype), [size, ...leaf.shape])
}

/** A linear function of one leaf over all its unit vectors at once: its results, with the unit vectors' axis first. */
const overUnits = (leaf: Value, linear: (unit: Value) => ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const { program, captured } = subprogram("a derivative", [leaf], ([unit]) => linear(unit!))
  const size = sizeOf(leaf.shape)
  const values = [...captured, units(leaf)]
  const batched = values.map((_, i) => i === captured.length)
  const results = batch(program, { values, batched }, size)
  return results.values.map((value, i) =>
    results.batched[i] ? value : zeros({ dtype: value.dtype, shape: [size, ...value.shape] })
  )
}

const prepare = (op: string, fn: unknown, argnums: ArgNums, args: ReadonlyArray<Tree>) => {
  const chosen = plainArgnums(op, argnums, args.length)
  const at = applied(op, fn as never, args)
  for (const output of at.outputs.leaves) {
    if (isDifferentiable(output.dtype)) continue
    throw dtypeError(
      op,
      `${op}: a result is ${show(output)}, which has no derivative`,
      "leave it out, or convert it"
    )
  }
  return { at, chosen, leaves: chosenLeaves(op, at, chosen) }
}

/** The blocks `[result][argument]` as a tree of trees. */
const assemble = (
  at: Applied,
  argnums: ArgNums,
  chosen: ReadonlyArray<number>,
  blocks: ReadonlyArray<ReadonlyArray<Value | undefined>>
): unknown => {
  const rows = blocks.map((row) => chosenTree(at, argnums, chosen, row as ReadonlyArray<Value>))
  return tree(at.outputs.structure, rows as never)
}

/**
 * All derivatives of a function by forward mode, one pass for each element of the arguments: best for few arguments
 * and many results. Each leaf is `[...result axes, ...argument axes]`.
 */
export const jacfwd =
  <const A extends ReadonlyArray<Tree>, R extends Tree, const N extends ArgNums = 0>(
    fn: Fn<A, R>,
    { argnums = 0 as N }: JacobianOptions<N> = {}
  ) =>
  (...args: A): JacobianOf<R, A, N> => {
    const { at, chosen, leaves } = prepare("jacfwd", fn, argnums, args)
    const before = at.captured.length
    const columns = at.args.leaves.map((_, i) => {
      if (!leaves[i]) return undefined
      const leaf = at.operands[before + i]!
      const results = overUnits(leaf, (unit) => {
        const tangents = at.operands.map((_, k) => (k === before + i ? unit : undefined))
        const dual = forward(at.program, at.operands, tangents)
        return dual.outputs.map((output, k) => dual.tangents[k] ?? zeros(output))
      })
      return results.map((result) => {
        const last = moveAxis(result, 0, result.shape.length - 1)
        return reshape(last, [...result.shape.slice(1), ...leaf.shape])
      })
    })
    const blocks = at.outputs.leaves.map((_, k) => columns.map((column) => column?.[k]))
    return assemble(at, argnums, chosen, blocks) as JacobianOf<R, A, N>
  }

/**
 * All derivatives of a function by reverse mode, one pass for each element of the result: best for few results and
 * many arguments. Each leaf is `[...result axes, ...argument axes]`.
 */
export const jacrev =
  <const A extends ReadonlyArray<Tree>, R extends Tree, const N extends ArgNums = 0>(
    fn: Fn<A, R>,
    { argnums = 0 as N }: JacobianOptions<N> = {}
  ) =>
  (...args: A): JacobianOf<R, A, N> => {
    const { at, chosen, leaves } = prepare("jacrev", fn, argnums, args)
    const before = at.captured.length
    const { outputs, pull } = reverse(at.program, at.operands, [...range(before).map(() => false), ...leaves])
    const blocks = outputs.map((output, k) => {
      const asked = range(leaves.length).filter((i) => leaves[i])
      const rows = overUnits(output, (unit) => {
        const pulled = pull(outputs.map((_, j) => (j === k ? unit : undefined))).slice(before)
        return asked.map((i) => pulled[i] ?? zeros(at.args.leaves[i]!))
      })
      return leaves.map((wanted, i) => {
        if (!wanted) return undefined
        return reshape(rows[asked.indexOf(i)]!, [...output.shape, ...at.args.leaves[i]!.shape])
      })
    })
    return assemble(at, argnums, chosen, blocks) as JacobianOf<R, A, N>
  }

/** The second derivatives of a function, as the forward-mode Jacobian of its reverse-mode one. */
export const hessian = <const A extends ReadonlyArray<Tree>, R extends Tree, const N extends ArgNums = 0>(
  fn: Fn<A, R>,
  options: JacobianOptions<N> = {}
): ((...args: A) => JacobianOf<JacobianOf<R, A, N>, A, N>) =>
  jacfwd(jacrev(fn, options) as Fn<A, Tree>, options) as never
