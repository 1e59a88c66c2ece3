import { renumbered } from "../builder.ts"
import type { Equation, Program, Var } from "../program.ts"

export interface Split {
  /** Known inputs to the early outputs, then the residuals. */
  readonly known: Program
  /** Residuals, then unknown inputs, to the other outputs. */
  readonly unknown: Program
  /** The variables, in the original program, that the residuals are. */
  readonly residuals: ReadonlyArray<Var>
}

/** So cheap, or so much larger than its operand, that it is worked out again rather than kept. */
const isRepeated = ({ primitive, inputs }: Equation): boolean =>
  inputs.length === 0 || primitive === "broadcast"

/** The equations that the outputs need, back to front. */
const needed = (
  equations: ReadonlyArray<Equation>,
  outputs: Iterable<Var>,
  stop: (equation: Equation) => boolean
): { readonly kept: ReadonlyArray<Equation>; readonly reached: ReadonlySet<Var> } => {
  const reached = new Set(outputs)
  const kept: Array<Equation> = []
  for (const equation of [...equations].reverse()) {
    if (!equation.outputs.some((output) => reached.has(output)) || stop(equation)) continue
    kept.push(equation)
    for (const input of equation.inputs) reached.add(input)
  }
  return { kept: kept.reverse(), reached }
}

/**
 * Splits a program by which inputs are known early ("partial evaluation"). The first `earlyOutputs` outputs, which
 * must depend on known inputs alone, are given by the known part.
 */
export const split = (program: Program, isKnown: ReadonlyArray<boolean>, earlyOutputs = 0): Split => {
  const late = new Set(program.inputs.filter((_, i) => !isKnown[i]))
  const early = new Set<Equation>()
  for (const equation of program.equations) {
    if (equation.inputs.some((input) => late.has(input)))
      for (const output of equation.outputs) late.add(output)
    else early.add(equation)
  }
  return cut(program, isKnown, earlyOutputs, (equation) => early.has(equation) && !isRepeated(equation))
}

/** As `split`, but keeps nothing that can be worked out again: residuals are known inputs alone. */
export const splitRepeating = (
  program: Program,
  isKnown: ReadonlyArray<boolean>,
  earlyOutputs: number
): Split => cut(program, isKnown, earlyOutputs, () => false)

/** The late outputs need all equations behind them but those at which `stop` holds; what these give is residual. */
const cut = (
  program: Program,
  isKnown: ReadonlyArray<boolean>,
  earlyOutputs: number,
  stop: (equation: Equation) => boolean
): Split => {
  const lateOutputs = program.outputs.slice(earlyOutputs)
  const { kept, reached } = needed(program.equations, lateOutputs, stop)
  const late = program.inputs.filter((_, i) => !isKnown[i])
  const inside = new Set([...late, ...kept.flatMap(({ outputs }) => outputs)])
  const residuals = [...reached].filter((variable) => !inside.has(variable))
  const knownOutputs = [...program.outputs.slice(0, earlyOutputs), ...residuals]
  return {
    known: renumbered(
      program.inputs.filter((_, i) => isKnown[i]),
      needed(program.equations, knownOutputs, () => false).kept,
      knownOutputs
    ),
    unknown: renumbered([...residuals, ...late], kept, lateOutputs),
    residuals
  }
}
