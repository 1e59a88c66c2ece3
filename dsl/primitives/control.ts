import { compositeOf } from "../composites.ts"
import { shapeError } from "../errors.ts"
import type { Program, WhileParams } from "../program.ts"
import { type Aval, sameAval, show } from "../shape.ts"
import { avalOf, type Rules } from "./rule.ts"
import { scanRules } from "./scan.ts"

const refuse = (op: string, message: string) =>
  shapeError(
    op,
    `${op}: ${message}`,
    `this program was not made by ${op}(); check the transform that made it`
  )

const avals = (vars: Program["inputs"]): ReadonlyArray<Aval> => vars.map((each) => each.aval)

const requireSame = (
  op: string,
  what: string,
  wanted: ReadonlyArray<Aval>,
  found: ReadonlyArray<Aval>
): void => {
  if (wanted.length === found.length && wanted.every((aval, i) => sameAval(aval, found[i]!))) return
  throw refuse(op, `${what} is ${found.map(show).join(", ")}, not ${wanted.map(show).join(", ")}`)
}

/** The operands of a while loop, sorted by what they are for. */
export const whileOperands = <T>(params: WhileParams, inputs: ReadonlyArray<T>) => ({
  conditionConsts: inputs.slice(0, params.conditionConsts),
  bodyConsts: inputs.slice(params.conditionConsts, params.conditionConsts + params.bodyConsts),
  carry: inputs.slice(params.conditionConsts + params.bodyConsts)
})

/** What holds programs, and what marks values for transforms. */
export type ControlPrimitive =
  | "scan"
  | "while"
  | "switch"
  | "customDerivative"
  | "composite"
  | "guard"
  | "debugPrint"
  | "checkpoint"
  | "barrier"
  | "checkpointName"

export const controlRules: Rules<ControlPrimitive> = {
  ...scanRules,
  composite: { infer: (inputs, { name, options }) => compositeOf(name).infer(inputs, options) },
  guard: {
    infer: ([counts, x]) => {
      const members = avalOf("bool", x!.shape.slice(0, counts!.shape.length))
      requireSame("guard", "the predicate", [members], [counts!])
      return [x!]
    }
  },
  debugPrint: { infer: ([x]) => [x!] },
  checkpointName: { infer: ([x]) => [x!] },
  barrier: { infer: (inputs) => inputs },
  checkpoint: {
    infer: (inputs, { body }) => {
      requireSame("checkpoint", "the function's parameters", inputs, avals(body.inputs))
      return avals(body.outputs)
    }
  },
  while: {
    infer: (inputs, params) => {
      const { conditionConsts, bodyConsts, carry } = whileOperands(params, inputs)
      requireSame(
        "whileLoop",
        "the condition's parameters",
        [...conditionConsts, ...carry],
        avals(params.condition.inputs)
      )
      requireSame("whileLoop", "the body's parameters", [...bodyConsts, ...carry], avals(params.body.inputs))
      requireSame("whileLoop", "the condition", [avalOf("bool", [])], avals(params.condition.outputs))
      requireSame("whileLoop", "the body's carry", carry, avals(params.body.outputs))
      return carry
    }
  },
  switch: {
    infer: ([index, ...operands], { branches }) => {
      const [first] = branches
      if (first === undefined) throw refuse("switch", "there are no branches")
      requireSame("switch", "the index", [avalOf("i32", [])], [index!])
      for (const branch of branches) {
        requireSame("switch", "a branch's parameters", operands, avals(branch.inputs))
        requireSame("switch", "a branch's result", avals(first.outputs), avals(branch.outputs))
      }
      return avals(first.outputs)
    }
  },
  customDerivative: {
    infer: (inputs, { primal }) => {
      requireSame("customDerivative", "the function's parameters", inputs, avals(primal.inputs))
      return avals(primal.outputs)
    }
  }
}
