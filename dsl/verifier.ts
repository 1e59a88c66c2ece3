import { count } from "./count.ts"
import { isDType } from "./dtype.ts"
import { isTraceError, VerifyError, valueError } from "./errors.ts"
import { programsOf } from "./held.ts"
import { rules } from "./primitives/index.ts"
import type { Rule } from "./primitives/rule.ts"
import type { Equation, Primitive, Program, Var } from "./program.ts"
import { isList, isObject, shown } from "./required.ts"
import { type Aval, sameAval, show } from "./shape.ts"

const areVars = (value: unknown): boolean =>
  isList(value) &&
  value.every((each) => {
    if (!isObject(each)) return false
    const { id, aval } = each as Partial<Var>
    const { dtype, shape } = isObject(aval) ? (aval as Partial<Aval>) : {}
    return Number.isInteger(id) && isDType(dtype) && isList(shape) && shape.every(Number.isInteger)
  })

const areEquations = (value: unknown): boolean =>
  isList(value) &&
  value.every((each) => {
    if (!isObject(each)) return false
    const { primitive, params, inputs, outputs } = each as Partial<Equation>
    return (
      typeof primitive === "string" &&
      Object.hasOwn(rules, primitive) &&
      isObject(params) &&
      areVars(inputs) &&
      areVars(outputs)
    )
  })

/** Refuses what is no program at all. Whether a program keeps its rules is for `verify` to say. */
export const requireProgram = (op: string, value: Program): void => {
  const { inputs, equations, outputs } = isObject(value) ? value : ({} as Partial<Program>)
  if (areVars(inputs) && areEquations(equations) && areVars(outputs)) return
  throw valueError(
    op,
    `${op}: it is given ${shown(value)}, not a program`,
    "give what trace has made: (yield* trace(specs, f)).program"
  )
}

const refuse = (message: string): never => {
  throw new VerifyError({ message })
}

/**
 * Checks what every program promises: variables are defined once and before use, and each equation's results have the
 * types that its primitive infers. Fails with a `VerifyError` for a program that breaks this, and a `ValueError` for
 * what is no program.
 *
 * @example verify((yield* trace([f32(3)], (x) => mul(x, 2))).program)
 */
export const verify = (program: Program): void => {
  requireProgram("verify", program)
  const defined = new Map<number, Var>()
  const define = (variable: Var): void => {
    if (defined.has(variable.id)) refuse(`%${variable.id} is defined twice`)
    defined.set(variable.id, variable)
  }
  const use = (variable: Var, where: string): void => {
    const known = defined.get(variable.id)
    if (known === undefined) refuse(`${where} uses %${variable.id} before it is defined`)
    else if (!sameAval(known.aval, variable.aval)) {
      refuse(`${where} takes %${variable.id} for ${show(variable.aval)}, but it is ${show(known.aval)}`)
    }
  }
  program.inputs.forEach(define)
  for (const equation of program.equations) {
    const { primitive, inputs, outputs, params } = equation
    for (const input of inputs) use(input, primitive)
    for (const inner of programsOf(equation)) verify(inner)
    const rule = rules[primitive] as Rule<Primitive>
    let inferred: ReadonlyArray<Var["aval"]> = []
    try {
      inferred = rule.infer(
        inputs.map((input) => input.aval),
        params
      )
    } catch (error) {
      if (!isTraceError(error)) throw error
      refuse(error.message)
    }
    if (inferred.length !== outputs.length)
      refuse(`${primitive} has ${count(inferred.length, "result")}, not ${outputs.length}`)
    inferred.forEach((aval, i) => {
      const stated = outputs[i]!.aval
      if (!sameAval(aval, stated)) refuse(`${primitive} gives ${show(aval)}, not ${show(stated)}`)
    })
    outputs.forEach(define)
  }
  for (const output of program.outputs) use(output, "return")
}
