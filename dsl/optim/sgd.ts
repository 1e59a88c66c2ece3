import type { FloatDType } from "../dtype.ts"
import { requireFlag, requireOptions } from "../required.ts"
import { descent } from "./descent.ts"
import type { As, CountState, GradientTransformation, TransformationKind } from "./kinds.ts"
import { next, zerosOf } from "./leaves.ts"
import type { Rate } from "./rate.ts"
import { requireDecay, requireFloatDType } from "./readers.ts"
import { traced } from "./trace.ts"
import { countOf, leavesOf, likeOf, type Raw, started, tensor, transformation } from "./transformation.ts"

/** What `sgd` keeps: the momentum, a tree like the parameters, or null without momentum. */
export interface SgdState<Trace> extends CountState {
  readonly trace: Trace
}

/** Momentum of `sgd`. */
export interface SgdOptions<
  M extends number | undefined = undefined,
  D extends FloatDType | undefined = undefined
> {
  /** How much of the sum of gradients each step keeps. */
  readonly momentum?: M
  /** Whether to look ahead, as Nesterov does (false). */
  readonly nesterov?: boolean
  /** The dtype of the momentum; by default that of the parameters. */
  readonly accumulatorDtype?: D
}

/** What kind of transformation `sgd` makes. */
export interface SgdKind<M, D extends FloatDType | undefined> extends TransformationKind {
  readonly name: "sgd"
  readonly needs: "grads"
  readonly state: SgdState<M extends number ? As<this["params"], D> : null>
}

/**
 * Makes the optimizer that steps down the gradient: stochastic gradient descent, with momentum where that is given. The
 * learning rate is a number, a scalar or a schedule. Fails with a `ValueError` or a `DTypeError` for an option that does
 * not fit. Its `init` and `update` fail with a `DTypeError` for a leaf that is no float, and a `TreeError` for a tree
 * that does not fit.
 *
 * @example
 * const params = { w: constant([1, 2], "f32") }
 * const optimizer = sgd(0.1)
 * const [updates] = optimizer.update({ w: constant([5, 10], "f32") }, optimizer.init(params))
 * applyUpdates(params, updates) // { w: [0.5, 1] }
 */
export const sgd = <M extends number | undefined = undefined, D extends FloatDType | undefined = undefined>(
  learningRate: Rate,
  options?: SgdOptions<M, D>
): GradientTransformation<SgdKind<M, D>> => {
  const op = "sgd"
  const given = requireOptions(op, options, ["momentum", "nesterov", "accumulatorDtype"])
  const momentum = given.momentum === undefined ? undefined : requireDecay(op, "momentum", given.momentum)
  const nesterov = requireFlag(op, "nesterov", given.nesterov)
  const dtype = requireFloatDType(op, "accumulatorDtype", given.accumulatorDtype)
  const direction: Raw = {
    name: op,
    init: (params, like) => ({
      count: started(),
      trace: momentum === undefined ? null : like(zerosOf(params, 0, dtype))
    }),
    update: (grads, state, { structure }) => {
      const count = tensor(next(countOf(state)))
      if (momentum === undefined) return [grads, { count, trace: null }]
      const [updates, trace] = traced(momentum, nesterov, grads, leavesOf(state.trace))
      return [updates, { count, trace: likeOf(structure)(trace) }]
    }
  }
  return transformation(descent(direction, learningRate))
}
