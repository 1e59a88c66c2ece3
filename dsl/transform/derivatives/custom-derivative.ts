import { isDifferentiable } from "../../dtype.ts"
import { scopeError } from "../../errors.ts"
import type { CustomParams, JvpRule, VjpRule } from "../../program.ts"
import { replay } from "../../replay.ts"
import { type Aval, placesOf } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { subprogram } from "../../trace.ts"
import { zeros } from "../../values.ts"
import type { Derivative, Dual, Forward, Maybe, Pullback, Reverse } from "./derivative.ts"
import { place, present } from "./dual.ts"

/** The rule of a call whose derivative is asked for by the named operands. */
const requireRule = ({ op, consts, rule }: CustomParams, wanted: ReadonlyArray<boolean>) => {
  if (wanted.slice(0, consts).some(Boolean)) {
    throw scopeError(
      op,
      `${op}: a derivative is asked for with respect to a tensor that the function captures`,
      "make it an argument of the function, or stopGradient it"
    )
  }
  if (rule === null) {
    throw scopeError(
      op,
      `${op}: a derivative is asked for a call that was traced where none was asked for`,
      "call the function inside the one that grad, vjp or jacrev is given"
    )
  }
  return rule
}

const reverseByVjp = (
  { consts, primal }: CustomParams,
  { active, forward, backward }: VjpRule,
  inputs: ReadonlyArray<Value>
): Pullback => {
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

/** What a dual program gives for tangents of the active arguments: results, and a tangent for each that may have one. */
const dualOf = (
  { consts, primal }: CustomParams,
  { active, dual }: JvpRule,
  inputs: ReadonlyArray<Value>,
  tangents: ReadonlyArray<Maybe>
): Dual => {
  const count = primal.outputs.length
  const moving = active.map((i) => tangents[consts + i] ?? zeros(inputs[consts + i]!))
  const results = replay(dual, [...inputs, ...moving])
  const moves = primal.outputs.map(({ aval }) => isDifferentiable(aval.dtype))
  return { outputs: results.slice(0, count), tangents: place(moves, results.slice(count)) }
}

/**
 * Forward mode of the dual program, which is linear in tangents: what a rule does for a missing one is left out, where
 * it would be multiplied by zero.
 */
const movedBy = (
  params: CustomParams,
  rule: JvpRule,
  primals: ReadonlyArray<Value>,
  tangents: ReadonlyArray<Maybe>,
  forward: Forward
): Dual => {
  const moving = rule.active.map((i) => tangents[params.consts + i])
  if (moving.every((tangent) => tangent !== undefined)) return dualOf(params, rule, primals, tangents)
  const still = rule.active.map((i) => zeros(primals[params.consts + i]!))
  const dual = forward(rule.dual, [...primals, ...still], [...primals.map(() => undefined), ...moving])
  const count = params.primal.outputs.length
  const moves = params.primal.outputs.map(({ aval }) => isDifferentiable(aval.dtype))
  return { outputs: dual.outputs.slice(0, count), tangents: place(moves, dual.tangents.slice(count)) }
}

/** The tangents are linear in those that are given, so their transpose is the same everywhere. */
const reverseByJvp = (
  params: CustomParams,
  rule: JvpRule,
  inputs: ReadonlyArray<Value>,
  wanted: ReadonlyArray<boolean>,
  reverse: Reverse
): Pullback => {
  const { outputs } = dualOf(params, rule, inputs, [])
  const moving: ReadonlyArray<Aval> = inputs.filter((_, i) => wanted[i])
  const moves = params.primal.outputs.map(({ aval }) => isDifferentiable(aval.dtype))
  const linear = subprogram("a derivative", moving, (given) => {
    const { tangents } = dualOf(params, rule, inputs, place(wanted, given))
    return present(tangents)
  })
  const operands = [...linear.captured, ...moving.map(zeros)]
  const ofMoving = operands.map((_, i) => i >= linear.captured.length)
  const given = linear.program.outputs.map(() => true)
  const transpose = reverse(linear.program, operands, ofMoving, given)
  const pull: Pullback["pull"] = (cotangents) => {
    const pulled = transpose.pull(cotangents.filter((_, i) => moves[i]))
    return place(wanted, pulled.slice(linear.captured.length))
  }
  return { outputs, pull }
}

export const customDerivative: Derivative<"customDerivative"> = {
  jvp: (params, primals, tangents, forward) => {
    if (params.op === "customVjp") {
      throw scopeError(
        "customVjp",
        "customVjp: forward mode is asked of a function that has only a reverse derivative",
        "use grad, vjp or jacrev; customJvp gives a derivative for both modes"
      )
    }
    const moves = tangents.map((tangent) => tangent !== undefined)
    return movedBy(params, requireRule(params, moves) as JvpRule, primals, tangents, forward)
  },
  reverse: (params, inputs, wanted, _given, reverse) => {
    const rule = requireRule(params, wanted)
    return "dual" in rule
      ? reverseByJvp(params, rule, inputs, wanted, reverse)
      : reverseByVjp(params, rule, inputs)
  }
}
