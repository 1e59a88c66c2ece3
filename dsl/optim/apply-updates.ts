import type { DType, FloatDType } from "../dtype.ts"
import { type Tensor, tensorOf, valueOf } from "../tensor.ts"
import type { TreeOf } from "../tree.ts"
import type { LeafOf } from "../trees/types.ts"
import { add } from "../values.ts"
import type { FloatTree } from "./kinds.ts"
import { alike, normOf, together } from "./leaves.ts"
import { floatsOf, leavesAlike, likeOf } from "./transformation.ts"

/**
 * Adds updates to parameters, leaf by leaf. Half floats are added in f32 and rounded once. Fails with a `DTypeError` for
 * a leaf that is no float, and a `TreeError` for updates of another structure, dtype or shape.
 *
 * @example applyUpdates({ w: constant([1, 2], "f32") }, { w: constant([0.5, -1], "f32") }) // { w: [1.5, 1] }
 */
export const applyUpdates = <const P>(
  params: P & FloatTree<"applyUpdates", "params", P>,
  updates: NoInfer<P>
): P => {
  const op = "applyUpdates"
  const flat = floatsOf(op, "params", params)
  const values = flat.leaves.map(valueOf)
  const hint = "give updates of the same structure, dtypes and shapes as the parameters"
  const steps = leavesAlike(op, "updates", flat, "params", updates, hint)
  return likeOf(flat.structure)(alike(together(add, values, steps), values)) as P
}

type NormDType<D extends DType> = [D] extends ["f64"] ? "f64" : "f64" extends D ? "f32" | "f64" : "f32"
type DTypesOf<P> = Extract<LeafOf<P>, Tensor> extends infer L extends Tensor ? L["dtype"] : never

/** The first form is for trees of one dtype that are type parameters. */
interface GlobalNorm {
  <const P extends TreeOf<L>, L extends Tensor<FloatDType>>(
    tree: P & TreeOf<L>
  ): Tensor<NormDType<L["dtype"]>, readonly []>
  <const P>(tree: P & FloatTree<"globalNorm", "tree", P>): Tensor<NormDType<DTypesOf<P>>, readonly []>
}

/**
 * Gives the root of the sum of the squares of all elements of a tree: in f64 where a leaf is f64, else in f32. Fails with
 * a `DTypeError` for a leaf that is no float, and a `TreeError` for what is no tree.
 *
 * @example globalNorm({ w: constant([3, 0], "f32"), b: scalar(4, "f32") }) // 5
 */
export const globalNorm: GlobalNorm = (tree: unknown) =>
  tensorOf<never, never>(normOf(floatsOf("globalNorm", "tree", tree).leaves.map(valueOf)))
