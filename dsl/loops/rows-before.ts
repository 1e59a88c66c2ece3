import { apply1 } from "../primitives/index.ts"
import type { Value } from "../tensor.ts"
import { reshape, sliceAxis } from "../values.ts"

/**
 * What a loop holds before each of its steps: at first that, then what it holds after the steps before. There is at least
 * one step.
 */
export const rowsBefore = (after: Value, first: Value, reverse: boolean): Value => {
  const length = after.shape[0]!
  const start = reshape(first, [1, ...first.shape])
  const rest = reverse ? sliceAxis(after, 0, 1, length) : sliceAxis(after, 0, 0, length - 1)
  return apply1("concatenate", { axis: 0 }, ...(reverse ? [rest, start] : [start, rest]))
}
