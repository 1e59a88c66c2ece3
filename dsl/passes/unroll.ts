import { isInteger } from "../dtype.ts"
import { hasEffect } from "../held.ts"
import { loopOf } from "../loops/loop.ts"
import { apply1 } from "../primitives/index.ts"
import type { ScanParams, Var } from "../program.ts"
import { replay } from "../replay.ts"
import { sizeOf } from "../shape.ts"
import type { Value } from "../tensor.ts"
import { partAt, range, reshape } from "../values.ts"
import type { Costs } from "./costs.ts"
import { arrayOf } from "./fission/all-steps.ts"
import { stepOf } from "./fission/step.ts"
import { onValues } from "./on-values.ts"
import type { Context, Pass } from "./pass.ts"
import { type Rewrite, rewritten } from "./rewrite.ts"
import { uniformOf } from "./uniform.ts"
import { instructionsOf } from "./work.ts"

/** The steps of a scan, one after another. */
const writtenOut = (params: ScanParams, inputs: ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const loop = loopOf(params, inputs)
  const length = params.length!
  const rows = loop.xs.map((source) => arrayOf(source, length))
  const order = params.reverse ? range(length).toReversed() : range(length)
  const stacks: Array<ReadonlyArray<Value>> = []
  let carry = loop.carry
  for (const row of order) {
    const taken = rows.map((array) => partAt(array, 0, row))
    const results = replay(params.body, [...loop.consts, ...carry, ...taken])
    carry = results.slice(0, params.carry)
    stacks[row] = results.slice(params.carry)
  }
  const ys = params.body.outputs.slice(params.carry).map((_, i) => {
    const each = stacks.map((outputs) => reshape(outputs[i]!, [1, ...outputs[i]!.shape]))
    return each.length === 1 ? each[0]! : apply1("concatenate", { axis: 0 }, ...each)
  })
  return [...carry, ...ys]
}

/** How many steps one turn should take: a power of two, which divides the length where one does. */
const stepsOf = ({ body, length }: ScanParams, { unroll }: Costs): number => {
  const widest = [...body.inputs, ...body.equations.flatMap(({ outputs }) => outputs)].reduce(
    (most, { aval }) => Math.max(most, sizeOf(aval.shape)),
    1
  )
  const instructions = Math.max(1, instructionsOf(body))
  if (widest > unroll.elements) return 1
  const most = Math.min(unroll.steps, unroll.operations / instructions, (length ?? 0) / 8)
  if (most < 2) return 1
  const greatest = 2 ** Math.floor(Math.log2(most))
  const dividing = [greatest, greatest / 2].find((steps) => steps > 1 && length! % steps === 0)
  return dividing ?? greatest
}

/** Operations of which XLA joins two in a row with constants into one: (c + 2) + 2 is c + 4, which rounds once. */
const joined: ReadonlySet<string> = new Set(["add", "sub", "mul", "div"])

/** Whether a step takes a float of the carry to a next one by a constant: two such steps in a row would round once. */
const roundsOnce = (params: ScanParams): boolean => {
  const step = stepOf(params)
  const carry = new Set(step.carry)
  const isConstant = (variable: Var): boolean =>
    uniformOf(step.makers.get(variable), (each) => step.makers.get(each)) !== undefined
  return step.next.some((next) => {
    const maker = step.makers.get(next)
    if (maker === undefined || !joined.has(maker.primitive) || isInteger(next.aval.dtype)) return false
    return maker.inputs.some((input) => carry.has(input)) && maker.inputs.some(isConstant)
  })
}

const unrollOf =
  (context: Context): Rewrite<"scan"> =>
  (equation, builder, inputs) => {
    const { params, place, outputs } = equation
    const { length, traced, unroll, body } = params
    if (unroll !== 1 || length === null || length === 0 || hasEffect(equation)) return undefined
    if (length > 1 && roundsOnce(params)) {
      context.note({
        pass: "unroll",
        place,
        left: "one turn of the loop takes one step",
        because: "the compiler would join the constants of several steps, and round once"
      })
      return undefined
    }
    const all = length * instructionsOf(body)
    if (!traced && (length === 1 || (all <= context.costs.unroll.whole && length <= 32))) {
      context.note({ pass: "unroll", place, did: "the steps are written out", saved: { steps: length } })
      return onValues(builder, inputs, (values) => writtenOut(params, values))
    }
    const steps = stepsOf(params, context.costs)
    if (steps === 1) return undefined
    context.note({ pass: "unroll", place, did: `one turn of the loop takes ${steps} steps` })
    return builder.add(
      "scan",
      { ...params, unroll: steps },
      inputs,
      outputs.map(({ aval }) => aval)
    )
  }

/** Writes short scans out, and lets one turn of a loop of few operations take several steps. */
export const unroll: Pass = {
  name: "unroll",
  run: (program, context) => rewritten(program, { scan: unrollOf(context) })
}
