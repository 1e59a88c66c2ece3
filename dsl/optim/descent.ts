import type { Value } from "../tensor.ts"
import type { Leaves } from "./leaves.ts"
import { descended, type Rate, requireRate } from "./rate.ts"
import { type Context, countOf, type Raw } from "./transformation.ts"

/**
 * An optimizer of a direction, whose state counts the steps: the direction, with what is added to it, times minus the
 * learning rate. Its state is the direction's, whatever the learning rate is.
 */
export const descent = (
  direction: Raw,
  rate: Rate,
  plus: (leaves: Leaves, count: Value, context: Context) => Leaves = (leaves) => leaves
): Raw => {
  requireRate(direction.name, "the learning rate", rate)
  return {
    name: direction.name,
    init: direction.init,
    update: (grads, state, context) => {
      const [toward, next] = direction.update(grads, state, context)
      const count = countOf(state)
      return [descended(context.op, plus(toward, count, context), rate, count), next]
    }
  }
}
