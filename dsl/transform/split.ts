import { renumbered } from "../builder.ts"
import type { Equation, Program, Var } from "../program.ts"

export interface Split {
  /** From the known inputs to the early outputs, then the residuals. */
  readonly known: Program
  /** From the residuals, then the unknown inputs, to the other outputs. */
  readonly unknown: Program
  /** The residuals, as variables of the original program. */
  readonly residuals: ReadonlyArray<Var>
}

/** Whether to compute a value again rather than keep it: it is cheap, or much larger than its operand. */
const isRepeated = ({ primitive, inputs }: Equation): boolean =>
  inputs.length === 0 || primitive === "broadcast"

/** The equations that the outputs need, in their order, but those where `stop` holds; and what is reached from there. */
export const needed = (
  equations: ReadonlyArray<Equation>,
  outputs: Iterable<Var>,
  stop: (equation: Equation) => boolean = () => false
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
 * Splits a program into what known inputs determine and the rest ("partial evaluation"). The known part also returns
 * the first `earlyOutputs` outputs, which must depend on known inputs alone.
 */
export const split = (program: Program, isKnown: ReadonlyArray<boolean>, earlyOutputs = 0): Split => {
  const early = earlyOf(program, isKnown)
  return cut(program, isKnown, earlyOutputs, (equation) => early.has(equation) && !isRepeated(equation))
}

/** The equations that known inputs determine. */
export const earlyOf = (program: Program, isKnown: ReadonlyArray<boolean>): ReadonlySet<Equation> => {
  const late = new Set(program.inputs.filter((_, i) => !isKnown[i]))
  const early = new Set<Equation>()
  for (const equation of program.equations) {
    if (equation.inputs.some((input) => late.has(input)))
      for (const output of equation.outputs) late.add(output)
    else early.add(equation)
  }
  return early
}

/** As `split`, but the only residuals are known inputs: the unknown part computes everything else again. */
export const splitRepeating = (
  program: Program,
  isKnown: ReadonlyArray<boolean>,
  earlyOutputs: number
): Split => cut(program, isKnown, earlyOutputs)

/**
 * The late outputs need all equations before them, back to those where `stop` holds. The results of those are
 * residuals.
 */
export const cut = (
  program: Program,
  isKnown: ReadonlyArray<boolean>,
  earlyOutputs: number,
  stop?: (equation: Equation) => boolean
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
      needed(program.equations, knownOutputs).kept,
      knownOutputs
    ),
    unknown: renumbered([...residuals, ...late], kept, lateOutputs),
    residuals
  }
}
