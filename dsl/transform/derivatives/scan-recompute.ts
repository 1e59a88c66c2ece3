import { arangeElement } from "../../loops/arange-element.ts"
import { counted, type Loop, type LoopSource, runLoop } from "../../loops/loop.ts"
import { apply1 } from "../../primitives/index.ts"
import type { ScanParams } from "../../program.ts"
import { replay } from "../../replay.ts"
import type { Value } from "../../tensor.ts"
import { filled, reshape, sub, zeros } from "../../values.ts"

const scalarI32 = { dtype: "i32", shape: [] } as const

/** One row of xs at an index, computed outside the scan. */
const rowAt = ({ leaf, operand }: LoopSource, index: Value): Value => {
  if (leaf.kind === "arange") return arangeElement(leaf, operand, index)
  const rest = operand!.shape.slice(1)
  const origin = rest.map(() => zeros(scalarI32))
  const taken = apply1("dynamicSlice", { sizes: [1, ...rest] }, operand!, index, ...origin)
  return reshape(taken, rest)
}

/**
 * The carry before a step, computed again from the initial one. `source` is a leaf of xs that gives the row of the
 * step; `carry` computes the carry there.
 */
export const carryAgain = (loop: Loop, params: ScanParams) => {
  const last = sub(loop.traced ?? filled(scalarI32, loop.length!), filled(scalarI32, 1))
  const rowOfStep = (step: Value): Value => (loop.reverse ? sub(last, step) : step)
  return {
    source: counted,
    carry: (row: Value): ReadonlyArray<Value> => {
      const done = rowOfStep(row)
      const bounded = {
        ...loop,
        length: loop.length,
        traced: done,
        reverse: false,
        checkpoint: "all",
        part: "again"
      } as const
      const { carry } = runLoop(
        bounded,
        { consts: loop.consts, carry: loop.carry, xs: [counted] },
        (consts, state, [step]) => {
          const rows = loop.xs.map((source) => rowAt(source, rowOfStep(step!)))
          const results = replay(params.body, [...consts, ...state, ...rows])
          return { carry: results.slice(0, loop.carry.length), ys: [] }
        }
      )
      return carry
    }
  }
}
