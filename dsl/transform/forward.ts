import { isDifferentiable } from "../dtype.ts"
import { placed } from "../place.ts"
import { apply } from "../primitives/index.ts"
import type { Primitive, Program } from "../program.ts"
import { Environment } from "../replay.ts"
import type { Value } from "../tensor.ts"
import { programOf } from "../trace.ts"
import { addMaybe, zeros } from "../values.ts"
import type { Dual, Maybe, Site } from "./derivatives/derivative.ts"
import { derivativeOf } from "./derivatives/index.ts"

const equationDual = (
  primitive: Primitive,
  params: never,
  primals: ReadonlyArray<Value>,
  tangents: ReadonlyArray<Maybe>
): Dual => {
  const rule = derivativeOf(primitive)
  const still = tangents.every((tangent) => tangent === undefined)
  if (rule !== undefined && !still) {
    if ("jvp" in rule) return rule.jvp(params, primals, tangents, forward)
    if ("rewrite" in rule) {
      const program = programOf(primals, (inputs) => rule.rewrite(inputs, params))
      return forward(program, primals, tangents)
    }
  }
  const outputs = apply<Primitive>(primitive, params, primals)
  const site: Site<Primitive> = { params, inputs: primals, outputs }
  if (rule === undefined || still || !isDifferentiable(outputs[0]!.dtype))
    return { outputs, tangents: outputs.map(() => undefined) }
  if ("joint" in rule) {
    const places = rule.joint(site)
    if (places.every((i) => tangents[i] === undefined)) return { outputs, tangents: [undefined] }
    const moved = primals.map((primal, i) => (places.includes(i) ? (tangents[i] ?? zeros(primal)) : primal))
    return { outputs, tangents: apply<Primitive>(primitive, params, moved) }
  }
  if (!("each" in rule)) return { outputs, tangents: outputs.map(() => undefined) }
  let tangent: Maybe
  rule.each(site).forEach((linear, i) => {
    const t = tangents[i]
    if (linear !== null && t !== undefined) tangent = addMaybe(tangent, linear.push(t))
  })
  return { outputs, tangents: [tangent] }
}

/**
 * Forward mode: a program's outputs and their tangents, from the tangents of its inputs. A missing tangent is zero, on
 * both sides.
 */
export const forward = (
  program: Program,
  primals: ReadonlyArray<Value>,
  tangents: ReadonlyArray<Maybe>
): Dual => {
  const values = new Environment(program.inputs, primals)
  const moves = new Environment(program.inputs, tangents)
  for (const { primitive, params, inputs, outputs } of placed(program.equations)) {
    const dual = equationDual(primitive, params as never, values.get(inputs), moves.get(inputs))
    values.set(outputs, dual.outputs)
    moves.set(outputs, dual.tangents)
  }
  return { outputs: values.get(program.outputs), tangents: moves.get(program.outputs) }
}
