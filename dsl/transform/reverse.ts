import { isDifferentiable } from "../dtype.ts"
import { apply } from "../primitives/index.ts"
import type { Primitive, Program, Var } from "../program.ts"
import { Environment } from "../replay.ts"
import type { Aval } from "../shape.ts"
import type { Value } from "../tensor.ts"
import { programOf, subprogram } from "../trace.ts"
import { add, zeros } from "../values.ts"
import type { Derivative, Linear, Maybe, Pullback, Site } from "./derivatives/derivative.ts"
import { derivatives } from "./derivatives/index.ts"

/** The transpose of a linear function: its reverse mode, which is the same at every point. */
const transposed = ({ push }: Linear, from: Aval, cotangent: Value): Value => {
  const { program, captured } = subprogram("a derivative", [from], ([t]) => [push(t!)])
  const inputs = [...captured, zeros(from)]
  const { pull } = reverse(
    program,
    inputs,
    inputs.map((_, i) => i === captured.length)
  )
  return pull([cotangent])[captured.length] ?? zeros(from)
}

const equationPullback = (
  primitive: Primitive,
  params: never,
  inputs: ReadonlyArray<Value>,
  wanted: ReadonlyArray<boolean>
): Pullback => {
  const rule = derivatives[primitive] as Derivative<Primitive>
  if (rule !== "none") {
    if ("reverse" in rule) return rule.reverse(params, inputs, wanted, reverse)
    if ("rewrite" in rule) {
      return reverse(
        programOf(inputs, (values) => rule.rewrite(values, params)),
        inputs,
        wanted
      )
    }
  }
  const outputs = apply<Primitive>(primitive, params, inputs)
  const site: Site<Primitive> = { params, inputs, outputs }
  const pull: Pullback["pull"] = ([cotangent]) => {
    if (rule === "none" || cotangent === undefined) return []
    if ("joint" in rule) return rule.pull(cotangent, site)
    return rule.each(site).map((linear, i): Maybe => {
      if (linear === null || !wanted[i]) return undefined
      return linear.pull === undefined ? transposed(linear, inputs[i]!, cotangent) : linear.pull(cotangent)
    })
  }
  return { outputs, pull }
}

/** Which outputs of an equation depend smoothly on the inputs that are asked for. */
const depends = (primitive: Primitive, wanted: ReadonlyArray<boolean>): boolean =>
  derivatives[primitive] !== "none" && wanted.some(Boolean)

/**
 * Reverse mode: a program's outputs, and the way back from their cotangents to those of the inputs that are `wanted`.
 * A missing cotangent is zero, on both sides.
 */
export const reverse = (
  program: Program,
  inputs: ReadonlyArray<Value>,
  wanted: ReadonlyArray<boolean>
): Pullback => {
  const values = new Environment(program.inputs, inputs)
  const active = new Set<Var>(program.inputs.filter((_, i) => wanted[i]))
  const steps: Array<{
    readonly inputs: ReadonlyArray<Var>
    readonly outputs: ReadonlyArray<Var>
    readonly pull: Pullback["pull"]
  }> = []
  for (const { primitive, params, inputs: operands, outputs } of program.equations) {
    const asked = operands.map((operand) => active.has(operand))
    const given = values.get(operands)
    if (!depends(primitive, asked)) {
      values.set(outputs, apply<Primitive>(primitive, params, given))
      continue
    }
    const made = equationPullback(primitive, params as never, given, asked)
    values.set(outputs, made.outputs)
    for (const output of outputs) if (isDifferentiable(output.aval.dtype)) active.add(output)
    steps.push({ inputs: operands, outputs, pull: made.pull })
  }
  const pull = (cotangents: ReadonlyArray<Maybe>): ReadonlyArray<Maybe> => {
    const found = new Map<Var, Value>()
    const collect = (variable: Var, cotangent: Maybe): void => {
      if (cotangent === undefined || !active.has(variable)) return
      const before = found.get(variable)
      found.set(variable, before === undefined ? cotangent : add(before, cotangent))
    }
    program.outputs.forEach((output, i) => {
      collect(output, cotangents[i])
    })
    for (const step of [...steps].reverse()) {
      const given = step.outputs.map((output) => found.get(output))
      if (given.every((cotangent) => cotangent === undefined)) continue
      const pulled = step.pull(given)
      step.inputs.forEach((input, i) => {
        collect(input, pulled[i])
      })
    }
    return program.inputs.map((input) => found.get(input))
  }
  return { outputs: values.get(program.outputs), pull }
}
