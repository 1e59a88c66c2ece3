import { requireFlag, requireOptions } from "../required.ts"
import type { Value } from "../tensor.ts"
import { div, filled, mul, plus, sub, unary } from "../values.ts"
import { descent } from "./descent.ts"
import type { CountState, GradientTransformation, TransformationKind } from "./kinds.ts"
import { alike, averaged, next, together, unbiased, zerosOf } from "./leaves.ts"
import type { Rate } from "./rate.ts"
import { requireDecay, requireFromZero } from "./readers.ts"
import { traced } from "./trace.ts"
import { countOf, leavesOf, likeOf, type Raw, started, tensor, transformation } from "./transformation.ts"

/** What RMSProp keeps for parameters of type P. Parts that its options do not ask for are null. */
export interface RmspropState<P, Mu = null, Trace = null> extends CountState {
  /** The average of the squares of gradients. */
  readonly nu: P
  /** The average of gradients, where squares are centered. */
  readonly mu: Mu
  /** The momentum. */
  readonly trace: Trace
}

/** How RMSProp averages. */
export interface RmspropOptions<C extends boolean = false, M extends number | undefined = undefined> {
  /** How much of the averages each step keeps (0.9). */
  readonly decay?: number
  /** What is added to the average of squares (1e-8). */
  readonly eps?: number
  /** What the average of squares begins with (0). */
  readonly initialScale?: number
  /** Whether `eps` is added under the root, or to it (true). */
  readonly epsInSqrt?: boolean
  /** Whether to take the variance in place of the mean square (false). */
  readonly centered?: C
  /** How much of the sum of steps each step keeps. */
  readonly momentum?: M
  /** Whether momentum looks ahead, as Nesterov does (false). */
  readonly nesterov?: boolean
  /** Whether to correct averages for a beginning at zero (false). */
  readonly biasCorrection?: boolean
}

/** What kind of transformation `rmsprop` makes. */
export interface RmspropKind<C, M> extends TransformationKind {
  readonly name: "rmsprop"
  readonly needs: "grads"
  readonly state: RmspropState<
    this["params"],
    C extends true ? this["params"] : null,
    M extends number ? this["params"] : null
  >
}

const names = [
  "decay",
  "eps",
  "initialScale",
  "epsInSqrt",
  "centered",
  "momentum",
  "nesterov",
  "biasCorrection"
] as const

const direction = (op: string, options: RmspropOptions<boolean, number | undefined>): Raw => {
  const decay = requireDecay(op, "decay", options.decay ?? 0.9)
  const eps = requireFromZero(op, "eps", options.eps ?? 1e-8)
  const from = requireFromZero(op, "initialScale", options.initialScale ?? 0)
  const under = requireFlag(op, "epsInSqrt", options.epsInSqrt, true)
  const centered = requireFlag(op, "centered", options.centered)
  const corrected = requireFlag(op, "biasCorrection", options.biasCorrection)
  const overRoot = (g: Value, n: Value): Value =>
    under ? mul(unary("rsqrt", plus(n, eps)), g) : mul(div(filled(n, 1), plus(unary("sqrt", n), eps)), g)
  return {
    name: op,
    init: (params, like) => ({
      nu: like(zerosOf(params, from)),
      mu: centered ? like(zerosOf(params)) : null
    }),
    update: (grads, state, { structure }) => {
      const like = likeOf(structure)
      const count = next(countOf(state))
      const right = corrected ? unbiased(decay, count) : (x: Value) => x
      const oldNu = leavesOf(state.nu)
      const nu = together((g, n) => averaged(decay)(mul(g, g), n), grads, oldNu)
      const kept = { count: tensor(count), nu: like(alike(nu, oldNu)) }
      if (!centered) return [together((g, n) => overRoot(g, right(n)), grads, nu), { ...kept, mu: null }]
      const oldMu = leavesOf(state.mu)
      const mu = together(averaged(decay), grads, oldMu)
      const updates = together(
        (g, n, m) => overRoot(g, sub(right(n), mul(right(m), right(m)))),
        grads,
        nu,
        mu
      )
      return [updates, { ...kept, mu: like(alike(mu, oldMu)) }]
    }
  }
}

/**
 * Makes the optimizer RMSProp: steps by the gradient over the root of the average square, or with `centered` of the
 * variance. Momentum adds up the steps, learning rate included. Fails with a `ValueError` for an option that does not
 * fit. Its `init` and `update` fail with a `DTypeError` for a leaf that is no float, and a `TreeError` for a tree that
 * does not fit.
 *
 * @example
 * const params = { w: constant([1, 2], "f32") }
 * const optimizer = rmsprop(0.1, { decay: 0.75 })
 * const [updates] = optimizer.update({ w: constant([5, -5], "f32") }, optimizer.init(params))
 * applyUpdates(params, updates) // { w: [0.8, 2.2] }
 */
export const rmsprop = <C extends boolean = false, M extends number | undefined = undefined>(
  learningRate: Rate,
  options?: RmspropOptions<C, M>
): GradientTransformation<RmspropKind<C, M>> => {
  const op = "rmsprop"
  const given = requireOptions(op, options, names)
  const momentum = given.momentum === undefined ? undefined : requireDecay(op, "momentum", given.momentum)
  const nesterov = requireFlag(op, "nesterov", given.nesterov)
  const steps = descent(direction(op, given), learningRate)
  return transformation({
    name: op,
    init: (params, like, called) => ({
      count: started(),
      ...steps.init(params, like, called),
      trace: momentum === undefined ? null : like(zerosOf(params))
    }),
    update: (grads, state, context) => {
      const [step, next] = steps.update(grads, state, context)
      if (momentum === undefined) return [step, { ...next, trace: null }]
      const [updates, trace] = traced(momentum, nesterov, step, leavesOf(state.trace))
      return [updates, { ...next, trace: likeOf(context.structure)(trace) }]
    }
  })
}
