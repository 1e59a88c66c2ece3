import { apply1 } from "../primitives/index.ts"
import { isTensor, type Tensor, tensorOf, valueOf } from "../tensor.ts"
import { flatten, type Tree, unflatten } from "../tree.ts"

/** The same values, as constants to every derivative. */
export const stopGradient = <const T extends Tree>(x: T): T => {
  const { leaves, structure } = flatten<Tensor>(x, isTensor, "stopGradient", "x")
  const still = leaves.map((leaf) => tensorOf<never, never>(apply1("stopGradient", {}, valueOf(leaf))))
  return unflatten<Tensor>(structure, still) as T
}
