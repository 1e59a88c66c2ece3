import { scopeError } from "../../errors.ts"
import type { CustomVjpParams } from "../../program.ts"
import { replay } from "../../replay.ts"
import { placesOf } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { zeros } from "../../values.ts"
import type { Derivative, Pullback } from "./derivative.ts"

const reverse = (
  { consts, rule, primal }: CustomVjpParams,
  inputs: ReadonlyArray<Value>,
  wanted: ReadonlyArray<boolean>
): Pullback => {
  if (wanted.slice(0, consts).some(Boolean)) {
    throw scopeError(
      "customVjp",
      "customVjp: a derivative is asked for with respect to a tensor that the function captures",
      "make it an argument of the function, or stopGradient it"
    )
  }
  if (rule === null) {
    throw scopeError(
      "customVjp",
      "customVjp: a derivative is asked for a call that was traced where none was asked for",
      "call the function inside the one that grad, vjp or jacrev is given"
    )
  }
  const { active, forward, backward } = rule
  const count = primal.outputs.length
  const results = replay(forward, inputs)
  const outputs = results.slice(0, count)
  const places = placesOf(active)
  const pull: Pullback["pull"] = (cotangents) => {
    const cts = outputs.map((output, i) => cotangents[i] ?? zeros(output))
    const pulled = replay(backward, [...results.slice(count), ...cts])
    return inputs.map((_, i) => {
      const at = places.get(i - consts)
      return at === undefined ? undefined : pulled[at]
    })
  }
  return { outputs, pull }
}

export const customVjp: Derivative<"customVjp"> = {
  jvp: () => {
    throw scopeError(
      "customVjp",
      "customVjp: forward mode is asked of a function that has only a reverse derivative",
      "use grad, vjp or jacrev"
    )
  },
  reverse
}
