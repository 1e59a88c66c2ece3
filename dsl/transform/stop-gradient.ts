import { apply1 } from "../primitives/index.ts"
import { isTensor, type Tensor, valueOf } from "../tensor.ts"
import { flatten, type Tree } from "../tree.ts"
import { tree } from "./differentiate.ts"

/** The same values, as constants to every derivative. */
export const stopGradient = <const T extends Tree>(x: T): T => {
  const { leaves, structure } = flatten<Tensor>(x, isTensor, "stopGradient", "x")
  return tree<T>(
    structure,
    leaves.map((leaf) => apply1("stopGradient", {}, valueOf(leaf)))
  )
}
