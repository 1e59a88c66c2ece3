import { valueError } from "../errors.ts"
import { prefixLeaves } from "../prefix.ts"
import type { Value } from "../tensor.ts"
import type { Tree, TreeOf } from "../tree.ts"
import { add, convert, mul } from "../values.ts"
import type { CountState, GradientTransformation, Stateless, TransformationKind } from "./kinds.ts"
import { type Leaves, spread, workOf } from "./leaves.ts"
import { type Rate, rateAt, requireRate, type ScheduleFunction } from "./rate.ts"
import { type Context, counted, likeOf, paramsOf } from "./transformation.ts"

/**
 * Which parameters decay: a tree of booleans, or a function that makes one of the parameters. A boolean may stand for a
 * whole branch. `(params) => tree.map((p) => p.shape.length > 1, params)` leaves vectors and scalars out.
 */
export type Mask = TreeOf<boolean> | ((params: Tree) => TreeOf<boolean>)

const isBoolean = (value: unknown): value is boolean => typeof value === "boolean"

const maskOf = (
  mask: Mask | undefined,
  params: Leaves,
  { op, structure }: Context
): ReadonlyArray<boolean> => {
  if (mask === undefined) return params.map(() => true)
  const given = typeof mask === "function" ? mask(likeOf(structure)(params)) : mask
  return prefixLeaves(op, "mask", structure, given, isBoolean, "a boolean")
}

export const requireMask = (op: string, mask: Mask | undefined): void => {
  if (mask !== null && ["function", "object", "boolean", "undefined"].includes(typeof mask)) return
  throw valueError(
    op,
    `${op}: the mask is ${String(mask)}`,
    "give a tree of booleans, or a function that makes one"
  )
}

/** Leaves to which some share of the parameters is added. */
export const decayedBy = (
  weightDecay: Rate,
  mask: Mask | undefined,
  leaves: Leaves,
  count: Value,
  context: Context
): Leaves => {
  const params = paramsOf(context)
  const chosen = maskOf(mask, params, context)
  const factor = rateAt(context.op, "weightDecay", weightDecay, count)
  return leaves.map((leaf, i) => {
    if (!chosen[i]) return leaf
    const dtype = workOf(leaf, params[i]!)
    const param = convert(params[i]!, dtype)
    return add(convert(leaf, dtype), mul(param, spread(factor(dtype), param)))
  })
}

/** What kind of transformation `addDecayedWeights` makes. */
export interface AddDecayedWeightsKind extends TransformationKind {
  readonly name: "addDecayedWeights"
  readonly needs: "params"
  readonly state: CountState
}

interface AddDecayedWeights {
  (weightDecay: ScheduleFunction, mask?: Mask): GradientTransformation<AddDecayedWeightsKind>
  (
    weightDecay: Exclude<Rate, ScheduleFunction>,
    mask?: Mask
  ): GradientTransformation<Stateless<"addDecayedWeights", "params">>
}

/**
 * Makes a transformation that adds `weightDecay` times each parameter. A mask says which parameters. Fails with a
 * `ValueError` for what is no number, scalar or schedule. Its update fails with a `ValueError` without parameters, and
 * with a `TreeError` for a mask of another structure.
 *
 * @example
 * const params = { w: constant([10, 20], "f32"), b: scalar(30, "f32") }
 * const decay = addDecayedWeights(0.1, { w: true, b: false })
 * const [updates] = decay.update(tree.zerosLike(params), decay.init(params), params)
 * updates // { w: [1, 2], b: 0 }
 */
export const addDecayedWeights: AddDecayedWeights = (weightDecay: Rate, mask?: Mask) => {
  const op = "addDecayedWeights"
  requireRate(op, "weightDecay", weightDecay)
  requireMask(op, mask)
  return counted(op, typeof weightDecay === "function", (grads, count, context) =>
    decayedBy(weightDecay, mask, grads, count, context)
  ) as never
}
