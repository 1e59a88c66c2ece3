import type { FloatDType } from "../dtype.ts"
import { requireFlag, requireOptions } from "../required.ts"
import type { Value } from "../tensor.ts"
import { add, div, filled, mul, plus, unary } from "../values.ts"
import { decayedBy, type Mask, requireMask } from "./decayed-weights.ts"
import { descent } from "./descent.ts"
import type { As, CountState, GradientTransformation, TransformationKind } from "./kinds.ts"
import { alike, averaged, next, together, unbiased, zerosOf } from "./leaves.ts"
import { type Rate, requireRate } from "./rate.ts"
import { requireDecay, requireFloatDType, requireFromZero } from "./readers.ts"
import { countOf, leavesOf, likeOf, type Raw, started, tensor, transformation } from "./transformation.ts"

/** What Adam keeps for parameters of type P: averages of the gradients and of their squares. */
export interface AdamState<P, Mu = P> extends CountState {
  /** The average of the gradients. */
  readonly mu: Mu
  /** The average of their squares. */
  readonly nu: P
}

/** How Adam averages. */
export interface AdamOptions<D extends FloatDType | undefined = undefined> {
  /** How much of the average of gradients each step keeps (0.9). */
  readonly b1?: number
  /** How much of the average of squares each step keeps (0.999). */
  readonly b2?: number
  /** What is added to the root (1e-8). */
  readonly eps?: number
  /** What is added under the root (0). */
  readonly epsRoot?: number
  /** The dtype of the average of gradients; by default that of the parameters. */
  readonly muDtype?: D
  /** Whether to look ahead, as Nesterov does (false). */
  readonly nesterov?: boolean
}

/** How AdamW averages and decays weights. */
export interface AdamWOptions<D extends FloatDType | undefined = undefined> extends AdamOptions<D> {
  /** How much of each parameter is taken off, times the learning rate: a number, a scalar or a schedule (1e-4). */
  readonly weightDecay?: Rate
  /** Which parameters decay (all). */
  readonly mask?: Mask
}

/** What kind of transformation `adam` makes. */
export interface AdamKind<D extends FloatDType | undefined> extends TransformationKind {
  readonly name: "adam"
  readonly needs: "grads"
  readonly state: AdamState<this["params"], As<this["params"], D>>
}

/** What kind of transformation `adamw` makes. */
export interface AdamWKind<D extends FloatDType | undefined> extends TransformationKind {
  readonly name: "adamw"
  readonly needs: "params"
  readonly state: AdamState<this["params"], As<this["params"], D>>
}

const names = ["b1", "b2", "eps", "epsRoot", "muDtype", "nesterov"] as const

/** Kingma and Ba, 2015; with Nesterov's momentum: Dozat, 2016. */
const direction = (name: string, options: AdamOptions<FloatDType | undefined>): Raw => {
  const b1 = requireDecay(name, "b1", options.b1 ?? 0.9)
  const b2 = requireDecay(name, "b2", options.b2 ?? 0.999)
  const eps = requireFromZero(name, "eps", options.eps ?? 1e-8)
  const epsRoot = requireFromZero(name, "epsRoot", options.epsRoot ?? 0)
  const muDtype = requireFloatDType(name, "muDtype", options.muDtype)
  const nesterov = requireFlag(name, "nesterov", options.nesterov)
  return {
    name,
    init: (params, like) => ({
      count: started(),
      mu: like(zerosOf(params, 0, muDtype)),
      nu: like(zerosOf(params))
    }),
    update: (grads, state, { structure }) => {
      const like = likeOf(structure)
      const [oldMu, oldNu] = [leavesOf(state.mu), leavesOf(state.nu)]
      const count = next(countOf(state))
      const mu = together(averaged(b1), grads, oldMu)
      const nu = together((g, v) => averaged(b2)(mul(g, g), v), grads, oldNu)
      const right = unbiased(b1, count)
      const ahead = unbiased(b1, next(count))
      const rightNu = unbiased(b2, count)
      const first = nesterov ? together((m, g) => averaged(b1)(right(g), ahead(m)), mu, grads) : mu.map(right)
      const root = (v: Value): Value => unary("sqrt", epsRoot === 0 ? v : plus(v, epsRoot))
      const updates = together((m, v) => div(m, add(root(rightNu(v)), filled(v, eps))), first, nu)
      return [updates, { count: tensor(count), mu: like(alike(mu, oldMu)), nu: like(alike(nu, oldNu)) }]
    }
  }
}

/**
 * Makes the optimizer Adam: steps by the average gradient over the root of the average square. The learning rate is a
 * number, a scalar or a schedule. Fails with a `ValueError` or a `DTypeError` for an option that does not fit. Its `init`
 * and `update` fail with a `DTypeError` for a leaf that is no float, and a `TreeError` for a tree that does not fit.
 *
 * @example
 * const params = { w: constant([1, 2], "f32") }
 * const optimizer = adam(0.1)
 * const [updates] = optimizer.update({ w: constant([3, -4], "f32") }, optimizer.init(params))
 * applyUpdates(params, updates) // { w: [0.9, 2.1] }
 */
export const adam = <D extends FloatDType | undefined = undefined>(
  learningRate: Rate,
  options?: AdamOptions<D>
): GradientTransformation<AdamKind<D>> =>
  transformation(descent(direction("adam", requireOptions("adam", options, names)), learningRate))

/**
 * Makes the optimizer AdamW: Adam, with a share of each parameter added to its step. Fails with a `ValueError` or a
 * `DTypeError` for an option that does not fit. Its `init` and `update` fail with a `DTypeError` for a leaf that is no
 * float, a `TreeError` for a tree or mask that does not fit, and a `ValueError` without parameters.
 *
 * @example
 * const params = { w: constant([1, 2], "f32"), b: scalar(1, "f32") }
 * const optimizer = adamw(0.1, { weightDecay: 0.5, mask: { w: true, b: false } })
 * const [updates] = optimizer.update(tree.zerosLike(params), optimizer.init(params), params)
 * applyUpdates(params, updates) // { w: [0.95, 1.9], b: 1 }
 */
export const adamw = <D extends FloatDType | undefined = undefined>(
  learningRate: Rate,
  options?: AdamWOptions<D>
): GradientTransformation<AdamWKind<D>> => {
  const op = "adamw"
  const given = requireOptions(op, options, [...names, "weightDecay", "mask"])
  const weightDecay = requireRate(op, "weightDecay", given.weightDecay ?? 1e-4)
  requireMask(op, given.mask)
  return transformation(
    descent(direction(op, given), learningRate, (leaves, count, context) =>
      decayedBy(weightDecay, given.mask, leaves, count, context)
    )
  )
}
