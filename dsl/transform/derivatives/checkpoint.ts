import type { CheckpointPolicy } from "../../params.ts"
import { apply } from "../../primitives/index.ts"
import { type Equation, isEquation, type Params, type Program, type Var } from "../../program.ts"
import { replay } from "../../replay.ts"
import type { Value } from "../../tensor.ts"
import { programOf } from "../../trace.ts"
import { needed } from "../split.ts"
import type { Derivative, Maybe, Pullback, Reverse } from "./derivative.ts"
import { dualProgram, isThere, place, present } from "./dual.ts"

/** Whether a policy keeps the results of an equation. */
const isSaved = (equation: Equation, policy: CheckpointPolicy): boolean => {
  const name = isEquation(equation, "checkpointName") ? equation.params.name : undefined
  switch (policy) {
    case "nothingSaveable":
      return false
    case "everythingSaveable":
      return true
    case "dotsSaveable":
      return equation.primitive === "dot"
    case "dotsWithNoBatchDimsSaveable":
      return isEquation(equation, "dot") && equation.params.batch[0].length === 0
    default:
      if ("saveOnlyTheseNames" in policy)
        return name !== undefined && policy.saveOnlyTheseNames.includes(name)
      if ("saveAnyNamesButThese" in policy)
        return name !== undefined && !policy.saveAnyNamesButThese.includes(name)
      return name === undefined || !policy.saveAnythingExceptTheseNames.includes(name)
  }
}

const savedBy = ({ equations, outputs }: Program, policy: CheckpointPolicy): ReadonlyArray<Var> => {
  const given = new Set(outputs)
  const saved = equations.filter((equation) => isSaved(equation, policy)).flatMap((each) => each.outputs)
  return saved.filter((variable) => !given.has(variable))
}

/**
 * The way back, from what is kept and the cotangents. What is kept is hidden from the compiler until a cotangent is
 * there: else it would merge the computation with the one on the way forth, and so keep all values after all.
 */
const wayBack = (
  { body }: Params["checkpoint"],
  saved: ReadonlyArray<Var>,
  wanted: ReadonlyArray<boolean>,
  reverse: Reverse,
  kept: ReadonlyArray<Value>,
  cotangents: ReadonlyArray<Maybe>
): ReadonlyArray<Maybe> => {
  const cts = present(cotangents)
  const given = isThere(cotangents)
  let there: ReadonlyArray<boolean> = []
  const program = programOf([...kept, ...cts], (values) => {
    const known = new Map(saved.map((variable, i) => [variable, values[body.inputs.length + i]!]))
    const { pull } = reverse(body, values.slice(0, body.inputs.length), wanted, given, known)
    const pulled = pull(place(given, values.slice(kept.length)))
    there = isThere(pulled)
    return present(pulled)
  })
  const { reached } = needed(program.equations, program.outputs)
  const used = program.inputs.map((input) => reached.has(input))
  const operands = [...kept, ...cts]
  const isHidden = operands.map((_, i) => used[i] === true || i >= kept.length)
  const hidden = apply(
    "barrier",
    {},
    operands.filter((_, i) => isHidden[i])
  )
  const values = place(isHidden, hidden).map((value, i) => value ?? operands[i]!)
  return place(there, replay(program, values))
}

export const checkpoint: Derivative<"checkpoint"> = {
  jvp: (params, primals, tangents, forward) => {
    const dual = dualProgram(params.body, primals, isThere(tangents), forward)
    const results = apply("checkpoint", { ...params, body: dual.program }, [...primals, ...present(tangents)])
    const count = dual.moves.length
    return { outputs: results.slice(0, count), tangents: place(dual.moves, results.slice(count)) }
  },
  reverse: (params, inputs, wanted, given, reverse): Pullback => {
    const { body, policy } = params
    if (policy === "everythingSaveable") return reverse(body, inputs, wanted, given)
    const saved = savedBy(body, policy)
    const keeping = { ...body, outputs: [...body.outputs, ...saved] }
    const results = apply("checkpoint", { ...params, body: keeping }, inputs)
    const kept = [...inputs, ...results.slice(body.outputs.length)]
    return {
      outputs: results.slice(0, body.outputs.length),
      pull: (cotangents) => wayBack(params, saved, wanted, reverse, kept, cotangents)
    }
  }
}

/** Its own derivative: tangents pass as they are, in both modes. */
export const barrier: Derivative<"barrier"> = {
  jvp: (_, primals, tangents) => ({ outputs: apply("barrier", {}, primals), tangents }),
  reverse: (_, inputs) => ({ outputs: apply("barrier", {}, inputs), pull: (cotangents) => cotangents })
}
