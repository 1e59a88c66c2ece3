import { requireOptions } from "../required.ts"
import { add, compare, filled, mul, plus, select, unary, zeros } from "../values.ts"
import { descent } from "./descent.ts"
import type { CountState, GradientTransformation, TransformationKind } from "./kinds.ts"
import { alike, next, together, zerosOf } from "./leaves.ts"
import type { Rate } from "./rate.ts"
import { requireFromZero } from "./readers.ts"
import { countOf, leavesOf, likeOf, type Raw, started, tensor, transformation } from "./transformation.ts"

/** What Adagrad keeps for parameters of type P. */
export interface AdagradState<P> extends CountState {
  /** The sum of the squares of all gradients so far. */
  readonly sumOfSquares: P
}

/** How Adagrad begins. */
export interface AdagradOptions {
  /** What the sum of squares begins with (0.1). */
  readonly initialAccumulatorValue?: number
  /** What is added under the root (1e-7). */
  readonly eps?: number
}

/** What kind of transformation `adagrad` makes. */
export interface AdagradKind extends TransformationKind {
  readonly name: "adagrad"
  readonly needs: "grads"
  readonly state: AdagradState<this["params"]>
}

/**
 * Makes the optimizer Adagrad: steps by the gradient over the root of the sum of all squares so far. Fails with a
 * `ValueError` for an option that does not fit. Its `init` and `update` fail with a `DTypeError` for a leaf that is no
 * float, and a `TreeError` for a tree that does not fit.
 *
 * @example
 * const params = { w: constant([1, 2], "f32") }
 * const optimizer = adagrad(0.1, { initialAccumulatorValue: 0 })
 * const [updates] = optimizer.update({ w: constant([5, -5], "f32") }, optimizer.init(params))
 * applyUpdates(params, updates) // { w: [0.9, 2.1] }
 */
export const adagrad = (
  learningRate: Rate,
  options?: AdagradOptions
): GradientTransformation<AdagradKind> => {
  const op = "adagrad"
  const given = requireOptions(op, options, ["initialAccumulatorValue", "eps"])
  const from = requireFromZero(op, "initialAccumulatorValue", given.initialAccumulatorValue ?? 0.1)
  const eps = requireFromZero(op, "eps", given.eps ?? 1e-7)
  const direction: Raw = {
    name: op,
    init: (params, like) => ({ count: started(), sumOfSquares: like(zerosOf(params, from)) }),
    update: (grads, state, { structure }) => {
      const old = leavesOf(state.sumOfSquares)
      const sums = together((g, s) => add(mul(g, g), s), grads, old)
      const updates = together(
        (g, s) => mul(select(compare("gt", s, filled(s, 0)), unary("rsqrt", plus(s, eps)), zeros(s)), g),
        grads,
        sums
      )
      const sumOfSquares = likeOf(structure)(alike(sums, old))
      return [updates, { count: tensor(next(countOf(state))), sumOfSquares }]
    }
  }
  return transformation(descent(direction, learningRate))
}
