import type { FloatDType } from "../dtype.ts"
import { requireOptions } from "../required.ts"
import { unary } from "../values.ts"
import { decayedBy, type Mask, requireMask } from "./decayed-weights.ts"
import { descent } from "./descent.ts"
import type { As, CountState, GradientTransformation, TransformationKind } from "./kinds.ts"
import { alike, averaged, next, together, zerosOf } from "./leaves.ts"
import { type Rate, requireRate } from "./rate.ts"
import { requireDecay, requireFloatDType } from "./readers.ts"
import { countOf, leavesOf, likeOf, type Raw, started, tensor, transformation } from "./transformation.ts"

/** What Lion keeps: the average of the gradients, a tree like the parameters. */
export interface LionState<Mu> extends CountState {
  readonly mu: Mu
}

/** How Lion averages and decays weights. */
export interface LionOptions<D extends FloatDType | undefined = undefined> {
  /** How much of the average counts in a step, the gradient being the rest (0.9). */
  readonly b1?: number
  /** How much of the average each step keeps (0.99). */
  readonly b2?: number
  /** The dtype of the average; by default that of the parameters. */
  readonly muDtype?: D
  /** How much of each parameter is taken off, times the learning rate: a number, a scalar or a schedule (1e-3). */
  readonly weightDecay?: Rate
  /** Which parameters decay (all). */
  readonly mask?: Mask
}

/** What kind of transformation `lion` makes. */
export interface LionKind<D extends FloatDType | undefined> extends TransformationKind {
  readonly name: "lion"
  readonly needs: "params"
  readonly state: LionState<As<this["params"], D>>
}

/**
 * Makes the optimizer Lion: steps of one size, by the sign of an average, with decay of weights. Fails with a
 * `ValueError` or a `DTypeError` for an option that does not fit. Its `init` and `update` fail with a `DTypeError` for a
 * leaf that is no float, a `TreeError` for a tree or mask that does not fit, and a `ValueError` without parameters.
 *
 * @example
 * const params = { w: constant([1, 2], "f32") }
 * const optimizer = lion(0.1, { weightDecay: 0 })
 * const [updates] = optimizer.update({ w: constant([5, -3], "f32") }, optimizer.init(params), params)
 * applyUpdates(params, updates) // { w: [0.9, 2.1] }
 */
export const lion = <D extends FloatDType | undefined = undefined>(
  learningRate: Rate,
  options?: LionOptions<D>
): GradientTransformation<LionKind<D>> => {
  const op = "lion"
  const given = requireOptions(op, options, ["b1", "b2", "muDtype", "weightDecay", "mask"])
  const b1 = requireDecay(op, "b1", given.b1 ?? 0.9)
  const b2 = requireDecay(op, "b2", given.b2 ?? 0.99)
  const dtype = requireFloatDType(op, "muDtype", given.muDtype)
  const weightDecay = requireRate(op, "weightDecay", given.weightDecay ?? 1e-3)
  requireMask(op, given.mask)
  const direction: Raw = {
    name: op,
    init: (params, like) => ({ count: started(), mu: like(zerosOf(params, 0, dtype)) }),
    update: (grads, state, { structure }) => {
      const old = leavesOf(state.mu)
      const updates = together((g, m) => unary("sign", averaged(b1)(g, m)), grads, old)
      const mu = likeOf(structure)(alike(together(averaged(b2), grads, old), old))
      return [updates, { count: tensor(next(countOf(state))), mu }]
    }
  }
  return transformation(
    descent(direction, learningRate, (leaves, count, context) =>
      decayedBy(weightDecay, given.mask, leaves, count, context)
    )
  )
}
