import { apply1 } from "../../primitives/index.ts"
import type { Value } from "../../tensor.ts"
import { moveAxis, reshape, sliceAxis, zeros } from "../../values.ts"
import type { Component } from "./components.ts"
import type { Wider } from "./form.ts"

/** How a scan is divided into lanes: runs of steps that go side by side. */
export interface Plan {
  readonly lanes: number
  /** How many steps each lane has. The last ones may be beyond the end. */
  readonly steps: number
  /** The leaves of the carry, in an order in which each component needs only those of levels before its own. */
  readonly levels: ReadonlyArray<ReadonlyArray<Component>>
  /** Whether one run of the lanes is enough, since each leaf is a running sum or the like. */
  readonly once: boolean
  /** In which dtype the effect of a lane is computed where one run is not enough. */
  readonly wider: Wider
}

const reversed = (x: Value, reverse: boolean): Value => (reverse ? apply1("reverse", { axes: [0] }, x) : x)

/** Rows, laid out so that each step takes one row of each lane. */
export const laidOut = (rows: Value, { lanes, steps }: Plan, reverse: boolean): Value => {
  const [count, ...rest] = rows.shape as readonly [number, ...Array<number>]
  const none = rows.shape.map(() => 0)
  const high = none.map((_, axis) => (axis === 0 ? lanes * steps - count : 0))
  const whole = reversed(rows, reverse)
  const padded =
    high[0] === 0
      ? whole
      : apply1("pad", { low: none, high, interior: none }, whole, zeros({ dtype: rows.dtype, shape: [] }))
  return moveAxis(reshape(padded, [lanes, steps, ...rest]), 1, 0)
}

/** The rows of all lanes, one after another again. */
export const joined = (stack: Value, { lanes, steps }: Plan, length: number, reverse: boolean): Value => {
  const rows = reshape(moveAxis(stack, 0, 1), [lanes * steps, ...stack.shape.slice(2)])
  return reversed(sliceAxis(rows, 0, 0, length), reverse)
}
