import type { GradientTransformation, StateFor, TransformationKind } from "./kinds.ts"
import { rawOf, type State, transformation } from "./transformation.ts"

type Needed<N> = "loss" extends N ? "loss" : "params" extends N ? "params" : "grads"

/** What kind of transformation `chain` makes. */
export interface ChainKind<Ks extends ReadonlyArray<TransformationKind>> extends TransformationKind {
  readonly name: "chain"
  readonly needs: Needed<Ks[number]["needs"]>
  readonly state: { readonly [I in keyof Ks]: StateFor<Ks[I], this["params"]> }
}

/**
 * Makes one transformation of several: each takes the updates of the one before. Its state is a list of theirs. Fails
 * with a `ValueError` for what is no transformation. Its functions fail as those of its parts do: with a `DTypeError`, a
 * `TreeError` or a `ValueError`.
 *
 * @example
 * const params = { w: constant([1, 2], "f32") }
 * const optimizer = chain(clip(1), sgd(0.1))
 * const [updates] = optimizer.update({ w: constant([5, -5], "f32") }, optimizer.init(params))
 * applyUpdates(params, updates) // { w: [0.9, 2.1] }
 */
export const chain = <const Ks extends ReadonlyArray<TransformationKind>>(
  ...transformations: { readonly [I in keyof Ks]: GradientTransformation<Ks[I]> }
): GradientTransformation<ChainKind<Ks>> => {
  const parts = transformations.map((each, i) => rawOf("chain", `transformations[${i}]`, each))
  return transformation({
    name: "chain",
    init: (params, like, op) => parts.map((part) => part.init(params, like, op)),
    update: (grads, states: ReadonlyArray<State>, context) => {
      let updates = grads
      const next = parts.map((part, i) => {
        const [after, state] = part.update(updates, states[i], context)
        updates = after
        return state
      })
      return [updates, next]
    }
  })
}
