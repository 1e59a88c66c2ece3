import { ProgramBuilder } from "../builder.ts"
import { workingDType } from "../dtype.ts"
import { arangeElement } from "../loops/arange-element.ts"
import { counterOf, isCounter } from "../loops/counter.ts"
import type { ArangeParams } from "../params.ts"
import { scanOperands } from "../primitives/scan.ts"
import type { Equation, Var } from "../program.ts"
import { programOf } from "../trace.ts"
import type { Pass } from "./pass.ts"
import { rewritten } from "./rewrite.ts"

/** Writes the elements of a range that belong to a counter. */
const elements = (
  builder: ProgramBuilder,
  params: ArangeParams,
  start: Var | undefined,
  counter: Var
): Var => {
  const given = start === undefined ? [counter] : [start, counter]
  const program = programOf(
    given.map(({ aval }) => aval),
    (values) => [arangeElement(params, start && values[0], values.at(-1)!)]
  )
  return builder.inline(program, given)[0]!
}

/** A range as an array: its elements computed from 0, 1, 2, … */
const arrayOf = (
  { params }: Equation<"arange">,
  builder: ProgramBuilder,
  inputs: ReadonlyArray<Var>
): ReadonlyArray<Var> | undefined => {
  const { length } = params
  const counter = { dtype: workingDType(params.dtype), start: 0, step: 1 }
  if (inputs.length === 0 && isCounter(params, counter.dtype)) return undefined
  const [counts] = builder.apply("arange", { ...counter, length })
  return [elements(builder, params, inputs[0], counts)]
}

/** A scan whose ranges are computed from the step's row. A start that is an operand becomes a const. */
const scanOf = (
  { params, outputs }: Equation<"scan">,
  builder: ProgramBuilder,
  inputs: ReadonlyArray<Var>
): ReadonlyArray<Var> | undefined => {
  const counter = counterOf(params.length)
  const isRange = params.xs.map((leaf) => leaf.kind === "arange" && !isCounter(leaf, counter.dtype))
  if (!isRange.some(Boolean)) return undefined
  const { length, consts, carry, xs } = scanOperands(params, inputs)
  const starts = xs.filter((operand, i) => isRange[i] && operand !== undefined) as ReadonlyArray<Var>
  const [c, s] = [consts.length, carry.length]
  const own = params.body.inputs.map(({ aval }) => aval)
  const rows = own.slice(c + s).map((aval, i) => (isRange[i] ? counter : aval))
  const body = new ProgramBuilder([
    ...own.slice(0, c),
    ...starts.map(({ aval }) => aval),
    ...own.slice(c, c + s),
    ...rows
  ])
  const [given, after] = [body.inputs.slice(0, c), c + starts.length]
  let next = c
  const taken = params.xs.map((leaf, i) => {
    const row = body.inputs[after + s + i]!
    if (leaf.kind === "rows" || !isRange[i]) return row
    return elements(body, leaf, xs[i] && body.inputs[next++], row)
  })
  const results = body.inline(params.body, [...given, ...body.inputs.slice(after, after + s), ...taken])
  return builder.add(
    "scan",
    {
      ...params,
      body: body.program(results),
      consts: after,
      xs: params.xs.map((leaf, i) =>
        isRange[i] ? { kind: "arange", dtype: counter.dtype, start: 0, step: 1 } : leaf
      )
    },
    [
      ...(length === undefined ? [] : [length]),
      ...consts,
      ...starts,
      ...carry,
      ...xs.flatMap((operand, i) => (operand === undefined || isRange[i] ? [] : [operand]))
    ],
    outputs.map(({ aval }) => aval)
  )
}

/** Leaves no range but 0, 1, 2, …, which each device counts by itself: the others are arithmetic on that. */
export const aranges: Pass = {
  name: "aranges",
  run: (program) => rewritten(program, { arange: arrayOf, scan: scanOf })
}
