import { apply1 } from "../primitives/index.ts"
import { isTensor, type Tensor, tensorOf, valueOf } from "../tensor.ts"
import { flatten, type Tree, unflatten } from "../tree.ts"

/**
 * Gives the same values, which every derivative takes for constants. Takes a tree of tensors. Fails with a
 * `TreeError` for anything else.
 *
 * @example grad((x: Tensor<"f32", readonly []>) => mul(x, stopGradient(x)))(scalar(3, "f32")) // 3
 */
export const stopGradient = <const T extends Tree>(x: T): T => {
  const { leaves, structure } = flatten<Tensor>(x, isTensor, "stopGradient", "x")
  const still = leaves.map((leaf) => tensorOf<never, never>(apply1("stopGradient", {}, valueOf(leaf))))
  return unflatten<Tensor>(structure, still) as T
}
