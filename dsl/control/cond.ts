import { type DType, type IntegerDType, isInteger } from "../dtype.ts"
import { dtypeError, named, shapeError, treeError } from "../errors.ts"
import { say } from "../messages.ts"
import { scalar } from "../ops/constant.ts"
import { clamp, convert, select } from "../ops/structure.ts"
import { apply } from "../primitives/index.ts"
import { withConsts } from "../replay.ts"
import { requireList, requireTensor } from "../required.ts"
import { type Shape, sameAval, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { type Captured, capture } from "../trace.ts"
import { flatten, outline, type Structure, type Tree, unflatten } from "../tree.ts"
import type { IsTree } from "../tree-types.ts"
import type { BranchCheck, IsPredicate } from "./cond-types.ts"

type Branch = (...operands: ReadonlyArray<never>) => unknown

const sameStructure = (a: Structure, b: Structure): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Refuses branches whose results differ. */
const requireAlike = (op: string, branches: ReadonlyArray<Captured>): void => {
  const first = branches[0]!.outputs
  for (const { outputs } of branches.slice(1)) {
    if (!sameStructure(first.structure, outputs.structure)) {
      const words = { op, a: describe(first), b: describe(outputs) }
      throw treeError(op, "result", say("branches", words), "all branches must give the same structure")
    }
    first.leaves.forEach((leaf, i) => {
      if (sameAval(valueOf(leaf), valueOf(outputs.leaves[i]!))) return
      throw treeError(
        op,
        first.paths[i]!,
        say("branches", { op, a: show(leaf), b: show(outputs.leaves[i]!) }),
        "convert or reshape, so that all branches give the same types; nothing is widened silently"
      )
    })
  }
}

const describe = ({ structure, leaves }: Captured["outputs"]): string =>
  structure.kind === "leaf" ? show(leaves[0]!) : outline(structure)

const branchOn = (
  op: string,
  index: Value,
  fns: ReadonlyArray<Branch>,
  operands: ReadonlyArray<Tree>
): Tree => {
  const flat = flatten<Tensor>(operands, isTensor, op, "operands")
  const branches = fns.map((fn) => capture(op, fn, flat.structure, flat.leaves, true))
  requireAlike(op, branches)
  const consts = [...new Set(branches.flatMap(({ captured }) => captured))]
  const programs = branches.map((branch) => withConsts(branch, consts))
  const results = apply("switch", { branches: programs }, [index, ...consts, ...flat.leaves.map(valueOf)])
  return unflatten<Tensor>(
    branches[0]!.outputs.structure,
    results.map((value) => tensorOf<never, never>(value))
  )
}

/**
 * Runs one of two branches, and not the other. Both take the operands, may use tensors from around them, and give the
 * same structure and types. Under `vmap` over the predicate both run, and each member of the batch keeps its own.
 * Fails with a `ShapeError` for a predicate that is not bool[], and a `TreeError` where the branches differ.
 *
 * @example
 * const x = scalar(-2, "f32")
 * cond(lt(x, 0), () => neg(x), () => x) // 2
 */
export function cond<
  const A extends ReadonlyArray<unknown>,
  const R,
  const R2,
  D extends DType = "bool",
  S extends Shape = readonly []
>(
  predicate: Tensor<D, S> & IsPredicate<"cond", "predicate", D, S>,
  onTrue: (...operands: A) => R & IsTree<"cond", "the result", R>,
  onFalse: (...operands: A) => R2 & BranchCheck<"cond", R, R2>,
  ...operands: A & IsTree<"cond", "operands", A>
): R
export function cond(
  predicate: Tensor,
  onTrue: Branch,
  onFalse: Branch,
  ...operands: ReadonlyArray<Tree>
): Tree {
  requireTensor("cond", "predicate", predicate)
  if (predicate.dtype !== "bool" || predicate.shape.length > 0) {
    throw shapeError(
      "cond",
      say("predicate", { op: "cond", what: "predicate", a: show(predicate) }),
      "compare scalars; to pick element by element use select"
    )
  }
  const chosen = predicate as Tensor<"bool", readonly []>
  const index = select(chosen, scalar(0, "i32"), scalar(1, "i32"))
  return branchOn("cond", valueOf(index), [onTrue, onFalse], operands)
}

/**
 * Runs the branch at an index, and no other. An index out of range is moved to the nearest. All branches give the
 * same structure and types. Fails with a `DTypeError` for an index that is no integer scalar, and a `TreeError` where
 * the branches differ.
 *
 * @example
 * const x = scalar(3, "f32")
 * switchCase(scalar(1, "i32"), [() => x, () => neg(x)]) // -3
 */
export const switchCase = <const A extends ReadonlyArray<unknown>, const R, const R2>(
  index: Tensor<IntegerDType, readonly []>,
  branches: readonly [
    ((...operands: A) => R & IsTree<"switchCase", "the result", R>)?,
    ...ReadonlyArray<(...operands: A) => NoInfer<R> | (R2 & BranchCheck<"switchCase", R, R2>)>
  ],
  ...operands: A & IsTree<"switchCase", "operands", A>
): R => {
  requireTensor("switchCase", "index", index)
  if (!isInteger(index.dtype) || index.shape.length > 0) {
    throw dtypeError(
      "switchCase",
      `switchCase: the index is ${show(index)}, not an integer scalar`,
      'convert(i, "i32") makes one'
    )
  }
  const fns = requireList<Branch>("switchCase", "branches", branches as never, "give a list of functions")
  if (fns.length === 0)
    throw shapeError("switchCase", "switchCase: there are no branches", "give at least one")
  const inside = named("switchCase", clamp)(0, index as Tensor<"i32", readonly []>, fns.length - 1)
  return branchOn("switchCase", valueOf(convert(inside, "i32")), fns, operands as never) as R
}
