import { placed } from "../place.ts"
import { apply } from "../primitives/index.ts"
import type { Primitive, Program, Var } from "../program.ts"
import { Environment } from "../replay.ts"
import type { Aval } from "../shape.ts"
import type { Value } from "../tensor.ts"
import { programOf, subprogram } from "../trace.ts"
import { add, zeros } from "../values.ts"
import type { Linear, Maybe, Pullback, Site } from "./derivatives/derivative.ts"
import { derivativeOf } from "./derivatives/index.ts"
import { neededFor, reachedFrom } from "./flow.ts"
import { piecesIn } from "./pieces.ts"

/** The transpose of a linear function: its reverse mode, which is the same at every point. */
const transposed = ({ push }: Linear, from: Aval, cotangent: Value): Value => {
  const { program, captured } = subprogram("a derivative", [from], ([t]) => [push(t!)])
  const inputs = [...captured, zeros(from)]
  const { pull } = reverse(
    program,
    inputs,
    inputs.map((_, i) => i === captured.length),
    [true]
  )
  return pull([cotangent])[captured.length] ?? zeros(from)
}

const equationPullback = (
  primitive: Primitive,
  params: never,
  inputs: ReadonlyArray<Value>,
  wanted: ReadonlyArray<boolean>,
  given: ReadonlyArray<boolean>,
  settled: (computed: ReadonlyArray<Value>) => ReadonlyArray<Value>
): Pullback => {
  const rule = derivativeOf(primitive)
  if (rule !== undefined) {
    if ("reverse" in rule) return rule.reverse(params, inputs, wanted, given, reverse)
    if ("rewrite" in rule) {
      return reverse(
        programOf(inputs, (values) => rule.rewrite(values, params)),
        inputs,
        wanted,
        given
      )
    }
  }
  const outputs = settled(apply<Primitive>(primitive, params, inputs))
  const site: Site<Primitive> = { params, inputs, outputs }
  const pull: Pullback["pull"] = ([cotangent]) => {
    if (rule === undefined || cotangent === undefined) return []
    if ("joint" in rule) return rule.pull(cotangent, site)
    return rule.each(site).map((linear, i): Maybe => {
      if (linear === null || !wanted[i]) return undefined
      return linear.pull === undefined ? transposed(linear, inputs[i]!, cotangent) : linear.pull(cotangent)
    })
  }
  return { outputs, pull }
}

/** An equation's results, where no derivative passes through it. */
const still = (primitive: Primitive, params: never, inputs: ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const rule = derivativeOf(primitive)
  return rule !== undefined && "rewrite" in rule && rule.always === true
    ? rule.rewrite(inputs, params)
    : apply<Primitive>(primitive, params, inputs)
}

/**
 * Reverse mode: a program's outputs, and their pullback. The pullback takes the cotangents of the `given` outputs to
 * those of the `wanted` inputs. A missing cotangent is zero, on both sides. Only variables on a path from a wanted
 * input to a given output are differentiated; the others may hold any value, NaN included. A variable that `known` has
 * takes its value from there.
 */
export const reverse = (
  program: Program,
  inputs: ReadonlyArray<Value>,
  wanted: ReadonlyArray<boolean>,
  given: ReadonlyArray<boolean>,
  known?: ReadonlyMap<Var, Value>
): Pullback => {
  const values = new Environment(program.inputs, inputs)
  const settledAs =
    (variables: ReadonlyArray<Var>) =>
    (computed: ReadonlyArray<Value>): ReadonlyArray<Value> =>
      known === undefined ? computed : variables.map((variable, i) => known.get(variable) ?? computed[i]!)
  const reached = reachedFrom(program, wanted)
  const needed = neededFor(program, given)
  const active = (variable: Var): boolean => reached.has(variable) && needed.has(variable)
  const pieces = piecesIn(program.equations.filter(({ outputs }) => outputs.some(active)))
  const steps: Array<{
    readonly inputs: ReadonlyArray<Var>
    readonly outputs: ReadonlyArray<Var>
    readonly pull: Pullback["pull"]
    readonly place: string | undefined
  }> = []
  for (const equation of placed(program.equations)) {
    const { primitive, params, inputs: operands, outputs, place } = equation
    const operandValues = values.get(operands)
    const settled = settledAs(outputs)
    if (!outputs.some(active)) {
      values.set(outputs, settled(still(primitive, params as never, operandValues)))
      continue
    }
    const made = equationPullback(
      primitive,
      params as never,
      operandValues,
      operands.map(active),
      outputs.map(active),
      settled
    )
    values.set(outputs, settled(made.outputs))
    const together = pieces.get(equation)
    if (together === undefined) steps.push({ inputs: operands, outputs, pull: made.pull, place })
    // Whatever uses one of the pieces comes after the first.
    else if (together.first === equation)
      steps.push({
        inputs: operands,
        outputs: together.outputs,
        pull: (each) => [together.join(each)],
        place
      })
  }
  const pull = (cotangents: ReadonlyArray<Maybe>): ReadonlyArray<Maybe> => {
    const found = new Map<Var, Value>()
    const collect = (variable: Var, cotangent: Maybe): void => {
      if (cotangent === undefined || !active(variable)) return
      const before = found.get(variable)
      found.set(variable, before === undefined ? cotangent : add(before, cotangent))
    }
    program.outputs.forEach((output, i) => {
      collect(output, cotangents[i])
    })
    for (const step of placed([...steps].reverse())) {
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
