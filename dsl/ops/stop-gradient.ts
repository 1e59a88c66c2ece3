import { apply1 } from "../primitives/index.ts"
import type { Tree } from "../tree.ts"
import { eachLeaf } from "./each-leaf.ts"

/**
 * Gives the same values, which every derivative takes for constants. Takes a tree of tensors. Fails with a
 * `TreeError` for anything else.
 *
 * @example grad((x: Tensor<"f32", readonly []>) => mul(x, stopGradient(x)))(scalar(3, "f32")) // 3
 */
export const stopGradient = <const T extends Tree>(x: T): T =>
  eachLeaf("stopGradient", x, (value) => apply1("stopGradient", {}, value))
