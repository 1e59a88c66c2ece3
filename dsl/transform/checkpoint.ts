import { named, valueError } from "../errors.ts"
import { eachLeaf } from "../ops/each-leaf.ts"
import type { CheckpointPolicy } from "../params.ts"
import { apply, apply1 } from "../primitives/index.ts"
import { isList, isObject, requireFunction, requireOptions, shown } from "../required.ts"
import { isTensor, type Tensor, tensorOf, valueOf } from "../tensor.ts"
import { flatten, type Tree, unflatten } from "../tree.ts"
import type { AreTrees, IsTree, NoTypes } from "../tree-types.ts"
import type { AfterWhole, ByRule, Rule, WholeFunction, WholeOf } from "../types/whole.ts"
import { applied, type Fn, tree } from "./differentiate.ts"

/** What the reverse derivative of a function keeps. */
export interface CheckpointOptions {
  /** Which values are saved beside the arguments ("nothingSaveable"). */
  readonly policy?: CheckpointPolicy
}

interface Checkpoint {
  <const R, const A extends ReadonlyArray<unknown> = NoTypes<"checkpoint">, K extends Rule = never>(
    fn: Fn<A, R> & WholeOf<K>,
    ...more: AfterWhole<K, A, readonly [options?: CheckpointOptions]>
  ): ByRule<K, WholeFunction<K>, (...args: A) => R>
  <const A extends ReadonlyArray<unknown>, const R>(
    fn: Fn<A, R & IsTree<"checkpoint", "the result", R>> & AreTrees<"checkpoint", A>,
    options?: CheckpointOptions
  ): (...args: A) => R
}

const words: ReadonlyArray<unknown> = [
  "nothingSaveable",
  "everythingSaveable",
  "dotsSaveable",
  "dotsWithNoBatchDimsSaveable"
]
const lists = ["saveOnlyTheseNames", "saveAnyNamesButThese", "saveAnythingExceptTheseNames"]

const plainPolicy = (policy: unknown = "nothingSaveable"): CheckpointPolicy => {
  if (words.includes(policy)) return policy as CheckpointPolicy
  const [entry, ...more] = isObject(policy) ? Object.entries(policy) : []
  if (entry !== undefined && more.length === 0 && lists.includes(entry[0])) {
    const names: unknown = entry[1]
    if (isList(names) && names.every((name) => typeof name === "string")) return policy as CheckpointPolicy
  }
  throw valueError(
    "checkpoint",
    `checkpoint: the policy is ${shown(policy)}`,
    `give ${words.map((word) => `"${word}"`).join(", ")}, or names: { saveOnlyTheseNames: ["a"] }`
  )
}

/**
 * Makes a function whose reverse derivative keeps its arguments alone, and computes the rest again on the way back: less
 * memory, for about a third more time. `policy` names what is kept besides. Values and derivatives are the same.
 * (JAX calls it `checkpoint` or `remat`.) A loop inside is kept or computed again as a whole; loops have an option
 * `checkpoint` of their own for their steps. Fails with a `TreeError` for what is no tensor, and with a `ValueError` for a
 * policy that there is not.
 *
 * @example
 * const layer = checkpoint((x: Tensor<"f32", readonly [2]>) => sin(exp(x)))
 * grad((x: Tensor<"f32", readonly [2]>) => sum(layer(layer(x))))(constant([0, 1], "f32")) // [-0.853, -0.235]
 */
export const checkpoint: Checkpoint = (fn: unknown, options?: CheckpointOptions): never => {
  requireFunction("checkpoint", "the function", fn)
  const policy = plainPolicy(requireOptions("checkpoint", options, ["policy"]).policy)
  return ((...args: ReadonlyArray<Tree>) => {
    const { program, operands, outputs } = applied("checkpoint", fn as never, args)
    return tree(outputs.structure, apply("checkpoint", { body: program, policy }, operands))
  }) as never
}

/**
 * Gives the same values a name, by which a policy of `checkpoint` knows them. Takes a tree of tensors. Fails with a
 * `TreeError` for anything else, and a `ValueError` for a name that is no string.
 *
 * @example
 * const layer = checkpoint((x: Tensor<"f32", readonly []>) => sin(checkpointName(exp(x), "power")), {
 *   policy: { saveOnlyTheseNames: ["power"] }
 * })
 * grad(layer)(scalar(0, "f32")) // 0.540
 */
export const checkpointName = <const T extends Tree>(x: T, name: string): T => {
  if (typeof name !== "string") {
    throw valueError("checkpointName", `checkpointName: the name is ${shown(name)}`, "give a string")
  }
  return eachLeaf("checkpointName", x, (value) => apply1("checkpointName", { name }, value))
}

/**
 * Gives the same values, all of them computed before any is used: the compiler moves and merges nothing across. Takes a
 * tree of tensors. Derivatives pass. Fails with a `TreeError` for anything else.
 *
 * @example optimizationBarrier(constant([1, 2], "f32")) // [1, 2]
 */
export const optimizationBarrier = named("optimizationBarrier", <const T extends Tree>(x: T): T => {
  const { leaves, structure } = flatten<Tensor>(x, isTensor, "optimizationBarrier", "x")
  const hidden = apply("barrier", {}, leaves.map(valueOf)).map((value) => tensorOf<never, never>(value))
  return unflatten<Tensor>(structure, hidden) as T
})
