import { requireCounted } from "../bounds.ts"
import type { DTypeKind } from "../dtype.ts"
import { shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import type { Reduction } from "../program.ts"
import { show } from "../shape.ts"
import {
  avalOf,
  numeric,
  ordered,
  type Rule,
  type Rules,
  requireAxis,
  requireDistinct,
  requireKind,
  requireSameDType
} from "./rule.ts"

const reduction = (op: Reduction, kinds: ReadonlyArray<DTypeKind>): Rule<Reduction> => ({
  infer: ([x], { axes }) => {
    requireKind(op, x!, kinds)
    for (const axis of axes) requireAxis(op, axis, x!)
    requireDistinct(op, axes)
    return [
      avalOf(
        x!.dtype,
        x!.shape.filter((_, i) => !axes.includes(i))
      )
    ]
  }
})

const extremum = (op: "argmax" | "argmin"): Rule<"argmax" | "argmin"> => ({
  infer: ([x], { axis, dtype }) => {
    requireKind(op, x!, ["float", "signed", "unsigned", "bool"])
    requireAxis(op, axis, x!)
    if (x!.shape[axis] === 0)
      throw shapeError(
        op,
        `${op}: axis ${axis} of ${show(x!)} is empty`,
        "nothing has no greatest or least element"
      )
    requireCounted(op, x!.shape[axis]!, dtype)
    return [
      avalOf(
        dtype,
        x!.shape.filter((_, i) => i !== axis)
      )
    ]
  }
})

export const contractRules: Rules<Reduction | "dot" | "argmax" | "argmin"> = {
  argmax: extremum("argmax"),
  argmin: extremum("argmin"),
  sum: reduction("sum", numeric),
  prod: reduction("prod", numeric),
  max: reduction("max", ordered),
  min: reduction("min", ordered),
  all: reduction("all", ["bool"]),
  any: reduction("any", ["bool"]),
  /** Result axes: batch, then what is left of the left operand, then of the right (StableHLO dot_general). */
  dot: {
    infer: ([a, b], { contracting, batch }) => {
      requireSameDType("dotGeneral", a!, b!)
      requireKind("dotGeneral", a!, numeric)
      const used = [
        [...batch[0], ...contracting[0]],
        [...batch[1], ...contracting[1]]
      ] as const
      for (const axis of used[0]) requireAxis("dotGeneral", axis, a!)
      for (const axis of used[1]) requireAxis("dotGeneral", axis, b!)
      for (const axes of used) requireDistinct("dotGeneral", axes)
      if (contracting[0].length !== contracting[1].length || batch[0].length !== batch[1].length) {
        throw shapeError(
          "dotGeneral",
          "dotGeneral: both sides must name as many axes",
          "pair the axes one to one"
        )
      }
      used[0].forEach((axis, i) => {
        if (a!.shape[axis] !== b!.shape[used[1][i]!]) {
          throw shapeError(
            "dotGeneral",
            say("matmulInner", { op: "dotGeneral", a: show(a!), b: show(b!) }),
            `axis ${axis} of the left and axis ${used[1][i]} of the right must have the same length`
          )
        }
      })
      const free = (side: 0 | 1) => (side === 0 ? a! : b!).shape.filter((_, i) => !used[side].includes(i))
      return [avalOf(a!.dtype, [...batch[0].map((axis) => a!.shape[axis]!), ...free(0), ...free(1)])]
    }
  }
}
