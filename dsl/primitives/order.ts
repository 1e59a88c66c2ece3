import { requireCounted } from "../bounds.ts"
import { shapeError } from "../errors.ts"
import { show } from "../shape.ts"
import { avalOf, type Rule, type Rules, requireAxis, requireKind, requireSameShape } from "./rule.ts"

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

export const orderRules: Rules<"argmax" | "argmin" | "sort" | "threefry"> = {
  argmax: extremum("argmax"),
  argmin: extremum("argmin"),
  sort: {
    infer: (inputs, { axis, keys }) => {
      for (const each of inputs) {
        requireAxis("sort", axis, each)
        requireSameShape("sort", inputs[0]!, each)
      }
      for (const key of inputs.slice(0, keys))
        requireKind("sort", key, ["float", "signed", "unsigned", "bool"])
      return inputs
    }
  },
  threefry: {
    infer: (inputs) => {
      for (const each of inputs) {
        requireSameShape("threefry", inputs[0]!, each)
        if (each.dtype !== "u32") requireKind("threefry", { ...each, dtype: each.dtype }, ["unsigned"])
      }
      return [inputs[2]!, inputs[3]!]
    }
  }
}
