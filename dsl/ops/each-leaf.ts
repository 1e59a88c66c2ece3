import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { flatten, type Tree, unflatten } from "../tree.ts"

/** A tree of tensors with each of them changed, in name of an operation. */
export const eachLeaf = <T extends Tree>(op: string, x: T, change: (value: Value) => Value): T => {
  const { leaves, structure } = flatten<Tensor>(x, isTensor, op, "x")
  const made = leaves.map((leaf) => tensorOf<never, never>(change(valueOf(leaf))))
  return unflatten<Tensor>(structure, made) as T
}
